import IngestCore

/// Brings the readings of plates and the doses dispensed into their wells together: by plate, row and column.
///
/// Every reading becomes a point of a curve, or is counted in a remark that says why it is none.
public struct DispensedPlateJoin {
    private let options: DatasetOptions
    private let plates: [DispensedPlate]
    private let fluidRemarks: [String]
    private let treatments: [WellTreatments]
    private let readings: [PlateReadings]
    private let matching: PlateMatching
    private var builder: DatasetBuilder
    private var faults: DatasetFaults
    private var account = JoinedReadings()

    /// - Parameter plate: The plate of the dispenser that was measured, where it is named by hand.
    public static func dataset(
        _ doses: DispensedDoses, _ readings: [PlateReadings], plate: String?, _ options: DatasetOptions, leftOut: Int = 0
    ) throws -> DoseResponseDataset {
        var join = DispensedPlateJoin(doses, readings, plate: plate, options)
        return try join.dataset(leftOut: leftOut)
    }

    private init(_ doses: DispensedDoses, _ readings: [PlateReadings], plate: String?, _ options: DatasetOptions) {
        var doses = doses
        doses.settleUnits()
        self.options = options
        self.readings = readings
        plates = doses.plates
        fluidRemarks = doses.remarks
        treatments = plates.map { WellTreatments($0, compounds: doses.compounds) }
        matching = PlateMatching(
            plates, read: readings.flatMap { file in file.plates.map { ($0, file.file) } }, asked: plate)
        faults = doses.faults
        var options = options
        // Which readings are responses is settled.
        options.responses = []
        builder = DatasetBuilder(options)
    }

    private mutating func dataset(leftOut: Int) throws -> DoseResponseDataset {
        var diagnostics = faults.list + matching.faults.list
        guard diagnostics.isEmpty else { return DoseResponseDataset(curves: [], diagnostics: diagnostics) }
        let twice = readTwice()
        guard twice.isEmpty else { return DoseResponseDataset(curves: [], diagnostics: twice.list) }
        for file in readings { try add(file) }
        var whole = builder.finish(leftOut: leftOut)
        diagnostics = account.warnings(plates)
        whole.diagnostics = diagnostics + whole.diagnostics
        whole.remarks = matching.remarks + fluidRemarks + account.remarks(plates, treatments, readings)
        return whole
    }

    /// One well of one plate read in two files under one heading: which is the later, nobody said.
    private func readTwice() -> DatasetFaults {
        struct Key: Hashable { var plate: Int, well: PlateWell, heading: String }
        var faults = DatasetFaults()
        var files: [Key: Int] = [:]
        guard readings.count > 1 else { return faults }
        for (number, file) in readings.enumerated() {
            let headings = file.headings()
            for reading in file.list {
                guard let plate = matching.places[DispensedPlate.key(file.plates[reading.plate])] else { continue }
                let key = Key(plate: plate, well: reading.well, heading: headings[reading.series])
                guard let other = files.updateValue(number, forKey: key), other != number else { continue }
                faults.add(
                    "ic50.duplicate-curve",
                    "\"\(key.heading)\" of the plate \(PlateMatching.shown([plates[plate].name])) stands in \(readings[other].file) and in \(file.file)",
                    at: SourceLocation(file: file.file), once: "\(other) \(number)",
                    hint: "analyse the two in two commands: they would be taken for replicates; nothing was fitted")
            }
        }
        return faults
    }

    // MARK: Readings

    private mutating func add(_ file: PlateReadings) throws {
        builder.begin(file: file.file, responses: [])
        let headings = file.headings()
        let dosed = dosedCurves(of: file, headings)
        for reading in file.list {
            guard let plate = matching.places[DispensedPlate.key(file.plates[reading.plate])] else {
                account.other(file.plates[reading.plate], file.file)
                continue
            }
            let well = JoinedWell(reading, file, heading: headings[reading.series], plate: plates[plate].name)
            account.note(reading, plate: plate, heading: headings[reading.series], file: file.file)
            switch treatments[plate].wells[reading.well] {
            case .points(let points):
                // Dose 0 is a point of those curves alone that were read at other doses too.
                let met = points.filter { $0.dose > 0 || dosed.contains([headings[reading.series], $0.curve]) }
                for point in met { try builder.add(well.observed(at: point)) }
                let isVehicle = plates[plate].wells[reading.well]?.doses.isEmpty == true
                if isVehicle { try addControl(well, plates[plate].wells[reading.well]?.vehicles ?? []) }
                if met.isEmpty { account.leave(.unusedControl, plate, reading.well) }
            case .vehicle:
                try addControl(well, plates[plate].wells[reading.well]?.vehicles ?? [])
                account.leave(.unusedControl, plate, reading.well)
            case .combination(let compounds): account.leave(.combination(compounds), plate, reading.well)
            case .unknown(let why): account.leave(.unknown(why), plate, reading.well)
            case nil:
                try addControl(well, ["undispensed"])
                account.leave(.undispensed, plate, reading.well)
            }
        }
    }

    /// A heading and a curve for each curve that has readings at doses above 0.
    private func dosedCurves(of file: PlateReadings, _ headings: [String]) -> Set<[String]> {
        var found: Set<[String]> = []
        for reading in file.list {
            guard let plate = matching.places[DispensedPlate.key(file.plates[reading.plate])],
                case .points(let points) = treatments[plate].wells[reading.well]
            else { continue }
            for point in points where point.dose > 0 { found.insert([headings[reading.series], point.curve]) }
        }
        return found
    }

    /// A well that `--normalize` may name: by its fluid, as `control` or `undispensed`, or as the reader calls it.
    private mutating func addControl(_ well: JoinedWell, _ names: Set<String>) throws {
        guard let controls = options.controls else { return }
        for control in well.controls(named: names.sorted()) where ControlWells.isMeant(control, by: controls) {
            try builder.add(control)
            return
        }
    }
}

/// A reading on its way into a curve.
private struct JoinedWell {
    private let reading: PlateReadings.Reading, series: PlateReadings.Series, names: PlateReadings.Names
    private let heading: String, plate: String?, location: SourceLocation

    init(_ reading: PlateReadings.Reading, _ file: PlateReadings, heading: String, plate: String?) {
        self.reading = reading
        self.heading = heading
        self.plate = plate
        series = file.series[reading.series]
        names = file.names[reading.names]
        location = SourceLocation(file: file.file, line: reading.line)
    }

    private func observed(
        as sample: String?, role: (word: String, written: String)?, _ doses: [ObservedWell.Reading]
    ) -> ObservedWell {
        let response = ObservedWell.Reading(
            name: MeasurementName.response.rawValue, isOwn: false, value: reading.quantity, bound: reading.bound,
            written: reading.text, unit: series.unit, unitWritten: series.unitWritten)
        return ObservedWell(
            sample: sample, role: role, signal: heading, well: reading.written, plate: plate, readings: doses + [response],
            extras: series.extras.map { ($0[0], $0[1]) }, location: location)
    }

    func observed(at point: WellTreatments.Point) -> ObservedWell {
        let dose = ObservedWell.Reading(
            name: MeasurementName.dose.rawValue, isOwn: false, value: point.dose, bound: .exact, written: "\(point.dose)",
            unit: point.unit?.unit, unitWritten: point.unit?.written)
        return observed(as: point.curve, role: nil, [dose])
    }

    func controls(named fluids: [String]) -> [ObservedWell] {
        var list = fluids.map { fluid in
            let isBlank = fluid == "undispensed"
            return observed(as: fluid, role: (isBlank ? "blank" : "control", isBlank ? fluid : "control"), [])
        }
        if let role = names.role { list.append(observed(as: names.sample, role: (role, names.roleWritten ?? role), [])) }
        return list
    }
}
