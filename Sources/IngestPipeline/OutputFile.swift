import Glibc
import IngestCore

/// Where bytes go: standard output, or a file that appears under its name only when it is whole.
public final class OutputFile {
    private let descriptor: CInt
    private let path: String?
    private let temporary: String?
    private var isFinished = false

    /// Writes to an open descriptor, which stays open.
    public init(descriptor: CInt) {
        self.descriptor = descriptor
        path = nil
        temporary = nil
    }

    /// Writes beside `path` under another name until ``finish()``. Where a link stands, what it leads to is replaced;
    /// a device or a pipe cannot be, and is written to.
    public init(path given: String) throws {
        var status = stat()
        var path = given
        if stat(given, &status) == 0 {
            if status.st_mode & S_IFMT != S_IFREG {
                self.path = given
                temporary = nil
                descriptor = open(given, O_WRONLY | O_CLOEXEC)
                guard descriptor >= 0 else { throw failure("opened") }
                return
            }
            if let resolved = realpath(given, nil) {
                path = String(cString: resolved)
                free(resolved)
            }
        }
        let folder = path.contains("/") ? String(path[...path.lastIndex(of: "/")!]) : ""
        var template = Array((folder + "." + SourceOpener.lastName(path) + ".XXXXXX").utf8CString)
        descriptor = mkstemp(&template)
        self.path = path
        temporary = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        guard descriptor >= 0 else { throw failure("created") }
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        fchmod(descriptor, 0o666 & ~OutputFile.creationMask)
    }

    deinit {
        guard path != nil, descriptor >= 0, !isFinished else { return }
        close(descriptor)
        if let temporary { unlink(temporary) }
    }

    /// A file without a name, open for writing and reading; gone when it is closed.
    public static func nameless() throws -> CInt { try TemporaryFile.nameless() }

    public func write(_ bytes: UnsafeRawBufferPointer) throws {
        var done = 0
        while done < bytes.count {
            let count = Glibc.write(descriptor, bytes.baseAddress! + done, bytes.count - done)
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { throw failure("written") }
            done += count
        }
    }

    /// Makes the file appear, durably.
    public func finish() throws {
        guard let path, let temporary, !isFinished else { return }
        guard fsync(descriptor) == 0 else { throw failure("written") }
        guard rename(temporary, path) == 0 else { throw failure("put in place") }
        isFinished = true
        close(descriptor)
    }

    private func hint(_ reason: CInt) -> String {
        let cure =
            switch reason {
            case ENOSPC, EDQUOT, EFBIG: "make room, or choose another place"
            case ENOENT, ENOTDIR: "the folder has to be there: make it first, or choose another place"
            default: "choose another place"
            }
        return temporary == nil
            ? "what was written is not whole and is not to be used; \(cure)"
            : "nothing of it was left behind; \(cure) with -o"
    }

    private func failure(_ what: String) -> Diagnostic {
        Diagnostic(
            "output.unwritable", "the output cannot be \(what): \(String(cString: strerror(errno)))",
            at: SourceLocation(file: path.map(SourceOpener.lastName) ?? "standard output"),
            hint: hint(errno))
    }

    private static let creationMask: mode_t = {
        let mask = umask(0)
        umask(mask)
        return mask
    }()
}
