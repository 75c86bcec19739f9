/// A two-parameter log-logistic curve of proportions, fitted by maximum likelihood: logit p = -b (ln x - ln e).
public struct BinomialFit: Sendable, Hashable {
    public struct Estimate: Sendable, Hashable {
        public var value: Double
        /// From the inverse of the second derivatives of the log-likelihood.
        public var error: Double
        /// value / error, and P(|Z| > |z|) of the normal distribution.
        public var z: Double { value / error }
        public var p: Double { Distributions.normalTail(z) }
        /// value -+ quantile times error.
        public var wald: Interval
    }

    /// ``FitStatus/notIdentifiable`` where a dose separates all successes from all failures, or no trend is there to locate e.
    public internal(set) var status: FitStatus
    /// b; below 0 the proportion rises with the dose.
    public internal(set) var slope: Estimate?
    /// e, the dose where the proportion is one half, in the unit of the doses.
    public internal(set) var location: Estimate?
    /// exp(ln e -+ quantile times SE(ln e)): never below 0.
    public internal(set) var logInterval: Interval?
    /// Covariance of b and ln e.
    public internal(set) var covariance: Double?
    /// Of groups above dose 0, without the binomial coefficients; and 2 (log-likelihood of the proportions as observed - this).
    public internal(set) var logLikelihood: Double?, deviance: Double?
    /// Groups of size above 0 at doses above 0.
    public internal(set) var groups: Int

    /// The fitted proportion; `nil` when there is no estimate.
    public func proportion(at dose: Double) -> Double? {
        guard let slope, let location else { return nil }
        let u = DoseResponseModel.exponent(
            Elementary.log(dose), slope.value, Elementary.log(location.value))
        return Elementary.falling(u)
    }
}

extension DoseResponse {
    /// Fits proportions by maximum likelihood (Finney, Probit Analysis, 1971; logit in place of probit, as drc's LL.2 with
    /// `type = "binomial"`).
    /// - Parameters:
    ///   - curve: Responses are proportions from 0 to 1, weights the sizes of the groups (1 each when `nil`). Groups at
    ///     dose 0 carry no information on a curve between 0 and 1.
    ///   - confidence: Of the intervals.
    public static func binomialFit(_ curve: DoseResponseCurve, confidence: Double = 0.95) -> BinomialFit {
        LogisticRegression(curve).fit(confidence)
    }
}

/// logit p = alpha + beta x with x = ln dose about its mean, by Newton's method: the log-likelihood is concave.
private struct LogisticRegression {
    private var groups: [(x: Double, size: Double, proportion: Double)] = []
    private var center = 0.0

    init(_ curve: DoseResponseCurve) {
        for i in curve.doses.indices where curve.doses[i] > 0 && curve.weight(i) > 0 {
            groups.append((Elementary.log(curve.doses[i]), curve.weight(i), curve.responses[i]))
        }
        let weight = groups.reduce(0) { $0 + $1.size }
        if weight > 0 { center = groups.reduce(0) { $0 + $1.size * $1.x } / weight }
        for i in groups.indices { groups[i].x -= center }
    }

    /// Log-likelihood, its gradient and the negative second derivatives at alpha, beta.
    private struct Evaluation {
        var value = 0.0, a = 0.0, b = 0.0, aa = 0.0, ab = 0.0, bb = 0.0
        var determinant: Double { aa * bb - ab * ab }
    }

    private func evaluate(_ alpha: Double, _ beta: Double) -> Evaluation {
        var result = Evaluation()
        for group in groups {
            let logit = alpha + beta * group.x
            let p = Elementary.falling(-logit), q = Elementary.falling(logit)
            // y ln p + (1 - y) ln (1 - p), without the logarithm of 0.
            result.value -=
                group.size
                * (group.proportion * Elementary.softplus(-logit) + (1 - group.proportion) * Elementary.softplus(logit))
            let slope = group.size * (group.proportion * q - (1 - group.proportion) * p), weight = group.size * p * q
            result.a += slope
            result.b += slope * group.x
            result.aa += weight
            result.ab += weight * group.x
            result.bb += weight * group.x * group.x
        }
        return result
    }

    func fit(_ confidence: Double) -> BinomialFit {
        var result = BinomialFit(status: .notIdentifiable, groups: groups.count)
        if groups.count < 2 { result.status = .tooFewPoints }
        if Set(groups.map(\.x)).count < 2 { result.status = .tooFewDoses }
        guard result.status == .notIdentifiable, isOverlapping, let (alpha, beta, here) = climb() else { return result }
        let b = -beta, q = -alpha / beta, e = Elementary.exp(q + center)
        // A slope of nothing but rounding has its middle anywhere.
        guard Swift.abs(beta) * (groups.map { Swift.abs($0.x) }.max() ?? 0) > 1e-9, e > 0, e.isFinite else { return result }
        let variance = (a: here.bb / here.determinant, b: here.aa / here.determinant, ab: -here.ab / here.determinant)
        // d ln e = -d alpha/beta + alpha d beta/beta^2.
        let ga = -1 / beta, gb = alpha / (beta * beta)
        let logError = (ga * ga * variance.a + 2 * ga * gb * variance.ab + gb * gb * variance.b).squareRoot()
        let quantile = Distributions.normalQuantile(confidence: confidence)
        func estimate(_ value: Double, _ error: Double) -> BinomialFit.Estimate {
            BinomialFit.Estimate(
                value: value, error: error, wald: Interval(low: value - quantile * error, high: value + quantile * error))
        }
        result.status = .ok
        result.slope = estimate(b, variance.b.squareRoot())
        result.location = estimate(e, e * logError)
        result.covariance = -(ga * variance.ab + gb * variance.b)
        result.logInterval = Interval(
            low: e * Elementary.exp(-quantile * logError), high: e * Elementary.exp(quantile * logError))
        result.logLikelihood = here.value
        result.deviance = max(0, 2 * (saturated - here.value))
        return result
    }

    /// Whether no dose has all failures on one side and all successes on the other (Albert and Anderson, Biometrika 1984,
    /// 71:1): otherwise the slope runs away.
    private var isOverlapping: Bool {
        func overlaps(_ share: (Double) -> Double) -> Bool {
            let successes = groups.filter { share($0.proportion) > 0 }.map(\.x)
            let failures = groups.filter { share($0.proportion) < 1 }.map(\.x)
            guard let lowest = successes.min(), let highest = failures.max() else { return false }
            return lowest < highest
        }
        return overlaps { $0 } && overlaps { 1 - $0 }
    }

    /// Newton's method with halved steps where one goes too far.
    private func climb() -> (Double, Double, Evaluation)? {
        var alpha = 0.0, beta = 0.0, here = evaluate(0, 0)
        for _ in 0..<100 {
            guard here.determinant > 1e-14 * here.aa * here.bb else { return nil }
            let da = (here.bb * here.a - here.ab * here.b) / here.determinant
            let db = (here.aa * here.b - here.ab * here.a) / here.determinant
            var share = 1.0, there = evaluate(alpha + da, beta + db)
            while there.value < here.value - 1e-12 * Swift.abs(here.value), share > 1e-6 {
                share /= 2
                there = evaluate(alpha + share * da, beta + share * db)
            }
            let gain = da * here.a + db * here.b
            (alpha, beta, here) = (alpha + share * da, beta + share * db, there)
            if gain < 1e-24 * Swift.abs(here.value) { return (alpha, beta, here) }
        }
        return nil
    }

    /// The log-likelihood of the proportions as they are.
    private var saturated: Double {
        groups.reduce(0) { sum, group in
            func term(_ share: Double) -> Double { share > 0 ? share * Elementary.log(share) : 0 }
            return sum + group.size * (term(group.proportion) + term(1 - group.proportion))
        }
    }
}
