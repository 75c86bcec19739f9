import IngestCore
import StreamingXML
import TabularText

/// Reads a document as a table: each row, and what stands around the rows.
final class XMLTableReader {
    private let document: ElementReader
    private let row: RowElement
    private let rows: XMLTableRows
    private let output: AdapterOutput
    private var run = RunRecord()
    private var isBegun = false

    /// The most extras of a run, and of a finding; further ones are another finding.
    private static let mostExtras = 1000

    init(_ source: SourceFile, row: RowElement, _ plan: XMLTablePlan, into output: AdapterOutput) throws {
        document = try ElementReader(source)
        self.row = row
        self.output = output
        rows = XMLTableRows(plan, source)
    }

    func read(_ root: SurveyedElement) async throws {
        for column in rows.plan.columns.columns { watchMixture(column) }
        for element in rows.plan.columns.repeated { watchRepeated(element, in: row) }
        if row.matches(root) {
            let level = XMLTableLevel("", in: nil, isUnique: true, at: document.root.location)
            if let element = try document.whole(document.root) { try await read(element, level) }
            try await begin()
        } else {
            try await read(document.root, root, in: nil)
        }
        try document.finish()
    }

    private func begin() async throws {
        guard !isBegun else { return }
        isBegun = true
        run.extras = run.extras.withoutFolders
        try await output.begin(run)
    }

    // MARK: Rows

    private func read(_ element: Element, _ level: XMLTableLevel) async throws {
        try await begin()
        let rows = rows
        let leftOut = output.resultsLeftOut
        try await output.emitResult(of: element) { try rows.result(of: element, level) }
        level.noteRow(isRead: output.resultsLeftOut == leftOut)
    }

    /// Numbers of which many are garbled look like this, and so do codes.
    private func watchMixture(_ column: XMLTableColumns.Column) {
        guard rows.plan.columns.repeated(around: column.key) == nil else { return }
        guard column.numbers > 0, let odd = column.odd, !rows.isMeasured(column.key), !rows.isMeant(column.key) else { return }
        output.report(
            Diagnostic(
                column.looksNumeric ? .warning : .note, "xml.table.mixed-field",
                "\"\(column.key)\" is a number in some rows, and \"\(odd.text)\" here",
                at: odd.location,
                hint: "it is kept in the extras as text; if it is a field of numbers, correct the file at its source"))
    }

    /// Of several elements with numbers in a row, each is rather a row itself.
    private func watchRepeated(_ element: XMLTableColumns.Repeated, in row: RowElement) {
        let columns = rows.plan.columns
        guard columns.repeated(around: element.key) == nil,
            columns.columns.contains(where: { $0.numbers > 0 && element.holds($0.key) })
        else { return }
        let name = element.name == row.name ? row.name + "/" + element.name : element.name
        output.report(
            Diagnostic(
                .warning, "xml.table.rows-in-row",
                "a <\(row.name)> holds several <\(element.name)>, and here is the second of them",
                at: element.location,
                hint: "their numbers are kept in the extras as text; --element \(name) makes each of them a row"))
    }

    // MARK: Around the rows

    private func read(_ open: OpenElement, _ place: SurveyedElement, in parent: XMLTableLevel?) async throws {
        let level = XMLTableLevel(open.name, in: parent, isUnique: place.isUnique, at: open.location)
        take(XMLTableFields(attributesOf: open).fields, place, level)
        while let child = try document.next(in: open) {
            // The look ahead met all there are, unless the document breaks off.
            let inner = place.child(like: child)
            if let inner, row.matches(inner) {
                if let element = try document.whole(child) { try await read(element, level) }
            } else if let inner, inner.holdsRows || inner.isLarge {
                try await read(child, inner, in: level)
            } else if let element = try document.whole(child) {
                if element.first == nil {
                    take(XMLTableFields(of: element, in: open.name).fields, place, level, under: level.heading)
                }
                var rest = Extras()
                element.keepRest(in: &rest, under: level.heading + element.name)
                for field in rest.fields { keep(field.heading, field.text, level, isAround: false) }
                try await flush(level)
            }
        }
        if let text = open.element.content, text.isUnread, let written = text.extra() {
            keep(level.name, written, level, isAround: false)
        }
        try await finish(level)
    }

    /// Takes what an element around rows tells in its attributes and children.
    private func take(
        _ fields: [XMLTableField], _ place: SurveyedElement, _ level: XMLTableLevel, under heading: String = ""
    ) {
        let isAround = place.holdsRows && !level.isPastFirstRow && level.ownExtras.count < Self.mostExtras
        for field in fields {
            field.label?.describe()
            let heading = heading + field.plainKey
            let isTold = isAround && meaning(field).map { tell($0, heading, field, level) } == true
            if !isTold, let text = field.value?.extra() { keep(heading, text, level, isAround: isAround) }
            if let unit = field.unit, unit.isUnread, let unit = unit.extra() {
                keep(heading + " unit", unit, level, isAround: isAround)
            }
        }
    }

    /// What a fact around the rows says of them. `name` alone could be anybody's: it needs that of its element before it, or one
    /// that says of what it is.
    private func meaning(_ field: XMLTableField) -> ColumnField? {
        if let meaning = XMLTablePlan.meaning(field.name, of: field.parent) { return meaning }
        let word = ColumnHeading.folded(field.name)
        let subjects = ["sample", "vial", "well", "inj", "acq", "compound", "analyte"]
        return subjects.contains(where: word.contains) ? ColumnHeading.field(field.name) : nil
    }

    /// - Returns: False for what does not hold what its name says, and for what was told already.
    private func tell(_ meaning: ColumnField, _ heading: String, _ field: XMLTableField, _ level: XMLTableLevel) -> Bool {
        guard let value = field.value, !value.isEmpty, level.told[meaning] == nil else { return false }
        do {
            guard try level.subject.take(meaning, value, unit: field.unit) else { return false }
        } catch {
            // It is kept as the text that it is.
            return false
        }
        level.tell(meaning, heading, PrivateText.withoutFolders(value.peek))
        // Where the rows tell it themselves, theirs wins.
        if rows.plan.fields.contains(meaning), let text = value.extra() { keep(heading, text, level, isAround: true) }
        return true
    }

    /// - Parameter isAround: It is told of the rows that follow in this element.
    private func keep(_ heading: String, _ text: String, _ level: XMLTableLevel, isAround: Bool) {
        let text = PrivateText.withoutFolders(text)
        if !isBegun, level.isUnique, run.extras.count < Self.mostExtras {
            run.extras.add(heading, text)
        } else if isAround {
            level.add(heading, text)
        } else {
            level.late.add(heading, text)
        }
    }

    // MARK: What is told of no row

    /// What an element tells that no row tells goes to the element around it, unless it says itself whose it is.
    private func finish(_ level: XMLTableLevel) async throws {
        if !level.hasRows {
            var own = level.ownExtras
            own.add(level.late)
            level.late = own
        }
        if !level.told.isEmpty, !level.hasRows || !level.late.isEmpty {
            try await emit(level)
        } else if let parent = level.parent {
            parent.late.add(level.late)
            try await flush(parent)
        } else {
            if !isBegun { run.extras.add(level.late) }
            let isTold = !isBegun
            try await begin()
            if !isTold, !level.late.isEmpty { try await emit(level) }
        }
    }

    private func flush(_ level: XMLTableLevel) async throws {
        if level.late.count >= Self.mostExtras { try await emit(level) }
    }

    private func emit(_ level: XMLTableLevel) async throws {
        try await begin()
        level.findings += 1
        let subject = level.subject
        try await output.emit(
            ResultRecord(
                kind: .sample, sample: subject.sample, position: subject.position, injection: subject.injection,
                signal: subject.signal, analyte: subject.analyte, measurements: [], extras: level.late,
                location: level.location, index: level.findings))
        level.late.removeAll()
    }
}
