import GRDB
import IngestCore

/// What can be wrong with the ledger, in words people can act on.
enum LedgerFault {
    static func diagnostic(_ error: DatabaseError, path: String) -> Diagnostic {
        let said = error.message ?? "\(error.resultCode)"
        switch error.resultCode {
        case .SQLITE_CORRUPT, .SQLITE_NOTADB: return damaged(said, path: path)
        case .SQLITE_READONLY, .SQLITE_CANTOPEN, .SQLITE_PERM, .SQLITE_AUTH: return unwritable(said, path: path)
        case .SQLITE_FULL:
            return fault("no-room", "there is no room for the ledger: \(said)", path, room)
        case .SQLITE_IOERR:
            return fault("unwritable", "the ledger cannot be read or written: \(said)", path, room)
        case .SQLITE_BUSY, .SQLITE_LOCKED:
            return fault(
                "busy", "another process has been writing the ledger for too long: \(said)", path,
                "see what that process is doing (fuser \(path)); then run the same command again")
        default:
            return fault(
                "failed", "the ledger did not take an entry (\(error.resultCode)): \(said)", path,
                "nothing of that entry was kept; this is a bug of ours, please report it")
        }
    }

    static func damaged(_ what: String, path: String) -> Diagnostic {
        fault(
            "damaged", "the ledger is damaged: \(what)", path,
            """
            nothing was published, as it cannot be known what was published before; \
            put back a copy of \(path) (with its -wal file, if there is one), or look at it with sqlite3 \(path) .recover
            """)
    }

    static func unwritable(_ what: String, path: String) -> Diagnostic {
        fault(
            "unwritable", "the ledger cannot be written: \(what)", path,
            "nothing was published; make the folder writable, or set INGEST_HOME to another one")
    }

    static func foreign(path: String) -> Diagnostic {
        fault(
            "foreign", "this SQLite file is not a ledger of ingest", path,
            "it was left as it is; move it away, or set INGEST_HOME to another folder")
    }

    static func newer(_ unknown: [String], than known: String, path: String) -> Diagnostic {
        fault(
            "newer",
            "the ledger has been brought to form \(unknown.joined(separator: ", ")) by a newer ingest; "
                + "this one knows the forms up to \(known)", path,
            "nothing was read or changed; use the newer ingest, or set INGEST_HOME to a folder of its own for this one")
    }

    static func noLocks(_ what: String, path: String) -> Diagnostic {
        fault(
            "no-locks", "the folder of the ledger cannot be locked: \(what)", path,
            "nothing was published; set INGEST_HOME to a folder on a local disk")
    }

    static func openedTooLong(path: String) -> Diagnostic {
        fault(
            "busy", "another process has been opening the ledger for 10 seconds", path,
            "see what that process is doing (fuser \(path)); then run the same command again")
    }

    static func unknownPublication(_ id: String, path: String) -> Diagnostic {
        fault(
            "unknown-publication", "an effect belongs to the publication \(id), which was not begun", path,
            "the effect was not carried out; this is a bug of ours, please report it")
    }

    static func alreadyDone(_ key: EffectKey, path: String) -> Diagnostic {
        fault(
            "already-done", "the step \(key.step) of publication \(key.publication) is done already", path,
            "it was not carried out again; this is a bug of ours, please report it")
    }

    static func nul(in text: String) -> Diagnostic {
        fault(
            "nul", "the text \"\(text.replacing("\0", with: "\\0").prefix(80))\" holds a NUL, which the ledger cannot keep",
            "ledger",
            "nothing of that entry was kept; correct the file it comes from")
    }

    private static let room = "what was entered before is kept, this entry is not; make room, then run the same command again"

    private static func fault(_ code: String, _ message: String, _ path: String, _ hint: String) -> Diagnostic {
        Diagnostic("ledger." + code, message, at: SourceLocation(file: path), hint: hint)
    }
}
