extension CurveFit {
    /// The standard error of the fitted mean at a dose; `nil` where there are no errors.
    public func meanError(at dose: Double) -> Double? {
        guard let covariance, let values else { return nil }
        let gradient = meanGradient(at: dose, values)
        var sum = 0.0
        for (i, gi) in gradient.enumerated() {
            for (j, gj) in gradient.enumerated() { sum += gi * covariance[i * gradient.count + j] * gj }
        }
        return sum >= 0 ? sum.squareRoot() : nil
    }

    /// Of one new observation of weight 1 at a dose.
    public func predictionError(at dose: Double) -> Double? {
        guard let error = meanError(at: dose), let residualError else { return nil }
        return (error * error + residualError * residualError).squareRoot()
    }

    /// The confidence band of the mean at a dose: the mean -+ ``quantile`` times ``meanError(at:)``.
    public func band(at dose: Double) -> Interval? {
        guard let mean = mean(at: dose), let error = meanError(at: dose), let quantile else { return nil }
        return Interval(low: mean - quantile * error, high: mean + quantile * error)
    }

    /// By the free parameters, in the order b, c, d, ln e, f.
    func meanGradient(at dose: Double, _ values: ParameterValues<Double>) -> [Double] {
        let x = Elementary.log(dose), q = Elementary.log(values.location)
        let g = model.remaining(logDose: x, slope: values.slope, logLocation: q, asymmetry: values.asymmetry)
        let rest = model.share(logDose: x, slope: values.slope, logLocation: q, asymmetry: values.asymmetry)
        let byExponent = model.remainingSlope(logDose: x, slope: values.slope, logLocation: q, asymmetry: values.asymmetry)
        let height = values.top - values.bottom
        // At dose 0 the curve stands on its plateau, whatever slope and location are.
        let distance = dose > 0 ? x - q : 0
        return model.free.map { parameter in
            switch parameter {
            case .slope: height * byExponent * distance
            case .bottom: rest
            case .top: g
            case .location: height * byExponent * -values.slope
            case .asymmetry:
                dose > 0
                    ? -height * g * Elementary.softplus(DoseResponseModel.exponent(x, values.slope, q)) : 0
            }
        }
    }
}

extension DoseResponseModel {
    /// d remaining/du at u = b (ln x - q); 0 at dose 0.
    func remainingSlope(logDose: Double, slope b: Double, logLocation q: Double, asymmetry f: Double) -> Double {
        guard logDose > -.infinity else { return 0 }
        let u = Self.exponent(logDose, b, q)
        switch family {
        case .logLogistic:
            let g = f == 1 ? Elementary.falling(u) : Elementary.exp(-f * Elementary.softplus(u))
            return -f * g * Elementary.falling(-u)
        case .weibull1: return u > 700 ? 0 : -Elementary.exp(u - Elementary.exp(u))
        case .weibull2: return u > 700 ? 0 : Elementary.exp(u - Elementary.exp(u))
        }
    }
}
