import IngestCore
import TabularText

/// The rows of a peak table, of compound results, or of group results.
final class LabSolutionsTable {
    let header: Header
    private let table: ResultTable
    private let isCompounds: Bool
    /// It has a column of retention times; groups have none.
    private let isTimed: Bool

    /// Of the calibration, not of the compound: 0 there is 0, whatever was found.
    private static let curve: Set<String> = ["3rd", "2nd", "1st", "Constant"]
    private static let concentrations: Set<String> = ["Conc. %", "Norm Conc."]

    /// - Parameter row: The first row: columns of unknown heading hold numbers when it has one there.
    init(
        _ section: LabSolutionsSection, _ heading: [String], firstRow row: Row, _ text: DelimitedText,
        _ known: inout KnownColumns<LabSolutionsColumns>
    ) {
        let columns = LabSolutionsColumns.of(heading, in: &known)
        header = columns.header
        isCompounds = section.role != .peaks
        isTimed = columns.isTimed
        var context = ResultTable.Context()
        context.kind = isCompounds ? .compound : .peak
        context.signal = section.argument.map { Signal(name: $0) }
        if section.role == .groups { context.extras = ["Section": section.kind] }
        table = ResultTable(columns.plan(firstRow: row, in: text), context: context, codes: .shimadzu)
    }

    func fits(_ row: Row) -> Bool { table.fits(row) }

    func result(from row: Row) throws -> ResultRecord {
        var record = try table.result(from: row)
        func value(_ name: MeasurementName) -> Double {
            record.measurements.first { $0.standard == name }?.quantity.value ?? 0
        }
        if isCompounds, isTimed, value(.retentionTime) == 0, value(.area) == 0 || value(.height) == 0 {
            // "3  Formate  0.000  0  0  0.000": calibrated for, and not there; an empty cell among them is no finding.
            record.makeAbsent(.notFound) { $0.quantity.value == 0 && !($0.isOwn && LabSolutionsTable.curve.contains($0.name)) }
        } else if record.analyte == nil {
            // Nothing was calibrated for a peak without a name, so 0.000 is no concentration.
            record.makeAbsent(.notReported) {
                $0.quantity.value == 0
                    && ($0.standard == .concentration || $0.isOwn && LabSolutionsTable.concentrations.contains($0.name))
            }
        }
        return record
    }
}
