import Glibc

/// What one container may unpack to, with everything nested in it: enough for any run, too little for a bomb.
struct ArchiveBounds: Sendable {
    static let mostBytes = 8 << 30
    /// A sequence of an `.rslt` has 21 files an injection, most of them in archives.
    static let mostFiles = 4000
    /// An archive in an archive is two deep.
    static let deepest = 4
    /// Deflate reaches 1,032 to 1 on zeros alone; the result archives we have seen unpack to less than ten times their
    /// size. What is small may be all zeros.
    static let mostExpansion = 500
    static let unmeasured = 64 << 20

    private var bytes = 0
    private var files = 0
    private var allowance = 0

    /// Of an archive of that many bytes, and what is nested in it.
    init(archiveOf size: Int) { admit(archiveOf: size) }

    /// Of the archives in a folder, each of which is admitted by its own size.
    init() {}

    mutating func admit(archiveOf size: Int) {
        allowance = bytes + max(ArchiveBounds.unmeasured, size * ArchiveBounds.mostExpansion)
    }

    mutating func take(bytes count: Int) throws(ArchiveFault) {
        bytes += count
        guard bytes <= ArchiveBounds.mostBytes else {
            throw ArchiveFault(.beyondBounds, "this unpacks to more than \(ArchiveBounds.mostBytes >> 30) GiB")
        }
        guard bytes <= allowance else {
            throw ArchiveFault(
                .beyondBounds, "this unpacks to more than \(ArchiveBounds.mostExpansion) times its size, as only a bomb does")
        }
    }

    mutating func takeFile() throws(ArchiveFault) {
        files += 1
        // Each is an open file, and the usual limit of a process is 1024.
        if files == 500 { ArchiveBounds.allowOpenFiles() }
        guard files <= ArchiveBounds.mostFiles else {
            throw ArchiveFault(.beyondBounds, "this holds more than \(ArchiveBounds.mostFiles) files")
        }
    }

    private static func allowOpenFiles() {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
        let wanted = rlim_t(2 * mostFiles)
        guard limit.rlim_cur < wanted else { return }
        limit.rlim_cur = min(wanted, limit.rlim_max)
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }
}
