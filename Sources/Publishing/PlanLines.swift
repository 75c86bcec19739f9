import Glibc

/// The lines of a plan, each with its end, one at a time.
final class PlanLines {
    private let path: String
    private let descriptor: CInt
    private var window: [UInt8] = []
    private var position = 0
    private var number = 0

    init(_ path: String) throws {
        self.path = path
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure() }
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    /// `nil` at the end; the last line may be without its line end.
    func next() throws -> [UInt8]? {
        var line: [UInt8] = []
        while true {
            if position == window.count, try !fill() { return line.isEmpty ? nil : line }
            let rest = window[position...]
            if let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
                line += rest[...end]
                position = end + 1
                number += 1
                return line
            }
            line += rest
            position = window.count
            guard line.count <= PlanFile.longestLine else {
                throw PlanFile.fault(
                    "line-too-long", "this line is longer than \(PlanFile.longestLine) bytes", path, line: number + 1,
                    "it is no plan of ingest")
            }
        }
    }

    private func fill() throws -> Bool {
        position = 0
        window = try [UInt8](unsafeUninitializedCapacity: 1 << 18) { buffer, filled in
            var count = read(descriptor, buffer.baseAddress, buffer.count)
            while count < 0 && errno == EINTR { count = read(descriptor, buffer.baseAddress, buffer.count) }
            guard count >= 0 else { throw failure() }
            filled = count
        }
        return !window.isEmpty
    }

    private func failure() -> any Error {
        PlanFile.fault("unreadable", "the plan cannot be read: \(PlanFile.reason)", path, "see whether the file is there")
    }
}
