import IngestCore
import TabularText

/// The relation of area and area % that all rows of a table share; a row that breaks it was changed.
struct AreaShares {
    private let area: Int
    private let percent: Int
    /// Area for each percent, of the row in the middle: one changed row does not move it.
    private let ratio: Double

    /// `nil` when the columns are not there, or the rows are too few to tell.
    init?(_ header: Header, _ rows: [[String]], mark: DecimalMark?) {
        func column(_ name: MeasurementName) -> Int? {
            header.names.firstIndex { ColumnHeading.field($0) == .measurement(name) }
        }
        guard let area = column(.area), let percent = column(.areaPercent) else { return nil }
        (self.area, self.percent) = (area, percent)
        var ratios: [Double] = []
        for row in rows where row.count == header.count {
            guard case .number(let a, .exact) = NumberText.read(row[area], mark: mark),
                case .number(let p, .exact) = NumberText.read(row[percent], mark: mark), p != 0
            else { continue }
            ratios.append(a / p)
        }
        guard ratios.count >= 2 else { return nil }
        ratio = ratios.sorted()[ratios.count / 2]
    }

    /// The column of the area when it does not fit the area %.
    func misfit(_ row: Row, _ mark: DecimalMark?) -> Int? {
        guard case .number(let a, .exact) = NumberText.read(row[area], mark: mark),
            case .number(let p, .exact) = NumberText.read(row[percent], mark: mark)
        else { return nil }
        let rounding = abs(ratio) * LastDigit.half(row[percent]) + LastDigit.half(row[area])
        return abs(a - ratio * p) > 0.001 * abs(a) + rounding ? area : nil
    }

    /// Tells and flags a row of ChemStation whose area does not fit its area %.
    func check(_ row: Row, _ result: inout ResultRecord, _ mark: DecimalMark?) {
        guard let column = misfit(row, mark) else { return }
        result.flags.append(Flag("areaShare"))
        row.source.account.report(
            row.fault(
                "chemstation.area-share",
                "the area \"\(row[column])\" is not the share of all areas that \"\(row[percent])\" % says", at: column,
                severity: .warning, hint: "the row was read; one of the two was changed: compare it with ChemStation"))
    }

    /// With four decimals, for people.
    static func rounded(_ value: Double) -> String {
        guard abs(value) < 1e12 else { return "\(value)" }
        return "\((value * 10_000).rounded() / 10_000)"
    }
}
