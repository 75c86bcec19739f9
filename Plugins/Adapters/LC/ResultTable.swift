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
    private struct State {
        var ordinal = 0
        var lastNumber: Int?
        var lastRow: UInt64 = 0
    }

    let header: Header
    /// A record with everything the rows share, to be filled by ``fill(_:from:)``.
    let blank: ResultRecord

    private let numbers: NumberColumns
    private let volume: (column: Int, unit: ColumnUnit)?
    private let texts: [(column: Int, field: ColumnField)]
    private let seen: RepeatedCells
    /// Slots of amounts and concentrations whose headings name no unit.
    private let amounts: [Int]
    private let extraColumns: [Int]
    private let codeColumns: [Int]
    private let codes: IntegrationCode
    private let numberingColumn: Int?
    private let amountUnitColumn: Int?
    private let dateColumn: Int?
    private let timeColumn: Int?
    private let retention: (time: Int, start: Int, end: Int, column: Int)?

    /// The result made last by ``result(from:)``.
    private var record: ResultRecord
    @exclusivity(unchecked) private var state = State()

    /// What every row of the table shares: set by formats that state it elsewhere. Cells of the row win.
    struct Context {
        var kind: ResultRecord.Kind?
        var sample: Sample?
        var position: Position?
        var injection: Injection?
        var signal: Signal?
        var analyte: Analyte?
        var extras = Extras()
    }

    /// - Parameters:
    ///   - fields: What the columns hold where the format knows better than the headings; by heading as written.
    ///   - units: The documented units of a format whose headings state none.
    ///   - numeric: Columns of unknown heading that hold numbers (``NumericColumns``).
    init(
        _ header: Header, context: Context = Context(), fields: [String: ColumnField] = [:],
        units: [MeasurementName: Unit] = [:], numeric: Set<Int> = [], codes: IntegrationCode = .unknown
    ) {
        self.header = header
        self.codes = codes
        var plan = Plan(header, units)
        var taken: Set<ColumnField> = []
        let hasDate = header.names.contains { ColumnHeading.field($0) == .acquiredDate }
        let isDated = context.injection?.acquired != nil || header.names.contains { ColumnHeading.field($0) == .acquired }
        for index in 0..<header.count {
            let heading = header.names[index]
            var field = fields[heading] ?? ColumnHeading.field(heading) ?? .extra
            if hasDate, ColumnHeading.normalized(heading) == "time" { field = .acquiredTime }
            // Beside a date with its time, another time is not the one to keep, and is kept as it stands.
            if field == .acquiredTime, isDated, !hasDate { field = .extra }
            // A column "Signal" of numbers is a reading, not the name of a signal.
            if field == .extra || field == .signal, numeric.contains(index) { field = .ownNumber }
            // A second column of the same meaning keeps its own heading.
            if field != .extra, field != .ownNumber, field != .integrationCode, !taken.insert(field).inserted {
                field = numeric.contains(index) ? .ownNumber : .extra
            }
            plan.add(index, field)
        }
        numbers = NumberColumns(plan.numbers)
        volume = plan.columns[.injectionVolume]?.first.map { ($0, header.units[$0]) }
        texts = plan.texts
        seen = RepeatedCells(plan.texts.map(\.column))
        amounts = plan.numbers.indices.filter {
            (plan.numbers[$0].name == .amount || plan.numbers[$0].name == .concentration) && plan.numbers[$0].unit == nil
        }
        extraColumns = plan.columns[.extra] ?? []
        codeColumns = plan.columns[.integrationCode] ?? []
        numberingColumn = plan.columns[.peakNumber]?.first
        amountUnitColumn = plan.columns[.amountUnit]?.first
        dateColumn = plan.columns[.acquiredDate]?.first
        timeColumn = plan.columns[.acquiredTime]?.first
        if let time = plan.slot(.retentionTime), let start = plan.slot(.startTime), let end = plan.slot(.endTime) {
            retention = (time, start, end, plan.numbers[time].column)
        } else {
            retention = nil
        }
        blank = ResultRecord(
            kind: context.kind ?? plan.likelyKind, sample: context.sample, position: context.position,
            injection: context.injection, signal: context.signal, analyte: context.analyte,
            measurements: plan.measurements, extras: context.extras, location: SourceLocation(file: ""))
        record = blank
    }

    /// The columns sorted by what they hold.
    private struct Plan {
        let header: Header
        let units: [MeasurementName: Unit]
        var numbers: [(column: Int, name: MeasurementName?, unit: Unit?)] = []
        var texts: [(column: Int, field: ColumnField)] = []
        var columns: [ColumnField: [Int]] = [:]
        var measurements: [Measurement] = []

        init(_ header: Header, _ units: [MeasurementName: Unit]) {
            self.header = header
            self.units = units
        }

        mutating func add(_ index: Int, _ field: ColumnField) {
            switch field {
            case .measurement(let name):
                let unit = unit(index, name)
                numbers.append((index, name, unit.unit))
                measurements.append(Measurement(name, blank(unit)))
            case .ownNumber:
                numbers.append((index, nil, header.units[index].unit))
                measurements.append(Measurement(own: header.distinct[index], blank(header.units[index])))
            case .extra, .integrationCode, .peakNumber, .amountUnit, .acquiredDate, .acquiredTime, .injectionVolume:
                columns[field, default: []].append(index)
            default: texts.append((index, field))
            }
        }

        private func blank(_ unit: ColumnUnit) -> Quantity {
            Quantity(
                written: "", absent: .empty, unit: unit.unit, unitWritten: unit.written, unitIsFormats: unit.isFormats)
        }

        private func unit(_ index: Int, _ name: MeasurementName) -> ColumnUnit {
            let stated = header.units[index]
            guard stated.unit == nil, stated.written == nil else { return stated }
            if let documented = units[name] { return ColumnUnit(ofFormat: documented) }
            let shares: [MeasurementName] = [.areaPercent, .heightPercent, .relativeToLargest, .coefficientOfVariation]
            if header.names[index].contains("%"), shares.contains(name) { return ColumnUnit(unit: .percent, written: "%") }
            return stated
        }

        func slot(_ name: MeasurementName) -> Int? { numbers.firstIndex { $0.name == name } }

        var likelyKind: ResultRecord.Kind {
            let has = { (field: ColumnField) in texts.contains { $0.field == field } }
            let retains = slot(.retentionTime) != nil || slot(.retentionVolume) != nil
            let sizes = slot(.area) != nil || slot(.height) != nil || slot(.areaPercent) != nil
            let amounts = slot(.amount) != nil || slot(.concentration) != nil
            if columns[.peakNumber] != nil || retains && (sizes || amounts || has(.analyteName)) { return .peak }
            if has(.analyteName) { return sizes ? .peak : .compound }
            return has(.well) ? .well : .sample
        }
    }

    /// What the table can say of its columns: how many have a meaning by their headings.
    static func recognizedColumns(_ headings: [String]) -> Int {
        let known = headings.filter { ColumnHeading.field($0) != nil }.count
        let words = headings.map(ColumnHeading.normalized)
        return known + (words.contains("date") && words.contains("time") ? 1 : 0)
    }

    /// Starts counting anew: another injection or signal begins.
    func restart() {
        state.ordinal = 0
        state.lastNumber = nil
    }

    // MARK: Rows

    /// The result of a row.
    /// - Throws: A ``Diagnostic`` at the cell that leaves the row out.
    func result(from row: Row) throws -> ResultRecord {
        try fill(&record, from: row)
        return record
    }

    /// Brings a record of this table (``blank``) up to date with a row; always the same record, in the order of rows.
    /// - Throws: A ``Diagnostic`` at the cell that leaves the row out.
    func fill(_ record: inout ResultRecord, from row: Row) throws {
        if !record.flags.isEmpty { record.flags.removeAll() }
        if record.location.file.isEmpty { record.location = row.location }
        record.location.line = row.line
        var changed = row.takeRepeated(seen)
        while changed != 0 {
            let index = changed.trailingZeroBitCount
            changed &= changed &- 1
            try readText(texts[index].column, texts[index].field, row, &record)
            row.remember(index, in: seen)
        }
        for index in RepeatedCells.mostColumns..<max(RepeatedCells.mostColumns, texts.count) {
            try readText(texts[index].column, texts[index].field, row, &record)
        }
        if dateColumn != nil || timeColumn != nil { try readDate(row, &record) }
        try row.read(numbers, into: &record.measurements)
        if let volume {
            let quantity = try row.quantity(volume.column, volume.unit)
            change(&record.injection, \.volume, to: quantity.absent == .empty ? nil : quantity)
        }
        if let amountUnitColumn { applyAmountUnit(row, amountUnitColumn, &record) }
        if !extraColumns.isEmpty || !codeColumns.isEmpty || timeColumn != nil { readExtras(row, &record) }
        try watch(row, &record)
        state.ordinal &+= 1
        record.ordinal = state.ordinal
    }

    private func readText(_ column: Int, _ field: ColumnField, _ row: Row, _ record: inout ResultRecord) throws {
        let text = row.string(column)
        if field != .analyteName, field != .analyteID { restart() }
        switch field {
        case .sampleName: change(&record.sample) { $0.name = text }
        case .sampleID: change(&record.sample) { $0.id = text }
        case .batch: change(&record.sample) { $0.batch = text }
        case .sampleRole:
            change(&record.sample) {
                $0.roleWritten = text
                $0.role = text.map { Sample.Role(written: $0) }
            }
        case .vial: record.position = text.map { Position(written: $0, vial: $0) }
        case .well, .position: record.position = text.map { Position(well: $0) ?? Position(written: $0) }
        case .injectionNumber:
            let number = try row.integer(column)
            change(&record.injection) { $0.ordinal = number }
        case .acquired:
            let time = try row.timestamp(column)
            change(&record.injection) { $0.acquired = time }
        case .signal: record.signal = text.map { Signal(name: $0) }
        case .analyteName:
            if record.analyte == nil { record.analyte = Analyte() }
            record.analyte?.name = text
        case .analyteID:
            if record.analyte == nil { record.analyte = Analyte() }
            record.analyte?.id = text
        default: break
        }
        if record.analyte == Analyte() { record.analyte = nil }
    }

    private func change(_ sample: inout Sample?, _ edit: (inout Sample) -> Void) {
        var changed = sample ?? Sample()
        edit(&changed)
        sample = changed == Sample() ? nil : changed
    }

    private func change(_ injection: inout Injection?, _ edit: (inout Injection) -> Void) {
        var changed = injection ?? Injection()
        edit(&changed)
        injection = changed == Injection() ? nil : changed
    }

    private func readDate(_ row: Row, _ record: inout ResultRecord) throws {
        guard let first = dateColumn ?? timeColumn else { return }
        let time = try row.timestamp(first, joinedTo: dateColumn == nil ? nil : timeColumn)
        change(&record.injection, \.acquired, to: time)
    }

    /// Takes a fact that tells injections apart; another one begins where it is another.
    private func change<Fact: Equatable>(
        _ injection: inout Injection?, _ fact: WritableKeyPath<Injection, Fact?>, to new: Fact?
    ) {
        guard injection?[keyPath: fact] != new else { return }
        restart()
        change(&injection) { $0[keyPath: fact] = new }
    }

    private func applyAmountUnit(_ row: Row, _ column: Int, _ record: inout ResultRecord) {
        let written = row.string(column)
        for slot in amounts {
            record.measurements[slot].quantity.unit = written.flatMap { Unit(spelling: $0) }
            record.measurements[slot].quantity.unitWritten = written
        }
    }

    private func readExtras(_ row: Row, _ record: inout ResultRecord) {
        record.extras = blank.extras
        for column in extraColumns {
            if let text = row.extra(column) { add(header.distinct[column], FileReference.withoutFolder(text), &record) }
        }
        for column in codeColumns {
            guard let text = row.extra(column) else { continue }
            add(header.distinct[column], text, &record)
            record.flags += codes.flags(text)
        }
        // A time of day without its date is no time, but it is there.
        if let dateColumn, let timeColumn, row.isEmpty(dateColumn), let text = row.extra(timeColumn) {
            add(header.distinct[timeColumn], text, &record)
        }
    }

    private func add(_ heading: String, _ text: String, _ record: inout ResultRecord) {
        if blank.extras.isEmpty { record.extras.append(distinct: heading, text) } else { record.extras.add(heading, text) }
    }

    // MARK: What the table says of itself

    private func watch(_ row: Row, _ record: inout ResultRecord) throws {
        if row.isOpenEnded { record.flags.append(Flag("lastLineOpen")) }
        let fingerprint = row.fingerprint
        if fingerprint == state.lastRow {
            flag(
                &record, "repeatedRow", row, 0, "table.repeated-row", "this row is the same as the one before",
                hint: "it was read; if the instrument wrote it once, the file was damaged")
        }
        state.lastRow = fingerprint
        if let numberingColumn { try watchNumber(row, numberingColumn, &record) }
        if let (time, start, end, column) = retention,
            let at = record.measurements[time].quantity.value, let from = record.measurements[start].quantity.value,
            let to = record.measurements[end].quantity.value, from < to, at < from || at > to
        {
            flag(
                &record, "outsidePeak", row, column, "record.outside-peak",
                "the retention time lies outside the start and end of its own peak",
                hint: "the row was read; compare it with the instrument")
        }
    }

    private func watchNumber(_ row: Row, _ column: Int, _ record: inout ResultRecord) throws {
        guard let number = try row.integer(column) else { return }
        if let lastNumber = state.lastNumber, number != lastNumber + 1, number != 1 {
            flag(
                &record, "numbering", row, column, "table.numbering", "number \(number) follows \(lastNumber)",
                hint: "the row was read; a row is missing, stands twice or was moved, unless the report leaves some out")
        } else if state.lastNumber == 1, number == 1 {
            flag(&record, "numbering", row, column, "table.numbering", "number 1 stands twice", hint: "the row was read")
        }
        if number == 1 { state.ordinal = 0 }
        state.lastNumber = number
    }

    private func flag(
        _ record: inout ResultRecord, _ flag: String, _ row: Row, _ column: Int, _ code: String, _ message: String, hint: String
    ) {
        record.flags.append(Flag(flag))
        row.source.account.report(row.fault(code, message, at: column, severity: .warning, hint: hint))
    }
}

/// Which columns of unknown heading hold numbers, judged by the rows at the beginning of the file.
enum NumericColumns {
    /// A column holds numbers when at least two thirds of its cells with text are some.
    static func find(_ rows: [[String]], columns: Int, mark: DecimalMark?, missing: Set<String>) -> Set<Int> {
        var numeric: Set<Int> = []
        for column in 0..<columns {
            var numbers = 0
            var others = 0
            for row in rows where column < row.count {
                let text = row[column].trimmed
                if text.isEmpty || missing.contains(text) { continue }
                if case .number = NumberText.read(text, mark: mark) { numbers += 1 } else { others += 1 }
            }
            if numbers > 0, numbers >= 2 * others { numeric.insert(column) }
        }
        return numeric
    }
}
