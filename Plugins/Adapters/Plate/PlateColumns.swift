/// The columns of a table of doses and responses, by their names as a person types them: in any case, with or without the
/// unit (`Dose` is `Dose [nM]` where no other column is).
public struct PlateColumns: Sendable, Hashable {
    /// `nil` for the one that is known by its heading.
    public var dose: String?
    /// Each of them a curve or a replicate; none for those that are known by their headings.
    public var responses: [String]
    /// What tells the curves apart, together; none for what is known by its heading.
    public var curves: [String]

    public init(dose: String? = nil, responses: [String] = [], curves: [String] = []) {
        self.dose = dose
        self.responses = responses
        self.curves = curves
    }

    var all: [String] { (dose.map { [$0] } ?? []) + responses + curves }
}
