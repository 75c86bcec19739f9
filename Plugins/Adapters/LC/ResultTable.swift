import IngestCore
import TabularText

/// Turns the rows of a table of peaks, compounds or samples into results, by what its columns hold.
///
/// It also watches what a table says of itself: peak numbers that skip or repeat, a row that stands twice, a retention
/// time outside its own peak. Such a row is kept, flagged, and reported.
///
/// Rows are read in place: one record is filled again and again, and cells that repeat the row above are not read anew.
final class ResultTable {
    private struct Column {
        var index: Int
        var field: ColumnField
        var unit: ColumnUnit
        /// Where the measurement stands in the record.
        var slot = 0
    }

    let header: Header
    private(set) var record: ResultRecord
    private var texts: [(index: Int, field: ColumnField, seen: [UInt8])] = []
    private var numbers: [Column] = []
    private var extraColumns: [Int] = []
    private var codeColumns: [Int] = []
    private var numberingColumn: Int?
    private var amountUnitColumn: Int?
    private var dateColumn: Int?
    private var timeColumn: Int?
    private var codes: IntegrationCode

    private var ordinal = 0
    private var lastNumber: Int?
    private var lastRow: UInt64 = 0
    private var retention: (time: Int, start: Int, end: Int)?
    private var baseExtras: Extras
    private var keepsContext = true

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
        baseExtras = context.extras
        record = ResultRecord(
            kind: .peak, sample: context.sample, position: context.position, injection: context.injection,
            signal: context.signal, analyte: context.analyte, measurements: [], extras: context.extras,
            location: SourceLocation(file: ""))
        var taken: Set<ColumnField> = []
        let hasDate = header.names.contains { ColumnHeading.field($0) == .acquiredDate }
        for index in 0..<header.count {
            var field = fields[header.names[index]] ?? ColumnHeading.field(header.names[index]) ?? .extra
            if hasDate, ColumnHeading.normalized(header.names[index]) == "time" { field = .acquiredTime }
            // A column "Signal" of numbers is a reading, not the name of a signal.
            if field == .extra || field == .signal, numeric.contains(index) { field = .ownNumber }
            // A second column of the same meaning keeps its own heading.
            if field != .extra, field != .ownNumber, field != .integrationCode, !taken.insert(field).inserted {
                field = numeric.contains(index) ? .ownNumber : .extra
            }
            place(index, field, units)
        }
        if let time = slot(.retentionTime), let start = slot(.startTime), let end = slot(.endTime) {
            retention = (time, start, end)
        }
        record.kind = context.kind ?? likelyKind
    }

    private func place(_ index: Int, _ field: ColumnField, _ units: [MeasurementName: Unit]) {
        var unit = header.units[index]
        switch field {
        case .measurement(let name):
            if unit.unit == nil, unit.written == nil {
                if let documented = units[name] {
                    unit = ColumnUnit(ofFormat: documented)
                } else if header.names[index].contains("%"), name == .areaPercent || name == .heightPercent || name == .relativeToLargest || name == .coefficientOfVariation {
                    unit = ColumnUnit(unit: .percent, written: "%")
                }
            }
            numbers.append(Column(index: index, field: field, unit: unit, slot: record.measurements.count))
            record.measurements.append(Measurement(name, Quantity(written: "", absent: .empty)))
        case .ownNumber:
            numbers.append(Column(index: index, field: field, unit: unit, slot: record.measurements.count))
            record.measurements.append(Measurement(own: header.distinct[index], Quantity(written: "", absent: .empty)))
        case .injectionVolume: numbers.append(Column(index: index, field: field, unit: unit))
        case .extra: extraColumns.append(index)
        case .integrationCode: codeColumns.append(index)
        case .peakNumber: numberingColumn = index
        case .amountUnit: amountUnitColumn = index
        case .acquiredDate: dateColumn = index
        case .acquiredTime: timeColumn = index
        default: texts.append((index, field, [0xFF]))
        }
    }

    private func slot(_ name: MeasurementName) -> Int? {
        numbers.first { $0.field == .measurement(name) }?.slot
    }

    private var likelyKind: ResultRecord.Kind {
        let has = { (field: ColumnField) in self.texts.contains { $0.field == field } }
        if slot(.retentionTime) != nil || slot(.retentionVolume) != nil || numberingColumn != nil { return .peak }
        if has(.analyteName) { return slot(.area) != nil || slot(.height) != nil ? .peak : .compound }
        return has(.well) ? .well : .sample
    }

    /// What the table can say of its columns: how many have a meaning by their headings.
    static func recognizedColumns(_ headings: [String]) -> Int {
        let known = headings.filter { ColumnHeading.field($0) != nil }.count
        let words = headings.map(ColumnHeading.normalized)
        return known + (words.contains("date") && words.contains("time") ? 1 : 0)
    }

    /// Starts counting anew: another injection or signal begins.
    func restart() {
        ordinal = 0
        lastNumber = nil
    }

    // MARK: Rows

    /// The result of a row. The record is this table's own: use it before the next row.
    /// - Throws: A ``Diagnostic`` at the cell that leaves the row out.
    func result(from row: Row) throws -> ResultRecord {
        record.flags.removeAll(keepingCapacity: true)
        record.location = row.location
        for index in texts.indices { try readText(index, row) }
        try readDate(row)
        for column in numbers { try readNumber(column, row) }
        if let amountUnitColumn { applyAmountUnit(row, amountUnitColumn) }
        if !extraColumns.isEmpty || !codeColumns.isEmpty { readExtras(row) }
        ordinal += 1
        record.ordinal = ordinal
        try watch(row)
        return record
    }

    private func readText(_ index: Int, _ row: Row) throws {
        let column = texts[index].index
        guard column < row.count else { return }
        let bytes = row.bytes(at: column)
        row.describe(column)
        if texts[index].seen.count == bytes.count, texts[index].seen.withUnsafeBufferPointer({ $0.elementsEqual(bytes) }) {
            return
        }
        texts[index].seen.removeAll(keepingCapacity: true)
        let text = row.string(column)
        let field = texts[index].field
        if field != .analyteName, field != .analyteID { restart() }
        switch field {
        case .sampleName: sample { $0.name = text }
        case .sampleID: sample { $0.id = text }
        case .batch: sample { $0.batch = text }
        case .sampleRole:
            sample {
                $0.roleWritten = text
                $0.role = text.map { Sample.Role(written: $0) }
            }
        case .vial: record.position = text.map { Position(written: $0, vial: $0) }
        case .well, .position: record.position = text.map { Position(well: $0) ?? Position(written: $0) }
        case .injectionNumber: injection { $0.ordinal = text.flatMap { Int($0) } }
        case .acquired:
            let time = try row.timestamp(column)
            injection { $0.acquired = time }
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
        // Only now: a cell that threw is read again.
        texts[index].seen.append(contentsOf: bytes)
    }

    private func sample(_ change: (inout Sample) -> Void) {
        var sample = record.sample ?? Sample()
        change(&sample)
        record.sample = sample == Sample() ? nil : sample
    }

    private func injection(_ change: (inout Injection) -> Void) {
        var injection = record.injection ?? Injection()
        change(&injection)
        record.injection = injection == Injection() ? nil : injection
    }

    private func readDate(_ row: Row) throws {
        guard let first = dateColumn ?? timeColumn else { return }
        if dateColumn == nil, record.injection?.acquired != nil || row.isEmpty(first) {
            row.describe(first)
            return
        }
        let time = try row.timestamp(first, joinedTo: dateColumn == nil ? nil : timeColumn)
        injection { $0.acquired = time }
    }

    @inline(__always)
    private func readNumber(_ column: Column, _ row: Row) throws {
        let quantity = try row.quantity(column.index, column.unit)
        switch column.field {
        case .measurement(let name):
            if name.possible != nil, let problem = PossibleRange.problem(name, quantity) {
                throw row.fault(
                    "record.impossible-value", problem, at: column.index,
                    hint: "this row was left out, the others were read; compare it with the instrument")
            }
            record.measurements[column.slot].quantity = quantity
        case .ownNumber: record.measurements[column.slot].quantity = quantity
        default: injection { $0.volume = quantity.absent == .empty ? nil : quantity }
        }
    }

    private func applyAmountUnit(_ row: Row, _ column: Int) {
        guard let written = row.string(column) else { return }
        for number in numbers where number.field == .measurement(.amount) || number.field == .measurement(.concentration) {
            guard number.unit.unit == nil else { continue }
            record.measurements[number.slot].quantity.unit = Unit(spelling: written)
            record.measurements[number.slot].quantity.unitWritten = written
        }
    }

    private func readExtras(_ row: Row) {
        record.extras = baseExtras
        for column in extraColumns {
            if let text = row.extra(column) { add(header.distinct[column], text) }
        }
        for column in codeColumns {
            guard let text = row.extra(column) else { continue }
            add(header.distinct[column], text)
            record.flags += codes.flags(text)
        }
    }

    private func add(_ heading: String, _ text: String) {
        if baseExtras.isEmpty { record.extras.append(distinct: heading, text) } else { record.extras.add(heading, text) }
    }

    // MARK: What the table says of itself

    private func watch(_ row: Row) throws {
        if row.isOpenEnded { record.flags.append(Flag("lastLineOpen")) }
        let hash = rowHash(row)
        if hash == lastRow {
            flag(
                "repeatedRow", row, 0, "table.repeated-row", "this row is the same as the one before",
                hint: "it was read; if the instrument wrote it once, the file was damaged")
        }
        lastRow = hash
        if let numberingColumn { try watchNumber(row, numberingColumn) }
        if let (time, start, end) = retention,
            let at = record.measurements[time].quantity.value, let from = record.measurements[start].quantity.value,
            let to = record.measurements[end].quantity.value, from < to, at < from || at > to
        {
            flag(
                "outsidePeak", row, numbers.first { $0.slot == time }?.index ?? 0, "record.outside-peak",
                "the retention time lies outside the start and end of its own peak",
                hint: "the row was read; compare it with the instrument")
        }
    }

    private func watchNumber(_ row: Row, _ column: Int) throws {
        guard let number = try row.integer(column) else { return }
        if let lastNumber, number != lastNumber + 1, number != 1 {
            flag(
                "numbering", row, column, "table.numbering", "number \(number) follows \(lastNumber)",
                hint: "the row was read; a row is missing, stands twice or was moved, unless the report leaves some out")
        } else if lastNumber == 1, number == 1 {
            flag("numbering", row, column, "table.numbering", "number 1 stands twice", hint: "the row was read")
        }
        if number == 1 { ordinal = 1 }
        lastNumber = number
        record.ordinal = ordinal
    }

    private func flag(_ flag: String, _ row: Row, _ column: Int, _ code: String, _ message: String, hint: String) {
        record.flags.append(Flag(flag))
        row.text?.source.account.report(row.fault(code, message, at: column, severity: .warning, hint: hint))
    }

    private func rowHash(_ row: Row) -> UInt64 {
        var hash: UInt64 = 0x9E37_79B9_7F4A_7C15
        for column in 0..<row.count {
            for byte in row.bytes(at: column) { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
            hash = (hash ^ 0x1F) &* 0x100_0000_01B3
        }
        return hash
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
