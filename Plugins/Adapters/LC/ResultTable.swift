import IngestCore
import TabularText

/// Turns the rows of a table of peaks, compounds or samples into results, by what its columns hold.
///
/// It also watches what a table says of itself: peak numbers that skip or repeat, a row that stands twice, a retention
/// time outside its own peak. Such a row is kept, flagged, and reported.
///
/// Rows are read in place: one record is filled again and again, and cells that repeat the row above are not read anew.
final class ResultTable {
    /// What changes from row to row.
    struct State {
        var ordinals: RowOrdinals
        var numbers: PeakNumbers?
        var units: [UnitColumn] = []
        /// The last row had its number among the extras.
        var keepsNumber = false
        /// Of a table with a column for the vial and one for the well or position; only one may change from row to row.
        var vial: String?
        var place: Position?
        var plate: String?
        var name = JoinedName()

        var position: Position? {
            guard var place = place ?? (vial ?? plate).map({ Position(written: $0) }) else { return nil }
            place.vial = vial
            if let plate { place.plate = plate }
            return place
        }
    }

    let header: Header
    /// A record with everything the rows share, to be filled by ``fill(_:from:)``.
    let blank: ResultRecord

    private let numbers: NumberColumns
    private let volume: (column: Int, unit: StatedUnit)?
    private let texts: [(column: Int, field: ColumnField)]
    /// The text that is the name of the analyte: its place among ``texts`` and its column; -1 for none.
    private let nameIndex: Int
    private let nameColumn: Int
    private let seen: RepeatedCells
    let lastRow = LastRow()
    private let extraColumns: [Int]
    /// Some of a row may go to the extras.
    private let hasExtras: Bool
    private let codeColumns: [Int]
    private let codes: IntegrationCode
    private let dateColumn: Int?
    private let timeColumn: Int?
    let retention: (time: Int, start: Int, end: Int, column: Int)?
    private let isWatched: Bool

    /// The result made last by ``result(from:)``.
    private var record: ResultRecord
    @exclusivity(unchecked) var state: State

    /// What every row of the table shares: set by formats that state it elsewhere. Cells of the row win.
    struct Context {
        var kind: ResultRecord.Kind?
        var sample: Sample?
        var position: Position?
        var injection: Injection?
        var signal: Signal?
        var analyte: Analyte?
        var extras = Extras()
        /// False for results that nothing numbers and of which two may be alike, as those of wells.
        var isWatched = true
    }

    /// - Parameters:
    ///   - fields: What the columns hold where the format knows better than the headings; by heading as written.
    ///   - units: The documented units of a format whose headings state none.
    ///   - numeric: Columns of unknown heading that hold numbers (``NumericColumns``).
    convenience init(
        _ header: Header, context: Context = Context(), fields: [String: ColumnField] = [:],
        units: [MeasurementName: Unit] = [:], numeric: Set<Int> = [], codes: IntegrationCode = .unknown
    ) {
        let plan = ResultTablePlan(
            header, fields: fields, units: units, numeric: numeric, isDated: context.injection?.acquired != nil)
        self.init(plan, context: context, codes: codes)
    }

    /// The table of a plan, which many tables may share.
    init(_ plan: ResultTablePlan, context: Context, codes: IntegrationCode) {
        let header = plan.header
        self.header = header
        self.codes = codes
        numbers = NumberColumns(plan.numbers)
        volume = plan.columns[.injectionVolume]?.first.map { ($0, header.units[$0]) }
        texts = plan.texts
        nameIndex = plan.texts.firstIndex { $0.field == .analyteName } ?? -1
        nameColumn = nameIndex < 0 ? -1 : plan.texts[nameIndex].column
        seen = RepeatedCells(plan.texts.map(\.column))
        extraColumns = plan.columns[.extra] ?? []
        codeColumns = plan.columns[.integrationCode] ?? []
        dateColumn = plan.columns[.acquiredDate]?.first
        timeColumn = plan.columns[.acquiredTime]?.first
        if let time = plan.slot(.retentionTime), let start = plan.slot(.startTime), let end = plan.slot(.endTime) {
            retention = (time, start, end, plan.numbers[time].column)
        } else {
            retention = nil
        }
        isWatched = context.isWatched
        blank = ResultRecord(
            kind: context.kind ?? plan.likelyKind, sample: context.sample, position: context.position,
            injection: context.injection, signal: context.signal, analyte: context.analyte,
            measurements: plan.measurements, extras: context.extras, location: SourceLocation(file: ""))
        record = blank
        hasNumbers = !plan.measurements.isEmpty
        hasExtras =
            !extraColumns.isEmpty || !codeColumns.isEmpty || timeColumn != nil || !plan.unitColumns.isEmpty
        state = State(
            ordinals: RowOrdinals(columns: header.count), numbers: plan.columns[.peakNumber]?.first.map { PeakNumbers($0) },
            units: plan.unitColumns)
    }

    /// What the table can say of its columns: how many have a meaning by their headings.
    static func recognizedColumns(_ headings: [String]) -> Int {
        let known = headings.filter { ColumnHeading.field($0) != nil }.count
        let words = headings.map(ColumnHeading.folded)
        return known + (words.contains("date") && words.contains("time") ? 1 : 0)
    }

    /// The table has columns of numbers; one without cannot tell a row from a heading.
    let hasNumbers: Bool

    /// Starts counting anew: another injection or signal begins.
    func restart() {
        state.ordinals.restart()
        state.numbers?.restart()
    }

    // MARK: Rows

    /// Whether a row fits the header. One that does not is left out and reported, and its number counts as seen.
    func fits(_ row: Row) -> Bool {
        if row.fits(header) { return true }
        passOver(row)
        return false
    }

    /// The result of a row.
    /// - Throws: A ``Diagnostic`` at the cell that leaves the row out.
    func result(from row: Row) throws -> ResultRecord {
        try fill(&record, from: row)
        return record
    }

    /// Brings a record of this table (``blank``) up to date with a row; always the same record, in the order of rows.
    /// - Throws: A ``Diagnostic`` at the cell that leaves the row out.
    func fill(_ record: inout ResultRecord, from row: Row) throws {
        do {
            try read(row, into: &record)
        } catch {
            passOver(row)
            throw error
        }
    }

    private func read(_ row: Row, into record: inout ResultRecord) throws {
        if !record.flags.isEmpty { record.flags.removeAll() }
        if record.location.file.isEmpty { record.location = row.location }
        record.location.line = row.line
        var changed = row.takeRepeated(seen)
        while changed != 0 {
            let index = changed.trailingZeroBitCount
            changed &= changed &- 1
            if index == nameIndex, let name = row.string(nameColumn) {
                setName(name, &record)
            } else {
                try readText(texts[index].column, texts[index].field, row, &record)
            }
            row.remember(index, in: seen)
        }
        for index in RepeatedCells.mostColumns..<max(RepeatedCells.mostColumns, texts.count) {
            try readText(texts[index].column, texts[index].field, row, &record)
        }
        if dateColumn != nil || timeColumn != nil { try readDate(row, &record) }
        try row.read(numbers, into: &record.measurements)
        if let volume {
            let quantity = try row.quantity(volume.column, volume.unit)
            change(&record.injection, \.volume, to: quantity.absent == .empty ? nil : quantity, in: row, volume.column)
        }
        if hasExtras || state.keepsNumber { readExtras(row, &record) }
        if isWatched { try watch(row, &record) }
    }

    /// The name of the analyte, which changes with nearly every row.
    @inline(__always)
    private func setName(_ name: String, _ record: inout ResultRecord) {
        if case nil = record.analyte { record.analyte = Analyte() }
        record.analyte!.name = name
    }

    private func readText(_ column: Int, _ field: ColumnField, _ row: Row, _ record: inout ResultRecord) throws {
        let text = row.string(column)
        switch field {
        case .analyteName, .analyteID:
            if record.analyte == nil, text != nil { record.analyte = Analyte() }
            if field == .analyteName { record.analyte?.name = text } else { record.analyte?.id = text }
            if text == nil, record.analyte == Analyte() { record.analyte = nil }
            return
        default: state.numbers?.restart()
        }
        switch field {
        case .sampleName: change(&record.sample, isKnown: text != nil) { $0.name = text }
        case .samplePart(let part):
            let name = state.name.take(text, at: part)
            change(&record.sample, isKnown: name != nil) { $0.name = name }
        case .sampleID: change(&record.sample, isKnown: text != nil) { $0.id = text }
        case .batch: change(&record.sample, isKnown: text != nil) { $0.batch = text }
        case .sampleRole:
            change(&record.sample, isKnown: text != nil) {
                $0.roleWritten = text
                $0.role = text.map { Sample.Role(written: $0) }
            }
        case .vial:
            state.vial = text
            record.position = state.position
        case .plate:
            state.plate = text
            record.position = state.position
        case .well, .position:
            // V1 is the first vial more often than row 22 of a plate.
            state.place = text.map { (field == .well ? Position(well: $0) : nil) ?? Position(written: $0) }
            record.position = state.position
        case .injectionNumber:
            let number = try row.integer(column)
            change(&record.injection, isKnown: number != nil) { $0.ordinal = number }
        case .acquired:
            let time = try row.timestamp(column)
            change(&record.injection, isKnown: time != nil) { $0.acquired = time }
        case .signal: record.signal = text.map { Signal(name: $0) }
        default: break
        }
        state.ordinals.take(row, column)
    }

    /// Changes a fact of the sample, which begins with its first one and ends with its last.
    private func change(_ sample: inout Sample?, isKnown: Bool, _ edit: (inout Sample) -> Void) {
        if case nil = sample { sample = Sample() }
        edit(&sample!)
        if !isKnown, sample == Sample() { sample = nil }
    }

    private func change(_ injection: inout Injection?, isKnown: Bool, _ edit: (inout Injection) -> Void) {
        if case nil = injection { injection = Injection() }
        edit(&injection!)
        if !isKnown, injection == Injection() { injection = nil }
    }

    private func readDate(_ row: Row, _ record: inout ResultRecord) throws {
        guard let first = dateColumn ?? timeColumn else { return }
        let time = try row.timestamp(first, joinedTo: dateColumn == nil ? nil : timeColumn)
        change(&record.injection, \.acquired, to: time, in: row, dateColumn, timeColumn)
    }

    /// Takes a fact that tells injections apart; another one begins where it is another.
    private func change<Fact: Equatable>(
        _ injection: inout Injection?, _ fact: WritableKeyPath<Injection, Fact?>, to new: Fact?, in row: Row, _ columns: Int?...
    ) {
        guard injection?[keyPath: fact] != new else { return }
        state.numbers?.restart()
        for case let column? in columns { state.ordinals.take(row, column) }
        change(&injection, isKnown: new != nil) { $0[keyPath: fact] = new }
    }

    private func readExtras(_ row: Row, _ record: inout ResultRecord) {
        record.extras = blank.extras
        for column in extraColumns {
            if let text = row.extra(column) { add(header.distinct[column], text, &record) }
        }
        for column in codeColumns {
            guard let text = row.extra(column) else { continue }
            add(header.distinct[column], text, &record)
            record.flags += codes.flags(text)
        }
        for index in state.units.indices { readUnit(index, row, &record) }
        // A time of day without its date is no time, but it is there.
        if let dateColumn, let timeColumn, row.entry(dateColumn) == nil, let text = row.extra(timeColumn) {
            add(header.distinct[timeColumn], text, &record)
        }
    }

    private func readUnit(_ index: Int, _ row: Row, _ record: inout ResultRecord) {
        let column = state.units[index].column
        let answer = state.units[index].take(row, into: &record.measurements)
        if case .unknown(let reason) = answer {
            row.source.account.report(
                row.fault(
                    "table.unknown-unit", reason, at: column, severity: .warning,
                    hint: "the number was read with this unit as it is written, further ones without telling; if it is garbled, "
                        + "export the file again"))
        }
        guard case .kept(let reason) = answer, let text = row.extra(column) else { return }
        add(header.distinct[column], text, &record)
        guard let reason else { return }
        row.source.account.report(
            row.fault(
                "table.other-unit", reason, at: column, severity: .warning,
                hint: "the rows were read; such units are kept in the extras, further ones without telling"))
    }

    func add(_ heading: String, _ written: String, _ record: inout ResultRecord) {
        let text = PrivateText.withoutFolders(written)
        if blank.extras.isEmpty { record.extras.append(distinct: heading, text) } else { record.extras.add(heading, text) }
    }
}
