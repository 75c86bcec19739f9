public import IngestCore

/// The curves of one or several inputs, and what was found wrong on the way.
public struct DoseResponseDataset: Sendable {
    /// In the order in which they first appear.
    public var curves: [DoseResponseSeries]
    public var diagnostics: [Diagnostic]
    /// Control wells that belong to no curve.
    public var controlWells: Int

    public init(curves: [DoseResponseSeries], diagnostics: [Diagnostic] = [], controlWells: Int = 0) {
        self.curves = curves
        self.diagnostics = diagnostics
        self.controlWells = controlWells
    }

    /// Whether something stands in the way of fitting.
    public var isRefused: Bool { diagnostics.contains { $0.severity == .error } || curves.isEmpty }
}

/// Sorts wells into curves, one after another.
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
    private var wells = 0, dosed = 0, answered = 0
    private var file = ""
    private var named: [String] = []
    private var filesOfKeys: [SeriesKey: String] = [:]

    public init(_ options: DatasetOptions) {
        self.options = options
        named = options.responses
    }

    private struct SeriesKey: Hashable {
        var file: String, name: String, cell: String, hours: String, series: String
    }

    /// The wells that follow are of this file.
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
        if !responses.isEmpty { answered += 1 }
        guard !repeats(responses, well) else { return }
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

    private mutating func take(
        _ response: ObservedWell.Reading, at dose: ObservedWell.Reading, _ well: ObservedWell, _ isControl: Bool
    ) throws {
        let place = place(of: response, well)
        guard let value = number(dose, "dose", well), let observed = number(response, response.name, well) else {
            if dose.value == nil || response.value == nil || options.isLenient { curves[place].rowsDropped += 1 }
            return
        }
        guard let amount = units.amount(value, dose, place, options, &curves[place], &faults, well.location) else { return }
        points += 1
        guard points <= DatasetOptions.mostPoints else {
            throw Diagnostic(
                "ic50.too-many-points", "there are more than \(DatasetOptions.mostPoints) points", at: well.location,
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
        let heading = response.isOwn ? response.name : well.signal ?? response.name
        let key = SeriesKey(file: file, name: name(of: well), cell: cell ?? "", hours: time?.text ?? "", series: heading)
        if let known = series[key] { return known }
        let hours = time.flatMap { ResponseColumns.hours($0.text, heading: $0.heading) } ?? ResponseColumns.hours(in: heading)
        var fresh = DoseResponseSeries(name: key.name, series: heading, cell: cell, hours: hours)
        fresh.responseUnit = response.unitWritten ?? response.unit?.code
        fresh.isPercent = ResponseColumns.isPercent(heading, response.unit)
        curves.append(fresh)
        series[key] = curves.count - 1
        var anywhere = key
        anywhere.file = ""
        if let other = filesOfKeys[anywhere], other != file {
            faults.add(
                "ic50.duplicate-curve",
                "the curve \"\(Self.shown(fresh))\" stands in \(other) and in \(file): they would be two curves of one name",
                at: SourceLocation(file: file), hint: "rename one of them, or analyse the files in two commands")
        }
        filesOfKeys[anywhere] = file
        return curves.count - 1
    }

    static func shown(_ curve: DoseResponseSeries) -> String {
        [curve.name, curve.cell ?? "", curve.series].filter { !$0.isEmpty }.joined(separator: " · ")
    }

    /// The number of a cell; `nil` for a cell without one, and for one that only bounds it.
    private mutating func number(_ reading: ObservedWell.Reading, _ what: String, _ well: ObservedWell) -> Double? {
        guard let value = reading.value else { return nil }
        guard reading.bound != .exact, !options.usesBounds else { return value }
        if !options.isLenient {
            faults.add(
                "ic50.bounded-value", "\"\(reading.written)\" in column \"\(what)\" is a bound and no number", at: well.location,
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
        return DoseResponseDataset(curves: kept, diagnostics: faults.list, controlWells: controls.count)
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
                hint: hint + "; a column of logarithms needs --log10-doses")
        } else if answered == 0 {
            faults.add("ic50.no-response", "none of the \(wells) rows has a response", at: place, hint: hint)
        } else {
            faults.add("ic50.no-points", "no row has both a dose and a response", at: place, hint: hint)
        }
    }
}
