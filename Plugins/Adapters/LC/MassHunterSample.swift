import IngestCore
import TabularText

/// The cells that describe a sample in a MassHunter Quantitative Analysis table.
struct MassHunterSample {
    /// The headings that stand in the group of a sample.
    static let columns: Set<String> = [
        "Name", "Data File", "Type", "Level", "Acq. Date-Time", "Pos.", "Vol.", "Sample ID", "Sample Name", "Comment",
        "Dil.", "Dilution", "Acq. Method File", "Acq. Method Path", "Batch", "Operator", "Instrument", "Rack Pos.",
        "Plate Pos.", "Sample Group", "Vial", "Barcode",
    ]

    var sample = Sample()
    var position: Position?
    var injection = Injection()
    var flags: [Flag] = []
    var extras = Extras()
    /// The column of a name that is not the one of the group above.
    private(set) var otherName: Int?

    /// - Parameter name: Of the group, where groups are named after samples.
    /// - Throws: A ``Diagnostic`` at a cell that is garbled.
    init(_ row: Row, _ columns: [Int], _ header: Header, name: String? = nil) throws {
        sample.name = name
        var vialColumn: Int?
        for column in columns {
            switch header.names[column] {
            case "Name", "Sample Name":
                guard let written = row.string(column) else { continue }
                if let known = sample.name, known != written {
                    if name != nil { otherName = column }
                    keep(header.names[column], row, column)
                } else {
                    sample.name = written
                }
            case "Sample ID": sample.id = row.string(column)
            case "Barcode": sample.barcode = row.string(column)
            case "Type":
                sample.roleWritten = row.string(column)
                sample.role = sample.roleWritten.map { Sample.Role(written: $0) }
            case "Pos.": position = row.string(column).flatMap(Position.init(agilent:))
            case "Vial": vialColumn = column
            case "Vol.": injection.volume = try Self.volume(row, column, header.units[column])
            case "Acq. Date-Time": injection.acquired = try row.timestamp(column)
            case "" where row[column] == "!":
                // MassHunter's mark of a sample with some value out of its limits; it does not say which.
                row.describe(column)
                flags.append(Flag("outlier", written: "!"))
            case "Operator" where PrivateText.isAccount(row[column]): _ = row.person(column, "Operator", "masshunter")
            case let heading: keep(heading, row, column)
            }
        }
        if let vialColumn { takeVial(row, vialColumn) }
    }

    private mutating func keep(_ heading: String, _ row: Row, _ column: Int) {
        guard let written = row.extra(column) else { return }
        extras.add(heading.isEmpty ? "column \(column + 1)" : heading, PrivateText.withoutFolders(written))
    }

    /// A vial is the position, or told besides it; -1 stands for none.
    private mutating func takeVial(_ row: Row, _ column: Int) {
        guard let vial = row.string(column).flatMap(Position.init(agilent:)) else { return }
        if position == nil {
            position = vial
        } else if position?.written != vial.written {
            keep("Vial", row, column)
        }
    }

    /// A volume of -1 stands for the one in the acquisition method.
    private static func volume(_ row: Row, _ column: Int, _ unit: StatedUnit) throws -> Quantity? {
        let quantity = try row.quantity(column, unit)
        if quantity.absent == .empty { return nil }
        return quantity.value == -1
            ? Quantity(written: quantity.written, absent: .notReported, unit: unit.unit) : quantity
    }
}
