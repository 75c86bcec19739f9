/// A parameter of a dose-response model, by the letters of R's drc.
public enum Parameter: Int, Sendable, Hashable, CaseIterable, CustomStringConvertible {
    /// b: above 0 the response falls with the dose (LL, W1). The Hill slope is -b.
    case slope
    /// c: the lower plateau. c <= d.
    case bottom
    /// d: the upper plateau.
    case top
    /// e: the dose at the middle; the IC50 itself in the log-logistic models with f = 1. Above 0.
    case location
    /// f: 1 is symmetric. Above 0. Of the log-logistic family alone.
    case asymmetry

    /// `b`, `c`, `d`, `e` or `f`.
    public var description: String { ["b", "c", "d", "e", "f"][rawValue] }
}

/// A value for each of the five parameters.
public struct ParameterValues<Value: Sendable>: Sendable {
    public var slope: Value, bottom: Value, top: Value, location: Value, asymmetry: Value

    public init(slope: Value, bottom: Value, top: Value, location: Value, asymmetry: Value) {
        self.slope = slope
        self.bottom = bottom
        self.top = top
        self.location = location
        self.asymmetry = asymmetry
    }

    public init(repeating value: Value) {
        self.init(slope: value, bottom: value, top: value, location: value, asymmetry: value)
    }

    public subscript(_ parameter: Parameter) -> Value {
        get {
            switch parameter {
            case .slope: slope
            case .bottom: bottom
            case .top: top
            case .location: location
            case .asymmetry: asymmetry
            }
        }
        set {
            switch parameter {
            case .slope: slope = newValue
            case .bottom: bottom = newValue
            case .top: top = newValue
            case .location: location = newValue
            case .asymmetry: asymmetry = newValue
            }
        }
    }
}

extension ParameterValues: Equatable where Value: Equatable {}
extension ParameterValues: Hashable where Value: Hashable {}

/// Which curve is fitted: a family, and the parameters that are not estimated.
///
/// | family | mean at dose x |
/// |---|---|
/// | ``Family/logLogistic`` | c + (d - c) / (1 + (x/e)^b)^f |
/// | ``Family/weibull1`` | c + (d - c) exp(-(x/e)^b) |
/// | ``Family/weibull2`` | c + (d - c) (1 - exp(-(x/e)^b)) |
///
/// Names and letters are those of R's drc (Ritz, Baty, Streibig and Gerhard, PLoS ONE 2015, 10(12):e0146021).
public struct DoseResponseModel: Sendable, Hashable, CustomStringConvertible {
    public enum Family: String, Sendable, Hashable {
        case logLogistic = "LL"
        case weibull1 = "W1"
        case weibull2 = "W2"
    }

    public var family: Family
    /// What each parameter that is not estimated is held at. `asymmetry` is 1 here in all but the five-parameter models.
    public var fixed: ParameterValues<Double?>

    /// - Parameter fixed: Beside the asymmetry, which is 1 unless `estimatesAsymmetry`.
    public init(
        _ family: Family, slope: Double? = nil, bottom: Double? = nil, top: Double? = nil, location: Double? = nil,
        asymmetry: Double? = 1
    ) {
        self.family = family
        fixed = ParameterValues(slope: slope, bottom: bottom, top: top, location: location, asymmetry: asymmetry)
    }

    public static let ll4 = DoseResponseModel(.logLogistic)
    public static let ll5 = DoseResponseModel(.logLogistic, asymmetry: nil)
    public static let ll3 = DoseResponseModel(.logLogistic, bottom: 0)
    /// Both plateaus fixed, at 0 and 100: the "normalised response".
    public static let ll2 = DoseResponseModel(.logLogistic, bottom: 0, top: 100)

    public func isFree(_ parameter: Parameter) -> Bool { fixed[parameter] == nil }
    /// Those that are estimated, in the order b, c, d, e, f.
    public var free: [Parameter] { Parameter.allCases.filter(isFree) }

    var freeCount: Int {
        (fixed.slope == nil ? 1 : 0) + (fixed.bottom == nil ? 1 : 0) + (fixed.top == nil ? 1 : 0)
            + (fixed.location == nil ? 1 : 0) + (fixed.asymmetry == nil ? 1 : 0)
    }
}
