import IngestCore
import TabularText

/// The table of a file whose columns were named: where it begins, and which columns they are.
struct NamedPlateTable {
    let dialect: Dialect
    /// Where the heading begins.
    let line: Int
    let headings: [String]
    let names: PlateNames

    /// Why a file has no such table.
    struct Absence: Error {
        var line: Int?
        /// A sentence without its full stop.
        var message: String
        /// How much of what was named is there.
        fileprivate var nearness = 0
    }

    /// Finds the first line that has all the columns. Where the names are there, they also tell how cells are set apart.
    init(_ columns: PlateColumns, _ opening: SourceOpening) throws(Absence) {
        guard !columns.all.isEmpty else { throw Absence(message: "no column is named") }
        guard opening.members.isEmpty else { throw Absence(message: "these are several files, and no table") }
        let likely = Dialect.sniffed(from: opening)
        var absence: Absence?
        for dialect in [likely] + [.tab, .semicolon, .comma].filter({ $0 != likely }) {
            do throws(Absence) {
                self = try Self.find(columns, opening, dialect)
                return
            } catch {
                // Cut apart in another way, texts alone show nothing.
                if absence.map({ error.nearness > max($0.nearness, $0.nearness == 0 ? 0 : Self.oneName) }) ?? true {
                    absence = error
                }
            }
        }
        throw absence ?? Absence(message: "there is no table")
    }

    private init(dialect: Dialect, line: Int, headings: [String], names: PlateNames) {
        (self.dialect, self.line, self.headings, self.names) = (dialect, line, headings, names)
    }

    private static func find(
        _ columns: PlateColumns, _ opening: SourceOpening, _ dialect: Dialect
    ) throws(Absence) -> NamedPlateTable {
        var absence = Absence(
            message: "no line among the first \(TableHeading.lastLine) has cells set apart by commas, semicolons or tabs")
        var rows = PlateRows(opening, dialect)
        for (line, cells) in dialect.records(of: opening.lines.prefix(TableHeading.lastLine)) where cells.count >= 2 {
            do throws(PlateNames.Failure) {
                let names = try PlateNames(columns, in: cells)
                if PlateLayout(cells, rows: rows.below(line), missing: Set(PlateVocabulary.missing), named: names) != nil {
                    return NamedPlateTable(dialect: dialect, line: line, headings: cells, names: names)
                }
                guard absence.nearness < Self.complete else { continue }
                absence = Absence(line: line, message: Self.incomplete(names, line, cells), nearness: Self.complete)
            } catch {
                let message = Self.message(error, columns, line, cells)
                guard case .missing(let missing) = error else { throw Absence(line: line, message: message, nearness: .max) }
                // The line that has most of the names, else that with most texts, as headings are.
                let texts = cells.count { !$0.trimmed.isEmpty && !TableHeading.isNumber($0) }
                let nearness = (columns.all.count - missing.count) * Self.oneName + texts + 1
                if nearness > absence.nearness { absence = Absence(line: line, message: message, nearness: nearness) }
            }
        }
        throw absence
    }

    /// Of a line with one of the names, and of a line with all of them.
    private static let oneName = 1 << 20
    private static let complete = Int.max - 1

    private static func incomplete(_ names: PlateNames, _ line: Int, _ cells: [String]) -> String {
        let what =
            if names.dose == nil, names.responses.isEmpty {
                "a dose and a response"
            } else {
                names.dose == nil ? "a dose" : "a response"
            }
        return "no column of line \(line) is known to hold \(what); name it (it has: \(list(cells)))"
    }

    private static func message(
        _ failure: PlateNames.Failure, _ columns: PlateColumns, _ line: Int, _ cells: [String]
    ) -> String {
        switch failure {
        case .missing(let names):
            let quoted = names.map { "\"\($0)\"" }.joined(separator: ", ")
            // Where one is found, the line is the one that is meant.
            let place =
                names.count < columns.all.count
                ? "line \(line) has no column" : "no line among the first \(TableHeading.lastLine) has the column"
            let meant = names.compactMap { nearest($0, cells) }.map { "\"\($0)\"" }
            let hint = meant.isEmpty ? "" : "; did you mean \(meant.joined(separator: ", "))?"
            let it = names.count < columns.all.count ? "it" : "line \(line)"
            return "\(place)\(names.count > 1 ? "s" : "") \(quoted) (\(it) has: \(list(cells))\(hint))"
        case .ambiguous(let name, let places):
            let several = places.map { "\"\(cells[$0].trimmed)\" (column \($0 + 1))" }.joined(separator: ", ")
            return "\"\(name)\" is the name of \(places.count) columns of line \(line): \(several)"
        case .twice(let place):
            return "the column \"\(cells[place].trimmed)\" of line \(line) is named as two things; it can be one"
        }
    }

    private static func nearest(_ name: String, _ cells: [String]) -> String? {
        let headings = cells.map(\.trimmed).filter { !$0.isEmpty }
        let known = headings + headings.compactMap(PlateNames.withoutUnit)
        guard let near = NearestName.of(name.lowercased(), among: known.map { $0.lowercased() }) else { return nil }
        return known.first { $0.lowercased() == near }
    }

    private static func list(_ cells: [String]) -> String {
        let headings = cells.map(\.trimmed).filter { !$0.isEmpty }
        let more = headings.count - 20
        return headings.prefix(20).joined(separator: ", ") + (more > 0 ? " and \(more) more" : "")
    }
}
