import IngestCore
import TabularText

/// The wavelengths above the columns of a diode array's spectra.
struct ChemStationSpectra {
    /// One for each wavelength; the unit of what was measured is not told.
    let axes: [TraceRecord.Axis]
    /// Of the only wavelength, where there is one.
    let signal: Signal?
    /// They do not rise evenly, which was told.
    let isOdd: Bool

    /// - Throws: A ``Diagnostic`` for a wavelength that is no number: the values below it would be of nobody knows what.
    init(_ row: Row) throws {
        row.describe(0)
        var axes: [TraceRecord.Axis] = []
        var values: [Double] = []
        var single: Quantity?
        let columns = (0..<row.count).last { !row.isEmpty($0) } ?? 0
        for column in 1..<max(2, columns + 1) {
            let value: Double
            do {
                value = try row.number(column)
            } catch var diagnostic as Diagnostic {
                diagnostic.hint = "it should be a wavelength in nm; nothing of the file was used: export it again"
                throw diagnostic
            }
            row.describe(column)
            single = column == 1 ? Quantity(written: row[column], value: value, unit: .nanometre, unitIsFormats: true) : nil
            axes.append(.init("wavelength \(row[column])"))
            values.append(value)
        }
        self.axes = axes
        signal = single.map { Signal(wavelength: $0) }
        let odd = Self.oddColumn(values, row)
        isOdd = odd != nil
        guard let odd else { return }
        row.source.account.report(
            row.fault(
                "chemstation-signal.wavelengths", "the wavelength \(row[odd]) does not follow \(row[odd - 1]) as the others do",
                at: odd, severity: .warning,
                hint: "the values were read under the wavelengths that stand here; a column was moved, or is missing: export "
                    + "the file again"))
    }

    /// The first column that is not as far from the one before as most are; `nil` for none.
    private static func oddColumn(_ values: [Double], _ row: Row) -> Int? {
        let gaps = zip(values.dropFirst(), values).map { $0 - $1 }
        guard !gaps.isEmpty else { return nil }
        let usual = gaps.sorted()[gaps.count / 2]
        let slack = LastDigit.half(row[1]) * 4
        // Chosen wavelengths are any, but each stands once and they rise.
        let isEven = gaps.count >= 4 && gaps.count { abs($0 - usual) <= slack } * 10 >= gaps.count * 6
        return gaps.firstIndex { $0 <= 0 || isEven && abs($0 - usual) > slack }.map { $0 + 2 }
    }
}
