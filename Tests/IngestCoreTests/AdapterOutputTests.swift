import IngestTesting
import Testing

@testable import IngestCore

/// What becomes of the records an adapter hands over: their order, their identity, and what is left out.
struct AdapterOutputTests {
    /// Keeps what it is given.
    final class Keeper: RecordSink {
        var records: [Record] = []
        func write(_ record: Record) async throws { records.append(record) }
        func finish() async throws {}

        var kinds: [String] {
            records.map {
                switch $0 {
                case .source: "source"
                case .run(let run): "run \(run.id)"
                case .result(let result): "result \(result.run)"
                case .trace(let trace): "trace \(trace.run) \(trace.count)"
                case .points(let points): "points \(points.from)+\(points.values.count / max(1, points.axes))"
                case .attachment(let attachment): "attachment \(attachment.id)"
                case .diagnostic: "diagnostic"
                case .end: "end"
                }
            }
        }
        var results: [ResultRecord] { records.compactMap { if case .result(let result) = $0 { result } else { nil } } }
        var traces: [TraceRecord] { records.compactMap { if case .trace(let trace) = $0 { trace } else { nil } } }
        func points(of trace: String) -> [Double] {
            var values: [Double] = []
            for case .points(let points) in records where points.trace == trace { values += points.values }
            return values
        }
    }

    private let sink = Keeper()
    private let source = SourceFile(
        name: "x.csv", digest: FileDigest(name: "x.csv", bytes: 3, sha256: "0123456789abcdef0123456789abcdef"),
        content: .bytes(Array("a,b".utf8)),
        opening: SourceOpening(name: "x.csv", bytes: Array("a,b".utf8)), account: ReadingAccount())

    private func place(_ line: Int, member: String? = nil) -> IngestCore.SourceLocation {
        IngestCore.SourceLocation(file: "x.csv", member: member, line: line, column: 1)
    }
    private func result(_ line: Int, index: Int = 1) -> ResultRecord {
        ResultRecord(kind: .peak, measurements: [], location: place(line), index: index)
    }

    private static let twoAxes: [TraceRecord.Axis] = [.init("time", unit: .minute), .init("absorbance")]

    @Test func `of a row of items each makes a result, or none, or is left out`() async throws {
        let output = AdapterOutput(
            for: source, sink: sink, check: { if $0.ordinal == 4 { throw Diagnostic("no.four", "no", at: $0.location) } })
        try await output.begin(RunRecord())
        var line = 0
        var record = result(1)
        try await output.emitResults(
            reusing: &record,
            from: {
                line += 1
                return line <= 6 ? line : nil
            },
            { record, line in
                if line == 2 { return false }
                if line == 3 { throw Diagnostic("no.three", "no", at: self.place(line)) }
                record.ordinal = line
                record.location = self.place(line)
                return true
            })
        #expect(sink.results.map(\.ordinal) == [1, 5, 6])
        #expect(sink.results.allSatisfy { $0.run == "r1" && $0.file == "0123456789abcdef" })
        #expect(output.account.takeDiagnostics().map(\.code) == ["no.three", "no.four"])
        #expect(output.counts.leftOut == 2)
    }

    @Test func `an axis without a name is called by its number`() async throws {
        let output = AdapterOutput(for: source, sink: sink)
        try await output.begin(RunRecord())
        _ = output.trace(TraceRecord(axes: [.init(""), .init("absorbance"), .init("")], location: place(1)))
        try await output.writeTracesAndAttachments()
        #expect(sink.traces.first?.axes.map(\.name) == ["axis 1", "absorbance", "axis 3"])
    }

    @Test func `a fault in getting the next item stops the file`() async throws {
        let output = AdapterOutput(for: source, sink: sink)
        try await output.begin(RunRecord())
        var record = result(1)
        await #expect(throws: Diagnostic.self) {
            try await output.emitResults(
                reusing: &record, from: { () throws -> Int? in throw Diagnostic("cut", "cut", at: self.place(9)) },
                { _, _ in true })
        }
        #expect(sink.results.isEmpty && output.counts.leftOut == 0)
    }

    @Test func `a sink that takes results at once is not given them again`() async throws {
        final class Hasty: RecordSink {
            var taken: [Int?] = []
            var written = 0
            func write(_ record: Record) async throws { if case .result = record { written += 1 } }
            func take(_ result: borrowing ResultRecord) throws -> Bool {
                taken.append(result.location.line)
                return taken.count % 2 == 1
            }
            func finish() async throws {}
        }
        let hasty = Hasty()
        let output = AdapterOutput(for: source, sink: hasty)
        try await output.begin(RunRecord())
        for line in 1...4 { try await output.emit(result(line)) }
        #expect(hasty.taken == [1, 2, 3, 4] && hasty.written == 2)
    }

    @Test func `records come in their order, whatever the order they were handed over`() async throws {
        let first = SourceRecord(
            file: source.digest, members: [], adapter: AdapterIdentity("x", version: 1, instrument: ""), format: "",
            recognized: "", assumptions: Assumptions())
        let output = AdapterOutput(for: source, sink: sink, header: { [sink] in sink.records.append(.source(first)) })
        #expect(sink.records.isEmpty)
        try await output.begin(RunRecord(name: "first"))
        let early = output.trace(TraceRecord(axes: Self.twoAxes, location: place(1)))
        try early.append(0, 1)
        try await output.attach(AttachmentRecord(file: source.digest, mediaType: "text/csv", role: .source))
        try await output.emit(result(2))
        try await output.begin(RunRecord(name: "second"))
        try await output.emit(result(3))
        let late = output.trace(TraceRecord(axes: Self.twoAxes, location: place(4)))
        try late.append(0, 2)
        try late.append(1, 3)
        try await output.emit(result(9))
        try await output.writeTracesAndAttachments()
        #expect(
            sink.kinds == [
                "source", "run r1", "result r1", "run r2", "result r2", "result r2", "trace r1 1", "points 0+1",
                "trace r2 2", "points 0+2", "attachment a1",
            ])
        let counts = output.counts
        #expect([counts.results, counts.leftOut, counts.traces, counts.points] == [3, 0, 2, 3])
    }

    @Test func `the first line is written once, even when nothing else is`() async throws {
        let opened = Keeper()
        let output = AdapterOutput(for: source, sink: sink, header: { opened.records.append(.run(RunRecord())) })
        try await output.openIfNeeded()
        try await output.openIfNeeded()
        try await output.begin(RunRecord())
        try await output.writeTracesAndAttachments()
        #expect(opened.records.count == 1)
        #expect(sink.kinds == ["run r1"])
    }

    @Test func `an id is the digest and the place`() async throws {
        let output = AdapterOutput(for: source, sink: sink)
        try await output.begin(RunRecord())
        try await output.emit(result(14))
        try await output.emit(result(14, index: 7))
        try await output.emit(ResultRecord(kind: .peak, measurements: [], location: place(3, member: "REPORT01.CSV")))
        #expect(
            sink.results.map(\.id) == [
                "0123456789abcdef-14.1", "0123456789abcdef-14.7", "0123456789abcdef-REPORT01.CSV:3.1",
            ])
        #expect(sink.results.map(\.run) == ["r1", "r1", "r1"])
    }

    @Test func `a diagnostic leaves out its result alone, any other error stops the file`() async throws {
        let output = AdapterOutput(for: source, sink: sink)
        try await output.begin(RunRecord())
        try await output.emitResult { throw Diagnostic("table.not-a-number", "no", at: place(2)) }
        try await output.emit(result(3))
        #expect(source.account.takeDiagnostics().map(\.code) == ["table.not-a-number"])
        #expect(output.counts.results == 1 && output.counts.leftOut == 1)
        await #expect(throws: FileFault.self) {
            try await output.emitResult { throw FileFault(Diagnostic("a.b", "no", at: place(4))) }
        }
        await #expect(throws: CancellationError.self) { try await output.emitResult { throw CancellationError() } }
        #expect(output.counts.leftOut == 1)
        #expect(sink.results.map(\.location.line) == [3])
    }

    @Test func `a result the check refuses is left out and reported`() async throws {
        let output = AdapterOutput(
            for: source, sink: sink,
            check: { if $0.ordinal == 2 { throw Diagnostic("record.impossible-value", "no", at: $0.location) } })
        try await output.begin(RunRecord())
        for ordinal in 1...3 {
            try await output.emit(
                ResultRecord(kind: .peak, ordinal: ordinal, measurements: [], location: place(ordinal)))
        }
        #expect(sink.results.map(\.ordinal) == [1, 3])
        #expect(source.account.takeDiagnostics().map(\.code) == ["record.impossible-value"])
        #expect(output.counts.leftOut == 1)
    }

    @Test(arguments: [0, 1, 4095, 4096, 4097, 8192, 10_000])
    func `points come in parts of at most 4096`(count: Int) async throws {
        let output = AdapterOutput(for: source, sink: sink)
        try await output.begin(RunRecord())
        let writer = output.trace(TraceRecord(axes: Self.twoAxes, location: place(5)))
        for index in 0..<count { try writer.append(Double(index), Double(index) / 7) }
        #expect(writer.count == count)
        try await output.writeTracesAndAttachments()
        let parts = stride(from: 0, to: count, by: 4096).map { "points \($0)+\(min(4096, count - $0))" }
        #expect(sink.kinds == ["run r1", "trace r1 \(count)"] + parts)
        var expected: [Double] = []
        for index in 0..<count { expected += [Double(index), Double(index) / 7] }
        #expect(sink.points(of: "0123456789abcdef-5.1") == expected)
    }

    @Test func `points beyond memory are the same points`() async throws {
        let output = AdapterOutput(for: source, sink: sink)
        try await output.begin(RunRecord())
        // Traces that end before, on and behind the border of 2^18 doubles, with two and with three axes.
        let lengths = [60_000, 71_072, 1, 0, 150_000, 3, 90_001]
        var expected: [[Double]] = []
        var random = SeededGenerator(seed: 9)
        for (number, length) in lengths.enumerated() {
            let axes = number % 2 == 0 ? Self.twoAxes : Self.twoAxes + [.init("third")]
            let writer = output.trace(TraceRecord(axes: axes, location: place(number + 1)))
            var values: [Double] = []
            for _ in 0..<length {
                let point = axes.map { _ in random.anyDouble() }
                if axes.count == 2 { try writer.append(point[0], point[1]) } else { try writer.append(point) }
                values += point
            }
            expected.append(values)
        }
        try await output.writeTracesAndAttachments()
        #expect(sink.traces.map(\.count) == lengths)
        for (number, values) in expected.enumerated() {
            let points = sink.points(of: "0123456789abcdef-\(number + 1).1")
            #expect(points.map(\.bitPattern) == values.map(\.bitPattern), "trace \(number)")
        }
        #expect(output.counts.points == lengths.reduce(0, +))
    }

    @Test func `what is said of a trace can change until it is passed on`() async throws {
        let output = AdapterOutput(for: source, sink: sink)
        try await output.begin(RunRecord())
        let first = output.trace(TraceRecord(axes: Self.twoAxes, location: place(1)))
        try first.append(1, 2)
        let second = output.trace(TraceRecord(axes: Self.twoAxes, location: place(2)))
        first.change { $0.flags.append(Flag("lastLineOpen")) }
        second.change { $0.extras.add("a", "b") }
        #expect(first.count == 1 && second.count == 0)
        try await output.writeTracesAndAttachments()
        #expect(sink.traces.map(\.flags.count) == [1, 0])
        #expect(sink.traces.map(\.extras.count) == [0, 1])
    }

    @Test func `a point for a trace that another has followed is refused, not given to the other`() async throws {
        let output = AdapterOutput(for: source, sink: sink)
        try await output.begin(RunRecord())
        let first = output.trace(TraceRecord(axes: Self.twoAxes, location: place(1)))
        let second = output.trace(TraceRecord(axes: Self.twoAxes, location: place(2)))
        #expect(throws: FileFault.self) { try first.append(1, 2) }
        #expect(throws: FileFault.self) { try first.append([1, 2]) }
        try second.append(3, 4)
        #expect(first.count == 0 && second.count == 1)
    }

    @Test func `a point with too few or too many coordinates is refused`() async throws {
        let output = AdapterOutput(for: source, sink: sink)
        try await output.begin(RunRecord())
        let three = output.trace(TraceRecord(axes: Self.twoAxes + [.init("third")], location: place(1)))
        #expect(throws: FileFault.self) { try three.append(1, 2) }
        #expect(throws: FileFault.self) { try three.append([1, 2]) }
        #expect(throws: FileFault.self) { try three.append([1, 2, 3, 4]) }
        try three.append([1, 2, 3])
        try await output.writeTracesAndAttachments()
        #expect(sink.points(of: "0123456789abcdef-1.1") == [1, 2, 3])
    }

    @Test(arguments: [Double.nan, .infinity, -.infinity])
    func `a point that is no finite number is refused alone`(value: Double) async throws {
        let output = AdapterOutput(for: source, sink: sink)
        try await output.begin(RunRecord())
        let trace = output.trace(TraceRecord(axes: Self.twoAxes, location: place(1)))
        #expect(throws: Diagnostic.self) { try trace.append(value, 2) }
        #expect(throws: Diagnostic.self) { try trace.append(1, value) }
        #expect(throws: Diagnostic.self) { try trace.append([1, value]) }
        try trace.append(1, 2)
        #expect(trace.count == 1)
    }
}
