/// What became of each non-empty cell (attribute, text) of the input. The five fates add up to ``values``, always.
public struct Coverage: Sendable, Hashable {
    public var values = 0
    /// Numbers of measurements, and points of traces.
    public var measured = 0
    /// Sample, run, time, position, unit, heading.
    public var described = 0
    /// Kept under their own heading.
    public var extras = 0
    /// By a rule with a name: rulers, page numbers, repeated headings.
    public var ignored = 0
    /// With a diagnostic that says why.
    public var leftOut = 0

    public init(values: Int = 0, measured: Int = 0, described: Int = 0, extras: Int = 0, ignored: Int = 0, leftOut: Int = 0) {
        self.values = values
        self.measured = measured
        self.described = described
        self.extras = extras
        self.ignored = ignored
        self.leftOut = leftOut
    }

    public var addsUp: Bool { measured + described + extras + ignored + leftOut == values }

    public static func += (left: inout Coverage, right: Coverage) {
        left.values += right.values
        left.measured += right.measured
        left.described += right.described
        left.extras += right.extras
        left.ignored += right.ignored
        left.leftOut += right.leftOut
    }
}

/// Whether the file itself shows that nothing of it is missing.
public struct Completeness: Sendable, Hashable {
    public enum Verdict: String, Sendable, Hashable { case yes, no, unknown }
    public var verdict: Verdict
    public var why: String

    public init(_ verdict: Verdict, why: String) {
        self.verdict = verdict
        self.why = why
    }
}
