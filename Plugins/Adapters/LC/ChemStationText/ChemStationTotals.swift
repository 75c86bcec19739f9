import IngestCore
import TabularText

/// Adds up the columns of a printed table, to be compared with the totals below it.
struct ChemStationTotals {
    private struct Sum {
        var value = 0.0
        /// What rounding of the numbers may have taken from it.
        var slack = 0.0
        /// The part of internal standards.
        var standards = 0.0
    }

    private var sums: [MeasurementName: Sum] = [:]

    /// Takes a peak that was read.
    mutating func take(_ result: ResultRecord) {
        for measurement in result.measurements {
            guard let name = measurement.standard, [.area, .height, .amount].contains(name),
                let value = measurement.quantity.value
            else { continue }
            sums[name, default: Sum()].value += value
            sums[name, default: Sum()].slack += LastDigit.halfOfAny(measurement.quantity.written)
            if result.analyte?.role == .istd { sums[name, default: Sum()].standards += value }
        }
    }

    /// The sum that a total should be but for rounding; `nil` where it is that.
    func misfit(_ name: MeasurementName, _ total: Quantity, withoutStandards: Bool) -> Double? {
        guard let stated = total.value else { return nil }
        let sum = sums[name] ?? Sum()
        let expected = withoutStandards ? sum.value - sum.standards : sum.value
        // Sums are made of numbers of single precision.
        let slack = sum.slack + LastDigit.halfOfAny(total.written) + 3e-7 * max(abs(sum.value), abs(stated))
        return abs(expected - stated) > slack * 1.001 ? expected : nil
    }
}
