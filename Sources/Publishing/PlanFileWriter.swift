import Digests
import Glibc
public import IngestCore

/// Writes a plan as a stream; the file appears under its name whole or not at all, readable to its owner only.
public final class PlanFileWriter {
    private let path: String
    private let temporary: String
    private let descriptor: CInt
    private let digest = MessageDigest()
    private let buffer = LineBuffer()
    private var things = 0
    private var isFinished = false

    /// - Parameter path: A file that is there is replaced; where a link stands, what it leads to.
    /// - Throws: `Diagnostic` `plan.unwritable`, here and from every other call.
    public init(path given: String, header: JSONValue) throws {
        var path = given
        var status = stat()
        if stat(given, &status) == 0 {
            guard status.st_mode & S_IFMT == S_IFREG else {
                throw PlanFile.fault("unwritable", "a plan cannot be saved there: it is not a file", given, "name a file")
            }
            if let resolved = realpath(given, nil) {
                path = String(cString: resolved)
                free(resolved)
            }
        }
        let slash = path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex
        var template = Array("\(path[..<slash]).\(path[slash...]).XXXXXX".utf8CString)
        self.path = path
        descriptor = mkstemp(&template)  // Of mode 600.
        temporary = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        guard descriptor >= 0 else { throw failure("created") }
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        try add(["form": .string(PlanFile.form), "header": header])
    }

    deinit {
        guard descriptor >= 0, !isFinished else { return }
        close(descriptor)
        unlink(temporary)
    }

    /// Adds the line of one thing.
    public func write(_ thing: JSONValue) throws {
        things += 1
        try add(thing)
    }

    /// Adds the end line and makes the file appear, durably. Nothing can be added afterwards.
    public func finish() throws {
        try add(["type": "end", "things": .number(Double(things)), "digest": .string(digest.hexadecimal())], isEnd: true)
        try flush()
        guard fsync(descriptor) == 0 else { throw failure("written") }
        guard rename(temporary, path) == 0 else { throw failure("put in place") }
        isFinished = true
        close(descriptor)
        let folder = open(path.lastIndex(of: "/").map { String(path[...$0]) } ?? ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { throw failure("put in place") }
        defer { close(folder) }
        guard fsync(folder) == 0 else { throw failure("put in place") }
    }

    private func add(_ value: JSONValue, isEnd: Bool = false) throws {
        var line = value.text + "\n"
        try line.withUTF8 { text in
            guard text.count <= PlanFile.longestLine else {
                throw PlanFile.fault(
                    "line-too-long",
                    "thing \(things) of the plan takes \(text.count) bytes; \(PlanFile.longestLine) are the most",
                    path, "nothing was saved")
            }
            let bytes = UnsafeRawBufferPointer(text)
            if !isEnd { digest.update(bytes) }
            buffer.append(bytes)
        }
        if buffer.count > 1 << 20 { try flush() }
    }

    private func flush() throws {
        var rest = buffer.bytes
        while !rest.isEmpty {
            let count = Glibc.write(descriptor, rest.baseAddress!, rest.count)
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { throw failure("written") }
            rest = UnsafeRawBufferPointer(rebasing: rest[count...])
        }
        buffer.removeAll()
    }

    private func failure(_ what: String) -> Diagnostic {
        PlanFile.fault(
            "unwritable", "the plan cannot be \(what): \(PlanFile.reason)", path, "choose another place; nothing was left behind")
    }
}
