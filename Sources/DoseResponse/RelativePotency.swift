extension JointFit {
    /// The ratio e[numerator]/e[denominator] of two curves, with the covariance of both estimates (delta method; Fieller's
    /// interval is not used). The ratio is a potency only when the curves are parallel, which ``DoseResponse`` tests by
    /// comparing fits.
    /// - Parameters:
    ///   - numerator: Place of a curve, from 0; and so `denominator`.
    ///   - kind: Of errors; those of the options when `nil`.
    /// - Returns: Without unit. `wald` may go below 0, `log` may not. `nil` when the fit has no estimates.
    public func relativePotency(_ numerator: Int, to denominator: Int, _ kind: ErrorKind? = nil) -> DoseEstimate? {
        guard let above = values(of: numerator)?.location, let below = values(of: denominator)?.location else { return nil }
        let ratio = above / below
        var result = DoseEstimate(value: ratio)
        guard let matrix = (kind ?? errorKind) == .observed ? observed : expected, let quantile else { return result }
        var gradient = [Double](repeating: 0, count: parameterCount)
        let places = [numerator, denominator].map { layout.places[$0][Parameter.location.rawValue] }
        if places[0] >= 0 { gradient[places[0]] += 1 }
        if places[1] >= 0 { gradient[places[1]] -= 1 }
        let variance = matrix.form(gradient)
        guard variance >= 0 else { return result }
        let logError = variance.squareRoot()
        result.logError = logError
        result.error = ratio * logError
        result.wald = Interval(low: ratio - quantile * ratio * logError, high: ratio + quantile * ratio * logError)
        result.log = Interval(
            low: ratio * Elementary.exp(-quantile * logError), high: ratio * Elementary.exp(quantile * logError))
        return result
    }
}
