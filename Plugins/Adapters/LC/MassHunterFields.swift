import IngestCore
import TabularText

/// What the cells of a compound or of a qualifier hold in a MassHunter Quantitative Analysis table.
struct MassHunterFields {
    private enum Field {
        case measurement(MeasurementName)
        case ownNumber
        /// `TRUE` where the peak was integrated by hand.
        case manualIntegration
        case extra
    }

    private struct Column {
        var index: Int
        var field: Field
        var heading: String
        var unit: StatedUnit
        /// Its unit is the one the method states for concentrations.
        var isConcentration = false
    }

    private var columns: [Column] = []
    /// The unit of the concentrations, where the method states one.
    private var unitColumn: Int?
    private(set) var transitionColumn: Int?

    /// The unit of the row before, which most rows repeat.
    private final class LastUnit {
        private var last = StatedUnit.none

        func stated(_ written: String) -> StatedUnit {
            if last.written != written { last = StatedUnit(written: written) }
            return last
        }
    }

    private let lastUnit = LastUnit()

    /// Nothing.
    init() {}

    /// - Parameters:
    ///   - numeric: The columns that hold numbers, judged by the rows at the beginning.
    ///   - described: Columns inside the finding that describe its sample.
    init(_ finding: MassHunterQuantTable.Finding, header: Header, numeric: Set<Int>, except described: [Int]) {
        let results = Array(finding.results ?? 0..<0).filter { !described.contains($0) }
        let hasFinal = results.contains { ColumnHeading.normalized(header.names[$0]) == "finalconc" }
        var taken: Set<MeasurementName> = []
        for index in finding.columns where !described.contains(index) {
            let isMethod = finding.method?.contains(index) ?? false
            let heading = header.names[index]
            var field = isMethod ? Self.method(heading) : Self.result(heading, numeric: numeric.contains(index))
            if case .measurement(let name) = field {
                // The final concentration is the calculated one with the dilution, and the one that is reported.
                let yields = name == .concentration && hasFinal && ColumnHeading.normalized(heading) != "finalconc"
                if yields || !taken.insert(name).inserted { field = isMethod ? .extra : .ownNumber }
            }
            if isMethod, ["units", "concunits"].contains(ColumnHeading.normalized(heading)) {
                unitColumn = index
                continue
            }
            if heading == "Transition" { transitionColumn = index }
            columns.append(
                Column(
                    index: index, field: field, heading: heading, unit: Self.unit(field, header.units[index]),
                    isConcentration: Self.isConcentration(heading)))
        }
        makeDistinct()
    }

    /// The columns of the compound that a transposed table has once a line, in front of all samples.
    init(compound columns: [Int], header: Header) {
        self.init()
        guard let first = columns.first, let last = columns.last else { return }
        let range = first..<last + 1
        self = MassHunterFields(
            MassHunterQuantTable.Finding(true, range), header: header, numeric: [],
            except: range.filter { !columns.contains($0) || ["", "Name"].contains(header.names[$0]) })
    }

    /// Whether a heading is one of results.
    static func isResult(_ heading: String) -> Bool {
        if case .extra = result(heading, numeric: false) { false } else { true }
    }

    // MARK: Headings

    /// Whether a heading means something here, or is one of the program's own.
    static func knows(_ heading: String) -> Bool {
        let word = ColumnHeading.normalized(heading)
        if case .measurement? = ColumnHeading.field(heading) { return true }
        return MassHunterSample.columns.contains(heading) || own.contains(word) || heading == "!"
    }

    /// Of methods and results, kept under their own headings.
    private static let own: Set<String> = [
        "mi", "cmpdgroup", "qualifiername", "accuracy", "purity", "precursorion", "production", "mz", "ce", "collisionenergy",
        "fragmentor", "transition",
        "ionpolarity", "ionsource", "polarity", "units", "concunits", "istd", "istdcompoundname", "istdconc", "istdflag",
        "rtdiff", "qvalue", "ratio", "qualifierratio", "massaccuracy", "scantype", "outlier", "cellacceleratorvoltage",
        "curvefit", "curvefitr2", "istdresp", "relresp", "mfefscore", "matchscore", "cas#", "casnumber", "formula",
        "quantmethod", "lastcalib", "datapath", "plateposition", "rackposition", "timesegment", "compoundgroup", "group",
        "rsp", "isacquired", "retentionindex", "multiplier", "baselinestart", "baselineend", "noise", "fragmentorvoltage",
        "sampleinformation", "barcode", "expectedbarcode", "dilution", "dil", "totalsampleamount", "samplemassamount",
        "equilibrationtime", "userdefined", "acqmethodfile", "acqmethodpath", "lastcalibration",
    ]

    private static func result(_ heading: String, numeric: Bool) -> Field {
        switch ColumnHeading.normalized(heading) {
        case "mi": return .manualIntegration
        case let word:
            if case .measurement(let name) = ColumnHeading.field(word) { return .measurement(name) }
            return numeric ? .ownNumber : .extra
        }
    }

    /// The settings of a method are extras, but for those a result is judged by.
    private static func method(_ heading: String) -> Field {
        switch ColumnHeading.normalized(heading) {
        case "rt", "exprt", "expectedrt": .measurement(.expectedRetentionTime)
        case "expconc": .measurement(.expectedConcentration)
        case "precursorion", "mz", "m/z": .measurement(.massToCharge)
        default: .extra
        }
    }

    /// Minutes for the times that MassHunter reports in minutes; nothing else is known to have a fixed unit.
    private static func unit(_ field: Field, _ stated: StatedUnit) -> StatedUnit {
        guard stated.unit == nil, stated.written == nil, case .measurement(let name) = field else { return stated }
        switch name {
        case .retentionTime, .expectedRetentionTime, .widthAtHalfHeight: return StatedUnit(ofFormat: .minute)
        default: return stated
        }
    }

    private static func isConcentration(_ heading: String) -> Bool {
        let field = ColumnHeading.field(heading)
        return field == .measurement(.concentration) || field == .measurement(.expectedConcentration)
    }

    private mutating func makeDistinct() {
        var seen: [String: Int] = [:]
        for index in columns.indices {
            if columns[index].heading.isEmpty { columns[index].heading = "column \(columns[index].index + 1)" }
            guard case .ownNumber = columns[index].field else { continue }
            seen[columns[index].heading, default: 0] += 1
            if let count = seen[columns[index].heading], count > 1 { columns[index].heading += " (\(count))" }
        }
    }

    // MARK: Cells

    /// Adds the measurements, flags and extras of a row to a result.
    /// - Throws: A ``Diagnostic`` at the cell that is garbled; it tells that this result alone is left out.
    func read(_ row: Row, into result: inout ResultRecord) throws {
        let unit = unitColumn.flatMap { row.string($0) }.map(lastUnit.stated)
        for column in columns {
            switch column.field {
            case .measurement(let name):
                let quantity = try quantity(row, column, unit)
                if let problem = PossibleRange.problem(name, quantity) {
                    throw row.fault(
                        "record.impossible-value", problem, at: column.index,
                        hint: "\(MassHunterFields.rest); compare it with the instrument")
                }
                result.measurements.append(Measurement(name, quantity))
            case .ownNumber:
                result.measurements.append(Measurement(own: column.heading, try quantity(row, column, unit)))
            case .manualIntegration:
                guard let written = row.extra(column.index) else { continue }
                result.extras.add(column.heading, written)
                if written.trimmed.uppercased() == "TRUE" {
                    result.flags.append(Flag("manualIntegration", written: written))
                }
            case .extra:
                if let written = row.extra(column.index) {
                    result.extras.add(column.heading, PrivateText.withoutFolders(written))
                }
            }
        }
    }

    private static let rest = "the result of this compound was left out, the others of the line were read"

    private func quantity(_ row: Row, _ column: Column, _ concentrations: StatedUnit?) throws -> Quantity {
        let isOpen = column.isConcentration && column.unit.unit == nil
        do {
            return try row.quantity(column.index, isOpen ? concentrations ?? column.unit : column.unit)
        } catch var diagnostic as Diagnostic {
            diagnostic.hint = diagnostic.hint?.replacing("this row was left out, the others were read", with: Self.rest)
            throw diagnostic
        }
    }
}
