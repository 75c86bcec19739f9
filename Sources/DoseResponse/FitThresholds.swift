/// The numbers that flags and verdicts turn on: all of them, each with its source.
public enum FitThresholds {
    /// Dependency above which parameters stand for one another: GraphPad Prism, "Ambiguous".
    public static let ambiguousDependency = 0.9999
    /// Slopes that users ask about: the usual range of Hill slopes in enzyme and cell assays is 0.5 to 3.
    public static let steepSlope = 5.0, shallowSlope = 0.3
    /// Beyond this a curve is a step at any usual spacing of doses (half a decade: 10^(20/2) over one dose).
    public static let runawaySlope = 20.0
    /// Share of d - c by which a plateau may lie beyond the mean of the outermost dose: an effect of 90 % is what the common ED90
    /// asks for.
    public static let plateauShare = 0.10
    /// Of the tests for lack of fit and for no effect.
    public static let significance = 0.05
    /// Share of the range of the dose means by which a monotone response may turn round.
    public static let turnShare = 0.35
    /// Standard errors of a dose mean by which a response must turn round: the range of ten means of pure scatter is three of them.
    public static let turnErrors = 4.0
    /// Weight in a robust fit below which a point is suspected.
    public static let outlierWeight = 0.1
}
