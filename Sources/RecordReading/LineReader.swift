import Digests
import Glibc
import IngestCore

/// The lines of a file one after another, in memory of the longest of them.
final class LineReader {
    /// The longest line of a records file, in bytes.
    static let longest = 8 << 20

    let path: String
    private let descriptor: CInt
    private var buffer: UnsafeMutableBufferPointer<UInt8>
    /// The bytes read and not yet given out.
    private var start = 0, end = 0
    private var isAtEnd = false
    /// Of the line given last, from 1.
    private(set) var number = 0
    /// What the file was when it was opened.
    let identity: FileIdentity

    init(path: String) throws {
        self.path = path
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw LineReader.unreadable(path, errno) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            let code = errno
            close(descriptor)
            throw LineReader.unreadable(path, code)
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw Diagnostic(
                "records.unreadable", "not a regular file", at: SourceLocation(file: path),
                hint: "records are read twice, so a pipe or a folder will not do; name a file that \"ingest read -o\" wrote")
        }
        identity = FileIdentity(status)
        buffer = .allocate(capacity: 1 << 18)
    }

    deinit {
        buffer.deallocate()
        close(descriptor)
    }

    /// Whether the open file is what it was: same size, same time of change.
    var isUnchanged: Bool {
        var status = stat()
        return fstat(descriptor, &status) == 0 && FileIdentity(status) == identity
    }

    /// The next line with its line end, if it has one; `nil` behind the last. Valid until the next call.
    func next() throws -> UnsafeBufferPointer<UInt8>? {
        var searched = start
        while true {
            if let found = memchr(buffer.baseAddress! + searched, 0x0A, end - searched) {
                let behind = buffer.baseAddress!.distance(to: found.assumingMemoryBound(to: UInt8.self)) + 1
                return try line(until: behind)
            }
            searched = end
            if isAtEnd { return start == end ? nil : try line(until: end) }
            searched -= try fill()
        }
    }

    private func line(until behind: Int) throws -> UnsafeBufferPointer<UInt8> {
        number += 1
        guard behind - start <= LineReader.longest else { throw tooLong() }
        defer { start = behind }
        return UnsafeBufferPointer(rebasing: buffer[start..<behind])
    }

    private func tooLong() -> Diagnostic {
        Diagnostic(
            "records.line-too-long", "a line longer than \(LineReader.longest) bytes",
            at: SourceLocation(file: path, line: number), hint: RecordsFile.readAgain)
    }

    /// Reads on behind what is there.
    /// - Returns: By how much what was there moved to the front.
    private func fill() throws -> Int {
        let moved = start
        if start > 0 {
            memmove(buffer.baseAddress!, buffer.baseAddress! + start, end - start)
            end -= start
            start = 0
        }
        if end == buffer.count {
            guard end <= LineReader.longest else {
                number += 1
                throw tooLong()
            }
            let wider = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: buffer.count * 2)
            memcpy(wider.baseAddress!, buffer.baseAddress!, end)
            buffer.deallocate()
            buffer = wider
        }
        while true {
            let count = read(descriptor, buffer.baseAddress! + end, buffer.count - end)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw LineReader.unreadable(path, errno) }
            if count == 0 { isAtEnd = true }
            end += count
            return moved
        }
    }

    private static func unreadable(_ path: String, _ code: CInt) -> Diagnostic {
        Diagnostic(
            "records.unreadable", "cannot be read: \(String(cString: strerror(code)))", at: SourceLocation(file: path),
            hint: "name a records file that \"ingest read -o\" wrote")
    }
}

/// What tells whether a file is still the one that was checked.
struct FileIdentity: Sendable, Hashable {
    let device: UInt64, inode: UInt64, size: Int64, seconds: Int, nanoseconds: Int

    init(_ status: stat) {
        device = UInt64(status.st_dev)
        inode = UInt64(status.st_ino)
        size = Int64(status.st_size)
        seconds = status.st_mtim.tv_sec
        nanoseconds = status.st_mtim.tv_nsec
    }
}
