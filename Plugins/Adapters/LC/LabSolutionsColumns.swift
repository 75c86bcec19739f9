import IngestCore
import TabularText

/// The columns of a LabSolutions table, worked out once for all the sections with the same headings.
final class LabSolutionsColumns {
    let header: Header
    /// It has a column of retention times; groups have none.
    let isTimed: Bool
    private let headings: [String]
    /// The plan for the columns that the last table had numbers in.
    private var last: (numeric: Set<Int>, plan: ResultTablePlan)?

    /// Headings that mean more than their words, or are no numbers though they may look like some.
    private static let fields: [String: ColumnField] = [
        "Proc.From": .measurement(.startTime), "Proc.To": .measurement(.endTime), "Curve": .extra, "CAS #": .extra,
        "Mass": .extra, "Group#": .peakNumber,
        "A/H": .ownNumber, "Plate Ht.": .ownNumber, "Area Ratio": .ownNumber, "Height Ratio": .ownNumber,
        "Conc. %": .ownNumber, "Norm Conc.": .ownNumber, "3rd": .ownNumber, "2nd": .ownNumber, "1st": .ownNumber,
        "Constant": .ownNumber, "Ret. Index": .ownNumber, "SI": .ownNumber, "HETP": .ownNumber,
    ]
    /// The fixed units of the export.
    private static let units: [MeasurementName: Unit] = [.retentionTime: .minute, .startTime: .minute, .endTime: .minute]

    private init(_ headings: [String]) {
        self.headings = headings
        var header = Header(headings)
        for index in 0..<header.count where header.names[index] == "Conc. %" {
            header.units[index] = StatedUnit(unit: .percent, written: "%")
        }
        self.header = header
        isTimed = header.names.contains { ColumnHeading.field($0) == .measurement(.retentionTime) }
    }

    /// - Parameter row: The first row of the table.
    func plan(firstRow row: Row, in text: DelimitedText) -> ResultTablePlan {
        let numeric = NumericColumns.find(in: row, below: header, known: Self.fields, in: text)
        if let last, last.numeric == numeric { return last.plan }
        let plan = ResultTablePlan(header, fields: Self.fields, units: Self.units, numeric: numeric, isDated: false)
        last = (numeric, plan)
        return plan
    }

    /// Those of headings, which runs and detectors repeat.
    static func of(_ headings: [String], in known: inout KnownColumns<LabSolutionsColumns>) -> LabSolutionsColumns {
        known.columns(like: { $0.headings == headings }, or: { LabSolutionsColumns(headings) })
    }

    /// Whether a heading means something here, or is one of the program's own.
    static func knows(_ heading: String) -> Bool {
        fields[heading] != nil || own.contains(heading) || ColumnHeading.field(heading) != nil
    }

    /// Of peaks, compounds and groups, beyond those that anybody knows.
    private static let own: Set<String> = [
        "Unit", "Group Name", "Baseline Type", "Ref. Peak", "Level", "Std. Amount", "Accuracy[%]",
    ]
}
