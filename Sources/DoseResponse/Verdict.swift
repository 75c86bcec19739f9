/// May this curve's number be used?
public struct Verdict: Sendable, Hashable {
    public enum Grade: String, Sendable, Hashable, CaseIterable { case good, caution, refused }

    public var grade: Grade
    /// Why; empty for ``Grade/good``. The weightiest first.
    public var reasons: [Reason]
    /// What may be said instead of a number: `above` the highest or `below` the lowest dose.
    public var bound: Bound?

    public init(grade: Grade, reasons: [Reason], bound: Bound? = nil) {
        self.grade = grade
        self.reasons = reasons
        self.bound = bound
    }

    /// The IC50 lies outside the tested doses: `>300`, `<0.3`.
    public enum Bound: Sendable, Hashable { case above(Double), below(Double) }

    /// A code for programs and a sentence for people.
    public struct Reason: Sendable, Hashable {
        public var code: String, text: String
        public init(_ code: String, _ text: String) {
            self.code = code
            self.text = text
        }
    }
}
