import Glibc

/// Files that are gone when they are done with, readable by nobody else.
package enum TemporaryFile {
    /// A file without a name, which is gone when it is closed.
    package static func nameless() throws -> CInt {
        let (descriptor, path) = try named()
        unlink(path)
        return descriptor
    }

    /// For what wants a path: whoever makes it removes it.
    package static func named() throws -> (descriptor: CInt, path: String) {
        let folder = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        var template = Array((folder + "/ingest-XXXXXX").utf8CString)
        let descriptor = mkstemp(&template)
        guard descriptor >= 0 else { throw noRoom() }
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        return (descriptor, template.withUnsafeBufferPointer { String(cString: $0.baseAddress!) })
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
