public import IngestCore

/// The curves of one or several inputs, and what was found wrong on the way.
public struct DoseResponseDataset: Sendable {
    /// In the order in which they first appear.
    public var curves: [DoseResponseSeries]
    public var diagnostics: [Diagnostic]
    /// Control wells that belong to no curve.
    public var controlWells: Int

    /// Cells taken at their bound.
    public var boundedCells: Int
    /// What has to be known of joined plates: how they were joined, and which readings are part of no curve. A sentence each.
    public var remarks: [String] = []

    public init(
        curves: [DoseResponseSeries], diagnostics: [Diagnostic] = [], controlWells: Int = 0, boundedCells: Int = 0
    ) {
        self.curves = curves
        self.boundedCells = boundedCells
        self.diagnostics = diagnostics
        self.controlWells = controlWells
    }

    /// Whether something stands in the way of fitting.
    public var isRefused: Bool { diagnostics.contains { $0.severity == .error } || curves.isEmpty }
}

extension DoseResponseDataset {
    /// Of several files: two curves of one name would be one to a reader, and nobody said that they are.
    public static func together(_ parts: [(file: String, dataset: DoseResponseDataset)]) -> DoseResponseDataset {
        var whole = DoseResponseDataset(curves: [])
        var files: [String: String] = [:]
        for (file, part) in parts {
            whole.controlWells += part.controlWells
            whole.boundedCells += part.boundedCells
            whole.remarks += part.remarks
            for curve in part.curves {
                let name = DatasetBuilder.shown(curve) + (curve.hours.map { " \($0)" } ?? "")
                if let other = files.updateValue(file, forKey: name) {
                    whole.diagnostics.append(
                        Diagnostic(
                            "ic50.duplicate-curve",
                            "the curve \"\(DatasetBuilder.shown(curve))\" stands in \(other) and in \(file)"
                                + (other == file ? " (the same name twice)" : ""),
                            at: SourceLocation(file: file),
                            hint: "rename one of them, or analyse the files in two commands; nothing was fitted"))
                }
                whole.curves.append(curve)
            }
        }
        return whole
    }
}

/// Sorts the wells of one file into curves, one after another.
public struct DatasetBuilder {
    private let options: DatasetOptions
    private var series: [SeriesKey: Int] = [:]
    private var curves: [DoseResponseSeries] = []
    private var units = DoseUnits()
    private var faults = DatasetFaults()
    private var controls = ControlWells()
    /// Names that have wells which are no controls.
    private var tested: Set<String> = []
    private var points = 0
    private var isReplicated = false, hasLogarithms = false
    /// Cells that were taken at their bound.
    private var bounded = 0
    private var wells = 0, dosed = 0, answered = 0
    private var file = ""
    private var named: [String] = []

    public init(_ options: DatasetOptions) {
        self.options = options
        named = options.responses
    }

    private struct SeriesKey: Hashable {
        var name: String, cell: String, hours: String, series: String
    }

    /// Names the file, before its wells.
    /// - Parameter responses: The named responses by their headings in this file; `nil` for those of the options.
    public mutating func begin(file: String, responses: [String]? = nil) {
        self.file = file
        named = responses ?? options.responses
    }

    /// - Throws: ``Diagnostic`` when there are more points than an analysis takes.
    public mutating func add(_ well: ObservedWell) throws {
        wells += 1
        let dose = dose(of: well)
        let responses = responses(of: well)
        if dose != nil { dosed += 1 }
        if well.readings.contains(where: { $0.isOwn && ResponseColumns.isLogarithm($0.name) }) { hasLogarithms = true }
        if !responses.isEmpty { answered += 1 }
        guard !repeats(responses, well) else { return }
        guard !hasTwoDoses(well) else { return }
        let isControl = well.role == "control" || well.role == "blank"
        if isControl || options.controls.map({ ControlWells.isMeant(well, by: $0) }) == true {
            controls.add(well, responses, name: name(of: well))
            if well.role != "control" || (dose?.value ?? 0) != 0 { return }
        } else {
            tested.insert(name(of: well))
        }
        guard let dose else { return }
        for response in responses { try take(response, at: dose, well, isControl) }
    }

    private func name(of well: ObservedWell) -> String { well.sample ?? well.analyte ?? "" }

    private func dose(of well: ObservedWell) -> ObservedWell.Reading? {
        if let named = well.readings.first(where: { !$0.isOwn && $0.name == MeasurementName.dose.rawValue }) { return named }
        // A column of logarithms is no dose, unless it is said to be one.
        return options.dosesAreLog10 ? well.readings.first { $0.isOwn && ResponseColumns.isLogarithm($0.name) } : nil
    }

    private func responses(of well: ObservedWell) -> [ObservedWell.Reading] {
        ResponseColumns.responses(well.readings, named: named)
    }

    /// Two columns of one heading would be one curve under one name, and nobody said that they are replicates.
    private mutating func repeats(_ responses: [ObservedWell.Reading], _ well: ObservedWell) -> Bool {
        guard responses.count > 1 else { return false }
        // `Rep 1`, `Rep 2`: columns of one curve, and said to be.
        isReplicated = responses.allSatisfy { $0.isOwn && ResponseColumns.isNumberedReplicate($0.name) }
        var seen: Set<String> = []
        for response in responses where !seen.insert(ResponseColumns.withoutNumber(response.name)).inserted {
            let heading = ResponseColumns.withoutNumber(response.name)
            faults.add(
                "ic50.duplicate-curve", "two columns are headed \"\(heading)\": they would be one curve",
                at: SourceLocation(file: file), once: heading,
                hint: "give each column a name of its own, or name the one that counts with --response")
            return true
        }
        return false
    }

    /// Of two columns of doses nobody knows which one was given.
    private mutating func hasTwoDoses(_ well: ObservedWell) -> Bool {
        guard well.readings.count(where: { !$0.isOwn && $0.name == MeasurementName.dose.rawValue }) > 1 else { return false }
        faults.add(
            "ic50.two-dose-columns", "there are two columns of doses", at: SourceLocation(file: file), once: file,
            hint: "name the one that counts with --dose")
        return true
    }

    private mutating func take(
        _ response: ObservedWell.Reading, at dose: ObservedWell.Reading, _ well: ObservedWell, _ isControl: Bool
    ) throws {
        let place = place(of: response, well)
        let what = response.isOwn ? response.name : well.signal ?? "response"
        guard let value = number(dose, "dose", well), let observed = number(response, what, well) else {
            if dose.value == nil || response.value == nil || options.isLenient { curves[place].rowsDropped += 1 }
            return
        }
        guard Swift.abs(observed) < DatasetOptions.largestResponse else {
            faults.add(
                "ic50.out-of-range", "the response \(response.written) is too large to be squared", at: line(of: well),
                hint: "state responses in a larger unit; nothing was fitted")
            return
        }
        guard let amount = units.amount(value, dose, place, options, &curves[place], &faults, well.location) else { return }
        points += 1
        guard points <= options.mostPoints else {
            throw Diagnostic(
                "ic50.too-many-points", "there are more than \(options.mostPoints) points", at: well.location,
                hint: "analyse the plates in several commands")
        }
        let weight = well.readings.first { $0.isOwn && $0.name.lowercased() == "weight" }?.value ?? 1
        guard weight >= 0 else {
            faults.add(
                "ic50.negative-weight", "the weight \(weight) is below 0", at: well.location, hint: "weights are 0 or above")
            return
        }
        curves[place].points.append(
            ReportedCurve.Point(
                dose: amount, response: observed, weight: weight,
                replicate: well.extras.first { ResponseColumns.isReplicate($0.heading) }?.text, place: well.place))
        if let plate = well.plate { curves[place].plates.append(plate) }
    }

    private mutating func place(of response: ObservedWell.Reading, _ well: ObservedWell) -> Int {
        let cell = well.extras.first { ResponseColumns.isCellLine($0.heading) }?.text
        let time = well.extras.first { ResponseColumns.isTime($0.heading) }
        let heading = isReplicated ? "response" : ResponseColumns.heading(of: response, in: well)
        let key = SeriesKey(name: name(of: well), cell: cell ?? "", hours: time?.text ?? "", series: heading)
        if let known = series[key] { return known }
        let hours = time.flatMap { ResponseColumns.hours($0.text, heading: $0.heading) } ?? ResponseColumns.hours(in: heading)
        var fresh = DoseResponseSeries(name: key.name, series: heading, cell: cell, hours: hours)
        fresh.responseUnit = response.unitWritten ?? response.unit?.code
        fresh.isPercent = ResponseColumns.isPercent(heading, response.unit)
        curves.append(fresh)
        series[key] = curves.count - 1
        return curves.count - 1
    }

    static func shown(_ curve: DoseResponseSeries) -> String {
        [curve.name, curve.cell ?? "", curve.series].filter { !$0.isEmpty }.joined(separator: " · ")
    }

    /// The line: the columns of a record are not those of its cells.
    private func line(of well: ObservedWell) -> SourceLocation {
        var location = well.location
        location.column = nil
        return location
    }

    /// The number of a cell; `nil` for a cell without one, and for one that only bounds it.
    private mutating func number(_ reading: ObservedWell.Reading, _ what: String, _ well: ObservedWell) -> Double? {
        guard let value = reading.value else { return nil }
        guard reading.bound != .exact else { return value }
        if options.usesBounds {
            bounded += 1
            return value
        }
        if !options.isLenient {
            faults.add(
                "ic50.bounded-value", "\"\(reading.written)\" in column \"\(what)\" is a bound and no number", at: line(of: well),
                hint: "give the measured value; --use-bounds takes the bound for it, --lenient goes on without the cell")
        }
        return nil
    }

    /// - Parameter leftOut: Rows that the reading could not use.
    public mutating func finish(leftOut: Int) -> DoseResponseDataset {
        var kept = curves
        if let wanted = options.controls {
            controls.normalize(&kept, wanted, file: file, &faults)
        }
        // Vehicle wells are points of a curve only where the same name has doses above 0.
        kept.removeAll { curve in !tested.contains(curve.name) && curve.points.allSatisfy { $0.dose == 0 } }
        if leftOut > 0, !options.isLenient {
            faults.add(
                "ic50.unreadable-rows", "\(leftOut) \(leftOut == 1 ? "row" : "rows") could not be read (named above)",
                at: SourceLocation(file: file),
                hint: "correct them, or go on without them with --lenient; nothing was fitted")
        } else if leftOut > 0, kept.count == 1 {
            kept[0].rowsDropped += leftOut
        }
        if kept.isEmpty, faults.isEmpty { addMissing() }
        return DoseResponseDataset(
            curves: kept, diagnostics: faults.list, controlWells: controls.count, boundedCells: bounded)
    }

    /// Why there is no curve at all.
    private mutating func addMissing() {
        let hint = "name the columns: --dose COLUMN --response COLUMN, and --curve COLUMN where there are several curves"
        let place = SourceLocation(file: file)
        if wells == 0 {
            faults.add("ic50.no-wells", "there is no row with a dose and a response", at: place, hint: hint)
        } else if dosed == 0 {
            faults.add(
                "ic50.no-dose", "none of the \(wells) rows has a dose", at: place,
                hint: hasLogarithms ? "a column of it holds logarithms: say so with --log10-doses" : hint)
        } else if answered == 0 {
            faults.add("ic50.no-response", "none of the \(wells) rows has a response", at: place, hint: hint)
        } else {
            faults.add("ic50.no-points", "no row has both a dose and a response", at: place, hint: hint)
        }
    }
}
