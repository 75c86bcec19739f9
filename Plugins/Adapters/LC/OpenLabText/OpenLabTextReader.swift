import IngestCore
import TabularText

/// Reads the boxes of a report from the first to the last; what was seen of its pages and tables tells whether it is whole.
final class OpenLabTextReader {
    private let source: SourceFile
    private let survey: OpenLabTextSurvey
    private let boxes: BoxReader
    private var context = OpenLabTextContext()
    private var table: OpenLabTextTable?
    /// What the rows of the box at hand are.
    private var kind = Kind.none
    private var titles = 0
    private var pages: (last: Int, all: Int)?
    private var proved = 0
    private var unproved = 0
    private var toldKeys: Set<String> = []

    private enum Kind { case none, peaks, pairs, foot, title, unknown }

    init(_ source: SourceFile, _ survey: OpenLabTextSurvey) throws {
        self.source = source
        self.survey = survey
        boxes = try BoxReader(source, counts: true)
    }

    func read(into output: AdapterOutput) async throws {
        while let part = try boxes.next() {
            switch part {
            case .stray(let text, let line, let column):
                boxes.coverage += Coverage(values: 1, leftOut: 1)
                report(
                    .warning, "stray-line", "\"\(text)\" stands outside of the boxes", line, column,
                    "it was left out; if it is a row of a table, its rules were damaged: report it again")
            case .row(let row): try await take(row, output)
            }
        }
        try await closeTable()
        try await tellContext(output)
        judge()
    }

    private func take(_ row: BoxRow, _ output: AdapterOutput) async throws {
        if let damage = row.damage {
            boxes.coverage += Coverage(values: row.count, leftOut: row.count)
            if row.isFirst { kind = .unknown }
            table?.passOver()
            output.leaveOut(
                Diagnostic(
                    "openlab-text.garbled-box", damage.message, at: source.location(line: damage.line, column: damage.column),
                    hint: "this row was left out, the others were read; the report was edited or cut: report it again"))
            return
        }
        if row.isFirst { kind = kind(of: row) }
        switch kind {
        case .foot: takeFoot(row)
        case .title: takeTitle(row)
        case .pairs: try await takePairs(row, output)
        case .peaks: try await takePeaks(row, output)
        case .none, .unknown: leaveOut(row)
        }
    }

    private func kind(of row: BoxRow) -> Kind {
        if OpenLabTextFoot(row) != nil { return .foot }
        if OpenLabTextColumns(row.texts) != nil { return .peaks }
        if row.cells.count == 1 { return .title }
        return row.cells.count.isMultiple(of: 2) ? .pairs : .unknown
    }

    private func leaveOut(_ row: BoxRow) {
        boxes.coverage += Coverage(values: row.count, leftOut: row.count)
        let cell = row.cells.first { !$0.isEmpty }
        guard let cell else { return }
        report(
            .error, "unknown-box", "\"\(cell.text)\" is in a box that is neither of peaks nor of keys and values", cell.line,
            cell.column, "its row was left out; if it is a table of peaks, its headings were damaged: report it again")
        source.account.doubt("the box of line \(row.line) was not understood")
    }

    // MARK: Boxes around the tables

    private func takeFoot(_ row: BoxRow) {
        guard let foot = OpenLabTextFoot(row) else { return leaveOut(row) }
        // The first one was read when the file was looked over.
        let described = pages == nil ? row.count - 1 : 0
        boxes.coverage += Coverage(values: row.count, described: described, ignored: row.count - described)
        if pages == nil { tellTime(of: foot, row) }
        let cell = row.cells[foot.pageCell]
        if foot.page != (pages?.last ?? 0) + 1 || foot.page > foot.pages || pages.map({ $0.all != foot.pages }) == true {
            let before = pages.map { "page \($0.last) of \($0.all)" } ?? "no page"
            report(
                .warning, "pages", "page \(foot.page) of \(foot.pages) follows \(before)", cell.line, cell.column,
                "the results were read; a page is missing or stands twice: report it again")
            source.account.contradict("page \(foot.page) of \(foot.pages) follows \(before)")
        }
        pages = (foot.page, foot.pages)
    }

    /// The time in the foot has lost its time of day, or is none.
    private func tellTime(of foot: OpenLabTextFoot, _ row: BoxRow) {
        guard let cell = row.cells.first(where: { OpenLabTextFoot.isPrinted($0.text) }) else { return }
        let colons = cell.text.count { $0 == ":" }
        guard foot.printed(boxes.dateOrder, source.given.timeZone) == nil || colons < 2 else { return }
        report(
            .warning, "time", "\"\(cell.text)\" is no date with a time", cell.line, cell.column,
            "the results were read; a line of this foot is missing or garbled: report it again")
    }

    private func takeTitle(_ row: BoxRow) {
        guard let cell = row.cells.first, !cell.isEmpty else { return }
        titles += 1
        // The first one is the run's; pages repeat it.
        let title = PrivateText.withoutFolders(cell.text)
        if titles == 1 {
            boxes.coverage += Coverage(values: 1, described: 1)
        } else if title == survey.run.extras["Title"] {
            boxes.coverage += Coverage(values: 1, ignored: 1)
        } else {
            boxes.coverage += Coverage(values: 1, extras: 1)
            context.addTitle(cell.text, line: cell.line)
            context.place = source.location(line: cell.line, column: cell.column)
        }
    }

    private func takePairs(_ row: BoxRow, _ output: AdapterOutput) async throws {
        for index in stride(from: 0, to: row.cells.count, by: 2) {
            let keyCell = row.cells[index], cell = row.cells[index + 1]
            guard !keyCell.isEmpty else {
                if !cell.isEmpty { leaveOutPair(cell) }
                continue
            }
            let written = keyCell.text
            let key = written.hasSuffix(":") ? String(written.dropLast()).trimmed : written
            boxes.coverage += Coverage(values: 1, described: 1)
            guard !cell.isEmpty else { continue }
            try await takePair(key, cell, output)
        }
    }

    private func takePair(_ key: String, _ cell: BoxCell, _ output: AdapterOutput) async throws {
        boxes.coverage.values += 1
        let answer = context.answer(key, cell.text)
        if answer == .repeated, table?.isProved != true || ColumnHeading.field(key) != .signal {
            boxes.coverage.ignored += 1
            return
        }
        if answer == .repeated {
            report(
                .warning, "repeated-table", "\"\(key)\" is the same as that of the table above, which has ended", cell.line,
                cell.column, "the results were read; if they stand twice, files were joined: report it again")
        } else {
            tellUnknown(key, cell)
        }
        // Another signal, or the same one again below a table that has ended.
        try await closeTable()
        if answer == .begins {
            try await tellContext(output)
            context = OpenLabTextContext()
        }
        if !context.isUntold { context.place = source.location(line: cell.line, column: cell.column) }
        do {
            switch try context.take(key, cell, source, boxes.dateOrder) {
            case .extra: boxes.coverage.extras += 1
            case .hidden:
                boxes.coverage.described += 1
                report(
                    .note, "account", "\"\(key)\" holds a Windows account, which does not go into records", cell.line,
                    cell.column, nil)
            default: boxes.coverage.described += 1
            }
        } catch let fault as Diagnostic {
            boxes.coverage.leftOut += 1
            source.account.report(fault)
        }
    }

    /// A key that nobody knows is kept; it may be one of the others.
    private func tellUnknown(_ key: String, _ cell: BoxCell) {
        guard !OpenLabTextContext.knows(key), toldKeys.count < 50, toldKeys.insert(key).inserted else { return }
        let nearest = NearestName.of(key, among: OpenLabTextContext.keys).map { "; the nearest one is \"\($0)\"" } ?? ""
        report(
            .warning, "unknown-key", "\"\(key)\" is no key that is known here\(nearest)", cell.line, cell.column,
            "it was kept with the results; if it is one of the others, correct the report template")
    }

    private func leaveOutPair(_ cell: BoxCell) {
        boxes.coverage += Coverage(values: 1, leftOut: 1)
        report(
            .warning, "no-key", "nothing tells what \"\(cell.text)\" is", cell.line, cell.column,
            "it was left out; if its key was damaged, report it again")
    }

    /// A sample without a table of peaks is a result too.
    private func tellContext(_ output: AdapterOutput) async throws {
        guard context.isUntold else { return }
        context.isUntold = false
        try await output.emit(
            ResultRecord(
                kind: .sample, ordinal: 1, sample: context.sample, position: context.position, injection: context.injection,
                signal: context.signal, measurements: [], extras: context.extras, location: context.place))
    }

    // MARK: Peaks

    private func takePeaks(_ row: BoxRow, _ output: AdapterOutput) async throws {
        if row.isFirst {
            let names = row.texts
            if let table, table.columns.names == names, !table.isProved {
                // The table goes on, on another page.
                boxes.coverage += Coverage(values: row.count, ignored: row.count)
                return
            }
            try await closeTable()
            guard let columns = OpenLabTextColumns(names) else { return leaveOut(row) }
            boxes.coverage += Coverage(values: row.count, described: row.count)
            columns.check(row, source)
            if context.sample == nil || context.signal == nil {
                let lacks = context.sample == nil ? "sample" : "signal"
                report(
                    .warning, "no-\(lacks)", "no box above this table tells the \(lacks) it is of", row.line, 1,
                    "the rows were read without; if a box was lost or its key damaged, report it again")
            }
            table = OpenLabTextTable(columns, line: row.line, source: source, mark: survey.mark)
            return
        }
        guard let table else { return leaveOut(row) }
        if table.isTotal(row) {
            boxes.coverage += table.takeTotal(row)
            return
        }
        context.isUntold = false
        let before = output.resultsLeftOut
        var fates = Coverage()
        try await output.emitResult { try table.result(row, in: context, &fates) }
        if output.resultsLeftOut > before { fates = Coverage(values: row.count, leftOut: row.count) }
        boxes.coverage += fates
    }

    private func closeTable() async throws {
        guard let table else { return }
        self.table = nil
        if table.close() { proved += 1 } else { unproved += 1 }
    }

    // MARK: The whole

    private func judge() {
        let account = source.account
        if boxes.isInside {
            report(
                .error, "cut", "the report ends inside of a box", boxes.line, 1,
                "what was read above is not whole: report it again")
            account.contradict("the report ends inside of a box")
        }
        if proved + unproved == 0 {
            report(
                .warning, "no-peaks", "the report has no table of peaks", nil, nil, "if it had one, it was cut: report it again")
            account.doubt("there is no table of peaks")
        }
        if let pages, pages.last < pages.all {
            account.contradict("the last page is \(pages.last) of \(pages.all)")
        } else if let pages {
            if proved > 0, unproved == 0 {
                account.prove(
                    "page \(pages.last) is the last of \(pages.all), and the peaks of \(proved) tables add up to their sums")
            }
        } else {
            account.doubt("no page says how many there are")
        }
        if unproved > 0 { account.doubt("\(unproved) tables of peaks have no sum to prove them") }
    }

    private func report(
        _ severity: Diagnostic.Severity, _ code: String, _ message: String, _ line: Int?, _ column: Int?, _ hint: String?
    ) {
        source.account.report(
            Diagnostic(severity, "openlab-text.\(code)", message, at: source.location(line: line, column: column), hint: hint))
    }
}
