import IngestCore
import TabularText

/// Reads `RESULTS.CSV`: `[contents]` declares sections, and each is a table of the peaks of a signal.
final class MSDResults {
    private let file: SourceFile
    private let text: DelimitedText
    private let injection: MSDInjection
    private var place = Place.outside
    private var declaredCount: Int?
    /// By number.
    private var declared: [Int: String] = [:]
    private var sections: [String] = []

    // Of the section at hand.
    private var table: MSDPeakTable?
    private var header: Header?
    private var isTimed = false
    private var extras = Extras()
    private let lastRow = LastRow()

    private enum Place { case outside, contents, section }

    init(_ file: SourceFile, _ injection: MSDInjection) throws {
        self.file = file
        self.injection = injection
        text = try DelimitedText(file)
    }

    func read() async throws {
        var sawContents = false
        while let row = try text.next() {
            if row.isBlank { continue }
            let line = row.cells.joined(separator: String(UnicodeScalar(text.dialect.separator))).trimmed
            if line.hasPrefix("["), line.hasSuffix("]") {
                row.describe()
                let title = line.dropFirst().dropLast().trimmed
                if title.lowercased() == "contents" {
                    if sawContents { throw secondReport(row) }
                    sawContents = true
                    place = .contents
                } else {
                    try await begin(title, row)
                }
            } else if let equals = row[0].firstIndex(of: "=") {
                let key = row[0][..<equals].trimmed, inline = row[0][row[0].index(after: equals)...].trimmed
                try await take(key, inline, row)
            } else {
                tellUnknown(row, "this line is none of the format: it has no key in front of a \"=\"")
            }
        }
        try await endSection()
        checkContents(sawContents)
    }

    private func secondReport(_ row: Row) -> FileFault {
        FileFault(
            row.fault(
                "msd.second-report", "a second [contents] begins here: two reports were put together", at: 0,
                hint: "nothing was read; report each injection again, or cut the file in two"))
    }

    // MARK: Sections

    private func begin(_ title: String, _ row: Row) async throws {
        try await endSection()
        place = .section
        sections.append(title)
        let number = sections.count
        if let name = declared[number], name != title {
            file.account.report(
                row.fault(
                    "msd.other-section", "section \(number) is \"\(PrivateText.withoutFolders(name))\" by [contents]", at: 0,
                    severity: .warning,
                    hint: "it was read as it stands; the file was edited or damaged: report the injection again"))
            file.account.contradict("section \(number) is another than [contents] says")
        }
        if let signal = MSDSignalTitle(title), signal.isPossible {
            injection.stateDataFile(signal.dataFile, at: row.location)
        } else {
            file.account.report(
                row.fault(
                    "msd.unknown-signal", "the title of this section tells no signal of a data file", at: 0, severity: .warning,
                    hint: "it was read, and the title is kept as the name of the signal: compare it with the instrument"))
        }
    }

    private var signal: String {
        guard let title = sections.last else { return "" }
        return MSDSignalTitle(title)?.name ?? PrivateText.withoutFolders(title)
    }

    private func endSection() async throws {
        defer { (table, header, isTimed, extras) = (nil, nil, false, [:]) }
        guard place == .section else { return }
        if !isTimed { tellMissing("Time=") }
        if header == nil { tellMissing("Header=") }
        try await table?.finish("section \"\(signal)\"")
    }

    private func tellMissing(_ what: String) {
        file.account.report(
            Diagnostic(
                .warning, "msd.missing-line", "section \"\(signal)\" has no line \(what)", at: file.location(line: 1, column: 1),
                hint: "it was read without; the file was cut or edited: report the injection again"))
        file.account.contradict("section \"\(signal)\" has no line \(what)")
    }

    // MARK: Lines

    private func take(_ key: String, _ inline: String, _ row: Row) async throws {
        let number = Int(key)
        switch (place, key.lowercased()) {
        case (.contents, "count"):
            row.describe()
            declaredCount = Int(inline.isEmpty ? row[1] : inline)
            if declaredCount == nil { tell(row, "msd.unreadable-value", "this is no count of sections") }
        case (.contents, "name"):
            row.describe()
            let path = value(row)
            injection.stateDataFile(path, at: row.location(of: 1))
            let name = PrivateText.fileName(path).lowercased()
            if !name.hasSuffix(".d") { tell(row, "msd.unreadable-value", "this is no data folder, whose name ends in .D") }
        case (.contents, _) where number != nil:
            row.describe()
            if declared.updateValue(value(row), forKey: number!) != nil {
                tell(row, "msd.repeated-key", "\"\(key)=\" stands twice in [contents]")
            }
        case (.section, "time"):
            row.describe(0)
            if isTimed { tell(row, "msd.repeated-key", "\"\(key)=\" stands twice in this section") }
            isTimed = true
            takeTime(row)
        case (.section, "header"): takeHeader(row)
        case (.section, _) where number != nil: try await takePeak(row, number!)
        default:
            let known = ["count", "Name", "Time", "Header"]
            let near = NearestName.of(key, among: known).map { "; is it \"\($0)=\"?" } ?? ""
            tellUnknown(row, "\"\(key)=\" is no key of this format, or not in this place\(near)")
        }
    }

    private func value(_ row: Row) -> String {
        row.cells.dropFirst().joined(separator: String(UnicodeScalar(text.dialect.separator))).trimmed
    }

    private func takeTime(_ row: Row) {
        row.describe()
        let written = value(row)
        guard let time = Timestamp(written, order: text.survey.dateOrder, zone: file.given.timeZone) else {
            extras.add("Time", written)
            return tell(row, "msd.unreadable-value", "\"\(written)\" is not a date and time")
        }
        guard !injection.stateProcessed(time, at: row.location(of: 1)) else { return }
        extras.add("Time", written)
        guard let report = injection.twins.file else { return }
        tell(
            row, "msd.files-differ", "\(report.name) was written at another time than this integration", at: 1,
            "the peaks were read from here; if they differ from the report's, that is told of each")
    }

    private func takeHeader(_ row: Row) {
        row.describe()
        guard header == nil else { return tell(row, "msd.repeated-key", "a second Header= stands in this section") }
        let header = Header(row.cells)
        self.header = header
        row.header = header
        let names = Array(header.names.dropFirst())
        let isIntegration = sections.last?.hasPrefix("INT ") ?? true
        for (index, name) in names.enumerated() where !MSDColumn.isKnown(name) {
            let near = NearestName.of(name, among: MSDColumn.known).map { ", the nearest is \"\($0)\"" } ?? ""
            tell(
                row, "msd.unknown-heading", "\"\(name)\" is no heading of this format\(near)", at: index + 1,
                "the column is kept as text under its own heading, unless it is known from other formats")
        }
        for (index, name) in names.enumerated()
        where names[..<index].contains(where: { ColumnHeading.folded($0) == ColumnHeading.folded(name) }) {
            tell(row, "msd.repeated-heading", "\"\(name)\" stands twice", at: index + 1, "the second column is kept as text")
        }
        let missing = MSDColumn.required(names).filter { name in
            !names.contains { ColumnHeading.folded($0) == ColumnHeading.folded(name) }
        }
        if isIntegration, !missing.isEmpty {
            tell(
                row, "msd.missing-column", "the columns \(missing.map { "\"\($0)\"" }.joined(separator: ", ")) are missing",
                "the others were read; the file was edited: report the injection again")
            file.account.contradict("columns of section \"\(signal)\" are missing")
        }
        let countsIons = sections.last.flatMap { MSDSignalTitle($0) }?.isOfSpectrometer ?? false
        table = MSDPeakTable(
            MSDColumn.columns(names, countsIons: countsIons), signal: signal, injection, file, extras: extras)
    }

    private func takePeak(_ row: Row, _ key: Int) async throws {
        guard let table, let header else {
            row.leaveOut(
                row.fault(
                    "msd.no-header", "this row stands in no section with a Header= line", at: 0,
                    hint: "it was left out: nothing tells what its numbers are"))
            return
        }
        row.header = header
        row.describe(0)
        guard row.fits(header) else { return table.passOver(key) }
        if lastRow.isRepeated(by: row) { tell(row, "table.repeated-row", "this row is the same as the one before") }
        try await table.add(row, (1..<header.count).map { $0..<$0 + 1 }, key: key)
    }

    // MARK: What is told

    private func tell(_ row: Row, _ code: String, _ message: String, at cell: Int = 0, _ hint: String? = nil) {
        file.account.report(
            row.fault(
                code, message, at: cell, severity: .warning,
                hint: hint ?? "the rest was read; the file was edited or damaged: report the injection again"))
    }

    private func tellUnknown(_ row: Row, _ message: String) {
        row.leaveOut(
            row.fault(
                "msd.unknown-line", message, at: 0,
                hint: "this line was left out, the others were read; the file was edited or damaged"))
        file.account.doubt("line \(row.line) of \(file.name) is not understood")
    }

    private func checkContents(_ sawContents: Bool) {
        var faults: [String] = []
        if !sawContents {
            faults.append("there is no [contents] that says which sections the file has")
        } else if declaredCount == nil {
            faults.append("[contents] does not say how many sections the file has")
        }
        if sawContents, declared.count != sections.count || declaredCount.map({ $0 != sections.count }) ?? false {
            faults.append(
                "[contents] counts \(declaredCount.map(String.init) ?? "no") and names \(declared.count) sections, and "
                    + "\(sections.count) follow")
        }
        if injection.run.name == nil { faults.append("no line Name= tells the data file") }
        for fault in faults {
            file.account.report(
                Diagnostic(
                    "msd.contents", fault, at: file.location(line: 1, column: 1),
                    hint: "what is there was read; the file was cut or edited: report the injection again"))
            file.account.contradict(fault)
        }
    }
}
