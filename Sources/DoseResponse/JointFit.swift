/// What is fitted to several curves together.
public struct JointOptions: Sendable, Hashable {
    public var model: DoseResponseModel
    /// Parameters with one value for all curves; empty for separate curves with one residual variance.
    public var shared: Set<Parameter>
    /// Of intervals: between 0 and 1.
    public var confidence: Double
    /// Of the errors in intervals and of doses.
    public var errors: ErrorKind

    public init(
        model: DoseResponseModel = .ll4, shared: Set<Parameter> = [], confidence: Double = 0.95, errors: ErrorKind = .observed
    ) {
        self.model = model
        self.shared = shared
        self.confidence = confidence
        self.errors = errors
    }
}

/// A parameter of a fit to several curves.
public struct JointParameter: Sendable, Hashable {
    /// Place of its curve, from 0; `nil` where all curves share it.
    public var curve: Int?
    public var parameter: Parameter
    public var value: Double
    /// Standard errors; `nil` where no degree of freedom is left or the second derivatives are not positive definite.
    public var observedError: Double?, expectedError: Double?
    /// 1 - 1/(A_ii (A^-1)_ii) with A = J'WJ.
    public var dependency: Double?

    public func error(_ kind: ErrorKind) -> Double? { kind == .observed ? observedError : expectedError }
    /// value / error.
    public func t(_ kind: ErrorKind) -> Double? { error(kind).map { value / $0 } }
}

/// Several curves fitted together: with one residual variance, and with the parameters they share.
public struct JointFit: Sendable {
    public let options: JointOptions
    /// ``FitStatus/ok`` only when every curve has its optimum.
    public internal(set) var status: FitStatus
    /// In the order of the curves.
    public internal(set) var curveStatus: [FitStatus]
    /// Each curve for itself: what a curve can say where the common fit has no estimate.
    public internal(set) var separate: [CurveFit]
    /// Shared ones first, then curve by curve, each in the order b, c, d, e, f; empty when the status is not ok.
    public internal(set) var parameters: [JointParameter] = []
    /// Of weight above 0; and how many parameters are estimated.
    public internal(set) var points: Int, parameterCount: Int
    /// Residual sum of squares over all curves. Where the status is ``FitStatus/notIdentifiable`` the lowest value found, on
    /// the border; `nil` when it was not looked for.
    public internal(set) var rss: Double?
    /// About the weighted mean of all responses.
    public internal(set) var tss: Double?
    public internal(set) var residualError: Double?
    public internal(set) var r2: Double?, adjustedR2: Double?
    public internal(set) var logLikelihood: Double?, aic: Double?, aicc: Double?, bic: Double?
    /// Quantile of Student's t for the confidence level and df.
    public internal(set) var quantile: Double?
    /// Of the parameters in their order, with ln e in the place of e.
    var observed: SymmetricMatrix?, expected: SymmetricMatrix?
    let layout: JointLayout

    public var degreesOfFreedom: Int { points - parameterCount }

    /// P(|T| > |value/error|) for a parameter; `nil` without errors.
    public func p(_ parameter: JointParameter, _ kind: ErrorKind) -> Double? {
        parameter.t(kind).map { Distributions.tTail($0, df: Double(degreesOfFreedom)) }
    }

    /// The estimates of a curve with everything it shares, fixed ones too; `nil` when there are none.
    public func values(of curve: Int) -> ParameterValues<Double>? {
        guard !parameters.isEmpty else { return nil }
        var result = ParameterValues(repeating: 1.0)
        for parameter in Parameter.allCases {
            let place = layout.places[curve][parameter.rawValue]
            result[parameter] = place >= 0 ? parameters[place].value : options.model.fixed[parameter] ?? 1
        }
        return result
    }

    /// Row by row, in the order of ``parameters``, with ln e in the place of e; `nil` without errors.
    public func covariance(_ kind: ErrorKind) -> [Double]? { (kind == .observed ? observed : expected)?.cells }

    /// The errors that are used: observed ones fall back to expected ones where H is not positive definite.
    public var errorKind: ErrorKind { options.errors == .observed && observed == nil ? .expected : options.errors }

    /// One curve as the common fit has it: for its doses, its band and its mean. Residual sum, R2 and tests are those of all
    /// curves and not repeated here.
    /// - Returns: Status and estimates of the curve alone where the common fit has none.
    public func curve(_ curve: Int) -> CurveFit {
        guard let values = values(of: curve) else { return separate[curve] }
        let alone = separate[curve]
        var result = CurveFit(
            model: options.model, status: status, flags: [], points: alone.points, doses: alone.doses,
            parameterCount: options.model.freeCount, errorKind: errorKind)
        (result.lowestDose, result.highestDose) = (alone.lowestDose, alone.highestDose)
        (result.residualError, result.quantile) = (residualError, quantile)
        var estimates = ParameterValues(repeating: ParameterEstimate(value: 0, isFixed: true))
        var own: [Int] = []
        for parameter in Parameter.allCases {
            let place = layout.places[curve][parameter.rawValue]
            estimates[parameter] = ParameterEstimate(value: values[parameter], isFixed: place < 0)
            guard place >= 0 else { continue }
            own.append(place)
            estimates[parameter].observedError = parameters[place].observedError
            estimates[parameter].expectedError = parameters[place].expectedError
            estimates[parameter].dependency = parameters[place].dependency
        }
        result.parameters = estimates
        let other = errorKind == .observed ? expected : observed, main = errorKind == .observed ? observed : expected
        result.covariance = main?.submatrix(own).cells
        result.otherCovariance = other?.submatrix(own).cells
        result.ic50 = result.effectiveDose(50)
        return result
    }
}
