import Synchronization

/// Where an adapter's records go. It gives them their identity, checks them, and passes them on; an adapter never
/// learns to whom.
public struct AdapterOutput {
    public let account: ReadingAccount
    @usableFromInline let desk: Desk

    /// - Parameters:
    ///   - header: Writes what has to stand before the first record; called once, when the first one comes.
    ///   - check: Throws a ``Diagnostic`` for a result that cannot be.
    public init(
        for source: SourceFile, sink: any RecordSink, header: @escaping () async throws -> Void = {},
        check: @escaping (inout ResultRecord) throws -> Void = { _ in }
    ) {
        account = source.account
        desk = Desk(
            idPrefix: String(source.digest.sha256.prefix(16)), account: account, sink: sink, header: header, check: check)
    }

    // MARK: What adapters call

    /// Begins a run; results that follow belong to it. Once at least, before any result.
    public func begin(_ run: RunRecord) async throws {
        try await desk.open()
        var run = run
        desk.runs += 1
        if run.id.isEmpty { run.id = "r\(desk.runs)" }
        desk.run = run.id
        try await desk.sink.write(.run(run))
    }

    /// Emits a result; returns when the sink has taken it.
    public func emit(_ result: ResultRecord) async throws { try await emitResult { result } }

    /// Emits the result that `make` returns. A ``Diagnostic`` that it throws leaves out this result only; any other error,
    /// such as a ``FileFault``, stops the file.
    public func emitResult(_ make: () throws -> ResultRecord) async throws {
        var result: ResultRecord
        do {
            result = try make()
            try desk.accept(&result)
        } catch let diagnostic as Diagnostic {
            leaveOut(diagnostic)
            return
        }
        if try !desk.take(&result) { try await desk.write(result) }
    }

    /// Emits a result for each item that `next` gives, such as the rows of a table, until it gives none. The results differ
    /// in little: it is always the same record, which `fill` brings up to date in place. An item for which `fill` returns
    /// false makes no result; a ``Diagnostic`` that `fill` throws leaves out its result only, one that `next` throws stops
    /// the file.
    @inlinable
    public func emitResults<Item>(
        reusing result: inout ResultRecord, from next: () throws -> Item?,
        _ fill: (inout ResultRecord, Item) throws -> Bool
    ) async throws {
        while let item = try next() {
            do {
                guard try fill(&result, item) else { continue }
                try desk.accept(&result)
            } catch let diagnostic as Diagnostic {
                leaveOut(diagnostic)
                continue
            }
            if try !desk.take(&result) { try await desk.write(result) }
        }
    }

    /// Begins a trace; its points follow through the writer. Traces are passed on when the file has been read. An axis
    /// without a name is called `axis 1`, `axis 2` …
    public func trace(_ trace: TraceRecord) -> TraceWriter {
        var trace = trace
        trace.run = desk.run
        trace.file = desk.idPrefix
        for index in trace.axes.indices where trace.axes[index].name.isEmpty { trace.axes[index].name = "axis \(index + 1)" }
        return TraceWriter(store: desk.traces, index: desk.traces.begin(trace))
    }

    public func attach(_ attachment: AttachmentRecord) async throws {
        try await desk.open()
        desk.attachments.append(attachment)
    }

    /// Tells the user something; nothing is left out by it.
    public func report(_ diagnostic: Diagnostic) { account.report(diagnostic) }

    /// Counts a result as left out, for a reason.
    public func leaveOut(_ diagnostic: Diagnostic) {
        account.resultsLeftOut.add(1, ordering: .relaxed)
        account.report(diagnostic)
    }

    /// How many results were left out so far.
    public var resultsLeftOut: Int { account.resultsLeftOut.load(ordering: .relaxed) }

    /// Calls a record's line what it is: the first one of a file has to be written before any other.
    public func openIfNeeded() async throws { try await desk.open() }

    // MARK: What the pipeline calls

    public var counts: (results: Int, leftOut: Int, traces: Int, points: Int) {
        (desk.results, resultsLeftOut, desk.traces.count, desk.traces.points)
    }

    /// Passes on the traces and attachments that were kept back, so that the lines stand in their order.
    public func writeTracesAndAttachments() async throws {
        try await desk.open()
        for place in 0..<desk.traces.count {
            let (trace, start) = desk.traces[place]
            try await desk.sink.write(.trace(trace))
            let axes = trace.axes.count
            var from = 0
            while from < trace.count {
                let count = min(PointsRecord.most(axes: axes), trace.count - from)
                let values = try desk.traces.values(from: start + from * axes, count: count * axes)
                try await desk.sink.write(.points(PointsRecord(trace: trace.id, from: from, values: values, axes: axes)))
                from += count
            }
        }
        for (index, attachment) in desk.attachments.enumerated() {
            var attachment = attachment
            if attachment.id.isEmpty { attachment.id = "a\(index + 1)" }
            try await desk.sink.write(.attachment(attachment))
        }
    }

    /// The state behind the value that adapters hold; used from one task.
    @usableFromInline
    final class Desk {
        let idPrefix: String
        let account: ReadingAccount
        let sink: any RecordSink
        /// Changes nothing; a result is 700 bytes, and passed so it is not copied.
        let check: (inout ResultRecord) throws -> Void
        private var header: (() async throws -> Void)?
        let traces = TraceStore()
        var attachments: [AttachmentRecord] = []
        @exclusivity(unchecked) var run = ""
        var runs = 0
        @exclusivity(unchecked) var results = 0

        init(
            idPrefix: String, account: ReadingAccount, sink: any RecordSink, header: @escaping () async throws -> Void,
            check: @escaping (inout ResultRecord) throws -> Void
        ) {
            self.idPrefix = idPrefix
            self.account = account
            self.sink = sink
            self.header = header
            self.check = check
        }

        func open() async throws {
            guard let header else { return }
            self.header = nil
            try await header()
        }

        /// Passes on a result there and then; false, when the sink has to be waited for.
        @usableFromInline
        func take(_ result: inout ResultRecord) throws -> Bool { try sink.take(result) }

        @usableFromInline
        func write(_ result: ResultRecord) async throws { try await sink.write(.result(result)) }

        /// Checks a result and gives it its identity.
        @usableFromInline
        func accept(_ result: inout ResultRecord) throws {
            precondition(!run.isEmpty, "an adapter begins a run before its first result")
            try check(&result)
            if result.file.isEmpty { result.file = idPrefix }
            if result.run != run { result.run = run }
            let openLine = account.openLine.load(ordering: .relaxed)
            if openLine > 0, result.location.line == openLine { result.flags.append(Flag("lastLineOpen")) }
            results &+= 1
        }
    }
}

/// Takes the points of one trace. The trace it belongs to is the one begun last.
public struct TraceWriter {
    private let store: TraceStore
    private let index: Int

    init(store: TraceStore, index: Int) {
        self.store = store
        self.index = index
    }

    /// Adds a point of a trace with two axes.
    /// - Throws: A ``Diagnostic`` for a point that is no finite number, which then is not added; a ``FileFault`` when the
    ///   points cannot be kept, or the adapter has gone on to another trace.
    public func append(_ x: Double, _ y: Double) throws {
        guard store.takes(2, of: index), x.isFinite, y.isFinite else { throw store.refusal([x, y], of: index) }
        try store.append(x, y)
    }

    /// Adds points one after another, a coordinate for each axis.
    /// - Throws: As for one point; of points that are refused none is added.
    public func append(points coordinates: UnsafeBufferPointer<Double>) throws {
        try store.append(points: coordinates, to: index)
    }

    /// Adds a point with a coordinate for each axis.
    /// - Throws: As for two axes.
    public func append(_ point: [Double]) throws {
        guard store.takes(point.count, of: index), point.allSatisfy(\.isFinite) else {
            throw store.refusal(point, of: index)
        }
        try store.appendPoint(point)
    }

    public var count: Int { store[index].record.count }

    /// Changes what is said of the trace after its points were seen, such as a flag.
    public func change(_ edit: (inout TraceRecord) -> Void) { store.change(index, edit) }
}
