import IngestCore
import TabularText

/// Reads the sections of a LabSolutions export one after another.
///
/// A section has keys and values, and perhaps a table below them. Where the table begins is told by a heading that is
/// known; in a section nobody knows, by the first number: the line before it was the heading. Blank lines mean nothing.
final class LabSolutionsReader {
    private let text: DelimitedText
    private let output: AdapterOutput
    private let separator: String
    private var tally: LabSolutionsTally
    private var columns = KnownColumns<LabSolutionsColumns>()
    /// The headings of a table of results that were looked at last.
    private var toldHeading: [String] = []

    private var draft: InjectionDraft
    private var runs = 1
    /// Where the run begins.
    private var runLine = 1
    private var fields: KeyedFields
    /// What was read after the run's own fields: unknown sections.
    private var lateExtras = Extras()
    /// The sections of keys that the run has had.
    private var keySections: Set<String> = []
    /// It has had a section of another kind.
    private var sawData = false
    private var isDescribed = false
    private var open: OpenSection?
    private var endsOpen = false

    /// The section at hand.
    private struct OpenSection {
        let section: LabSolutionsSection
        let line: Int
        let fields: KeyedFields
        /// The last line of keys, which may prove a heading.
        var lastKey: [String] = [], lastLine = 0
        var content = Content.keys
        var rows = 0
        var keptLines = 0
    }

    private enum Content {
        case keys
        /// The heading was read, no row yet.
        case heading([String])
        case results(LabSolutionsTable)
        case trace(LabSolutionsTrace)
        /// Rows that are kept as they are.
        case lines
    }

    init(_ text: DelimitedText, _ output: AdapterOutput) {
        self.text = text
        self.output = output
        separator = String(UnicodeScalar(text.dialect.separator))
        tally = LabSolutionsTally(text)
        draft = InjectionDraft(output, number: 1)
        fields = text.keyedFields()
    }

    func read() async throws {
        var row: Row?
        // The last section and run are asked for when nothing more can follow them.
        text.atEnd = { [unowned self] in
            endFields()
            endsOpen = row?.isOpenEnded ?? false
        }
        while let next = try text.next() {
            row = next
            try await read(next)
        }
        try await finishRun()
        tally.prove(endsOpen: endsOpen)
    }

    private func read(_ row: Row) async throws {
        if case .trace(let trace) = open?.content, try trace.takes(row) { return }
        if row.isBlank { return }
        let line = row.cells.joined(separator: separator)
        if LabSolutionsSection.isTitle(line) {
            try await begin(LabSolutionsSection(title: line), row)
        } else if open != nil {
            try await take(row)
        } else {
            fields.take(row)
        }
    }

    // MARK: Sections

    private func begin(_ section: LabSolutionsSection, _ row: Row) async throws {
        row.describe()
        if section.kind == "Header", open != nil {
            try await nextRun(row)
        } else if section.role == .keys, sawData, keySections.contains(section.title) {
            // What stands twice is of two runs, and between them a [Header] was lost.
            text.source.account.report(
                row.fault(
                    "labsolutions.no-header", "[\(section.title)] stands a second time, without a [Header] above it", at: 0,
                    severity: .warning,
                    hint: "what follows was read as another run; the file was edited or damaged: export it again"))
            text.source.account.doubt("line \(row.line) begins a run without a [Header]")
            try await nextRun(row)
        }
        endSection()
        if section.role == .keys { keySections.insert(section.title) }
        if section.role != .keys, section.role != .text { sawData = true }
        row.header = nil
        tally.begin(section)
        open = OpenSection(section: section, line: row.line, fields: text.keyedFields())
    }

    private func nextRun(_ row: Row) async throws {
        endFields()
        try await finishRun()
        fields.settle()
        runs += 1
        draft = InjectionDraft(output, number: runs)
        runLine = row.line
        fields = text.keyedFields()
        keySections = []
        sawData = false
        isDescribed = false
    }

    private func take(_ row: Row) async throws {
        guard let section = open?.section else { return }
        switch section.role {
        case .keys:
            if text.isNumber(row[0]), (1..<row.count).contains(where: { text.isNumber(row[$0]) }) {
                // Keys are words: the title and the headings of a table are gone.
                row.leaveOut(
                    row.fault(
                        "labsolutions.stray-row", "a row of numbers stands in [\(section.title)], which has no table",
                        at: 0,
                        hint: "this row was left out; the title of its section was lost: export the file again"))
                text.source.account.contradict("line \(row.line) is a row of a table without a title")
            } else {
                fields.take(row)
            }
        case .text: keep(row, as: section.title)
        default:
            switch open?.content {
            case .results(let table): try await add(row, to: table)
            case .trace(let trace): try trace.take(row)
            case .lines: keep(row, as: section.title)
            case .heading(let heading): try await takeFirst(row, below: heading, in: section)
            default: try await takeKey(row, in: section)
            }
        }
    }

    private func takeKey(_ row: Row, in section: LabSolutionsSection) async throws {
        guard let open else { return }
        if isHeading(row, in: open) {
            row.describe()
            if [.peaks, .compounds, .groups].contains(section.role), toldHeading != row.cells {
                toldHeading = row.cells
                UnknownHeadings.tell(row, isKnown: LabSolutionsColumns.knows)
            }
            self.open?.content = .heading(row.cells)
            self.open?.lastLine = row.line
        } else if isWavelengths(row) {
            try await takeFirst(row, below: ["R.Time (min)"], in: section)
        } else if text.isNumber(row[0]), row.count > 1, open.lastKey.count == row.count {
            // The line before was the heading: no key of the section.
            if let heading = open.fields.keys.last { _ = open.fields.values(heading) }
            try await takeFirst(row, below: open.lastKey, in: section)
        } else {
            open.fields.take(row)
            self.open?.lastKey = row.cells
            self.open?.lastLine = row.line
        }
    }

    /// A heading that is known, or any line of several texts below the declared count of a table of results.
    private func isHeading(_ row: Row, in open: OpenSection) -> Bool {
        guard row.count > 1, (0..<row.count).allSatisfy({ !text.isNumber(row[$0]) }) else { return false }
        switch ColumnHeading.field(row[0]) {
        case .measurement(.retentionTime), .peakNumber, .analyteID: return true
        // "m/z  1-1 TIC" is a key and its value.
        case .measurement(.massToCharge): return !row.isEmpty(2)
        default:
            guard row.count > 3, LabSolutionsTally.countKey(open.fields) != nil else { return false }
            return [.peaks, .compounds, .groups].contains(open.section.role)
        }
    }

    /// The first row below a heading shows what the table is.
    private func takeFirst(_ row: Row, below heading: [String], in section: LabSolutionsSection) async throws {
        guard let fields = open?.fields, let line = open?.line else { return }
        if isWavelengths(row) {
            open?.content = .trace(LabSolutionsTrace(section, heading, wavelengths: row, fields, text, draft, at: line))
            return
        }
        switch section.role {
        case .peaks, .compounds, .groups:
            let table = LabSolutionsTable(section, heading, firstRow: row, text, &columns)
            open?.content = .results(table)
            try await add(row, to: table)
        default:
            if section.role != .fractions, heading.count > 1, isCurve(section, fields) {
                let trace = LabSolutionsTrace(section, heading, wavelengths: nil, fields, text, draft, at: line)
                tellAxis(heading[0])
                open?.content = .trace(trace)
                try trace.take(row)
            } else {
                open?.content = .lines
                lateExtras.append(
                    distinct: "\(section.title) heading, line \(open?.lastLine ?? line)",
                    heading.joined(separator: separator))
                keep(row, as: section.title)
            }
        }
    }

    /// The first column of a curve is time, volume or mass. Another heading there was renamed, or its column moved.
    private func tellAxis(_ heading: String) {
        switch ColumnHeading.field(heading) {
        case .measurement(.retentionTime), .measurement(.massToCharge), .measurement(.volume): return
        default: break
        }
        guard !["time", "minutes", "min", "seconds", "volume", "wavelength"].contains(ColumnHeading.normalized(heading)) else {
            return
        }
        text.source.account.report(
            Diagnostic(
                .warning, "labsolutions.axis", "\"\(heading)\" is no axis of a curve that is known",
                at: text.source.location(line: open?.lastLine, column: 1, field: heading),
                hint: "the points were read as they stand; if it is the time, the heading was changed or the columns were moved"))
    }

    private func isCurve(_ section: LabSolutionsSection, _ fields: KeyedFields) -> Bool {
        section.role == .trace || fields.keys.contains { $0.hasPrefix("Interval") || $0 == "# of Points" }
    }

    private func add(_ row: Row, to table: LabSolutionsTable) async throws {
        row.header = table.header
        open?.rows += 1
        guard table.fits(row) else { return }
        try await draft.add(row, known: describe) { try table.result(from: row) }
    }

    /// The row of wavelengths above the absorbances of `[PDA 3D]`: `,19000,19120,…`.
    private func isWavelengths(_ row: Row) -> Bool {
        guard row.isEmpty(0), let last = (0..<row.count).last(where: { !row.isEmpty($0) }), last > 1 else { return false }
        return (1...last).allSatisfy { text.isNumber(row[$0]) }
    }

    // MARK: Lines kept as they are

    private func keep(_ row: Row, as name: String) {
        let cells = (0..<row.count).map { row.extra($0) ?? "" }
        // The line number sets them apart, so a section of many lines is not compared line by line.
        lateExtras.append(distinct: "\(name) line \(row.line)", cells.joined(separator: separator).trimmed)
        open?.keptLines += 1
        open?.rows += 1
    }

    // MARK: Ends

    private func endSection() {
        guard let open else { return }
        self.open = nil
        defer { open.fields.settle() }
        let section = open.section
        guard section.role != .keys, section.role != .text else { return }
        var rows = open.rows
        if case .trace(let trace) = open.content { rows = trace.rows }
        if case .heading(let heading) = open.content {
            lateExtras.add(section.title + " heading", heading.joined(separator: separator))
        }
        let isMet = tally.check(section, open.fields, rows: rows, at: open.line)
        if case .trace(let trace) = open.content { trace.end(isWhole: isMet) }
        let rest = open.fields.unread
        for field in rest.fields { lateExtras.add("\(section.title) \(field.heading)", field.text) }
        guard section.role == .other || open.keptLines > 0 else { return }
        if case .trace = open.content { return }
        text.source.account.report(
            Diagnostic(
                .note, "labsolutions.unknown-section",
                "the lines of [\(section.title)] are kept as extras of the run: what they hold is not known",
                at: text.source.location(line: open.line, column: 1),
                hint: "nothing of it is lost, but nothing of it counts as measured"))
    }

    private func endFields() {
        endSection()
        describe(draft)
        tally.endRun(draft.run.extras)
        let late = fields.unread
        if draft.isBegun, let key = late.fields.map(\.heading).first(where: LabSolutionsRun.subject.contains) {
            draft.tellLate(key, of: fields, text.source)
        }
        lateExtras.add(late)
    }

    private func finishRun() async throws {
        try await draft.finish(late: lateExtras.withoutFolders, at: text.source.location(line: runLine, column: 1))
        lateExtras = Extras()
    }

    private func describe(_ draft: InjectionDraft) {
        guard !isDescribed else { return }
        isDescribed = true
        LabSolutionsRun(fields: fields, text: text, draft: draft).describe(isFirst: runs == 1)
    }
}
