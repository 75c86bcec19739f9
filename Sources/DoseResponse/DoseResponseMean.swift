extension DoseResponseModel {
    /// (d - mean)/(d - c): how far the response has gone from d, with all digits near d; `logDose` is -infinity at dose 0.
    func share(logDose: Double, slope b: Double, logLocation q: Double, asymmetry f: Double) -> Double {
        let u = Self.exponent(logDose, b, q)
        switch family {
        case .logLogistic: return f == 1 ? Elementary.falling(-u) : -Elementary.expm1(-f * Elementary.softplus(u))
        case .weibull1: return -Elementary.expm1(-Elementary.exp(u))
        case .weibull2: return Elementary.exp(-Elementary.exp(u))
        }
    }

    /// (mean - c)/(d - c).
    func remaining(logDose: Double, slope b: Double, logLocation q: Double, asymmetry f: Double) -> Double {
        let u = Self.exponent(logDose, b, q)
        switch family {
        case .logLogistic: return f == 1 ? Elementary.falling(u) : Elementary.exp(-f * Elementary.softplus(u))
        case .weibull1: return Elementary.exp(-Elementary.exp(u))
        case .weibull2: return -Elementary.expm1(-Elementary.exp(u))
        }
    }

    /// b (ln x - q); of dose 0 the infinity that b points to.
    static func exponent(_ logDose: Double, _ b: Double, _ q: Double) -> Double {
        guard logDose == -.infinity else { return b * (logDose - q) }
        return b > 0 ? -.infinity : b < 0 ? .infinity : 0
    }

    /// The mean response at a dose of 0 or above.
    public func mean(at dose: Double, _ values: ParameterValues<Double>) -> Double {
        let g = remaining(
            logDose: Elementary.log(dose), slope: values.slope, logLocation: Elementary.log(values.location),
            asymmetry: values.asymmetry)
        return values.bottom + (values.top - values.bottom) * g
    }
}
