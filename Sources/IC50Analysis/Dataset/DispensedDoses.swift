import DoseResponse
import IngestCore

/// The doses that a dispenser gave: for each well of its plates the concentration of every compound.
///
/// The dose of a fluid in a well is the concentration of its stock × the volume dispensed ÷ the assay volume of the plate. It is
/// computed here and nowhere else; volumes are brought into one unit exactly, and a dose is rounded to 12 digits, so that 1 nL of a
/// 10 mM stock and 10 nL of a 1 mM stock are one level. Two entries of one fluid, and two stocks of one name, add up.
public struct DispensedDoses {
    private(set) var plates: [DispensedPlate] = []
    private(set) var faults = DatasetFaults()
    /// By file and name.
    private var places: [[String?]: Int] = [:]
    private var entries = 0
    /// In the order in which they first stand in a file.
    private(set) var compounds: [String] = []
    private var known: Set<String> = []
    /// The fluids of each name, by the file and their own numbers there.
    private var stocks: [String: Set<[String]>] = [:]
    public private(set) var files: [String] = []

    public init() {}

    public var isEmpty: Bool { plates.isEmpty }

    /// Whether a result says what was dispensed into a well, and not what was measured there.
    public static func isMeant(by well: ObservedWell) -> Bool {
        well.isWell && well.row != nil && well.column != nil && well.analyte != nil
            && well.readings.contains { !$0.isOwn && $0.name == MeasurementName.volume.rawValue }
            && ResponseColumns.responses(well.readings, named: []).allSatisfy { $0.name == assayVolume }
    }

    private static let assayVolume = "AssayVolume"

    /// - Throws: ``Diagnostic`` when there are more entries than an analysis takes.
    public mutating func add(_ entry: ObservedWell) throws {
        guard let row = entry.row, let column = entry.column, let fluid = entry.analyte else { return }
        entries += 1
        guard entries <= DatasetOptions.mostPoints else {
            throw Diagnostic(
                "ic50.too-many-points", "there are more than \(DatasetOptions.mostPoints) dispensed volumes", at: entry.location,
                hint: "analyse the plates in several commands")
        }
        let plate = place(of: entry)
        var well = plates[plate].wells[PlateWell(row: row, column: column)] ?? DispensedPlate.Well()
        take(fluid, entry, &well)
        plates[plate].wells[PlateWell(row: row, column: column)] = well
    }

    /// Adds the plates of another report.
    public mutating func take(_ other: DispensedDoses) {
        plates += other.plates
        files += other.files
        faults.take(other.faults)
        stocks.merge(other.stocks) { $0.union($1) }
        for compound in other.compounds where known.insert(compound).inserted { compounds.append(compound) }
    }

    private mutating func place(of entry: ObservedWell) -> Int {
        let file = entry.location.file
        let key = [file, DispensedPlate.key(entry.plate)]
        if let place = places[key] { return place }
        if !files.contains(file) { files.append(file) }
        plates.append(DispensedPlate(name: entry.plate, file: file))
        places[key] = plates.count - 1
        return plates.count - 1
    }

    private mutating func take(_ fluid: String, _ entry: ObservedWell, _ well: inout DispensedPlate.Well) {
        func named(_ name: MeasurementName) -> ObservedWell.Reading? {
            entry.readings.first { !$0.isOwn && $0.name == name.rawValue }
        }
        guard let volume = named(.volume), let amount = Self.amount(volume) else {
            well.fault = "the volume of \"\(fluid)\" is no number"
            return
        }
        // Nothing of it was dispensed.
        guard amount > 0 else { return }
        let stock = named(.concentration)
        if entry.flags.contains("normalization") {
            well.vehicles.insert(fluid)
            return
        }
        guard let stock, let value = stock.value else {
            well.fault = "the stock of \"\(fluid)\" has no concentration"
            return
        }
        guard let concentration = Self.amount(stock), concentration > 0 else {
            let bound = [Quantity.Bound.below: "<", .above: ">"][stock.bound] ?? ""
            faults.add(
                "ic50.stock", "the stock of \"\(fluid)\" has a concentration of \(bound)\(value), which gives no dose",
                at: entry.location, once: fluid,
                hint:
                    "without its compound a well would pass for an untreated one: correct the dispenser's protocol; nothing was fitted"
            )
            return
        }
        guard let assay = entry.readings.first(where: { $0.isOwn && $0.name == Self.assayVolume }),
            let whole = Self.amount(assay), whole > 0, let part = Self.convert(amount, volume, to: assay)
        else {
            let plate = entry.plate.map { "\"\($0)\"" } ?? "of \(entry.location.file)"
            faults.add(
                "ic50.no-assay-volume", "the plate \(plate) has no assay volume that the volumes could be divided by",
                at: entry.location, once: plate, hint: "the dispenser's protocol has to state one; nothing was fitted")
            return
        }
        stocks[fluid, default: []].insert([entry.location.file, entry.analyteID ?? ""])
        add(concentration * part / whole, unit: DoseUnit.stated(by: stock), fluid, entry, &well)
    }

    private mutating func add(
        _ dose: Double, unit: DoseUnit?, _ fluid: String, _ entry: ObservedWell, _ well: inout DispensedPlate.Well
    ) {
        if known.insert(fluid).inserted { compounds.append(fluid) }
        guard let before = well.doses[fluid] else {
            well.doses[fluid] = DispensedPlate.Dose(value: dose, unit: unit)
            return
        }
        guard let dose = DoseUnit.convert(dose, from: unit, to: before.unit) else {
            faults.add(
                "ic50.mixed-units",
                "\"\(fluid)\" has stocks in \(before.unit?.written ?? "no unit") and in \(unit?.written ?? "no unit")",
                at: entry.location, once: fluid,
                hint: "state the stocks of one compound in units that convert; nothing was fitted")
            return
        }
        well.doses[fluid]?.value += dose
    }

    /// A number that can be computed with.
    private static func amount(_ reading: ObservedWell.Reading) -> Double? {
        guard let value = reading.value, reading.bound == .exact, value >= 0 else { return nil }
        return value
    }

    /// A volume in the unit of another.
    private static func convert(_ value: Double, _ volume: ObservedWell.Reading, to other: ObservedWell.Reading) -> Double? {
        DoseUnit.convert(value, from: DoseUnit.stated(by: volume), to: DoseUnit.stated(by: other))
    }

    /// Names that several fluids of one file have: their doses were added up.
    var remarks: [String] {
        compounds.compactMap { compound in
            let count = Dictionary(grouping: stocks[compound] ?? []) { $0[0] }.values.map(\.count).max() ?? 0
            return count > 1 ? "\(count) fluids are named \"\(compound)\": they were taken for stocks of one compound" : nil
        }
    }

    // MARK: Units

    /// Brings the doses of each compound into one unit, a molar one by the highest dose, and rounds them.
    mutating func settleUnits() {
        for compound in compounds {
            let doses = plates.flatMap { plate in plate.places.compactMap { plate.wells[$0]?.doses[compound] } }
            let unit = DoseUnit.fitting(doses)
            for plate in plates.indices {
                for place in plates[plate].places {
                    guard let dose = plates[plate].wells[place]?.doses[compound] else { continue }
                    guard let value = DoseUnit.convert(dose.value, from: dose.unit, to: unit) else {
                        faults.add(
                            "ic50.mixed-units",
                            "\"\(compound)\" has stocks in \(dose.unit?.written ?? "no unit") and in \(unit?.written ?? "no unit")",
                            at: SourceLocation(file: plates[plate].file), once: compound,
                            hint: "state the stocks of one compound in units that convert; nothing was fitted")
                        continue
                    }
                    plates[plate].wells[place]?.doses[compound] = DispensedPlate.Dose(
                        value: Double(SignificantDigits.text(value, 12)) ?? value, unit: unit)
                }
            }
        }
    }
}

extension DoseUnit {
    static func stated(by reading: ObservedWell.Reading) -> DoseUnit? {
        if let unit = reading.unit { return DoseUnit(written: reading.unitWritten ?? unit.code, unit: unit) }
        return reading.unitWritten.map { DoseUnit(written: $0, unit: nil) }
    }

    /// - Returns: `nil` when the two do not convert.
    static func convert(_ value: Double, from: DoseUnit?, to: DoseUnit?) -> Double? {
        if from == to || from?.unit != nil && from?.unit == to?.unit { return value }
        guard let from = from?.unit, let to = to?.unit, let conversion = try? UnitConversion(from: from, to: to) else {
            // Units that do not convert are told by who knows where they stand.
            return nil
        }
        return conversion(value)
    }

    /// The unit that doses are shown in: of molar ones the largest that the highest dose reaches (µM from 1 µM up to 10 mM), of
    /// others that of the first stock.
    static func fitting(_ doses: [DispensedPlate.Dose]) -> DoseUnit? {
        guard let first = doses.first?.unit else { return nil }
        let highest = doses.compactMap { dose in dose.unit?.molar.map { $0 * dose.value } }.max()
        guard let highest else { return first }
        // The tolerance is for products that fall short of a limit by their rounding alone.
        let reached = [("mM", 1e-2), ("uM", 1e-6), ("nM", 1e-9)].first { highest >= $0.1 * (1 - 1e-9) }
        return DoseUnits.named(reached?.0 ?? "pM")
    }
}
