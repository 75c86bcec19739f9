/// One cell of the table: a number in full precision, a text, or nothing.
public enum IC50Cell: Sendable, Hashable {
    case number(Double)
    case text(String)
    case empty

    static func of(_ value: Double?) -> IC50Cell {
        guard let value, value.isFinite else { return .empty }
        return .number(value)
    }

    static func of(_ value: String?) -> IC50Cell { value.map { $0.isEmpty ? .empty : .text($0) } ?? .empty }

    static func of(_ value: Int?) -> IC50Cell { value.map { .number(Double($0)) } ?? .empty }

    /// The shortest digits that read as the same number; whole numbers without a point.
    static func digits(_ value: Double) -> String {
        value == value.rounded() && Swift.abs(value) < 1e15 ? "\(Int64(value))" : "\(value)"
    }
}
