import IngestCore
import StreamingXML
import TabularText

/// Reads the samples: for each of its analytes the reading in each well, and the statistics of all.
struct BioPlexSamples {
    private let outline: BioPlexOutline
    private var told: Set<BioPlexPlace> = []
    /// Regions without a standard curve.
    private var toldRegions: Set<String> = []

    init(_ outline: BioPlexOutline) { self.outline = outline }

    /// `<Unknown>` with a label and perhaps a description.
    static func sample(_ element: Element) -> Sample {
        let label = element.string("Label"), description = element.string("Description")
        return Sample(
            name: description ?? label, id: label, role: Sample.Role(written: element.name), roleWritten: element.name)
    }

    mutating func read(_ element: Element, _ output: AdapterOutput) async throws {
        let sample = Self.sample(element)
        var about = Extras()
        element.keepOwnAttributes(in: &about)
        for child in element.children where !child.isNamed("Analytes") && !child.isNamed("MemberWells") {
            child.keepRest(in: &about, under: child.name)
        }
        let wells = element.inside("MemberWells")
        var replicates: [String: Int] = [:]
        for well in wells {
            for region in Set(well.inside("MWAnalytes").map { $0.peek("RegionNumber") }) { replicates[region, default: 0] += 1 }
        }
        var ordinal = 0
        var regions: Set<String> = []
        for analyte in element.inside("Analytes") {
            ordinal += 1
            tellNoCurve(analyte)
            let flag = analyte.bioPlexRepeats(&regions, "among the analytes of \(sample.id ?? "a sample")", output)
            try await emit(analyte, of: sample, about, replicates, ordinal, flag, output)
        }
        for well in wells { try await read(well, of: sample, about, output) }
        if ordinal == 0, wells.isEmpty {
            try await output.emit(
                ResultRecord(kind: .sample, sample: sample, measurements: [], extras: about, location: element.location))
        }
        try await output.emitUnknown(in: element)
    }

    // MARK: Statistics over wells

    private func emit(
        _ analyte: Element, of sample: Sample, _ about: Extras, _ replicates: [String: Int], _ ordinal: Int, _ flag: Flag?,
        _ output: AdapterOutput
    ) async throws {
        let region = analyte.peek("RegionNumber")
        let replicates = replicates[region] ?? 0
        var flags = flag.map { [$0] } ?? []
        if let stated = Int(analyte.peek("ReplicateCount")), stated != replicates {
            let message = "ReplicateCount is \(stated), \(replicates) wells of the sample have region \(region)"
            output.report(
                analyte.fault(
                    "bioplex.count", message,
                    hint: "the statistics were read, and flagged; the file was edited or damaged: export the plate again"))
            output.account.contradict("\(sample.id ?? "a sample"): \(message)")
            flags.append(Flag("replicateCount"))
        }
        try await output.emitResult(of: analyte) {
            var result = ResultRecord(
                kind: .sample, ordinal: ordinal, sample: sample, analyte: self.analyte(analyte), measurements: [],
                flags: flags, extras: about, location: analyte.location)
            if let replicates = try analyte.measurement(own: "ReplicateCount") { result.measurements.append(replicates) }
            let statistics = try BioPlexStatistics.sample.read(analyte)
            result.measurements += absentUnlessOK(statistics, analyte.child("StatsErrorCode"), of: analyte, "statistics", &result)
            let unit = outline.unit(region)
            if let expected = try analyte.measurement(.expectedConcentration, "ExpectedConc", unit) {
                result.measurements += absentUnlessOK(
                    [expected], analyte.child("ExpectedConcValidationFlag"), of: analyte, "expectedConcentration", &result)
            }
            if let observed = analyte.child("ObsConc") {
                let values = try concentration(observed, unit)
                result.measurements += absentUnlessOK(
                    values, analyte.child("ObsConcValidationFlag"), of: observed, "concentration", &result)
            }
            analyte.keepRest(in: &result.extras)
            return result
        }
    }

    /// The number stands behind the elements that tell about it.
    private func concentration(_ element: Element, _ unit: StatedUnit) throws -> [Measurement] {
        var values: [Measurement] = []
        let texts = element.texts
        if texts.allSatisfy(\.isEmpty) { values.append(Measurement(.concentration, .empty(unit))) }
        for text in texts {
            guard !text.isEmpty else {
                text.describe()
                continue
            }
            var quantity = try text.quantity(unit)
            // The line end behind it indents the end of the element.
            quantity.written = text.peek
            values.append(Measurement(.concentration, quantity))
        }
        for child in element.children {
            let unit = child.isNamed("PercentCV") ? StatedUnit(ofFormat: .percent) : child.isNamed("CV") ? .ratio : unit
            values.append(Measurement(own: "ObsConc \(child.name)", try child.ownQuantity(unit)))
        }
        return values
    }

    /// What a code other than 0 says is no number: it has no value, and the code is a flag.
    private func absentUnlessOK(
        _ measurements: [Measurement], _ flag: Element?, of element: Element, _ name: String, _ result: inout ResultRecord
    ) -> [Measurement] {
        let code = flag?.string("Code"), words = flag?.content?.string()
        guard code != "0" else { return measurements }
        if code == nil { tellNoCode(of: flag ?? element, name) }
        let written = [code, words].compactMap(\.self).joined(separator: ": ")
        result.flags.append(Flag("\(name)Invalid", written: written))
        return measurements.map { $0.absent(code ?? "") }
    }

    /// Concentrations have the unit of the standard curve of their region.
    private mutating func tellNoCurve(_ analyte: Element) {
        let region = analyte.peek("RegionNumber")
        guard analyte.child("ObsConc") != nil || analyte.child("ExpectedConc") != nil, outline.lacksUnit(region),
            toldRegions.insert(region).inserted
        else { return }
        analyte.reader.source.account.report(
            analyte.fault(
                "bioplex.no-curve", "none of the standard curves is that of region \"\(region)\"", severity: .warning,
                hint: "its concentrations were read without a unit; the file was edited or damaged: export the plate again"))
    }

    /// Nothing then says whether a zero is one.
    private func tellNoCode(of element: Element, _ name: String) {
        element.reader.source.account.report(
            element.fault(
                "bioplex.no-code", "there is no code for the \(name) here, which Bio-Plex Manager writes with every number",
                severity: .warning,
                hint: "the text is in the records without a value, and flagged \(name)Invalid: export the plate again"))
    }

    private func analyte(_ element: Element) -> Analyte {
        Analyte(name: element.string("AnalyteName"), id: element.string("RegionNumber"), role: .target)
    }

    // MARK: Wells

    private mutating func read(
        _ well: Element, of sample: Sample, _ about: Extras, _ output: AdapterOutput
    ) async throws {
        let place: BioPlexPlace
        do {
            place = try BioPlexPlace(well, in: outline)
        } catch let diagnostic as Diagnostic {
            output.leaveOut(diagnostic)
            return well.leaveOutRest()
        }
        well.describe("WellNumber")
        var about = about
        well.keepOwnAttributes(in: &about)
        for child in well.children where !child.isNamed("MWAnalytes") { child.keepRest(in: &about, under: child.name) }
        var flags: [Flag] = []
        if outline.isShared(place) {
            flags.append(Flag("sharedWell", written: place.name))
            if told.insert(place).inserted {
                output.report(
                    well.fault(
                        "bioplex.shared-well", "more than one sample says that it was in well \(place.name)",
                        hint: "the readings of each were read, and flagged; the well itself has no sample: correct the plate"))
                output.account.contradict("more than one sample was in well \(place.name)")
            }
        }
        let position = Position(written: place.name, plate: outline.plate, row: place.row, column: place.column)
        var ordinal = 0
        var seen: Set<String> = []
        for analyte in well.inside("MWAnalytes") {
            ordinal += 1
            var flags = flags
            if let flag = analyte.bioPlexRepeats(&seen, "in well \(place.name) of the sample", output) { flags.append(flag) }
            try await output.emitResult(of: analyte) {
                var result = ResultRecord(
                    kind: .compound, ordinal: ordinal, sample: sample, position: position, analyte: self.analyte(analyte),
                    measurements: [], flags: flags, extras: about, location: analyte.location)
                if let reading = analyte.child("Reading") { try take(reading, into: &result) }
                if let concentration = analyte.child("MWObsConc") {
                    try take(concentration: concentration, outline.unit(result.analyte?.id ?? ""), into: &result)
                }
                analyte.keepRest(in: &result.extras)
                return result
            }
        }
    }

    private func take(_ reading: Element, into result: inout ResultRecord) throws {
        var measurement = Measurement(.fluorescence, try reading.ownQuantity())
        let code = reading.string("Code")
        if code != "0" {
            if code == nil { tellNoCode(of: reading, "reading") }
            result.flags.append(Flag("readingInvalid", written: code))
            measurement = measurement.absent(code ?? "")
        }
        if let valid = reading.string("Valid"), valid != "true" {
            result.flags.append(Flag("readingInvalid", written: valid))
            measurement = measurement.absent(valid)
        }
        if let outlier = reading.string("OutlierType"), outlier != "None" {
            result.flags.append(Flag("outlier", written: outlier))
        }
        result.measurements.append(measurement)
    }

    private func take(concentration: Element, _ unit: StatedUnit, into result: inout ResultRecord) throws {
        var measurement = Measurement(.concentration, try concentration.ownQuantity(unit))
        let code = concentration.string("ReadErrorCode"), words = concentration.string("ReadError")
        let isOK = concentration.string("ReadingOK")
        if code != "0" || isOK ?? "true" != "true" {
            if code == nil { tellNoCode(of: concentration, "concentration") }
            let written = [code, words].compactMap(\.self).joined(separator: ": ")
            result.flags.append(Flag("concentrationInvalid", written: written))
            measurement = measurement.absent(code ?? "")
        }
        result.measurements.append(measurement)
    }
}

extension Element {
    /// The flag of a region that stands in its well before.
    func bioPlexRepeats(_ seen: inout Set<String>, _ place: String, _ output: AdapterOutput) -> Flag? {
        let region = peek("RegionNumber")
        guard !seen.insert(region).inserted else { return nil }
        output.report(
            fault(
                "bioplex.repeated-region", "region \(region) stands twice \(place)", severity: .warning,
                hint:
                    "both were read, and this one flagged repeatedRegion; the file was edited or damaged: export the plate again")
        )
        output.account.contradict("region \(region) stands twice \(place)")
        return Flag("repeatedRegion", written: region)
    }
}

/// The statistics of beads, or of wells: fields and what they are.
struct BioPlexStatistics {
    private let fields: [(field: String, name: MeasurementName?, unit: StatedUnit)]

    static let region = BioPlexStatistics(fields: [
        ("RegionCount", .count, .none), ("Median", .median, .none), ("Mean", .mean, .none),
        ("CV", .coefficientOfVariation, .ratio), ("StdDev", .standardDeviation, .none), ("StdErr", nil, .none),
        ("TrimmedMean", nil, .none), ("TrimmedCV", nil, .ratio), ("TrimmedStdDev", nil, .none),
    ])
    static let sample = BioPlexStatistics(fields: [
        ("RawMean", nil, .none), ("Mean", .mean, .none), ("StdDeviation", .standardDeviation, .none),
        ("StdError", nil, .none), ("CV", .coefficientOfVariation, .ratio),
        ("PercentCV", nil, StatedUnit(ofFormat: .percent)),
    ])

    func read(_ element: Element) throws -> [Measurement] {
        try fields.compactMap { field, name, unit in
            guard let name else { return try element.measurement(own: field, unit) }
            return try element.measurement(name, field, unit)
        }
    }
}

extension StatedUnit {
    /// A pure number: Bio-Plex Manager writes the same spread as a percentage beside it.
    fileprivate static let ratio = StatedUnit(ofFormat: Unit("1"))
}

extension Measurement {
    /// The same without a value. Code 9 is "Data field has not been set".
    fileprivate func absent(_ code: String) -> Measurement {
        var absent = self
        absent.quantity = Quantity(
            written: quantity.written, absent: quantity.absent ?? (code == "9" ? .notReported : .invalid), unit: quantity.unit,
            unitWritten: quantity.unitWritten, unitIsFormats: quantity.unitIsFormats)
        return absent
    }
}
