import IngestCore
import StreamingXML
import TabularText

/// Reads `Result.xml` from its beginning to its end.
final class ChemStationXMLReading {
    let place: SourceLocation
    private let source: SourceFile
    private let document: ElementReader
    private let survey: ChemStationXMLSurvey
    /// The section behind those that come before the first peak.
    private var section: OpenElement?
    private var signals = 0
    /// The results so far of each signal, by its description.
    private var ordinals: [String: Int] = [:]
    /// The survey has kept what is read here; it only has to be taken.
    private var kept: Extras = [:]

    init(_ source: SourceFile, _ survey: ChemStationXMLSurvey) throws {
        self.source = source
        self.survey = survey
        document = try ElementReader(source)
        place = document.root.location
    }

    /// Reads up to the first section with peaks.
    func readFacts(into facts: inout ChemStationXMLFacts) throws {
        facts.takeRoot(document.root)
        while let part = try document.next(in: document.root) {
            switch part.name {
            case "Acquisition": if let element = try document.whole(part) { facts.takeAcquisition(element) }
            case "ModuleInformation": if let element = try document.whole(part) { facts.takeModules(element) }
            case "SampleInformation": if let element = try document.whole(part) { facts.takeSample(element) }
            case "Chromatograms", "Results":
                section = part
                return
            default: try document.keep(part, in: &kept)
            }
        }
    }

    /// Reads the peaks and all behind them.
    func readPeaks(_ facts: ChemStationXMLFacts, into output: AdapterOutput) async throws {
        var open = section
        if open == nil { open = try document.next(in: document.root) }
        var row = 0
        while let part = open {
            switch part.name {
            case "Chromatograms":
                part.keepAttributes(in: &kept)
                while let child = try document.next(in: part) {
                    if child.name == "Signal" {
                        try await readSignal(child, facts, into: output)
                    } else {
                        try document.keep(child, in: &kept)
                    }
                }
            case "Results": try await readList(part, from: &row, facts, into: output)
            default: try document.keep(part, in: &kept)
            }
            open = try document.next(in: document.root)
        }
        try document.finish()
    }

    // MARK: Peaks as they were integrated

    private func readSignal(_ open: OpenElement, _ facts: ChemStationXMLFacts, into output: AdapterOutput) async throws {
        let about = survey.signals.indices.contains(signals) ? survey.signals[signals] : nil
        signals += 1
        let place = open.location
        open.keepAttributes(in: &kept)
        let leftOut = output.resultsLeftOut
        var sums = (area: 0.0, height: 0.0, peaks: 0)
        while let part = try document.nextWhole(in: open) {
            switch part.name {
            case "Description", "XUnits", "YUnits":
                part.content?.describe()
                part.keepRest(in: &kept)
            case "IntegrationResults":
                guard let about else { continue }
                let before = output.resultsLeftOut
                var row: Int?
                try await output.emitResult(of: part) {
                    let result = try peak(part, of: about, facts, completedBy: &row)
                    sums.area += result.measurements.first { $0.standard == .area }?.quantity.value ?? 0
                    sums.height += result.measurements.first { $0.standard == .height }?.quantity.value ?? 0
                    return result
                }
                // The row of a peak that was left out speaks for itself.
                if let row, output.resultsLeftOut == before { survey.take(row) }
                sums.peaks += 1
            default:
                if ChemStationXMLSignal.isAccount(part) { _ = part.content?.person("chemstation-xml") }
                part.keepRest(in: &kept)
            }
        }
        guard let about, !document.isBroken else { return }
        guard sums.peaks > 0 else {
            // A signal in which no peak was found is a finding too.
            return try await output.emit(
                ResultRecord(
                    kind: .sample, ordinal: 1, sample: facts.sample, position: facts.position, injection: facts.injection,
                    signal: about.signal, measurements: [], flags: [Flag("noPeaks")], location: place))
        }
        let name = about.signal.name ?? "a signal"
        guard output.resultsLeftOut == leftOut else { return source.account.doubt("peaks of \(name) were left out") }
        check("area", sums.area, about.areaSum, sums.peaks, name, place)
        check("height", sums.height, about.heightSum, sums.peaks, name, place)
    }

    /// The sum that each peak repeats is that of all peaks but for rounding: six decimals, or six digits, each.
    private func check(_ what: String, _ sum: Double, _ stated: Double?, _ peaks: Int, _ name: String, _ place: SourceLocation) {
        guard let stated else { return }
        if abs(sum - stated) <= Double(peaks + 1) * 1e-6 + abs(stated) * 1e-5 {
            return source.account.prove("the \(what)s of \(name) add up to their sum")
        }
        source.account.contradict("the \(what)s of \(name) do not add up to their sum")
        source.account.report(
            Diagnostic(
                "chemstation-xml.sum", "the \(what)s of the \(peaks) peaks of \(name) add up to \(sum), each says \(stated)",
                at: place,
                hint: "the peaks that are there were read; one is missing or was changed: report the injection again"))
    }

    private func peak(
        _ element: Element, of about: ChemStationXMLSignal, _ facts: ChemStationXMLFacts, completedBy row: inout Int?
    ) throws -> ResultRecord {
        let ordinal = ordinals[about.description, default: 0] + 1
        ordinals[about.description] = ordinal
        var measurements: [Measurement] = []
        func take(_ name: MeasurementName, _ field: String, _ unit: StatedUnit = .none) throws {
            if let measurement = try element.measurement(name, field, unit) { measurements.append(measurement) }
        }
        func take(own field: String) throws {
            if let measurement = try element.measurement(own: field) { measurements.append(measurement) }
        }
        try take(.retentionTime, "RetTime", about.time)
        try take(.area, "Area", about.area)
        try take(.areaPercent, "AreaPercent", StatedUnit(ofFormat: .percent))
        try take(.height, "Height", about.height)
        try take(.heightPercent, "HeightPercent", StatedUnit(ofFormat: .percent))
        try take(.width, "Width", about.time)
        try take(.symmetry, "Symmetry")
        try take(own: "Baseline")
        try take(.startTime, "TimeStart", about.time)
        try take(own: "LevelStart")
        try take(own: "BaselineStart")
        try take(.endTime, "TimeEnd", about.time)
        try take(own: "LevelEnd")
        try take(own: "BaselineEnd")
        var result = ResultRecord(
            kind: .peak, ordinal: ordinal, sample: facts.sample, position: facts.position, injection: facts.injection,
            signal: about.signal, measurements: measurements, location: element.location)
        takeSums(element, about, &result)
        element.keepRest(in: &result.extras)
        row = complete(&result, element, about)
        return result
    }

    private func takeSums(_ element: Element, _ about: ChemStationXMLSignal, _ result: inout ResultRecord) {
        for (field, stated) in [("AreaSum", about.areaSum), ("HeightSum", about.heightSum)] {
            guard let value = element[field], !value.isEmpty else { continue }
            if let stated, value.peekNumber == stated {
                value.ignore("the sum of all peaks of the signal, which each of them repeats")
                continue
            }
            source.account.report(
                value.fault(
                    "chemstation-xml.sums-differ", "the sum \"\(value.peek)\" is not that of the first peak", severity: .warning,
                    hint: "the peak was read, the sum is kept in its extras; compare the file with ChemStation"))
        }
    }

    /// Adds what the list of compounds says of the peak, in the row that is returned.
    private func complete(_ result: inout ResultRecord, _ element: Element, _ about: ChemStationXMLSignal) -> Int? {
        let measurements = result.measurements
        let time = measurements.first { $0.standard == .retentionTime }?.quantity.value
        let rows = time.map { survey.rows(of: about.description, at: $0) } ?? []
        guard let (index, row) = rows.first(where: { Self.agree($0.row, measurements) }) else {
            tellUnmatched(&result, element, rows)
            return nil
        }
        for measurement in row.measurements {
            guard let place = result.measurements.firstIndex(where: { $0.standard == measurement.standard }) else {
                result.measurements.append(measurement)
                continue
            }
            // The same number; only this list states its unit.
            guard measurement.quantity.unitWritten != nil else { continue }
            result.measurements[place].quantity.unit = measurement.quantity.unit
            result.measurements[place].quantity.unitWritten = measurement.quantity.unitWritten
            result.measurements[place].quantity.unitIsFormats = false
        }
        result.analyte = row.analyte
        result.flags += row.flags
        result.extras.add(row.extras)
        return index
    }

    private func tellUnmatched(
        _ result: inout ResultRecord, _ element: Element, _ rows: [(index: Int, row: ChemStationXMLRow)]
    ) {
        guard survey.hasList, !survey.isBroken else { return }
        guard let (index, row) = rows.first else {
            result.flags.append(Flag("unmatched"))
            source.account.report(
                element.fault(
                    "chemstation-xml.unmatched",
                    "no row of the list of compounds has the signal and the retention time of this peak",
                    severity: .warning,
                    hint: "the peak was read without name and amount; compare the file with ChemStation"))
            return
        }
        survey.contradict(index)
        result.flags.append(Flag("contradictory"))
        let area = row[.area]?.written ?? "", other = element.peek("Area")
        source.account.contradict("the two lists of peaks have different numbers")
        source.account.report(
            element.fault(
                "chemstation-xml.peaks-differ",
                "the list of compounds has other numbers for the peak at \(element.peek("RetTime")): an area of \(area), "
                    + "not of \(other)",
                hint: "both were read, with the flag contradictory; the file was changed: report the injection again"))
    }

    /// Both lists have the same numbers, written with the same or fewer digits.
    private static func agree(_ row: ChemStationXMLRow, _ measurements: [Measurement]) -> Bool {
        measurements.allSatisfy { measurement in
            guard let name = measurement.standard, let other = row[name]?.value, let value = measurement.quantity.value else {
                return true
            }
            return abs(value - other) <= 1e-5 * max(abs(value), abs(other))
        }
    }

    // MARK: The list of compounds

    private func readList(
        _ results: OpenElement, from row: inout Int, _ facts: ChemStationXMLFacts, into output: AdapterOutput
    ) async throws {
        results.keepAttributes(in: &kept)
        while let group = try document.next(in: results) {
            guard group.name == "ResultsGroup" else {
                try document.keep(group, in: &kept)
                continue
            }
            group.keepAttributes(in: &kept)
            while let part = try document.nextWhole(in: group) {
                guard part.isNamed("Peak") else {
                    if part.isNamed("ResultsGroupDescription") { part.content?.describe() }
                    part.keepRest(in: &kept)
                    continue
                }
                row += 1
                if survey.taken.contains(row - 1) {
                    // Its numbers are those of a peak above.
                    _ = try? ChemStationXMLRow(part)
                } else {
                    let before = output.resultsLeftOut
                    let isContradicted = survey.contradicted.contains(row - 1)
                    try await output.emitResult(of: part) { try compound(part, facts, isContradicted) }
                    if output.resultsLeftOut == before, !isContradicted { tellAlone(part) }
                }
            }
        }
    }

    /// What only the list of compounds has.
    private func compound(_ element: Element, _ facts: ChemStationXMLFacts, _ isContradicted: Bool) throws -> ResultRecord {
        let row = try ChemStationXMLRow(element)
        let ordinal = ordinals[row.signal, default: 0] + 1
        ordinals[row.signal] = ordinal
        let signal = survey.signals.first { $0.description == row.signal }?.signal
        var result = ResultRecord(
            kind: row.isNotFound ? .compound : .peak, ordinal: ordinal, sample: facts.sample, position: facts.position,
            injection: facts.injection, signal: signal ?? Signal(name: row.signal.isEmpty ? nil : row.signal),
            analyte: row.analyte, measurements: row.measurements, flags: row.flags, extras: row.extras,
            location: element.location)
        result.flags.append(Flag(row.isNotFound ? "notFound" : isContradicted ? "contradictory" : "unmatched"))
        if row.isNotFound { result.makeAbsent(.notFound) { $0.standard != .expectedRetentionTime } }
        return result
    }

    private func tellAlone(_ element: Element) {
        guard (try? ChemStationXMLRow(element).isNotFound) == false else { return }
        source.account.report(
            element.fault(
                "chemstation-xml.unmatched",
                "no integrated peak of \"\(element.peek("SignalDesc"))\" that could be read has this retention time",
                severity: .warning, hint: "the row was read by itself; compare the file with ChemStation"))
    }
}
