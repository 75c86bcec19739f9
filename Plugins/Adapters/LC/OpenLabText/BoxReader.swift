import IngestCore
import TabularText

/// Reads a text of boxes line by line: `┌─┬─┐` begins one, `├─┼─┤` stands between its rows, `└─┴─┘` ends it, or `═══` at the
/// end of a page.
final class BoxReader {
    enum Part {
        case row(BoxRow)
        /// A line that is of no box.
        case stray(text: String, line: Int, column: Int)
    }

    private let text: DelimitedText
    private let counts: Bool
    /// The columns of the box at hand; `nil` between boxes.
    private var width: Int?
    private var row: BoxRow?
    private var isFirst = true
    private var waiting: [Part] = []
    /// What became of rules and cells.
    var coverage = Coverage()
    private(set) var line = 0

    /// - Parameter counts: False for a first look, of which nothing goes into the account.
    init(_ source: SourceFile, counts: Bool) throws {
        // Lines are taken apart here: a separator that no text has.
        text = try DelimitedText(source, dialect: Dialect(separator: "\u{1}", quoting: false))
        self.counts = counts
    }

    /// The order of day and month of the file's dates.
    var dateOrder: DateOrder? { text.survey.dateOrder }

    /// True where the file ended inside of a box.
    var isInside: Bool { width != nil }

    func next() throws -> Part? {
        while waiting.isEmpty {
            guard let row = try text.next() else {
                endRow()
                if waiting.isEmpty {
                    if counts { text.source.account.add(coverage) }
                    coverage = Coverage()
                    return nil
                }
                break
            }
            row.countElsewhere()
            line = row.line
            take(row.text(at: 0))
        }
        return waiting.removeFirst()
    }

    private func take(_ written: String) {
        let text = written.trimmed
        guard let first = text.first else { return }
        switch first {
        case "┌":
            if width != nil { damage("a box begins inside of another", 1) }
            rule(text)
            width = text.count { $0 == "┬" } + 1
            isFirst = true
        case "├": rule(text)
        case "└":
            rule(text)
            width = nil
        case "│": content(written)
        case "═":
            // It takes the place of the lower rule of the foot.
            rule(text)
            width = nil
        default: stray(written)
        }
    }

    /// A rule ends the row above it. One that is damaged tells so in that row.
    private func rule(_ text: String) {
        endRow()
        ignoreRule()
    }

    private func ignoreRule() {
        coverage.values += 1
        coverage.ignored += 1
    }

    private func stray(_ written: String) {
        let column = (written.firstIndex { $0 != " " }.map { written.distance(from: written.startIndex, to: $0) } ?? 0) + 1
        if width != nil {
            damage("this line of the box does not begin with its border", column)
        } else {
            waiting.append(.stray(text: written.trimmed, line: line, column: column))
            return
        }
        coverage.values += 1
        coverage.leftOut += 1
    }

    private func content(_ written: String) {
        let parts = written.split(separator: "│", omittingEmptySubsequences: false)
        guard let width else {
            waiting.append(.stray(text: written.trimmed, line: line, column: 1))
            return
        }
        begin()
        guard parts.count == width + 2, parts.last?.allSatisfy({ $0 == " " }) == true else {
            damage("this line has \(max(0, parts.count - 2)) cells, its box has \(width)", 1)
            coverage.values += 1
            coverage.leftOut += 1
            return
        }
        var column = parts[0].count + 2
        for index in 0..<width {
            row?.cells[index].add(parts[index + 1], line: line, column: column)
            column += parts[index + 1].count + 1
        }
    }

    private func begin() {
        guard row == nil else { return }
        row = BoxRow(cells: Array(repeating: BoxCell(), count: width ?? 1), line: line, isFirst: isFirst)
    }

    private func damage(_ message: String, _ column: Int) {
        begin()
        if row?.damage == nil { row?.damage = (message, line, column) }
    }

    private func endRow() {
        guard let row else { return }
        waiting.append(.row(row))
        self.row = nil
        isFirst = false
    }
}
