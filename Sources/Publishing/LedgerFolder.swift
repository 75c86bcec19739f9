import Glibc

/// The folder of the ledger, closed to others.
enum LedgerFolder {
    /// Makes what is missing; what is there keeps its mode.
    static func prepare(_ folder: String, file: String) throws {
        try make(folder)
        try make(folder + "/holds")
        // SQLite gives its log the mode of the file, and would itself make the file readable to all.
        let descriptor = open(file, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw LedgerFault.unwritable(String(cString: strerror(errno)), path: file) }
        close(descriptor)
    }

    private static func make(_ folder: String) throws {
        if mkdir(folder, 0o700) == 0 { return try keepEntry(of: folder) }
        var reason = errno
        if reason == ENOENT, let slash = folder.dropFirst().lastIndex(of: "/") {
            try make(String(folder[..<slash]))
            if mkdir(folder, 0o700) == 0 { return try keepEntry(of: folder) }
            reason = errno  // It may have been made by another process in the meantime.
        }
        var status = stat()
        if reason == EEXIST {
            if stat(folder, &status) == 0, status.st_mode & S_IFMT == S_IFDIR { return }
            reason = ENOTDIR
        }
        throw LedgerFault.unwritable("\(folder) cannot be made: \(String(cString: strerror(reason)))", path: folder)
    }

    /// A file that is on disk is lost with a folder that is not.
    private static func keepEntry(of folder: String) throws {
        let parent = open(folder + "/..", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        let isKept = parent >= 0 && fsync(parent) == 0
        let reason = errno
        if parent >= 0 { close(parent) }
        // Some file systems do not sync folders, and those that cannot do not need to; others' folders may not be open to us.
        guard isKept || reason == EINVAL || reason == EACCES else {
            throw LedgerFault.unwritable("\(folder) cannot be made lasting: \(String(cString: strerror(reason)))", path: folder)
        }
    }
}
