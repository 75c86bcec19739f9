import Glibc
import IngestCore

/// The points of curves that stand beside each other in the rows of a file, kept until each can be written in one piece:
/// a trace is passed on whole, and its next point stands a row further on.
///
/// Memory is the same however many points there are: what fills the room of a curve goes to a nameless temporary file, and
/// a number of 8 bytes is kept for each such part.
final class CurveSpool {
    /// Doubles in memory, of all curves together: 2 MiB.
    private static let room = 1 << 18
    private let recent: UnsafeMutablePointer<Double>
    /// Doubles that a curve has in memory: two a point.
    private let part: Int
    private var held: [Int]
    /// Where in the file the parts of a curve begin, in bytes.
    private var parts: [[Int]]
    private var length = 0
    private var descriptor: CInt = -1

    init(curves: Int) {
        part = max(32, CurveSpool.room / max(1, curves)) & ~1
        recent = .allocate(capacity: part * curves)
        held = Array(repeating: 0, count: curves)
        parts = Array(repeating: [], count: curves)
    }

    deinit {
        recent.deallocate()
        if descriptor >= 0 { _ = close(descriptor) }
    }

    /// Adds a point to a curve.
    @inline(__always)
    func append(_ x: Double, _ y: Double, to curve: Int) throws {
        if held[curve] == part { try spill(curve) }
        let free = recent + (curve &* part &+ held[curve])
        free[0] = x
        free[1] = y
        held[curve] &+= 2
    }

    /// Calls `body` with the coordinates of all points of a curve, part by part.
    func forEachPart(of curve: Int, _ body: (UnsafeBufferPointer<Double>) throws -> Void) throws {
        if !parts[curve].isEmpty {
            let buffer = UnsafeMutableBufferPointer<Double>.allocate(capacity: part)
            defer { buffer.deallocate() }
            for start in parts[curve] {
                try read(into: UnsafeMutableRawBufferPointer(buffer), at: start)
                try body(UnsafeBufferPointer(buffer))
            }
        }
        try body(UnsafeBufferPointer(start: recent + curve * part, count: held[curve]))
    }

    private func spill(_ curve: Int) throws {
        if descriptor < 0 { descriptor = try TemporaryFile.nameless() }
        let full = UnsafeBufferPointer(start: recent + curve * part, count: part)
        try TemporaryFile.write(UnsafeRawBufferPointer(full), to: descriptor)
        parts[curve].append(length)
        length += 8 * part
        held[curve] = 0
    }

    private func read(into buffer: UnsafeMutableRawBufferPointer, at start: Int) throws {
        var done = 0
        while done < buffer.count {
            let count = pread(descriptor, buffer.baseAddress! + done, buffer.count - done, off_t(start + done))
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { throw TemporaryFile.noRoom("read") }
            done += count
        }
    }
}
