import Glibc

/// The points of the traces of one file, kept until all of them are read: in memory while they are few, in a nameless
/// temporary file beyond that. A trace states its count before its points, and the count is known only at the end.
final class TraceStore {
    /// Doubles held in memory before they are spilled: 2 MiB.
    static let inMemory = 1 << 18

    private(set) var traces: [(record: TraceRecord, start: Int)] = []
    private var recent: [Double] = []
    private var axes = 0
    private var spilled = 0
    private var descriptor: CInt = -1
    private(set) var points = 0

    deinit { if descriptor >= 0 { _ = close(descriptor) } }

    var total: Int { spilled + recent.count }

    func begin(_ trace: TraceRecord) {
        traces.append((trace, total))
        axes = trace.axes.count
    }

    /// Whether a point of so many coordinates can be added to that trace: the one begun last, with as many axes.
    @inline(__always)
    func takes(_ coordinates: Int, of trace: Int) -> Bool { trace == traces.count &- 1 && coordinates == axes }

    /// Why a point was refused.
    func refusal(_ point: [Double], of trace: Int) -> any Error {
        let location = traces[trace].record.location
        guard takes(point.count, of: trace) else {
            return FileFault(
                Diagnostic(
                    "adapter.wrong-trace",
                    "a point of \(point.count) coordinates came for a trace of \(traces[trace].record.axes.count) axes, "
                        + "number \(trace + 1) of \(traces.count)", at: location,
                    hint: "this is a fault of the adapter, not of the file; please report it"))
        }
        return Diagnostic(
            "record.impossible-value", "a point of this trace is no finite number: \(point)", at: location,
            hint: "this point was left out; compare it with the instrument")
    }

    func append(_ values: UnsafeBufferPointer<Double>) throws {
        recent.append(contentsOf: values)
        if recent.count >= TraceStore.inMemory { try spill() }
    }

    @inline(__always)
    func append(_ x: Double, _ y: Double) throws {
        recent.append(x)
        recent.append(y)
        traces[traces.count - 1].record.count += 1
        points += 1
        if recent.count >= TraceStore.inMemory { try spill() }
    }

    func appendPoint(_ values: [Double]) throws {
        try values.withUnsafeBufferPointer { try append($0) }
        traces[traces.count - 1].record.count += 1
        points += 1
    }

    func change(_ index: Int, _ edit: (inout TraceRecord) -> Void) { edit(&traces[index].record) }

    private func spill() throws {
        if descriptor < 0 { descriptor = try TraceStore.temporaryFile() }
        try recent.withUnsafeBytes { bytes in
            var done = 0
            while done < bytes.count {
                let count = Glibc.write(descriptor, bytes.baseAddress! + done, bytes.count - done)
                if count < 0 && errno == EINTR { continue }
                guard count > 0 else { throw TraceStore.failure("writing") }
                done += count
            }
        }
        spilled += recent.count
        recent.removeAll(keepingCapacity: true)
    }

    /// The doubles from `start` on.
    func values(from start: Int, count: Int) throws -> [Double] {
        try [Double](unsafeUninitializedCapacity: count) { buffer, filled in
            let fromFile = max(0, min(count, spilled - start))
            var done = 0
            while done < fromFile * 8 {
                let read = pread(descriptor, UnsafeMutableRawPointer(buffer.baseAddress!) + done, fromFile * 8 - done, off_t(start * 8 + done))
                if read < 0 && errno == EINTR { continue }
                guard read > 0 else { throw TraceStore.failure("reading") }
                done += read
            }
            for index in fromFile..<count { buffer.initializeElement(at: index, to: recent[start + index - spilled]) }
            filled = count
        }
    }

    private static func temporaryFile() throws -> CInt {
        let folder = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        var template = Array((folder + "/ingest-XXXXXX").utf8CString)
        let descriptor = mkstemp(&template)
        guard descriptor >= 0 else { throw failure("creating") }
        unlink(template)
        return descriptor
    }

    private static func failure(_ doing: String) -> Diagnostic {
        Diagnostic(
            "traces.no-room", "\(doing) a temporary file for the points failed: \(String(cString: strerror(errno)))",
            at: SourceLocation(file: "$TMPDIR"), hint: "make room there, or set TMPDIR to a folder that has some")
    }
}
