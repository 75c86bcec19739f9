import Foundation
import GRDB
import IngestCore
import Testing

@testable import Publishing
@testable import ledger_writer

/// Ledgers that are old, new, damaged, strange or out of reach.
@Suite struct LedgerOpeningTests {
    private static let later = LedgerSchema(
        steps: LedgerSchema.current.steps + [
            ("later", "ALTER TABLE readings ADD COLUMN note TEXT; CREATE TABLE notes (text TEXT) STRICT")
        ])

    private func code(_ place: LedgerPlace) -> String? {
        #expect(throws: Diagnostic.self) { try place.ledger() }?.code
    }

    @Test func `a ledger of an earlier form keeps its entries when a step is added, and is then refused by the earlier version`()
        throws
    {
        let place = try LedgerPlace()
        let model = ModelLedger()
        do {
            let ledger = try place.ledger()
            for call in LedgerScript.calls(seed: 3, count: 40) where model.make(call) { try call.make(on: ledger) }
        }
        let grown = try SQLiteLedger(folder: place.folder, schema: LedgerOpeningTests.later)
        #expect(try model.differences(from: grown).isEmpty)
        try grown.setKeepsIDs(true, tenant: "new")
        let fault = #expect(throws: Diagnostic.self) { try place.ledger() }
        #expect(fault?.code == "ledger.newer")
        #expect(fault?.message.contains("later") == true)
    }

    @Test func `a ledger from before analyses keeps its publications, and takes analyses`() throws {
        let place = try LedgerPlace()
        let first = LedgerSchema(steps: Array(LedgerSchema.current.steps.prefix(1)))
        try SQLiteLedger(folder: place.folder, schema: first).setKeepsIDs(true, tenant: "acme")
        let columns = "id, tenant, destination, file, sha256, adapter, adapterVersion, records, mapping, generation, state"
        try DatabaseQueue(path: place.folder + "/ledger.sqlite").write { database in
            try database.execute(
                sql: """
                    INSERT INTO publications (\(columns), startedAt, ingestVersion)
                    VALUES ('0a', 'acme', 'acme', 'a.csv', 'ab', 'lc.table', 1, 'r', 'm', 1, 'done', '2026-03-04T10:31:05Z', '1')
                    """)
        }
        let ledger = try place.ledger()
        var publication = try #require(try ledger.publications(PublicationQuery(subject: .runs)).first)
        #expect(publication.id == "0a" && publication.analysis == nil)
        (publication.id, publication.analysis) = ("0b", "ana_1")
        try ledger.save(publication)
        #expect(try ledger.publications(PublicationQuery(sha256: "ab", subject: .runs)).map(\.id) == ["0a"])
        #expect(try ledger.publications(PublicationQuery(subject: .analysis("ana_1"))) == [publication])
        #expect(try ledger.publications(PublicationQuery(reference: "ana_")).map(\.id) == ["0b"])
    }

    @Test func `a step that fails leaves the ledger as it was`() throws {
        let place = try LedgerPlace()
        try place.ledger().setKeepsIDs(true, tenant: "acme")
        let faulty = LedgerSchema(
            steps: LedgerSchema.current.steps + [
                ("later", "CREATE TABLE notes (text TEXT) STRICT; CREATE TABLE notes (text TEXT)")
            ])
        #expect(throws: Diagnostic.self) { try SQLiteLedger(folder: place.folder, schema: faulty) }
        #expect(try place.ledger().keepsIDs(tenant: "acme") == true)
    }

    @Test func `folder and files are closed to others`() throws {
        let place = try LedgerPlace()
        let folder = place.folder + "/a/b/ingest"
        let ledger = try SQLiteLedger(folder: folder)
        try ledger.setKeepsIDs(true, tenant: "acme")
        func mode(_ path: String) throws -> Int? {
            (try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? NSNumber)?.intValue
        }
        for path in [place.folder + "/a", folder, folder + "/holds"] { #expect(try mode(path) == 0o700, "\(path)") }
        let files = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasPrefix("ledger") }
        #expect(Set(files).isSuperset(of: ["ledger.sqlite", "ledger.sqlite-wal"]))
        for file in files { #expect(try mode(folder + "/" + file) == 0o600, "\(file)") }
    }

    @Test(arguments: ["text that is no database, for the length of a header and more than that: 0123456789 0123456789 0123456789"]
    )
    func `a file that is no database is called damaged and left as it is`(text: String) throws {
        let place = try LedgerPlace()
        try Data(text.utf8).write(to: URL(fileURLWithPath: place.file))
        #expect(code(place) == "ledger.damaged")
        #expect(try String(contentsOfFile: place.file, encoding: .utf8) == text)
    }

    @Test func `a ledger whose pages are overwritten is called damaged when they are needed`() throws {
        let place = try LedgerPlace()
        do {
            let ledger = try place.ledger()
            for index in 0..<400 { try ledger.setKeepsIDs(true, tenant: "tenant \(index)") }
        }
        var bytes = try Data(contentsOf: URL(fileURLWithPath: place.file))
        #expect(bytes.count > 8 * 4096)
        for index in 4096..<bytes.count { bytes[index] = 0xA5 }
        try bytes.write(to: URL(fileURLWithPath: place.file))
        let fault = #expect(throws: Diagnostic.self) {
            let ledger = try place.ledger()
            _ = try (0..<400).map { try ledger.keepsIDs(tenant: "tenant \($0)") }
        }
        #expect(fault?.code == "ledger.damaged")
        #expect(fault?.location.file == place.file)
    }

    @Test func `another program's database is refused and left as it is`() throws {
        let place = try LedgerPlace()
        do { try DatabaseQueue(path: place.file).write { try $0.execute(sql: "CREATE TABLE other (a)") } }
        #expect(code(place) == "ledger.foreign")
        let tables = try DatabaseQueue(path: place.file).read { try String.fetchAll($0, sql: "SELECT name FROM sqlite_schema") }
        #expect(tables == ["other"])
    }

    @Test func `a folder that cannot be made is told with its name`() throws {
        let place = try LedgerPlace()
        try Data().write(to: URL(fileURLWithPath: place.folder + "/file"))
        for folder in ["/file", "/file/ingest"] {
            let fault = #expect(throws: Diagnostic.self) { try SQLiteLedger(folder: place.folder + folder) }
            #expect(fault?.code == "ledger.unwritable")
            #expect(fault?.message.contains(place.folder + "/file") == true)
        }
    }

    @Test(arguments: [false, true])
    func `a folder or file that may not be written is told, and nothing in it changes`(isThere: Bool) throws {
        let place = try LedgerPlace()
        if isThere { try place.ledger().setKeepsIDs(true, tenant: "acme") }
        let files = FileManager.default
        let before = try files.contentsOfDirectory(atPath: place.folder).sorted()
        if isThere { try files.setAttributes([.posixPermissions: 0o444], ofItemAtPath: place.file) }
        try files.setAttributes([.posixPermissions: 0o555], ofItemAtPath: place.folder)
        // So that it can be removed; when that fails it stays in the temporary folder.
        defer { _ = try? files.setAttributes([.posixPermissions: 0o755], ofItemAtPath: place.folder) }
        // Modes do not stop the superuser, so the child becomes somebody else.
        let user = getuid() == 0 ? ["LEDGER_WRITER_UID": "65534"] : [:]
        let outcome = try place.run(["fill", "10000"], environment: user)
        #expect(outcome.told == ["ledger.unwritable"], "\(outcome)")
        #expect(try files.contentsOfDirectory(atPath: place.folder).sorted() == before)
    }

    @Test func `when the disk is full the entry is refused, and every one before it is kept`() throws {
        let place = try LedgerPlace()
        // No file may grow beyond 1 MiB; the signal for it is ignored, so that the write fails as on a full disk.
        let outcome = try place.run(["fill", "10000"], by: "trap '' XFSZ; ulimit -f 1024; exec \"$0\" \"$@\"")
        #expect(outcome.status == 1, "\(outcome.said)")
        #expect(["ledger.unwritable", "ledger.no-room"].contains(outcome.told.last), "\(outcome.told.suffix(2))")
        let kept = try place.ledger().publications(PublicationQuery()).map(\.id)
        #expect(kept.count > 10)
        #expect(kept.reversed() == outcome.told.dropLast())
    }

    @Test func `a ledger that another process does not let go of is told, and serves again afterwards`() throws {
        let place = try LedgerPlace()
        let ledger = try SQLiteLedger(folder: place.folder, schema: .current, patience: 0.05)
        let other = try DatabaseQueue(path: place.file)
        let fault = try other.write { _ in
            #expect(throws: Diagnostic.self) { try ledger.setKeepsIDs(true, tenant: "acme") }
        }
        #expect(fault?.code == "ledger.busy")
        #expect(try ledger.keepsIDs(tenant: "acme") == nil)
        try ledger.setKeepsIDs(true, tenant: "acme")
        #expect(try ledger.keepsIDs(tenant: "acme") == true)
    }

    @Test(arguments: [
        (ResultCode.SQLITE_FULL, "ledger.no-room"), (.SQLITE_IOERR_WRITE, "ledger.unwritable"),
        (.SQLITE_READONLY_DIRECTORY, "ledger.unwritable"), (.SQLITE_CANTOPEN, "ledger.unwritable"),
        (.SQLITE_CORRUPT_INDEX, "ledger.damaged"), (.SQLITE_NOTADB, "ledger.damaged"), (.SQLITE_BUSY_RECOVERY, "ledger.busy"),
        (.SQLITE_CONSTRAINT, "ledger.failed"),
    ])
    func `every fault of SQLite says what to do`(code: ResultCode, name: String) {
        let fault = LedgerFault.diagnostic(DatabaseError(resultCode: code, message: "said"), path: "/l/ledger.sqlite")
        #expect(fault.code == name)
        #expect(fault.message.contains("said") && fault.hint != nil && fault.location.file == "/l/ledger.sqlite")
    }

    @Test func `effects without a publication and repeated intents are refused before anything happens`() throws {
        let place = try LedgerPlace()
        let ledger = try place.ledger()
        let key = EffectKey("nobody", "runs")
        #expect(throws: Diagnostic.self) { try ledger.intend(key, detail: .null, things: []) }
        #expect(try ledger.effect(key) == nil)
        let publication = LedgerScript.publication()
        try ledger.save(publication)
        let step = EffectKey(publication.id, "runs")
        try ledger.complete(step, id: "x", detail: .null, things: [])
        let fault = #expect(throws: Diagnostic.self) { try ledger.intend(step, detail: .null, things: []) }
        #expect(fault?.code == "ledger.already-done")
        #expect(throws: Diagnostic.self) { try ledger.complete(step, id: "a\0b", detail: .null, things: []) }
        let after = try ledger.effect(step)
        guard case .done("x", .null, _) = after else {
            Issue.record("the effect is now \(String(describing: after))")
            return
        }
    }

    @Test func `the moment of taking back is filled in once`() throws {
        let place = try LedgerPlace()
        let ledger = try place.ledger()
        var one = LedgerScript.publication()
        func saved() throws -> String? {
            try ledger.save(one)
            return try ledger.publications(PublicationQuery()).first?.takenBackAt
        }
        (one.state, one.takenBackAt) = (.done, nil)
        #expect(try saved() == nil)
        one.state = .undone
        let moment = try #require(try saved())
        #expect(moment.contains(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/))
        usleep(3000)
        #expect(try saved() == moment)
        one.state = .done
        #expect(try saved() == nil)
    }

    @Test(arguments: [
        (["INGEST_HOME": "/i", "XDG_STATE_HOME": "/s", "HOME": "/h"], "/i"),
        (["INGEST_HOME": "", "XDG_STATE_HOME": "/s", "HOME": "/h"], "/s/ingest"),
        (["XDG_STATE_HOME": "s", "HOME": "/h"], "/h/.local/state/ingest"), (["HOME": "/h"], "/h/.local/state/ingest"),
    ])
    func `state lives where the environment says`(environment: [String: String], folder: String) {
        #expect(SQLiteLedger.home(environment: environment) == folder)
    }
}
