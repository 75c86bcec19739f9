public import IngestCore
import TabularText

/// Reads any delimited table of injections, peaks or samples whose headings are known in some vendor's words.
///
///     Sample Name,Vial,Inj,RT [min],Area,Amount
///     STD-1,1,1,4.871,20114.5,10.2
///
/// - The header is the first line with at least two known headings (see `ColumnHeading`); what stands above it as key
///   and value describes the run. A line of units may follow it.
/// - Each line below becomes one ``ResultRecord``: a peak where there is a retention time, a compound where there is an
///   analyte, a well where there is a plate position, else what is said of a sample.
/// - Columns of unknown heading are measurements under their own name when they hold numbers, extras when not.
/// - Units are those in the headings, and only those.
///
/// Known from tables that people and data systems export for spreadsheets; the headings are those of Agilent, Waters,
/// Thermo and Shimadzu.
public struct TableAdapter: InstrumentAdapter {
    public init() {}
    public let identity = AdapterIdentity(
        "lc.table", version: 1, instrument: "any delimited table of injections, peaks or samples")

    private static let missing = ["-", "--", "---", "----", "-----", "n.a.", "N/A", "n/a", "NA", "NaN", "Nan", "#N/A", "nan"]

    public func recognize(_ opening: SourceOpening) -> Recognition {
        guard opening.members.isEmpty, let header = Self.findHeader(opening, Dialect.sniffed(from: opening)) else { return .no }
        let known = header.headings.filter { ColumnHeading.field($0) != nil }.prefix(4).joined(separator: "\", \"")
        return .possible(because: "line \(header.line) has the headings \"\(known)\"")
    }

    public func read(_ source: SourceFile, into output: AdapterOutput) async throws {
        let dialect = Dialect.sniffed(from: source.opening)
        guard let found = Self.findHeader(source.opening, dialect) else {
            throw Diagnostic(
                "table.no-header", "no line among the first 60 has two headings that are known", at: source.location(),
                hint: "name the columns as an instrument would (Sample Name, RT, Area …), or write a mapping for this table")
        }
        let text = try DelimitedText(source, dialect: dialect, missing: Self.missing)
        let preamble = text.keyedFields()
        var titles = Extras()
        while let row = try text.next() {
            row.header = Header(found.headings, units: found.units)
            if row.line < found.line {
                if let title = Self.title(row) {
                    titles.add("line \(row.line)", title)
                } else if !row.isBlank {
                    preamble.take(row)
                }
                continue
            }
            row.describe()
            break
        }
        let table = try Self.table(found, source, text)
        var record = table.blank
        titles.add(preamble.unread)
        try await output.begin(RunRecord(extras: titles.withoutFolders))
        try await output.emitResults(reusing: &record, from: text.next) { record, row in
            if row.isEmpty(0), row.isBlank { return false }
            if row.line == found.unitsLine {
                row.describe()
                return false
            }
            if row.repeats(table.header) {
                row.ignore(.repeatedHeading)
                return false
            }
            guard table.fits(row) else { return false }
            try table.fill(&record, from: row)
            return true
        }
    }

    /// A line of one text that is no key: it says something of the run, and has no name for it.
    private static func title(_ row: Row) -> String? {
        guard !row.isEmpty(0), !row[0].hasSuffix(":"), (1..<max(1, row.count)).allSatisfy(row.isEmpty) else { return nil }
        return row.extra(0)
    }

    private static func table(_ found: FoundHeader, _ source: SourceFile, _ text: DelimitedText) throws -> ResultTable {
        let header = Header(found.headings, units: found.units)
        let numeric = NumericColumns.find(found.firstRows, columns: header.count, in: text)
        return ResultTable(header, fields: misnamed(header, found.firstRows, numeric, text), numeric: numeric)
    }

    /// The columns that do not hold what their headings promise: an "Injection ID" of letters, a "Timestamp" of seconds,
    /// a "Response" of words. They keep their own heading. A single garbled number does not make a column one of these.
    private static func misnamed(
        _ header: Header, _ rows: [[String]], _ numeric: Set<Int>, _ text: DelimitedText
    ) -> [String: ColumnField] {
        var fields: [String: ColumnField] = [:]
        for column in 0..<header.count {
            let cells = rows.compactMap { column < $0.count ? $0[column].trimmed : nil }
                .filter { !$0.isEmpty && !text.missing.contains($0) }
            let otherwise: ColumnField = numeric.contains(column) ? .ownNumber : .extra
            switch ColumnHeading.field(header.names[column]) {
            case .injectionNumber where !cells.isEmpty && cells.allSatisfy({ Int($0) == nil }),
                .peakNumber where !cells.isEmpty && cells.allSatisfy({ Int($0) == nil }),
                .acquired where !cells.isEmpty && cells.allSatisfy({ Timestamp($0) == nil }):
                fields[header.names[column]] = otherwise
            case .measurement where cells.count >= 3 && cells.allSatisfy({ !$0.contains(where: \.isNumber) }):
                fields[header.names[column]] = .extra
            default: break
            }
        }
        return fields
    }

    // MARK: Finding the header

    struct FoundHeader {
        var line: Int
        var headings: [String]
        var unitsLine: Int?
        var units: [String] = []
        /// The rows that can be seen without reading the file.
        var firstRows: [[String]] = []
    }

    /// The first line with two known headings and numbers or texts in as many cells below it.
    static func findHeader(_ opening: SourceOpening, _ dialect: Dialect) -> FoundHeader? {
        for (index, line) in opening.lines.prefix(60).enumerated() where dialect.count(in: line) > 0 {
            let cells = dialect.cells(of: line)
            guard cells.count >= 2, ResultTable.recognizedColumns(cells) >= 2,
                !cells.contains(where: { NumberText.read($0, mark: .point) != .fault(.notANumber) })
            else { continue }
            var found = FoundHeader(line: index + 1, headings: cells)
            var rows = opening.wholeLines.dropFirst(index + 1).filter { !$0.trimmed.isEmpty }.map { dialect.cells(of: $0) }
            if let below = rows.first, isUnits(below, under: cells) {
                found.unitsLine = index + 2
                found.units = below
                rows.removeFirst()
            }
            found.firstRows = rows
            return found
        }
        return nil
    }

    /// A line of units: some cell is a unit, the others are empty.
    private static func isUnits(_ cells: [String], under headings: [String]) -> Bool {
        let filled = cells.map(\.trimmed).filter { !$0.isEmpty }
        return !filled.isEmpty && cells.count <= headings.count && filled.allSatisfy { Unit(spelling: $0) != nil }
    }
}
