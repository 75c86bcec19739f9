public import IngestCore

/// Reads one source from its opening to its end line.
public struct IngestRun: Sendable {
    public let adapters: [any InstrumentAdapter]
    public var wish: Detection.Wish
    public var given: GivenAssumptions
    /// How much is read at a time; only tests change it.
    public var chunkLength = 1 << 18

    public init(
        adapters: [any InstrumentAdapter], wish: Detection.Wish = .anything, given: GivenAssumptions = GivenAssumptions()
    ) {
        self.adapters = adapters
        self.wish = wish
        self.given = given
    }

    /// What came of a source.
    public struct Outcome: Sendable {
        public var detection: Detection?
        public var source: SourceRecord?
        /// Missing when the reading failed: nothing of it is to be used.
        public var end: EndRecord?
        public var diagnostics: [Diagnostic]
        /// How many diagnostics more there were than are kept.
        public var furtherDiagnostics = 0

        /// An outcome of a source that could not even be opened.
        public init(diagnostics: [Diagnostic]) { self.diagnostics = diagnostics }

        /// 0 everything read, 1 read but rows were left out or something else was an error, 2 nothing usable.
        public var status: Int32 {
            guard let end, end.completeness.verdict != .no else { return 2 }
            return end.leftOut > 0 || diagnostics.contains { $0.severity == .error } ? 1 : 0
        }
    }

    /// Reads `opened` and writes its records to `sink`; never throws for a fault of the file, which is in the outcome.
    /// - Parameter account: Takes what is learned on the side; a fresh one for each reading.
    /// - Throws: `CancellationError`.
    public func read(
        _ opened: OpenedSource, into sink: any RecordSink, account: ReadingAccount = ReadingAccount()
    ) async throws -> Outcome {
        var outcome = Outcome(diagnostics: [])
        defer { account.letGo() }
        do {
            let (detection, opened) = try Detection.decide(on: opened, among: adapters, wish: wish)
            outcome.detection = detection
            for fault in opened.faults {
                account.report(fault.part(of: opened.name))
                account.contradict("\(fault.member ?? opened.name) was not unpacked")
            }
            let adapter = detection.chosen.adapter
            let companions = (adapter as? any CompanionReading)?.companions(of: opened.opening) ?? []
            let source = try opened.source(
                companions: companions, given: given, account: account, chunkLength: chunkLength)
            let end = try await read(source, with: adapter, because: detection.chosen.because, into: sink, &outcome)
            if end.results + end.leftOut + end.traces == 0, adapter.recognize(opened.opening) == .no {
                throw Diagnostic(
                    "detect.nothing-found", "\(adapter.identity.name) finds nothing in this file that it knows",
                    at: source.location(),
                    hint: "nothing of it was used; ingest detect shows which adapter recognises it, --adapter insists on one")
            }
            outcome.end = end
            try await sink.write(.end(end))
            try await sink.finish()
        } catch let diagnostic as Diagnostic {
            outcome.diagnostics += account.takeDiagnostics() + [diagnostic]
            outcome.end = nil
        } catch let fault as FileFault {
            outcome.diagnostics += account.takeDiagnostics() + [fault.diagnostic]
            outcome.end = nil
        }
        outcome.furtherDiagnostics = account.droppedDiagnostics
        return outcome
    }

    private func read(
        _ source: SourceFile, with adapter: any InstrumentAdapter, because: String, into sink: any RecordSink,
        _ outcome: inout Outcome
    ) async throws -> EndRecord {
        let account = source.account
        let validator = RecordValidator()
        let header = HeaderBox()
        let output = AdapterOutput(
            for: source, sink: sink,
            header: {
                let record = SourceRecord(
                    file: source.digest, members: source.parts, adapter: adapter.identity,
                    format: account.format ?? adapter.identity.instrument, recognized: because,
                    assumptions: account.assumptions)
                header.record = record
                try await sink.write(.source(record))
            }, check: { try validator.check(&$0) })
        defer { outcome.source = header.record }
        try await adapter.read(source, into: output)
        try await output.openIfNeeded()
        if account.unfinishedReaders > 0 {
            throw Diagnostic(
                "adapter.unread-rest", "the adapter stopped before the end of the file", at: source.location(),
                hint: "this is a fault of the adapter \(adapter.identity.name), not of the file; please report it")
        }
        try await attachSource(source, to: output)
        try await output.writeTracesAndAttachments()

        var diagnostics = account.takeDiagnostics()
        if output.counts.results + output.counts.leftOut + output.counts.traces == 0,
            !diagnostics.contains(where: { $0.severity > .note })
        {
            diagnostics.append(
                Diagnostic(
                    .warning, "records.none", "nothing is measured in this file: it has no result and no trace",
                    at: source.location(), hint: "if the instrument measured something, the file was cut: export it again"))
        }
        outcome.diagnostics = diagnostics
        for diagnostic in diagnostics { try await sink.write(.diagnostic(diagnostic)) }
        let counts = output.counts
        let coverage = account.coverage
        guard coverage.addsUp else {
            throw Diagnostic(
                "adapter.coverage", "the cells of the file do not add up: \(coverage)", at: source.location(),
                hint: "this is a fault of ours, not of the file; please report it")
        }
        return EndRecord(
            results: counts.results, leftOut: counts.leftOut, traces: counts.traces, points: counts.points,
            coverage: coverage, completeness: account.completeness)
    }

    /// The source is always attached; of a bundle, each of its files.
    private func attachSource(_ source: SourceFile, to output: AdapterOutput) async throws {
        let isFolder = !source.members.isEmpty && (source.parts.count > 1 || !source.isUnpacked)
        for file in isFolder ? source.parts : [source.digest] {
            try await output.attach(AttachmentRecord(file: file, mediaType: MediaType.of(file.name), role: .source))
        }
    }

    private final class HeaderBox { var record: SourceRecord? }
}

/// The media type of a file by its ending: a label for people and browsers, never a decision.
enum MediaType {
    static func of(_ name: String) -> String {
        switch name.lowercased().split(separator: ".").last {
        case "csv": "text/csv"
        case "tsv", "tab": "text/tab-separated-values"
        case "xml": "application/xml"
        case "zip": "application/zip"
        case "gz": "application/gzip"
        case "txt", "arw", "asc": "text/plain"
        default: "application/octet-stream"
        }
    }
}
