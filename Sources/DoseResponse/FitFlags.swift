/// What a reader of the numbers has to know of a fit: any number of flags.
public struct FitFlags: OptionSet, Sendable, Hashable {
    public var rawValue: UInt32
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// No dose reached half of the effect: the IC50 lies above the highest dose.
    public static let ic50AboveMaxDose = FitFlags(rawValue: 1 << 0)
    /// The IC50 lies below the lowest dose above 0.
    public static let ic50BelowMinDose = FitFlags(rawValue: 1 << 1)
    /// The curve never has the response of the absolute level.
    public static let absoluteLevelNotReached = FitFlags(rawValue: 1 << 2)
    /// The upper plateau lies beyond the mean of the outermost dose by more than 10 % of d - c.
    public static let topNotReached = FitFlags(rawValue: 1 << 3)
    /// The same of the lower plateau.
    public static let bottomNotReached = FitFlags(rawValue: 1 << 4)
    /// Parameters stand for one another: a dependency above 0.9999.
    public static let ambiguous = FitFlags(rawValue: 1 << 5)
    /// A profile interval has no end on one side.
    public static let openInterval = FitFlags(rawValue: 1 << 6)
    /// The slope is above 20, or its interval is open.
    public static let slopeNotIdentifiable = FitFlags(rawValue: 1 << 7)
    /// The slope is above 5.
    public static let steep = FitFlags(rawValue: 1 << 8)
    /// The slope is below 0.3.
    public static let shallow = FitFlags(rawValue: 1 << 9)
    /// The replicates agree better with one another than with the curve (p < 0.05).
    public static let lackOfFit = FitFlags(rawValue: 1 << 10)
    /// The curve is no better than a constant (p >= 0.05).
    public static let inactive = FitFlags(rawValue: 1 << 11)
    /// The dose means rise and fall by more than the replicates explain.
    public static let nonMonotone = FitFlags(rawValue: 1 << 12)
    /// A robust fit gives some points a weight below 0.1.
    public static let suspectedOutliers = FitFlags(rawValue: 1 << 13)
    /// The curve passes through every point to rounding.
    public static let perfectFit = FitFlags(rawValue: 1 << 14)
    /// As many parameters as points: nothing is left to estimate errors from.
    public static let noResidualDF = FitFlags(rawValue: 1 << 15)
    /// Rows without dose or response were left out.
    public static let rowsDropped = FitFlags(rawValue: 1 << 16)
    /// A plateau of percent data lies outside 0 to 100 by more than its error.
    public static let plateauOutside0To100 = FitFlags(rawValue: 1 << 17)
    /// Another stationary point comes within 5 % of the residual sum of squares.
    public static let localMinimumKnown = FitFlags(rawValue: 1 << 18)

    /// The flags that are set, as they are written.
    public var names: [String] {
        Self.all.indices.filter { rawValue & (1 << $0) != 0 }.map { Self.all[$0] }
    }

    private static let all = [
        "ic50_above_max_dose", "ic50_below_min_dose", "absolute_level_not_reached", "top_not_reached",
        "bottom_not_reached", "ambiguous", "open_interval", "slope_not_identifiable", "steep", "shallow",
        "lack_of_fit", "inactive", "non_monotone", "suspected_outliers", "perfect_fit", "no_residual_df",
        "rows_dropped", "plateau_outside_0_100", "local_minimum_known",
    ]
}
