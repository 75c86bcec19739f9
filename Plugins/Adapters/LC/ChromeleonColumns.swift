import IngestCore
import TabularText

/// The columns of a Chromeleon table of peaks, worked out once for all the tables with the same headings and units.
final class ChromeleonColumns {
    let header: Header
    /// The headings as they stand, to which further lines of words may be added.
    let headings: [String]
    private let units: [String]
    /// The columns whose total stands below them.
    let added: [Int]
    /// Those of the peaks' numbers.
    let numbered: [Int]
    /// What the columns hold in the words of this format.
    private let fields: [String: ColumnField]
    /// The plan for the columns that the last table had numbers in.
    private var plan: (numeric: Set<Int>, plan: ResultTablePlan)?

    private init(_ headings: [String], _ units: [String]) {
        let header = Header(headings, units: units)
        self.header = header
        self.headings = headings
        self.units = units
        added = header.names.indices.filter { Self.isAdded(header.names[$0]) }
        numbered = header.names.indices.filter { ColumnHeading.normalized(header.names[$0]) == "no" }
        var fields: [String: ColumnField] = [:]
        for name in header.names {
            switch ColumnHeading.normalized(name) {
            case "type", "peaktype": fields[name] = .integrationCode
            case "relativeheight": fields[name] = .measurement(.heightPercent)
            case "relativearea", "relarea": fields[name] = .measurement(.areaPercent)
            default: break
            }
        }
        self.fields = fields
    }

    private static func isAdded(_ heading: String) -> Bool {
        switch ColumnHeading.field(heading) {
        case .measurement(.area), .measurement(.height), .measurement(.areaPercent), .measurement(.heightPercent),
            .measurement(.amount):
            true
        default: ColumnHeading.normalized(heading) == "relativeheight"
        }
    }

    /// - Parameter row: The first row of the table: columns of unknown heading hold numbers when it has one there.
    func table(firstRow row: Row, signal: Signal?, in text: DelimitedText) -> ResultTable {
        let numeric = NumericColumns.find(in: row, below: header, known: fields, in: text)
        var context = ResultTable.Context()
        context.kind = .peak
        context.signal = signal
        return ResultTable(plan(numeric), context: context, codes: .thermo)
    }

    private func plan(_ numeric: Set<Int>) -> ResultTablePlan {
        if let plan, plan.numeric == numeric { return plan.plan }
        let plan = ResultTablePlan(header, fields: fields, units: [:], numeric: numeric, isDated: false)
        self.plan = (numeric, plan)
        return plan
    }

    /// Those of headings, which come with and without their units.
    /// - Parameter isNew: Called with those that are met for the first time.
    static func of(
        _ headings: [String], units: [String] = [], in known: inout KnownColumns<ChromeleonColumns>,
        isNew: (ChromeleonColumns) -> Void = { _ in }
    ) -> ChromeleonColumns {
        known.columns(like: { $0.headings == headings && $0.units == units }) {
            let columns = ChromeleonColumns(headings, units)
            isNew(columns)
            return columns
        }
    }

    func knows(_ heading: String) -> Bool { fields[heading] != nil || ColumnHeading.field(heading) != nil }
}
