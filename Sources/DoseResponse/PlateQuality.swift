/// How well the controls of a plate are told apart. Standard deviations are those of samples (n - 1).
public struct PlateQuality: Sendable, Hashable {
    public enum Grade: String, Sendable, Hashable, CaseIterable { case good, marginal, poor }

    /// Means of the controls, and their standard deviations.
    public var highMean: Double, lowMean: Double
    public var highDeviation: Double, lowDeviation: Double
    /// 1 - 3 (s_high + s_low)/|m_high - m_low| (Zhang, Chung and Oldenburg, J. Biomol. Screen. 1999, 4:67).
    public var zPrime: Double?
    /// The same with medians and 1.4826 times the median absolute deviations.
    public var robustZPrime: Double?
    /// m_high / m_low.
    public var signalToBackground: Double?
    /// (m_high - m_low - 3 (s_high + s_low))/s_high (Sittampalam et al., J. Biomol. Screen. 1997, 2:159).
    public var signalWindow: Double?
    /// (m_high - m_low)/sqrt(s_high^2 + s_low^2) (Zhang, Genomics 2007, 89:552).
    public var ssmd: Double?
    /// 100 s / |m|, in percent.
    public var highVariation: Double?, lowVariation: Double?

    /// - Parameters:
    ///   - high: Responses of the control with the larger signal, in the unit of `low`; two or more of each.
    /// - Returns: `nil` with fewer than two finite values in a control. Ratios whose denominator is 0 are `nil`.
    public init?(high: [Double], low: [Double]) {
        let high = high.filter(\.isFinite), low = low.filter(\.isFinite)
        guard high.count > 1, low.count > 1 else { return nil }
        (highMean, lowMean) = (Sample.mean(high), Sample.mean(low))
        (highDeviation, lowDeviation) = (Sample.deviation(high), Sample.deviation(low))
        let difference = highMean - lowMean, deviations = highDeviation + lowDeviation
        func ratio(_ a: Double, _ b: Double) -> Double? { b != 0 ? a / b : nil }
        zPrime = ratio(3 * deviations, Swift.abs(difference)).map { 1 - $0 }
        let medians = (Sample.median(high), Sample.median(low))
        let spreads = Sample.medianDeviation(high) + Sample.medianDeviation(low)
        robustZPrime = ratio(3 * spreads, Swift.abs(medians.0 - medians.1)).map { 1 - $0 }
        signalToBackground = ratio(highMean, lowMean)
        signalWindow = ratio(Swift.abs(difference) - 3 * deviations, highDeviation)
        ssmd = ratio(difference, (highDeviation * highDeviation + lowDeviation * lowDeviation).squareRoot())
        highVariation = ratio(100 * highDeviation, Swift.abs(highMean))
        lowVariation = ratio(100 * lowDeviation, Swift.abs(lowMean))
    }

    /// By Z': from 0.5 good, from 0 marginal; `nil` when the means are equal.
    public var grade: Grade? { zPrime.map { $0 >= 0.5 ? .good : $0 >= 0 ? .marginal : .poor } }

    /// A response as percent of the way from the low to the high control; `nil` when their means are equal.
    public func percent(_ response: Double) -> Double? {
        highMean != lowMean ? 100 * (response - lowMean) / (highMean - lowMean) : nil
    }
}

/// Location and spread of a few numbers.
enum Sample {
    static func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }

    /// With n - 1.
    static func deviation(_ values: [Double]) -> Double {
        let mean = mean(values)
        return (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1)).squareRoot()
    }

    /// The middle one, or the mean of the two in the middle; NaN of none.
    static func median(_ values: [Double]) -> Double {
        guard !values.isEmpty else { return .nan }
        let sorted = values.sorted(), middle = sorted.count / 2
        return sorted.count % 2 == 1 ? sorted[middle] : 0.5 * (sorted[middle - 1] + sorted[middle])
    }

    /// 1.4826 times the median distance from the median: the standard deviation where values are normal.
    static func medianDeviation(_ values: [Double]) -> Double {
        let center = median(values)
        return 1.4826 * median(values.map { Swift.abs($0 - center) })
    }
}
