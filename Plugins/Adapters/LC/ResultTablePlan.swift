import IngestCore
import TabularText

/// The columns of a ``ResultTable`` sorted by what they hold: what is read in one go, what cell by cell, what is looked up.
struct ResultTablePlan {
    let header: Header
    private let fields: [String: ColumnField]
    private let units: [MeasurementName: Unit]
    private(set) var numbers: [(column: Int, name: MeasurementName?, unit: Unit?)] = []
    private(set) var texts: [(column: Int, field: ColumnField)] = []
    private(set) var columns: [ColumnField: [Int]] = [:]
    private(set) var measurements: [Measurement] = []
    private(set) var unitColumns: [UnitColumn] = []

    /// - Parameter isDated: The injection's time is known without the table.
    init(
        _ header: Header, fields: [String: ColumnField], units: [MeasurementName: Unit], numeric: Set<Int>, isDated: Bool
    ) {
        self.header = header
        self.fields = fields
        self.units = units
        var taken: Set<ColumnField> = []
        func has(_ field: ColumnField) -> Bool {
            header.names.contains { (fields[$0] ?? ColumnHeading.field($0)) == field }
        }
        let hasDate = has(.acquiredDate), hasWell = has(.well), isNamed = has(.sampleName)
        let isDated = isDated || has(.acquired)
        for index in 0..<header.count {
            let heading = header.names[index]
            var field = fields[heading] ?? ColumnHeading.field(heading) ?? .extra
            let word = ColumnHeading.folded(heading)
            if hasDate, word == "time" { field = .acquiredTime }
            // Beside a date with its time, another time is not the one to keep, and is kept as it stands.
            if field == .acquiredTime, isDated, !hasDate { field = .extra }
            // In Chromeleon's words an injection has the name of its sample.
            if word == "injection", fields[heading] == nil, !isNamed, !numeric.contains(index) { field = .sampleName }
            // A result has one place; beside the well, another position is kept as it stands.
            if field == .position, hasWell { field = .extra }
            // A column "Signal" of numbers is a reading, not the name of a signal.
            if field == .extra || field == .signal, numeric.contains(index) { field = .ownNumber }
            // A second column of the same meaning keeps its own heading.
            if field != .extra, field != .ownNumber, field != .integrationCode, !taken.insert(field).inserted {
                field = numeric.contains(index) ? .ownNumber : .extra
            }
            add(index, field)
        }
        settleUnits()
    }

    /// Finds what the columns of units are about. One that could be about two things, or is about none, is kept as it
    /// stands.
    private mutating func settleUnits() {
        let own = [
            (ColumnField.amountUnit, MeasurementName.amount), (.concentrationUnit, .concentration), (.doseUnit, .dose),
            (.effectUnit, .effect),
        ]
        // Beside a dose, the one column of units is the dose's.
        let shared = own.filter { $0.0 != .effectUnit && columns[$0.0] == nil && slot($0.1) != nil }
        for (field, name) in own + [(.unit, shared.count == 1 ? shared[0].1 : nil)] as [(ColumnField, MeasurementName?)] {
            guard let column = columns[field]?.first else { continue }
            if let slot = name.flatMap(slot) {
                unitColumns.append(UnitColumn(column, slot: slot, stated: unit(numbers[slot].column, numbers[slot].name)))
            } else {
                columns[.extra, default: []].append(column)
            }
        }
        columns[.extra]?.sort()
    }

    private mutating func add(_ index: Int, _ field: ColumnField) {
        switch field {
        case .measurement(let name):
            let unit = unit(index, name)
            numbers.append((index, name, unit.unit))
            measurements.append(Measurement(name, blank(unit)))
        case .ownNumber:
            // `Area (MS)` is an area of some detector, in nobody knows what, unless the format knows.
            let heading = header.names[index]
            let isMisfit = fields[heading] == nil && ColumnHeading.hasMisfit(heading)
            let unit = isMisfit ? StatedUnit.none : header.units[index]
            numbers.append((index, nil, unit.unit))
            measurements.append(Measurement(own: header.distinct[index], blank(unit)))
        case .extra, .integrationCode, .peakNumber, .amountUnit, .concentrationUnit, .doseUnit, .effectUnit, .unit,
            .acquiredDate, .acquiredTime, .injectionVolume:
            columns[field, default: []].append(index)
        default: texts.append((index, field))
        }
    }

    private func blank(_ unit: StatedUnit) -> Quantity {
        Quantity(
            written: "", absent: .empty, unit: unit.unit, unitWritten: unit.written, unitIsFormats: unit.isFormats)
    }

    private func unit(_ index: Int, _ name: MeasurementName?) -> StatedUnit {
        let stated = header.units[index]
        guard let name, stated.unit == nil, stated.written == nil else { return stated }
        if let documented = units[name] { return StatedUnit(ofFormat: documented) }
        let shares: [MeasurementName] = [.areaPercent, .heightPercent, .relativeToLargest, .coefficientOfVariation]
        if header.names[index].contains("%"), shares.contains(name) { return StatedUnit(unit: .percent, written: "%") }
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
