public import IngestCore
import StreamingXML

/// Reads the experiments that BD FACSDiva 6 and later exports as XML (flow cytometry).
///
///     <bdfacs version="Version 6.2"><experiment name="Spleen panel">
///       <specimen name="Batch 12"><tube name="CD4+ FITC">
///         <data_filename>502.fcs</data_filename><data_begin_date>2024-10-14T15:14:10</data_begin_date> …
///         <instrument_settings><parameter name="FITC-A"><voltage>437</voltage>
///             <compensation><compensation_coefficient>1.0</compensation_coefficient> …
///         <gates><gate fullname="All Events\P1" type="Region_Classifier"><name>P1</name><num_events>8210</num_events>
///             <parent>All Events</parent><region xparm="FSC-A" yparm="SSC-A"><points><point x="100.5" y="20.25"/> …
///         <statistics_calculations><calculation_schedule gate="All Events\P1" parameter="FITC-A">
///             <calculation formula="Median" value="118.5"/> …
///
/// - Each experiment is a ``RunRecord``. Each tube becomes a result of kind `sample` with its settings, lasers, keywords and
///   compensation among the extras; the sample is named like the tube, its batch is the specimen.
/// - Each gate becomes a result of kind `gate` with the count of its events; the analyte is the gate, its `id` the path
///   (`All Events\P1`), for names repeat. Its region is among the extras. Statistics are results of the same kind, with the
///   parameter as signal.
/// - Gates of a recorded tube may all hold 0 events: the export was made without the data. Where `All Events` is 0 and the
///   tube does not say that it ended at tick 0, there is no count. `NaN` is no value either.
/// - Gates of worksheet templates hold what was last acquired, of whatever tube, and are ignored; so is how worksheets,
///   plots and gates are drawn.
/// - A gate has no more events than its parent; gates, parents and the coefficients of a compensation are checked.
///
/// Known from an experiment of FACSDiva 6.2 that the public converter allotropy is tested with.
public struct FACSDivaAdapter: InstrumentAdapter {
    public init() {}
    public let identity = AdapterIdentity("xml.facsdiva", version: 1, instrument: "BD FACSDiva 6 experiment XML")

    public func recognize(_ opening: SourceOpening) -> Recognition {
        guard let start = XMLOpening(opening), start.root.name == "bdfacs", start.root.namespace == nil else { return .no }
        return .certain(because: "the outermost element is <bdfacs>")
    }

    public func read(_ source: SourceFile, into output: AdapterOutput) async throws {
        // Instrument and operator stand in the tubes, the loader behind them, and the run comes first.
        var runs = try Self.runs(source)
        let document = try ElementReader(source, missing: ["NaN": .invalid])
        source.account.name(format: Self.format(document.root))
        var told = RunRecord()
        document.root.keepAttributes(in: &told.extras)
        var isBegun = false
        while let experiment = try document.next(in: document.root) {
            guard experiment.name == "experiment", !runs.isEmpty else {
                try document.keep(experiment, in: &told.extras)
                continue
            }
            var run = runs.removeFirst()
            run.extras = run.extras.withoutFolders
            try await output.begin(run)
            isBegun = true
            try await read(experiment, of: run, document, output)
        }
        if !isBegun {
            document.tellNoResults("experiment")
            try await output.begin(RunRecord(software: Self.software(document.root), extras: told.extras))
        }
        try document.finish()
    }

    private func read(
        _ experiment: OpenElement, of run: RunRecord, _ document: ElementReader, _ output: AdapterOutput
    ) async throws {
        var told = RunRecord()
        FACSDivaExperiment.take(experiment, into: &told)
        let repeats = Repeats("facsdiva.repeated-tube", flag: "repeatedTube")
        while let part = try document.next(in: experiment) {
            guard part.name == "specimen" else {
                if let element = try document.whole(part) { FACSDivaExperiment.take(element, into: &told, isSurvey: false) }
                continue
            }
            let batch = part.attribute("name")?.string()
            let place = part.location
            var about = Extras(), late = Extras()
            part.keepAttributes(in: &about)
            var tubes = 0
            while let open = try document.next(in: part) {
                guard let element = try document.whole(open) else { continue }
                guard element.isNamed("tube") else {
                    if tubes == 0 {
                        FACSDivaSettings.keep(element, in: &about, under: "specimen")
                    } else {
                        FACSDivaSettings.keep(element, in: &late, under: "specimen")
                    }
                    continue
                }
                tubes += 1
                // A tube that was not recorded names no file.
                let file = PrivateText.fileName(element.peek("data_filename"))
                let flag =
                    file.isEmpty
                    ? nil : repeats.note([file], "the tube of the data file \"\(file)\"", at: element.location, output.account)
                try await FACSDivaTube(element, batch: batch, run: run, about, flag, output).read()
            }
            // What a specimen says is told with its tubes; what stands behind them, or has none, by itself.
            let rest = tubes == 0 ? about : late
            if !rest.isEmpty {
                try await output.emit(
                    ResultRecord(kind: .sample, sample: Sample(batch: batch), measurements: [], extras: rest, location: place))
            }
        }
    }

    // MARK: Ahead

    private static func software(_ root: OpenElement) -> RunRecord.Software {
        let version = root.attribute("version")?.string().map { $0.hasPrefix("Version ") ? String($0.dropFirst(8)) : $0 }
        return .init(name: "FACSDiva", version: version)
    }

    private static func format(_ root: OpenElement) -> String {
        "FACSDiva" + (software(root).version.map { " \($0)" } ?? "")
    }

    private static func runs(_ source: SourceFile) throws -> [RunRecord] {
        let document = try ElementReader(source, survey: true)
        let software = software(document.root)
        var runs: [RunRecord] = []
        var about = Extras()
        document.root.keepAttributes(in: &about)
        while let experiment = try document.next(in: document.root) {
            guard experiment.name == "experiment" else {
                try document.keep(experiment, in: &about)
                continue
            }
            var run = RunRecord(software: software)
            FACSDivaExperiment.take(experiment, into: &run)
            while let part = try document.next(in: experiment) {
                if part.name == "specimen" {
                    while run.instrument == nil, let tube = try document.nextWhole(in: part) {
                        if tube.isNamed("tube") { FACSDivaExperiment.note(tube, in: &run) }
                    }
                } else if let element = try document.whole(part) {
                    FACSDivaExperiment.take(element, into: &run, isSurvey: true)
                }
            }
            runs.append(run)
        }
        try document.finish()
        return runs.map {
            var run = $0
            run.extras = about
            run.extras.add($0.extras)
            return run
        }
    }
}

/// What an experiment says of itself, besides its specimens.
enum FACSDivaExperiment {
    static func take(_ experiment: OpenElement, into run: inout RunRecord) {
        run.name = experiment.attribute("name")?.string()
        experiment.keepAttributes(in: &run.extras)
    }

    /// A survey does not tell what is wrong, for the document is read once more.
    static func take(_ element: Element, into run: inout RunRecord, isSurvey: Bool) {
        switch element.name {
        case "worksheet_config": element.ignore("how worksheets and plots are drawn")
        case "acquisition_worksheets": element.ignore("templates of worksheets, whose gates are of no tube")
        case "export_time":
            guard let value = element.content else { break }
            let time = isSurvey ? try? value.timestamp() : value.time("facsdiva", orKeptIn: &run.extras)
            if let time {
                run.times.append(.init(.reported, time))
            } else if let text = value.extra() {
                run.extras.add(element.name, text)
            }
        case "owner_name":
            let owner = isSurvey ? element.content?.string() : element.content?.person("facsdiva")
            if let owner, !PrivateText.isAccount(owner) { run.extras.add(element.name, owner) }
        default: FACSDivaSettings.keep(element, in: &run.extras, under: "", isSurvey: isSurvey)
        }
        element.keepRest(in: &run.extras, under: element.name)
    }

    /// Instrument and operator of the first tube.
    static func note(_ tube: Element, in run: inout RunRecord) {
        run.instrument = .init(
            name: tube.string("data_instrument_name"), vendor: "BD", model: tube.string("data_instrument_type"),
            serial: tube.string("data_instrument_serial_number"))
        run.operatorName = tube.string("record_user").flatMap { PrivateText.isAccount($0) ? nil : $0 }
    }
}
