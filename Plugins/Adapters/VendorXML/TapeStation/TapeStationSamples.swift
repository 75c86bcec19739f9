import IngestCore
import StreamingXML
import TabularText

/// Reads the samples of a TapeStation file, each with its peaks and regions.
struct TapeStationSamples {
    private enum Kind { case plain, concentration, molarity, size, percent }

    private struct Field {
        var name: MeasurementName?
        var kind: Kind = .plain
    }

    /// `RunDistance`, `FromPercent` and `ToPercent` are places in the gel, in percent of its length.
    private static let peakFields: [String: Field] = [
        "Area": Field(name: .area), "Height": Field(name: .height),
        "AssignedQuantity": Field(kind: .concentration),
        "CalibratedQuantity": Field(name: .concentration, kind: .concentration),
        "Molarity": Field(name: .molarity, kind: .molarity),
        "Size": Field(name: .size, kind: .size), "FromMW": Field(kind: .size), "ToMW": Field(kind: .size),
        "PercentIntegratedArea": Field(name: .areaPercent, kind: .percent), "PercentOfTotal": Field(kind: .percent),
        "RunDistance": Field(kind: .percent), "FromPercent": Field(kind: .percent), "ToPercent": Field(kind: .percent),
    ]

    private static let regionFields: [String: Field] = [
        "From": Field(kind: .size), "To": Field(kind: .size), "AverageSize": Field(name: .size, kind: .size),
        "Concentration": Field(name: .concentration, kind: .concentration),
        "Molarity": Field(name: .molarity, kind: .molarity), "PercentOfTotal": Field(kind: .percent),
        "Area": Field(name: .area),
    ]

    private static let sampleFields: [String: Field] = [
        "Concentration": Field(name: .concentration, kind: .concentration), "DIN": Field(name: .integrity),
    ]

    private static let rnaFields: [String: Field] = [
        "RINe": Field(name: .integrity), "TotalRNAArea": Field(), "RNAArea": Field(), "Ratio28S18SHeight": Field(),
        "Ratio28S18SArea": Field(),
    ]

    private let run: TapeStationRun
    private let output: AdapterOutput
    private var toldTapes: Set<String> = []
    private var wells: Set<[String?]> = []

    init(_ run: TapeStationRun, _ output: AdapterOutput) {
        self.run = run
        self.output = output
    }

    // MARK: A sample

    mutating func read(_ element: Element) async throws {
        let base = describe(element)
        let tape = base.extras["ScreenTapeID"].flatMap { run.tapes[$0] }
        try await output.emitResult(of: element) {
            var result = base
            result.kind = .sample
            result.location = element.location
            result.measurements = try measurements(of: element, Self.sampleFields)
            if let rna = element.child("RNA") { result.measurements += try measurements(of: rna, Self.rnaFields) }
            if let temperature = tape?.temperature { result.measurements.append(Measurement(.temperature, temperature)) }
            for child in element.children where !child.isNamed("Peaks") && !child.isNamed("Regions") {
                child.keepRest(in: &result.extras, under: child.name)
            }
            return result
        }
        if let peaks = element.child("Peaks") { try await readPeaks(peaks, of: base) }
        for (index, region) in (element.child("Regions")?.children("Region") ?? []).enumerated() {
            try await readRegion(region, number: index + 1, of: base)
        }
        // Only peaks and regions are expected in their lists.
        try await output.emitUnknown(in: element)
    }

    /// The sample, its position and time, and what the software remarked: the same for all its results.
    private mutating func describe(_ element: Element) -> ResultRecord {
        var base = ResultRecord(kind: .sample, measurements: [], location: element.location)
        let remark = element.string("Observations")
        var sample = Sample(name: element.string("Comment"))
        if let remark, remark.contains("Ladder"), !remark.contains("run as sample") {
            sample.role = .ladder
            sample.roleWritten = remark
        } else if let remark {
            base.flags.append(Flag("observation", written: remark))
        }
        if sample != Sample() { base.sample = sample }
        if let alert = element.string("Alert") { base.flags.append(Flag("alert", written: alert)) }
        let well = element.string("WellNumber")
        base.position = well.map(Self.position)
        if let id = element.string("ScreenTapeID") {
            base.extras.add("ScreenTapeID", id)
            if let tape = run.tapes[id] {
                base.injection = tape.acquired.map { Injection(acquired: $0) }
            } else {
                base.flags.append(Flag("unknownTape", written: id))
                tellUnknownTape(id, element)
            }
        } else if !run.tapes.isEmpty {
            base.flags.append(Flag("unknownTape"))
            tellUnknownTape("", element)
        }
        if let well, !wells.insert([base.extras["ScreenTapeID"], well]).inserted {
            base.flags.append(Flag("repeatedWell", written: well))
            output.report(
                element.fault(
                    "tapestation.repeated-well", "the well \"\(well)\" of this tape was read before", severity: .warning,
                    hint: "both were read, and flagged repeatedWell; compare them with the instrument"))
        }
        return base
    }

    /// Wells are A1 to H12. `L1` and `EL1` are no wells of a plate but lanes of a ladder, measured or taken from the software.
    private static func position(_ written: String) -> Position {
        guard let well = Position(well: written), (well.row ?? 0) <= 8, (well.column ?? 0) <= 12 else {
            return Position(written: written)
        }
        return well
    }

    private mutating func tellUnknownTape(_ id: String, _ element: Element) {
        guard toldTapes.insert(id).inserted else { return }
        let place = element["ScreenTapeID"]?.location ?? element.location
        let listed = run.tapes.keys.sorted().map { "\"\($0)\"" }.joined(separator: ", ")
        output.report(
            Diagnostic(
                "tapestation.unknown-tape",
                "this sample was run on the tape \"\(id)\", which is not among those of the file"
                    + (listed.isEmpty ? "" : ": \(listed)"), at: place,
                hint: "its numbers were read, and flagged unknownTape, without time and temperature of a tape; "
                    + "the file was put together or edited: export it again"))
        output.account.contradict("a sample names the tape \(id), which the file does not list")
    }

    // MARK: Peaks and regions

    private func readPeaks(_ peaks: Element, of base: ResultRecord) async throws {
        var last = 0
        var share = 0.0
        for (index, peak) in peaks.children("Peak").enumerated() {
            watchNumber(peak, &last)
            try await output.emitResult(of: peak) {
                var result = base
                result.kind = .peak
                result.ordinal = index + 1
                result.location = peak.location
                result.measurements = try measurements(of: peak, Self.peakFields)
                share += result.measurements.first { $0.standard == .areaPercent }?.quantity.value ?? 0
                if let remark = peak.string("Observations") { mark(&result, remark) }
                watchSize(peak, &result, from: "FromMW", to: "ToMW")
                peak.keepRest(in: &result.extras)
                return result
            }
        }
        // Each is rounded to a hundredth.
        if share > 100.5 {
            output.report(
                peaks.fault(
                    "tapestation.percent", "the integrated areas of these peaks are more than 100 % together: \(share)",
                    severity: .warning, hint: "they were read as they are; compare them with the instrument"))
        }
    }

    /// What a peak is: a marker, a ribosomal RNA, or something the software remarked.
    private func mark(_ result: inout ResultRecord, _ remark: String) {
        switch remark {
        case _ where remark.hasSuffix("Lower Marker"): result.flags.append(Flag("lowerMarker", written: remark))
        case _ where remark.hasSuffix("Upper Marker"): result.flags.append(Flag("upperMarker", written: remark))
        case "18S", "28S": result.analyte = Analyte(name: remark)
        default: result.flags.append(Flag("observation", written: remark))
        }
    }

    /// Peaks are numbered from 1 in each sample, markers are not.
    private func watchNumber(_ peak: Element, _ last: inout Int) {
        guard let number = peak["Number"], !number.isEmpty, !number.equals("-") else { return }
        guard let found = Int(number.peek) else {
            // The peaks behind it go on counting with it.
            last += 1
            output.report(
                number.fault(
                    "tapestation.peak-number", "\"\(number.peek)\" is no number of a peak", severity: .warning,
                    hint: "the peak was read; the file was edited or damaged: export it again"))
            output.account.contradict("a peak has the number \"\(number.peek)\"")
            return
        }
        // A garbled number may be any.
        let next = last &+ 1
        if found != next {
            output.report(
                number.fault(
                    "tapestation.peak-number", "this peak has the number \(found) where \(next) is expected",
                    severity: .warning,
                    hint: "it was read; a peak was removed from the file, or the file was damaged: export it again"))
            output.account.contradict("a peak has the number \(found) where \(next) is expected")
        }
        last = found
    }

    private func readRegion(_ region: Element, number: Int, of base: ResultRecord) async throws {
        try await output.emitResult(of: region) {
            var result = base
            result.kind = .region
            result.ordinal = number
            result.location = region.location
            result.measurements = try measurements(of: region, Self.regionFields)
            result.analyte = region.string("Comment").map { Analyte(name: $0) }
            watchSize(region, &result, from: "From", to: "To")
            region.keepRest(in: &result.extras)
            return result
        }
    }

    /// A size lies between those its peak or region begins and ends at.
    private func watchSize(_ element: Element, _ result: inout ResultRecord, from: String, to: String) {
        func value(_ name: String) -> Double? {
            result.measurements.first { $0.name == name && $0.quantity.bound == .exact }?.quantity.value
        }
        let (first, last) = (value(from), value(to))
        let size = result.measurements.first { $0.standard == .size && $0.quantity.bound == .exact }?.quantity.value
        let problem: String
        if let first, let last, first > last {
            problem = "it begins at \(element.peek(from)) and ends at \(element.peek(to))"
        } else if let first, let size, size < first {
            problem = "its size is less than \(element.peek(from)), where it begins"
        } else if let last, let size, size > last {
            problem = "its size is more than \(element.peek(to)), where it ends"
        } else {
            return
        }
        result.flags.append(Flag("sizeOutsideRange"))
        output.report(
            element.fault(
                "tapestation.size", problem, severity: .warning,
                hint: "it was read, and flagged sizeOutsideRange; compare it with the instrument"))
    }

    // MARK: Fields

    /// The fields of an element that hold numbers, in its order. A field that is there twice is one once: the second is kept
    /// as it is written.
    private func measurements(of element: Element, _ fields: [String: Field]) throws -> [Measurement] {
        var measurements: [Measurement] = []
        for child in element.children where child.ordinal == 1 {
            let name = child.name
            guard let field = fields[name], let quantity = try element.quantity(name, unit(field.kind)) else { continue }
            measurements.append(field.name.map { Measurement($0, quantity) } ?? Measurement(own: name, quantity))
        }
        return measurements
    }

    private func unit(_ kind: Kind) -> StatedUnit {
        switch kind {
        case .plain: .none
        case .concentration: run.concentration
        case .molarity: run.molarity
        case .size: run.size
        case .percent: StatedUnit(ofFormat: .percent)
        }
    }
}
