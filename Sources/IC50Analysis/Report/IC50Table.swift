import DoseResponse
import IngestCore

/// The results as a CSV file, as JSON, and as a table for people.
public struct IC50Table: Sendable {
    private let report: IC50Report
    public init(_ report: IC50Report) { self.report = report }

    /// RFC 4180 with LF, UTF-8: a header, then one row a curve. Numbers in full precision, no value is an empty cell.
    /// - Parameter likeExample: The seven columns of the R example alone, rounded as it rounds: two decimals, p three digits.
    public func csv(likeExample: Bool = false) -> String {
        let columns = likeExample ? IC50Row.exampleColumns : IC50Row.columns
        var text = columns.joined(separator: ",") + "\n"
        for curve in report.curves {
            let cells = IC50Row(curve).cells
            text += columns.map { Self.quoted(Self.written(cells[$0] ?? .empty, $0, likeExample)) }.joined(separator: ",") + "\n"
        }
        return text
    }

    /// One JSON object a line, with the columns of the CSV file as keys; no value is null.
    public func json() -> String {
        let buffer = LineBuffer()
        for curve in report.curves {
            let cells = IC50Row(curve).cells
            for (place, column) in IC50Row.columns.enumerated() {
                buffer.raw(place == 0 ? "{" : ",")
                buffer.string(column)
                buffer.raw(":")
                switch cells[column] ?? .empty {
                case .empty: buffer.raw("null")
                case .text(let text): buffer.string(text)
                case .number(let value): for byte in IC50Cell.digits(value).utf8 { buffer.byte(byte) }
                }
            }
            buffer.raw("}\n")
        }
        return String(decoding: buffer.bytes, as: UTF8.self)
    }

    private static func written(_ cell: IC50Cell, _ column: String, _ likeExample: Bool) -> String {
        switch cell {
        case .empty: return ""
        case .text(let text): return text
        case .number(let value):
            guard likeExample else { return IC50Cell.digits(value) }
            if column == "p_Value" { return SignificantDigits.text(value, 3) }
            return IC50Cell.digits((value * 100).rounded() / 100)
        }
    }

    /// Names come from files: a cell that a spreadsheet would take for a formula is still only text, and is quoted.
    private static func quoted(_ text: String) -> String {
        guard text.contains(where: { $0 == "," || $0 == "\"" || $0.isNewline }) else { return text }
        return "\"" + text.replacing("\"", with: "\"\"") + "\""
    }
}
