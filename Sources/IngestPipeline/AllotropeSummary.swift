import IngestCore

/// What an Allotrope document says of its file as a whole: kept until the end, for it comes in pieces before, between and
/// after the results.
struct AllotropeSummary {
    var source: SourceRecord?
    var runs: [RunRecord] = []
    var attachments: [AttachmentRecord] = []
    var diagnostics: [Diagnostic] = []

    /// Runs are asked for in file order, nearly always for the last.
    func run(_ id: String) -> RunRecord? { runs.last { $0.id == id } }

    /// What stands for the place of a record in the identifiers of a run that has none.
    func place(ofRun id: String) -> String { String((source?.file.sha256 ?? "").prefix(16)) + "-" + id }

    func describe(run id: String, inFull: Bool) -> CustomInformation {
        var custom = CustomInformation()
        custom.add("run identifier", id)
        guard inFull, let run = run(id) else { return custom }
        custom.add("run name", run.name)
        custom.add("sequence name", run.sequence)
        // The aggregate document speaks of the first run's instrument and software.
        if run.instrument != runs.first?.instrument, let instrument = run.instrument {
            custom.add("instrument name", instrument.name)
            custom.add("instrument manufacturer", instrument.vendor)
            custom.add("instrument model", instrument.model)
            custom.add("instrument serial number", instrument.serial)
        }
        if run.software != runs.first?.software, let software = run.software {
            custom.add("software name", software.name)
            custom.add("software version", software.version)
        }
        for method in run.methods { custom.add("\(method.role.rawValue) method identifier", method.name) }
        for time in run.times { custom.add("\(time.role.rawValue) time", time.time) }
        custom.add(run.extras)
        return custom
    }

    /// Writes the documents that follow the runs.
    func write(_ end: EndRecord, digest: String, to json: JSONStream) {
        let software = runs.first?.software, instrument = runs.first?.instrument
        json.key("data system document")
        json.beginObject()
        json.text("ASM converter name", source.map { "ingest " + $0.adapter.name } ?? "ingest")
        json.text("ASM converter version", source.map { "\($0.adapter.version)" })
        json.text("data system instance identifier", AllotropeSubject.notStated)
        json.text("file name", source?.file.name)
        json.text("software name", software?.name)
        json.text("software version", software?.version)
        account(end, digest: digest).write(to: json)
        json.end()

        json.key("device system document")
        json.beginObject()
        json.text("asset management identifier", instrument?.name ?? AllotropeSubject.notStated)
        json.text("product manufacturer", instrument?.vendor)
        json.text("model number", instrument?.model)
        json.text("equipment serial number", instrument?.serial)
        json.end()
    }

    /// Which bytes were read, on which assumptions, and what became of them.
    private func account(_ end: EndRecord, digest: String) -> CustomInformation {
        var custom = CustomInformation()
        if let source {
            custom.add("file SHA-256", source.file.sha256)
            custom.add("file size", count: source.file.bytes, unit: "byte")
            custom.add("file members", source.members.map(describe))
            custom.add("file format", source.format)
            custom.add("recognized by", source.recognized)
            add(source.assumptions, to: &custom)
        }
        custom.add("records form", RecordLines.form)
        custom.add("records digest", digest)
        custom.add("results", count: end.results)
        custom.add("results left out", count: end.leftOut)
        custom.add("traces", count: end.traces)
        custom.add("points", count: end.points)
        custom.add("values", count: end.coverage.values)
        custom.add("values measured", count: end.coverage.measured)
        custom.add("values described", count: end.coverage.described)
        custom.add("values kept as extras", count: end.coverage.extras)
        custom.add("values ignored", count: end.coverage.ignored)
        custom.add("values left out", count: end.coverage.leftOut)
        custom.add("complete", end.completeness.verdict.rawValue)
        custom.add("complete because", end.completeness.why)
        custom.add(
            "attachments",
            attachments.map {
                [("identifier", $0.id)] + describe($0.file) + [
                    ("media type", $0.mediaType), ("role", $0.role.rawValue),
                ]
            })
        custom.add(
            "diagnostics",
            diagnostics.map {
                [
                    ("severity", $0.severity.rawValue), ("code", $0.code), ("message", $0.message),
                    ("at", $0.location.description), ("field", $0.location.field), ("hint", $0.hint),
                ]
            })
        return custom
    }

    private func describe(_ file: FileDigest) -> [(String, String?)] {
        [("name", file.name), ("bytes", "\(file.bytes)"), ("SHA-256", file.sha256)]
    }

    private func add(_ assumptions: Assumptions, to custom: inout CustomInformation) {
        func add(_ name: String, _ choice: Assumptions.Choice?) {
            guard let choice else { return }
            custom.add(name, choice.value.map { "\($0) (\(choice.why))" } ?? choice.why)
        }
        add("encoding", assumptions.encoding)
        add("decimal mark", assumptions.decimalMark)
        add("date order", assumptions.dateOrder)
        add("time zone", assumptions.timeZone)
        add("missing values", assumptions.missing)
    }
}
