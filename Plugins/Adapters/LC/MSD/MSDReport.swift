import IngestCore
import TabularText

/// Reads `rteres.txt`, the area percent report in words: fields of the injection, and a table for each signal, with the sum
/// of its areas below it.
final class MSDReport {
    let file: SourceFile
    let words: DelimitedText
    let injection: MSDInjection
    /// The table of the peaks beside it is read, and this one is only compared with it.
    private let isTwin: Bool

    var seen: [String: Int] = [:]
    var signal = ""
    private var table: MSDPeakTable?
    private var headingsSeen = 0
    var tables = 0
    private var hasSum = false
    var hasEnd = false
    var method: String?

    init(_ file: SourceFile, _ injection: MSDInjection, isTwin: Bool) throws {
        self.file = file
        self.injection = injection
        self.isTwin = isTwin
        words = try DelimitedText(file, dialect: MSDReportLine.dialect)
        if isTwin { injection.twins.file = file }
    }

    func read() async throws {
        while let row = try words.next() {
            if row.isBlank { continue }
            try await take(row, row.filled)
        }
        try await endTable()
        finish()
    }

    // MARK: Lines

    private func take(_ row: Row, _ filled: [Int]) async throws {
        let words = filled.map { row.text(at: $0) }
        if words == MSDReportLine.headings.above || words == MSDReportLine.headings.below {
            try await takeHeadings(row, isAbove: words == MSDReportLine.headings.above)
        } else if words.allSatisfy({ $0.utf8.allSatisfy { $0 == UInt8(ascii: "-") } }) {
            row.ignore(.ruler)
        } else if words == ["Area", "Percent", "Report"] {
            if seen.isEmpty { row.describe() } else { row.ignore(.repeatedHeading) }
        } else if words.starts(with: ["Sum", "of", "corrected", "areas:"]) {
            try await takeSum(row, filled)
        } else if isEnd(words) {
            takeEnd(row, words)
        } else if headingsSeen % 2 == 1 {
            throw unknownHeadings(row, filled, MSDReportLine.headings.below)
        } else if table != nil, !hasSum {
            try await takePeak(row, filled)
        } else if isLike(words, MSDReportLine.headings.above) {
            throw unknownHeadings(row, filled, MSDReportLine.headings.above)
        } else if words.contains(where: { $0 == ":" || $0.hasSuffix(":") }) {
            try await takeFields(row, filled)
        } else {
            tellUnknown(row, filled[0], "this line is none of the report")
        }
    }

    /// Most of the words are those of the headings.
    private func isLike(_ words: [String], _ headings: [String]) -> Bool {
        var rest = headings
        let found = words.count { word in
            guard let index = rest.firstIndex(of: word) else { return false }
            rest.remove(at: index)
            return true
        }
        return found * 2 > headings.count
    }

    private func unknownHeadings(_ row: Row, _ filled: [Int], _ known: [String]) -> FileFault {
        let words = filled.map { row.text(at: $0) }
        let odd = words.indices.first { $0 >= known.count || words[$0] != known[$0] } ?? 0
        let near = odd < known.count ? ", where \"\(known[odd])\" was expected" : ""
        return FileFault(
            row.fault(
                "msd.unknown-heading", "\"\(words[odd])\" stands in the headings of the peaks\(near)", at: filled[odd],
                hint: "nothing was read: the columns have no other names; the file was edited, or is another report: report "
                    + "the injection again"))
    }

    private func takeHeadings(_ row: Row, isAbove: Bool) async throws {
        guard isAbove == (headingsSeen % 2 == 0) else {
            throw unknownHeadings(row, row.filled, isAbove ? MSDReportLine.headings.below : MSDReportLine.headings.above)
        }
        headingsSeen += 1
        if isAbove {
            if table != nil, !hasSum { return row.ignore(.repeatedHeading) }
            try await endTable()
            (hasSum, hasEnd) = (false, false)
        } else if table == nil {
            tables += 1
            table = MSDPeakTable(MSDReportLine.columns, signal: signal, injection, file, isTwin: isTwin)
        } else {
            return row.ignore(.repeatedHeading)
        }
        row.describe()
    }

    // MARK: Peaks

    private func takePeak(_ row: Row, _ filled: [Int]) async throws {
        guard let table else { return }
        // Five numbers, a code of some words or none, four numbers.
        guard filled.count >= 9 else {
            row.leaveOut(
                row.fault(
                    "table.short-row", "this row has \(filled.count) values, a peak has 10", at: filled.last ?? 0,
                    hint: "this row was left out, the others were read; the file was cut or damaged: report the injection again"))
            table.passOver(Int(row.text(at: filled[0])))
            return file.account.contradict("line \(row.line) of \(file.name) is no whole peak")
        }
        let code = filled[5..<filled.count - 4]
        guard code.count <= 3, code.allSatisfy({ row.text(at: $0).utf8.count <= 6 }) else {
            row.leaveOut(
                row.fault(
                    "table.long-row", "this row has \(filled.count) values, a peak has 10", at: filled[8],
                    hint: "this row was left out, the others were read; the file was damaged: report the injection again"))
            return table.passOver(Int(row.text(at: filled[0])))
        }
        let codeCells = code.isEmpty ? filled[5]..<filled[5] : code.first!..<code.last! + 1
        let cells = filled[..<5].map { $0..<$0 + 1 } + [codeCells] + filled.suffix(4).map { $0..<$0 + 1 }
        try await table.add(row, cells, key: nil)
    }

    private func takeSum(_ row: Row, _ filled: [Int]) async throws {
        hasSum = true
        defer { row.describe() }
        guard let table, let last = filled.last, filled.count == 5,
            case .number(let sum, .exact) = NumberText.read(row.text(at: last), mark: self.words.survey.decimalMark)
        else {
            return tell(row, filled.last ?? 0, "msd.area-sum", "this is no sum of areas below a table")
        }
        guard table.leftOut == 0, table.count > 0 else { return }
        if abs(sum - table.areas.value) <= table.areas.half + LastDigit.half(row.text(at: last)) {
            return file.account.prove("the areas of \(signal) add up to the sum that \(file.name) tells")
        }
        file.account.contradict("the areas of \(signal) add up to \(AreaShares.rounded(table.areas.value))")
        file.account.report(
            row.fault(
                "msd.area-sum", "the areas of this table add up to \(AreaShares.rounded(table.areas.value)), not to this",
                at: last,
                hint: "the rows that are there were read; a row is missing, stands twice or was changed: report the injection "
                    + "again"))
    }

    private func endTable() async throws {
        guard let table else { return }
        if !hasSum {
            file.account.contradict("\(file.name) ends without the sum of areas")
            file.account.report(
                Diagnostic(
                    "msd.no-area-sum", "the table of \(signal.isEmpty ? "the peaks" : signal) has no sum of areas below it",
                    at: file.location(),
                    hint: "the peaks that are there were read; the file was cut: report the injection again"))
        }
        try await table.finish("the table of \(signal)")
        self.table = nil
    }
}
