import Glibc
import IngestCore
import Synchronization

/// A file locked by `flock`: the kernel lets go when the process ends, however it ends. Two tasks of one process exclude
/// each other too, as each opens the file for itself.
final class LockFile: LedgerHold {
    private let path: String
    private let descriptor: Mutex<CInt?>

    /// Takes the lock if nobody has it.
    /// - Throws: `ledger.no-locks` where the file system has no locks, `ledger.unwritable`.
    init?(taking path: String) throws {
        while true {
            let file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
            guard file >= 0 else { throw LedgerFault.unwritable(String(cString: strerror(errno)), path: path) }
            guard try LockFile.lock(file, path) else {
                close(file)
                return nil
            }
            // Whoever held it may have removed the file after it was opened here: then this lock excludes nobody.
            guard LockFile.stands(path, as: file) else {
                close(file)
                continue
            }
            self.path = path
            descriptor = Mutex(file)
            LockFile.sign(file)
            return
        }
    }

    deinit { release() }

    func release() {
        descriptor.withLock { file in
            guard let open = file else { return }
            unlink(path)  // While it is locked; one that stays behind, as after a crash, is taken over.
            close(open)
            file = nil
        }
    }

    /// Takes a lock that others hold for milliseconds at most.
    static func waitingBriefly(for path: String) throws -> LockFile {
        let deadline = ContinuousClock.now + .seconds(10)
        while true {
            if let lock = try LockFile(taking: path) { return lock }
            guard ContinuousClock.now < deadline else { throw LedgerFault.openedTooLong(path: path) }
            usleep(2000)
        }
    }

    /// What is known of who holds it: `process 4711 has been publishing it since 10:31:05`.
    static func holder(of path: String) -> String {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        defer { if file >= 0 { close(file) } }
        var bytes = [UInt8](repeating: 0, count: 64)
        let count = file >= 0 ? pread(file, &bytes, bytes.count, 0) : 0
        let parts = String(decoding: bytes.prefix(max(count, 0)), as: UTF8.self).split(whereSeparator: \.isWhitespace)
        // Released or not yet signed in the moment between.
        guard parts.count == 2, let since = time_t(parts[1]) else { return "another process has just begun to publish it" }
        return "process \(parts[0]) has been publishing it since \(Now.clock(since))"
    }

    private static func sign(_ file: CInt) {
        // Only for the words of whoever waits: a lock without it holds as well.
        ftruncate(file, 0)
        let text = Array("\(getpid()) \(time(nil))\n".utf8)
        _ = pwrite(file, text, text.count, 0)
    }

    private static func lock(_ file: CInt, _ path: String) throws -> Bool {
        while flock(file, LOCK_EX | LOCK_NB) != 0 {
            let reason = errno
            switch reason {
            case EINTR: continue
            case EWOULDBLOCK: return false
            default:
                close(file)
                throw LedgerFault.noLocks(String(cString: strerror(reason)), path: path)
            }
        }
        return true
    }

    private static func stands(_ path: String, as file: CInt) -> Bool {
        var named = stat(), held = stat()
        return stat(path, &named) == 0 && fstat(file, &held) == 0 && named.st_ino == held.st_ino && named.st_dev == held.st_dev
    }
}
