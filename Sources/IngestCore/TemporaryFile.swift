import Glibc

/// Files that have no name and are gone when they are closed.
package enum TemporaryFile {
    package static func nameless() throws -> CInt {
        let folder = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        var template = Array((folder + "/ingest-XXXXXX").utf8CString)
        let descriptor = mkstemp(&template)
        guard descriptor >= 0 else { throw noRoom() }
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        unlink(template)
        return descriptor
    }

    package static func write(_ bytes: ArraySlice<UInt8>, to descriptor: CInt) throws {
        try bytes.withUnsafeBytes { try write($0, to: descriptor) }
    }

    package static func write(_ bytes: UnsafeRawBufferPointer, to descriptor: CInt) throws {
        var done = 0
        while done < bytes.count {
            let count = Glibc.write(descriptor, bytes.baseAddress! + done, bytes.count - done)
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { throw noRoom() }
            done += count
        }
    }

    package static func noRoom(_ what: String = "written") -> Diagnostic {
        Diagnostic(
            "temporary.no-room", "a temporary file cannot be \(what): \(String(cString: strerror(errno)))",
            at: SourceLocation(file: "$TMPDIR"), hint: "make room there, or set TMPDIR to a folder that has some")
    }
}
