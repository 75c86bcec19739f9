/// What is observed of one curve. Doses repeat for replicates; the order does not matter.
public struct DoseResponseCurve: Sendable, Hashable {
    /// 0 or above, finite, in one unit. The zero dose is the untreated control.
    public var doses: [Double]
    /// Finite, as many as doses.
    public var responses: [Double]
    /// w in sum w (y - mean)^2: 0 or above, as many as doses; `nil` for 1 each. A point of weight 0 is not counted.
    public var weights: [Double]?

    public init(doses: [Double], responses: [Double], weights: [Double]? = nil) {
        self.doses = doses
        self.responses = responses
        self.weights = weights
    }
}

/// What became of a fit. Only ``ok`` and ``hitBound`` carry estimates.
public enum FitStatus: String, Sendable, Hashable, CaseIterable {
    /// The optimum is verified: no lower residual sum of squares exists inside or on the border of the model family.
    case ok
    /// The lowest residual sum of squares lies on the border of the family, where a parameter has run away.
    case notIdentifiable = "not_identifiable"
    /// All responses are equal.
    case noVariation = "no_variation"
    /// Fewer distinct doses than parameters.
    case tooFewDoses = "too_few_doses"
    /// Fewer points than parameters.
    case tooFewPoints = "too_few_points"
    /// The optimum lies on a bound that the caller set.
    case hitBound = "hit_bound"
    /// The limit of iterations was reached before the optimum was verified.
    case failed
}

/// Which covariance a standard error comes from.
public enum ErrorKind: String, Sendable, Hashable {
    /// s^2 (H/2)^-1 with the full second derivatives H of the residual sum of squares: what R's drc reports.
    case observed
    /// s^2 (J'WJ)^-1: what R's nls, MINPACK, SciPy and Prism report.
    case expected
}

/// A parameter as fitted.
public struct ParameterEstimate: Sendable, Hashable {
    public var value: Double
    public var isFixed: Bool
    /// Standard errors; `nil` where there is none (fixed, at a bound, no degree of freedom left).
    public var observedError: Double?
    public var expectedError: Double?
    /// 1 - 1/(A_ii (A^-1)_ii) with A = J'WJ: 0 to 1. Above 0.9999 the parameters stand for one another.
    public var dependency: Double?
    /// The ends of the profile-likelihood interval, where it was asked for.
    public var profile: Interval?

    public init(
        value: Double, isFixed: Bool, observedError: Double? = nil, expectedError: Double? = nil, dependency: Double? = nil,
        profile: Interval? = nil
    ) {
        self.value = value
        self.isFixed = isFixed
        self.observedError = observedError
        self.expectedError = expectedError
        self.dependency = dependency
        self.profile = profile
    }
}

/// An interval; an end that is `nil` is open.
public struct Interval: Sendable, Hashable {
    public var low: Double?, high: Double?
    public init(low: Double?, high: Double?) {
        self.low = low
        self.high = high
    }
}

/// A dose that was estimated: an IC50, an EDp or the dose at a level.
public struct DoseEstimate: Sendable, Hashable {
    /// In the unit of the doses.
    public var value: Double
    /// Of the dose, and of its natural logarithm; by the kind of error that was asked for.
    public var error: Double?, logError: Double?
    /// value -+ t error: may go below 0.
    public var wald: Interval?
    /// exp(ln value -+ t logError).
    public var log: Interval?
    /// All values with a residual sum of squares up to RSS (1 + F/df), where it was asked for.
    public var profile: Interval?

    public init(
        value: Double, error: Double? = nil, logError: Double? = nil, wald: Interval? = nil, log: Interval? = nil,
        profile: Interval? = nil
    ) {
        self.value = value
        self.error = error
        self.logError = logError
        self.wald = wald
        self.log = log
        self.profile = profile
    }
}

/// A test by the F distribution.
public struct FTest: Sendable, Hashable {
    public var f: Double, df1: Int, df2: Int, p: Double
    public init(f: Double, df1: Int, df2: Int, p: Double) {
        self.f = f
        self.df1 = df1
        self.df2 = df2
        self.p = p
    }
}

/// One fitted curve: what became of it, and the numbers that may be shown.
public struct CurveFit: Sendable {
    public var model: DoseResponseModel
    public var status: FitStatus
    public var flags: FitFlags
    /// Points of weight above 0, distinct doses, parameters estimated.
    public var points: Int, doses: Int, parameterCount: Int
    /// Of the doses above 0; `nil` when there is none.
    public var lowestDose: Double?, highestDose: Double?
    /// Weighted mean of the responses, and their standard deviation.
    public var meanResponse: Double?, responseDeviation: Double?
    /// Fixed ones too. `nil` unless the status is ``FitStatus/ok`` or ``FitStatus/hitBound``.
    public var parameters: ParameterValues<ParameterEstimate>?
    /// Residual sum of squares; where the status is ``FitStatus/notIdentifiable``, the lowest value on the border.
    public var rss: Double?
    /// Total sum of squares about the weighted mean.
    public var tss: Double?
    /// sqrt(rss / df).
    public var residualError: Double?
    public var r2: Double?, adjustedR2: Double?
    public var logLikelihood: Double?, aic: Double?, aicc: Double?, bic: Double?
    /// Against the means of the doses; `nil` without replicates.
    public var lackOfFit: FTest?
    /// Against a constant.
    public var noEffect: FTest?
    /// The dose in the middle between the plateaus (relative ED50).
    public var ic50: DoseEstimate?
    /// The dose at the absolute level that was asked for; `nil` when the curve does not reach it.
    public var absolute: DoseEstimate?
    /// Of the free parameters, in the order b, c, d, ln e, f, row by row; by the kind of error that was asked for.
    public var covariance: [Double]?
    /// The same by the other kind of error, where both exist.
    public var otherCovariance: [Double]?
    /// The response that ``absolute`` belongs to, where one was asked for.
    public var absoluteLevel: Double?
    /// Of intervals: 0.95 is 95 %.
    public var confidence = 0.95
    /// The kind of error in use; observed falls back to expected where H is not positive definite.
    public var errorKind: ErrorKind
    /// Quantile of Student's t for the confidence level and df.
    public var quantile: Double?
    /// Places (from 0) of the points to which a robust fit gives a weight below 0.1.
    public var suspects: [Int]
    /// Of the border: the two doses between which a step lies, where a step is the best there is.
    public var stepBetween: Interval?

    init(
        model: DoseResponseModel, status: FitStatus, flags: FitFlags, points: Int, doses: Int, parameterCount: Int,
        errorKind: ErrorKind
    ) {
        self.model = model
        self.status = status
        self.flags = flags
        self.points = points
        self.doses = doses
        self.parameterCount = parameterCount
        self.errorKind = errorKind
        suspects = []
    }

    public var degreesOfFreedom: Int { points - parameterCount }

    /// The fitted parameters, fixed ones too; `nil` when there is no estimate.
    public var values: ParameterValues<Double>? {
        parameters.map {
            ParameterValues(
                slope: $0.slope.value, bottom: $0.bottom.value, top: $0.top.value, location: $0.location.value,
                asymmetry: $0.asymmetry.value)
        }
    }

    /// The fitted mean at a dose of 0 or above; `nil` when there is no estimate.
    public func mean(at dose: Double) -> Double? { values.map { model.mean(at: dose, $0) } }
}
