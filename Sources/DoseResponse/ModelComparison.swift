/// Two fits to the same data, of which the simple one is a special case of the other.
public struct ModelComparison: Sendable, Hashable {
    public enum Preference: String, Sendable, Hashable { case simple, complex }

    /// Extra sum of squares: F = ((RSS simple - RSS complex)/df1) / (RSS complex/df2).
    public var test: FTest
    /// Simple and complex; `nil` with too few points for the correction.
    public var aicc: (simple: Double, complex: Double)? {
        simpleAICc.flatMap { simple in complexAICc.map { (simple, $0) } }
    }
    private var simpleAICc: Double?, complexAICc: Double?

    /// By F: complex when p is below the significance.
    public var byTest: Preference
    /// By the lower AICc.
    public var byAICc: Preference? { aicc.map { $0.complex < $0.simple ? .complex : .simple } }

    /// - Returns: `nil` when one has no estimate, or when degrees of freedom or residuals do not allow a test.
    init?(
        simple: (rss: Double?, df: Int, aicc: Double?), complex: (rss: Double?, df: Int, aicc: Double?), significance: Double
    ) {
        let df1 = simple.df - complex.df
        guard let rss = simple.rss, let lower = complex.rss, df1 > 0, complex.df > 0, lower > 0 else { return nil }
        let f = max(0, rss - lower) / Double(df1) / (lower / Double(complex.df))
        let p = Distributions.fTail(f, df1: Double(df1), df2: Double(complex.df))
        test = FTest(f: f, df1: df1, df2: complex.df, p: p)
        byTest = p < significance ? .complex : .simple
        (simpleAICc, complexAICc) = (simple.aicc, complex.aicc)
    }
}

extension DoseResponse {
    /// The extra-sum-of-squares F test of two fits to one curve (Motulsky and Christopoulos 2004, chapter 22).
    /// - Parameters:
    ///   - simple: A special case of `complex`: parameters are fixed that the other estimates.
    ///   - significance: Below which p the complex model is preferred.
    /// - Returns: `nil` unless both are ``FitStatus/ok`` and differ in their degrees of freedom.
    public static func compare(
        _ simple: CurveFit, with complex: CurveFit, significance: Double = FitThresholds.significance
    ) -> ModelComparison? {
        guard simple.status == .ok, complex.status == .ok, simple.points == complex.points else { return nil }
        return ModelComparison(
            simple: (simple.rss, simple.degreesOfFreedom, simple.aicc),
            complex: (complex.rss, complex.degreesOfFreedom, complex.aicc), significance: significance)
    }

    /// The same of two fits to several curves. With b, c and d shared in the simple fit and nothing in the other, this is the
    /// test of parallelism.
    public static func compare(
        _ simple: JointFit, with complex: JointFit, significance: Double = FitThresholds.significance
    ) -> ModelComparison? {
        guard simple.status == .ok, complex.status == .ok, simple.points == complex.points else { return nil }
        return ModelComparison(
            simple: (simple.rss, simple.degreesOfFreedom, simple.aicc),
            complex: (complex.rss, complex.degreesOfFreedom, complex.aicc), significance: significance)
    }
}
