import IngestCore
import TabularText

/// What the columns of a peak table in a report text hold.
struct OpenLabTextColumns {
    enum Field: Equatable {
        case measurement(MeasurementName)
        case analyteName
        /// The code of how a peak was integrated.
        case code
        case peakNumber
        case extra
    }

    let names: [String]
    let fields: [Field]
    let units: [StatedUnit]

    /// The headings that reports have, for those that are nearly one.
    private static let headings = [
        "RT", "RT [min]", "Type", "Width [min]", "Area", "Height", "Area%", "Height%", "Name", "Compound", "Amount",
        "Concentration", "Symmetry", "Tailing", "Plates", "Resolution", "S/N", "Peak", "Signal", "Start [min]", "End [min]",
        "RRT", "k'", "Response Factor", "Area [mAU*s]", "Height [mAU]",
    ]

    /// `nil` for a row that is no heading of peaks.
    init?(_ cells: [String]) {
        guard cells.count >= 3 else { return nil }
        let known = cells.map(Self.field)
        let measures = known.filter { if case .measurement? = $0 { true } else { false } }
        guard measures.count >= 2, !cells.contains(where: TableHeading.isNumber) else { return nil }
        names = cells
        var taken: [Field] = []
        fields = known.map { field in
            guard let field, field == .code || !taken.contains(field) else { return .extra }
            taken.append(field)
            return field
        }
        units = zip(cells, fields).map { name, field in
            let stated = StatedUnit(heading: name)
            let isShare = field == .measurement(.areaPercent) || field == .measurement(.heightPercent)
            return stated.unit == nil && isShare && name.contains("%") ? StatedUnit(unit: .percent, written: "%") : stated
        }
    }

    private static func field(_ heading: String) -> Field? {
        if ["type", "typ", "peaktype"].contains(ColumnHeading.normalized(heading)) { return .code }
        switch ColumnHeading.field(heading) {
        case .measurement(let name): return .measurement(name)
        case .analyteName: return .analyteName
        case .integrationCode: return .code
        case .peakNumber: return .peakNumber
        default: return nil
        }
    }

    func column(_ name: MeasurementName) -> Int? { fields.firstIndex(of: .measurement(name)) }

    /// Tells headings that are not known, those that stand twice, and those that are missing.
    func check(_ row: BoxRow, _ source: SourceFile) {
        func report(_ cell: BoxCell, _ code: String, _ message: String, _ hint: String) {
            source.account.report(
                Diagnostic(
                    .warning, "openlab-text.\(code)", message,
                    at: source.location(line: max(cell.line, row.line), column: max(cell.column, 1)), hint: hint))
        }
        for (index, field) in fields.enumerated() where field == .extra && !names[index].isEmpty {
            let nearest = NearestName.of(names[index], among: Self.headings).map { "; the nearest one is \"\($0)\"" } ?? ""
            report(
                row.cells[index], "unknown-heading", "\"\(names[index])\" is no heading of peaks that is known here\(nearest)",
                "the column was kept as text; if it is one of the others, correct the report template")
        }
        if let time = column(.retentionTime), units[time].unit == nil {
            report(
                row.cells[time], "no-unit", "\"\(names[time])\" has no unit of time, as reports write it",
                "the times were read without one; if a line of the heading was lost, report it again")
        }
        for (name, heading) in [(MeasurementName.retentionTime, "RT [min]"), (.area, "Area")] where column(name) == nil {
            report(
                row.cells[0], "missing-column", "the table has no column \"\(heading)\"",
                "the rows were read without; if a heading was damaged, report it again")
        }
    }
}
