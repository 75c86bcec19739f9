import IngestCore
import TabularText

/// A column with the unit of the amount or the concentration of its row.
struct UnitColumn {
    enum Answer {
        /// The unit is the measurement's now, or there is none.
        case taken
        /// The text is the measurement's unit as it is written, but none that is known: to be told.
        case unknown(reason: String)
        /// The text is no unit of it: to be kept as it stands, and told where `reason` says why.
        case kept(reason: String?)
    }

    let column: Int
    private let slot: Int
    /// The unit in the heading of the measurement, which is stronger.
    private let stated: StatedUnit
    private var last: (written: String, unit: Unit?)?
    private var isTold = false
    private var isUnknownTold = false

    init(_ column: Int, slot: Int, stated: StatedUnit) {
        self.column = column
        self.slot = slot
        self.stated = stated
    }

    mutating func take(_ row: Row, into measurements: inout [Measurement]) -> Answer {
        guard let written = row.entry(column) else {
            set(stated.unit, stated.written, &measurements)
            return .taken
        }
        if last?.written != written { last = (written, Unit(spelling: written)) }
        let unit = last?.unit
        let name = measurements[slot].standard
        let conflict: String? =
            if let heading = stated.written {
                unit == stated.unit ? nil : "the heading says \"\(heading)\""
            } else if let unit, let name, !name.canBe(in: unit) {
                "no \(name.rawValue) has such a unit"
            } else {
                nil
            }
        if let conflict {
            defer { isTold = true }
            set(stated.unit, stated.written, &measurements)
            return .kept(reason: isTold ? nil : "\"\(written)\" is the unit of this row, but \(conflict)")
        }
        if stated.written == nil { set(unit, written, &measurements) }
        guard unit == nil, !isUnknownTold else { return .taken }
        isUnknownTold = true
        return .unknown(reason: "\"\(written)\" is no unit that is known")
    }

    private func set(_ unit: Unit?, _ written: String?, _ measurements: inout [Measurement]) {
        measurements[slot].quantity.unit = unit
        measurements[slot].quantity.unitWritten = written
    }
}
