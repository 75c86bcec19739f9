import Glibc
import IngestCore

/// Brings the doses of a curve into one unit: only molar ones are converted, and nothing else is guessed.
struct DoseUnits {
    /// - Returns: The dose in the unit of its curve; `nil` when it cannot be used, which is then among the faults.
    mutating func amount(
        _ written: Double, _ reading: ObservedWell.Reading, _ place: Int, _ options: DatasetOptions,
        _ curve: inout DoseResponseSeries, _ faults: inout DatasetFaults, _ location: SourceLocation
    ) -> Double? {
        var value = written
        if options.dosesAreLog10 {
            value = power(written)
            guard value.isFinite, value > 0 else {
                faults.add(
                    "ic50.dose-out-of-range", "10 to the power of \(written) is no dose", at: location,
                    hint: "the column does not hold decimal logarithms")
                return nil
            }
        } else if value < 0 {
            faults.add(
                "ic50.negative-dose", "the dose \(reading.written) is below 0", at: location,
                hint: "doses are 0 or above; if the column holds decimal logarithms, say so with --log10-doses")
            return nil
        }
        let stated = self.stated(reading, options)
        guard let unit = curve.doseUnit else {
            curve.doseUnit = wanted(stated, options)
            return convert(value, stated, curve.doseUnit, reading, &faults, location)
        }
        return convert(value, stated, unit, reading, &faults, location)
    }

    private func power(_ exponent: Double) -> Double {
        // Whole powers of ten come out as people write them.
        let whole = exponent.rounded()
        guard whole == exponent, Swift.abs(whole) < 300 else { return pow(10, exponent) }
        return Double("1e\(Int(whole))") ?? .nan
    }

    private func stated(_ reading: ObservedWell.Reading, _ options: DatasetOptions) -> DoseUnit? {
        if let unit = reading.unit { return DoseUnit(written: reading.unitWritten ?? unit.code, unit: unit) }
        if options.dosesAreLog10, reading.isOwn, let unit = ResponseColumns.unitOfLogarithm(reading.name) {
            return Self.named(unit)
        }
        if let written = reading.unitWritten { return DoseUnit(written: written, unit: nil) }
        return options.doseUnit.map(Self.named)
    }

    static func named(_ text: String) -> DoseUnit { DoseUnit(written: text, unit: Unit(spelling: text)) }

    /// The unit that a curve is shown in: the one asked for, else the first that is stated.
    private func wanted(_ stated: DoseUnit?, _ options: DatasetOptions) -> DoseUnit? {
        guard let asked = options.doseUnit.map(Self.named) else { return stated }
        return asked
    }

    private func convert(
        _ value: Double, _ stated: DoseUnit?, _ unit: DoseUnit?, _ reading: ObservedWell.Reading,
        _ faults: inout DatasetFaults, _ location: SourceLocation
    ) -> Double? {
        if stated == unit || stated?.unit != nil && stated?.unit == unit?.unit { return value }
        if let from = stated?.unit, let to = unit?.unit, stated?.molar != nil, unit?.molar != nil,
            let conversion = try? UnitConversion(from: from, to: to)
        {
            // Both are molar, so the conversion exists; a failure is told below as two units that do not convert.
            return conversion(value)
        }
        faults.add(
            "ic50.mixed-units",
            "the dose \(reading.written) is in \(stated?.written ?? "no unit"), others of its curve in \(unit?.written ?? "no unit")",
            at: location, once: "\(stated?.written ?? "")-\(unit?.written ?? "")-\(location.file)",
            hint: "only molar units are converted into one another; state one unit for all doses of a curve")
        return nil
    }
}
