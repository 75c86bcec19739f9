extension DoseResponseModel {
    /// The exponent u at which (mean - c)/(d - c) is g, and its derivatives by g and by f; 0 < g < 1.
    func exponent(ofShare g: Double, asymmetry f: Double) -> (u: Double, byShare: Double, byAsymmetry: Double) {
        switch family {
        case .logLogistic:
            // softplus(u) = -ln g / f.
            let height = -Elementary.log(g) / f
            let u = Elementary.log(Elementary.expm1(height))
            let rise = -Elementary.expm1(-height)
            return (u, -1 / (f * g * rise), -height / (f * rise))
        case .weibull1:
            let v = -Elementary.log(g)
            return (Elementary.log(v), -1 / (v * g), 0)
        case .weibull2:
            let v = -Elementary.log1p(-g)
            return (Elementary.log(v), 1 / (v * (1 - g)), 0)
        }
    }

    /// Whether the plateau at dose 0 is d.
    public func startsAtTop(slope: Double) -> Bool { family == .weibull2 ? slope < 0 : slope > 0 }
}

extension CurveFit {
    /// The dose where the response has gone `percent` of the way from the plateau at dose 0 to the other one; `nil` when there is no
    /// estimate. The IC50 is the ED50.
    /// - Parameter percent: Above 0, below 100.
    public func effectiveDose(_ percent: Double, _ kind: ErrorKind? = nil) -> DoseEstimate? {
        guard let values else { return nil }
        let share = model.startsAtTop(slope: values.slope) ? 1 - percent / 100 : percent / 100
        return dose(ofShare: share, values, bottom: 0, top: 0, kind)
    }

    /// The dose where the mean is `level`; `nil` when the curve does not reach it or there is no estimate.
    public func dose(atLevel level: Double, _ kind: ErrorKind? = nil) -> DoseEstimate? {
        guard let values else { return nil }
        let height = values.top - values.bottom
        let share = (level - values.bottom) / height
        guard share > 0, share < 1 else { return nil }
        return dose(ofShare: share, values, bottom: (share - 1) / height, top: -share / height, kind)
    }

    /// ln dose = q + u(share, f)/b, by the delta method with the full gradient.
    /// - Parameters bottom: The derivatives of the share by c and d.
    private func dose(
        ofShare share: Double, _ values: ParameterValues<Double>, bottom: Double, top: Double, _ kind: ErrorKind?
    ) -> DoseEstimate? {
        let b = values.slope
        let (u, byShare, byAsymmetry) = model.exponent(ofShare: share, asymmetry: values.asymmetry)
        let logDose = Elementary.log(values.location) + u / b
        let dose = values.location * Elementary.exp(u / b)
        guard logDose.isFinite, dose.isFinite, dose > 0 else { return nil }
        var estimate = DoseEstimate(value: dose)
        guard let matrix = kind == nil || kind == errorKind ? covariance : otherCovariance, let quantile else { return estimate }
        var gradient = InlineArray<5, Double>(repeating: 0), size = 0
        func append(_ isFree: Bool, _ value: Double) {
            guard isFree else { return }
            gradient[size] = value
            size += 1
        }
        append(model.fixed.slope == nil, -u / (b * b))
        append(model.fixed.bottom == nil, byShare * bottom / b)
        append(model.fixed.top == nil, byShare * top / b)
        append(model.fixed.location == nil, 1)
        append(model.fixed.asymmetry == nil, byAsymmetry / b)
        var sum = 0.0
        for i in 0..<size {
            for j in 0..<size { sum += gradient[i] * matrix[i * size + j] * gradient[j] }
        }
        guard sum >= 0 else { return estimate }
        let logError = sum.squareRoot()
        // Of a dose that was given and not estimated there is no error.
        if logError == 0, model.fixed.location != nil { return estimate }
        estimate.logError = logError
        estimate.error = dose * logError
        estimate.wald = Interval(low: dose - quantile * dose * logError, high: dose + quantile * dose * logError)
        let high = Elementary.exp(logDose + quantile * logError)
        estimate.log = Interval(low: Elementary.exp(logDose - quantile * logError), high: high.isFinite ? high : nil)
        return estimate
    }
}
