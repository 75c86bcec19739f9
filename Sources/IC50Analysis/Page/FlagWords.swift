/// Flags of a fit as people say them.
enum FlagWords {
    /// - Parameters:
    ///   - flag: As it is written in files: `lack_of_fit`.
    ///   - level: The absolute level that was asked for.
    static func text(_ flag: String, level: String?) -> String {
        if flag == "absolute_level_not_reached" { return "the curve does not reach \(level ?? "the absolute level")" }
        return words[flag] ?? flag.split(separator: "_").joined(separator: " ")
    }

    private static let words = [
        "ic50_above_max_dose": "the IC50 lies above the highest dose",
        "ic50_below_min_dose": "the IC50 lies below the lowest dose",
        "top_not_reached": "the upper plateau lies beyond the tested doses",
        "bottom_not_reached": "the lower plateau lies beyond the tested doses",
        "ambiguous": "other parameters fit as well",
        "open_interval": "an interval has no end on one side",
        "slope_not_identifiable": "the slope cannot be told",
        "steep": "the slope is steeper than 5",
        "shallow": "the slope is shallower than 0.3",
        "lack_of_fit": "the replicates agree better with one another than with the curve",
        "inactive": "the curve is no better than a constant response",
        "non_monotone": "the response rises and falls along the doses",
        "suspected_outliers": "some points are suspected outliers; they are kept in the fit",
        "perfect_fit": "the curve passes through every point",
        "no_residual_df": "as many parameters as points: there are no errors",
        "rows_dropped": "rows without dose or response were left out",
        "plateau_outside_0_100": "a plateau lies outside 0 to 100 %",
        "local_minimum_known": "another curve fits nearly as well",
    ]
}
