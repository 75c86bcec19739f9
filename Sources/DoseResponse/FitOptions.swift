/// What is fitted and how: one for all curves of a call.
public struct FitOptions: Sendable, Hashable {
    public var model: DoseResponseModel
    /// Of intervals: between 0 and 1.
    public var confidence: Double
    public var errors: ErrorKind
    /// The response of the absolute IC; `nil` for none.
    public var absoluteLevel: Double?
    /// Whether profile-likelihood intervals are searched: a curve takes about twelve times as long with them.
    public var profiles: Bool
    /// Responses are percent: plateaus outside 0 to 100 are flagged.
    public var isPercent: Bool
    /// Where estimates have to lie.
    public var bounds: ParameterValues<ClosedRange<Double>?>
    /// Whether points are checked for outliers by a robust fit.
    public var seeksOutliers: Bool

    public init(
        model: DoseResponseModel = .ll4, confidence: Double = 0.95, errors: ErrorKind = .observed,
        absoluteLevel: Double? = nil, profiles: Bool = false, isPercent: Bool = false,
        bounds: ParameterValues<ClosedRange<Double>?> = ParameterValues(repeating: nil), seeksOutliers: Bool = false
    ) {
        self.model = model
        self.confidence = confidence
        self.errors = errors
        self.absoluteLevel = absoluteLevel
        self.profiles = profiles
        self.isPercent = isPercent
        self.bounds = bounds
        self.seeksOutliers = seeksOutliers
    }
}
