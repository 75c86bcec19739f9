import IngestCore
import StreamingXML
import TabularText

/// One peak table: the peaks of a curve, with the units of their columns behind them.
struct UNICORNPeaks {
    private let table: Element
    private let signal: Signal?
    private let number: String
    private let sample: Sample?
    private let output: AdapterOutput
    private let isVolume: Bool

    init(_ table: Element, _ signal: Signal?, _ number: String, _ sample: Sample?, _ output: AdapterOutput) {
        self.table = table
        self.signal = signal
        self.number = number
        self.sample = sample
        self.output = output
        isVolume = table.peek("CalculationRetention") == "Volume"
    }

    /// - Parameter ordinal: Of the last peak of the same curve.
    func read(_ ordinal: inout Int) async throws {
        let peaks = table.child("Peaks")?.children("Peak") ?? []
        table.descendant("DataCurve/CurveNumber")?.content?.describe()
        if signal == nil {
            output.report(
                table.fault(
                    "unicorn.no-curve", "these are peaks of curve \(number), which is not in the chromatogram",
                    severity: .warning,
                    hint: "the peaks were read without the name of their curve"))
        }
        var places: Set<[String]> = []
        for peak in peaks {
            ordinal += 1
            let place = ["StartPeakRetention", "MaxPeakRetention", "EndPeakRetention"].map { peak.peek($0) }
            let isRepeated = !places.insert(place).inserted && !place.contains("")
            if isRepeated { tellRepeated(peak) }
            try await output.emitResult(of: peak) {
                var result = try result(of: peak, ordinal)
                if isRepeated { result.flags.append(Flag("repeatedPeak")) }
                return result
            }
        }
        checkCount(peaks.count)
        try await output.emitResult(of: table) { try totals() }
    }

    /// Peaks have no numbers; two of them do not stand at the same place of one curve.
    private func tellRepeated(_ peak: Element) {
        output.report(
            peak.fault(
                "unicorn.repeated-peak", "a peak before in this table has the same start, top and end", severity: .warning,
                hint: "both were read, and this one flagged repeatedPeak; the file was edited: export the result again"))
        output.account.contradict("two peaks of a table have the same start, top and end")
    }

    /// UNICORN may list fewer peaks than it detected, never more.
    private func checkCount(_ count: Int) {
        guard let detected = table.declaredCount("NumberOfDetectedPeaks", "unicorn.peak-count") else { return }
        if count == detected { output.account.prove("NumberOfDetectedPeaks says \(detected), \(count) peaks read") }
        guard count > detected else { return }
        output.report(
            table.fault(
                "unicorn.peak-count", "the table states \(detected) detected peaks and lists \(count)",
                hint: "all of them were read; compare them with UNICORN"))
        output.account.contradict("a peak table states \(detected) detected peaks and lists \(count)")
    }

    // MARK: Peaks

    private func result(of peak: Element, _ ordinal: Int) throws -> ResultRecord {
        var result = ResultRecord(
            kind: .peak, ordinal: ordinal, sample: sample, signal: signal, measurements: [], location: peak.location)
        if let name = peak.string("Name") { result.analyte = Analyte(name: name) }
        for field in peak.children { try result.measurements.append(contentsOf: measurement(field, of: peak)) }
        if !isInOrder(peak) {
            result.flags.append(Flag("peakLimits"))
            output.report(
                peak.fault(
                    "unicorn.peak-limits", "the top of this peak does not lie between its start and its end", severity: .warning,
                    hint: "it was read as it stands; compare it with UNICORN"))
        }
        peak.keepRest(in: &result.extras)
        return result
    }

    private func measurement(_ field: Element, of peak: Element) throws -> [Measurement] {
        let name = field.name
        let retention = unit("RetentionUnit")
        let found: Measurement? =
            switch name {
            case "MaxPeakRetention": try place(isVolume ? .retentionVolume : .retentionTime, name, of: peak)
            case "StartPeakRetention": try place(isVolume ? nil : .startTime, name, of: peak)
            case "EndPeakRetention": try place(isVolume ? nil : .endTime, name, of: peak)
            case "Area": try peak.measurement(.area, name, unit("AreaUnit"))
            case "Height": try peak.measurement(.height, name, unit("HeightUnit"))
            case "Width": try peak.measurement(.width, name, retention)
            case "WidthAtHalfHeight": try peak.measurement(.widthAtHalfHeight, name, retention)
            case "PercentOfTotalPeakArea": try peak.measurement(.areaPercent, name, StatedUnit(ofFormat: .percent))
            case "PercentOfTotalArea": try peak.measurement(own: name, StatedUnit(ofFormat: .percent))
            case "Resolution": try peak.measurement(.resolution, name)
            case "Assymetry": try peak.measurement(.symmetry, name, unit("AssymetryUnit"))
            case "CapacityFactor": try peak.measurement(.capacityFactor, name, unit("CapacityFactorUnit"))
            case "Kav", "PlateHeight": try peak.measurement(own: name, unit(name + "Unit"))
            case "Sigma", "AssymetryPeakStart", "AssymetryPeakEnd": try peak.measurement(own: name)
            case "StartPeakEndpointHeight", "EndPeakEndpointHeight": try peak.measurement(own: name, unit("HeightUnit"))
            case "StartConductivityHeight", "MaxConductivityHeight", "EndConductivityHeight", "AverageConductivity":
                try peak.measurement(own: name, unit("ConductivityHeightUnit"))
            default: nil
            }
        return found.map { [$0] } ?? []
    }

    /// A place on the axis. Before the injection, from which UNICORN may count, there is no retention time.
    private func place(_ standard: MeasurementName?, _ field: String, of peak: Element) throws -> Measurement? {
        guard let quantity = try peak.quantity(field, unit("RetentionUnit")) else { return nil }
        guard let standard, isVolume || quantity.value.map({ $0 >= 0 }) ?? true else {
            return Measurement(own: field, quantity)
        }
        return Measurement(standard, quantity)
    }

    private func isInOrder(_ peak: Element) -> Bool {
        let places = ["StartPeakRetention", "MaxPeakRetention", "EndPeakRetention"].compactMap { peak.peekNumber($0) }
        return places == places.sorted()
    }

    private func unit(_ field: String) -> StatedUnit {
        guard let written = table.child("PeakUnit")?.string(field) else { return .none }
        return StatedUnit(written: written)
    }

    // MARK: The table as a whole

    private func totals() throws -> ResultRecord {
        var result = ResultRecord(
            kind: .sample, sample: sample, signal: signal, measurements: [], location: table.location)
        let units = [
            ("TotalPeakArea", "AreaUnit"), ("TotalPeakAreaEvaluatedPeaks", "AreaUnit"), ("RatioPeakAreaTotalArea", ""),
            ("ColumnHeight", "ColumnHeightUnit"), ("ColumnVolume", "ColumnVolumeUnit"),
        ]
        for (field, unit) in units {
            if let measurement = try table.measurement(own: field, self.unit(unit)) { result.measurements.append(measurement) }
        }
        table.child("PeakUnit")?.content?.describe()
        table.keepRest(in: &result.extras)
        return result
    }
}
