import Glibc

/// The points of the traces of one file, kept until all of them are read: in memory while they are few, in a nameless
/// temporary file beyond that. A trace states its count before its points, and the count is known only at the end.
final class TraceStore {
    /// Doubles held in memory before they are spilled: 2 MiB.
    static let inMemory = 1 << 18

    @exclusivity(unchecked) private var kept = KeptTraces()
    /// The doubles in memory, with room for one more point of any number of axes.
    private let recent: UnsafeMutablePointer<Double>
    @exclusivity(unchecked) private var held = 0
    @exclusivity(unchecked) private var axes = 0
    /// Points of the trace begun last.
    @exclusivity(unchecked) private var current = 0
    private var spilled = 0
    private var descriptor: CInt = -1

    init() { recent = .allocate(capacity: TraceStore.inMemory) }

    deinit {
        recent.deallocate()
        if descriptor >= 0 { _ = close(descriptor) }
    }

    private var total: Int { spilled + held }

    /// How many traces there are so far.
    var count: Int { kept.count }

    /// A trace with its count, and where in all doubles it starts.
    subscript(trace: Int) -> (record: TraceRecord, start: Int) {
        settle()
        return (kept[trace].record, kept[trace].start)
    }

    /// Of all traces.
    var points: Int {
        settle()
        return (0..<kept.count).reduce(0) { $0 + kept[$1].count }
    }

    private func settle() {
        if kept.count > 0 { kept[kept.count - 1].count = current }
    }

    /// Begins a trace; its number, from 0.
    func begin(_ trace: TraceRecord) -> Int {
        settle()
        kept.append(trace, start: total)
        current = 0
        axes = trace.axes.count
        return kept.count - 1
    }

    /// Whether a point of so many coordinates can be added to that trace: the one begun last, with as many axes.
    @inline(__always)
    func takes(_ coordinates: Int, of trace: Int) -> Bool { trace == kept.count &- 1 && coordinates == axes }

    /// Why a point was refused.
    func refusal(_ point: [Double], of trace: Int) -> any Error {
        let record = kept[trace].record
        guard takes(point.count, of: trace) else {
            return FileFault(
                Diagnostic(
                    "adapter.wrong-trace",
                    "a point of \(point.count) coordinates came for a trace of \(record.axes.count) axes, "
                        + "number \(trace + 1) of \(kept.count)", at: record.location,
                    hint: "this is a fault of the adapter, not of the file; please report it"))
        }
        return Diagnostic(
            "record.impossible-value", "a point of this trace is no finite number: \(point)", at: record.location,
            hint: "this point was left out; compare it with the instrument")
    }

    @inline(__always)
    func append(_ x: Double, _ y: Double) throws {
        if held &+ 2 > TraceStore.inMemory { try spill() }
        recent[held] = x
        recent[held &+ 1] = y
        held &+= 2
        current &+= 1
    }

    func append(points: UnsafeBufferPointer<Double>, to trace: Int) throws {
        guard trace == kept.count - 1, axes > 0, points.count % axes == 0, points.allSatisfy(\.isFinite) else {
            throw refusal(Array(points), of: trace)
        }
        var rest = points[...]
        while !rest.isEmpty {
            if held == TraceStore.inMemory { try spill() }
            let part = rest.prefix(TraceStore.inMemory - held)
            _ = UnsafeMutableBufferPointer(start: recent + held, count: part.count).update(fromContentsOf: part)
            held += part.count
            rest = rest.dropFirst(part.count)
        }
        current += points.count / axes
    }

    func appendPoint(_ values: [Double]) throws {
        for value in values {
            if held == TraceStore.inMemory { try spill() }
            recent[held] = value
            held += 1
        }
        current += 1
    }

    func change(_ index: Int, _ edit: (inout TraceRecord) -> Void) {
        settle()
        kept[index].change(edit)
    }

    private func spill() throws {
        if descriptor < 0 { descriptor = try TemporaryFile.nameless() }
        try TemporaryFile.write(UnsafeRawBufferPointer(UnsafeBufferPointer(start: recent, count: held)), to: descriptor)
        spilled += held
        held = 0
    }

    /// The doubles from `start` on.
    func values(from start: Int, count: Int) throws -> [Double] {
        try [Double](unsafeUninitializedCapacity: count) { buffer, filled in
            let fromFile = max(0, min(count, spilled - start))
            var done = 0
            while done < fromFile * 8 {
                let read = pread(
                    descriptor, UnsafeMutableRawPointer(buffer.baseAddress!) + done, fromFile * 8 - done, off_t(start * 8 + done))
                if read < 0 && errno == EINTR { continue }
                guard read > 0 else { throw TemporaryFile.noRoom("read") }
                done += read
            }
            for index in fromFile..<count { buffer.initializeElement(at: index, to: recent[start + index - spilled]) }
            filled = count
        }
    }
}
