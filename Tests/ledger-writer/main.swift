import Glibc
import IngestCore
import Publishing

// ledger-writer FOLDER script SEED COUNT   makes the calls of that script, and tells the number of each that returned
// ledger-writer FOLDER fill COUNT          makes so many publications, and tells each
// ledger-writer FOLDER generations COUNT   begins so many publications of one file, each the next generation, one holder at a
//                                          time, and completes an effect of each while others do the same
// ledger-writer FOLDER layouts COUNT       remembers so many layouts of one instrument, each twice
// ledger-writer FOLDER hold                takes a file, tells so, and keeps it until it is ended
//
// What is refused ends it with status 1, and the code of the fault is told last.
//
// LEDGER_WRITER_UID is the user to become first, for tests that run as one whom no mode of a file stops.

/// Unbuffered: told before anything else happens.
func tell(_ text: String) { text.withCString { _ = write(STDOUT_FILENO, $0, strlen($0)) } }

func publication(_ id: String, generation: Int = 1) -> Publication {
    Publication(
        id: id, tenant: "acme.benchling.com", destination: "acme", file: "run7.csv", sha256: "ab01", adapter: "lc.table",
        adapterVersion: 2, records: "r", mapping: "m", generation: generation, startedAt: "2026-03-04T10:31:05Z",
        ingestVersion: "1.0")
}

let arguments = CommandLine.arguments
if let user = getenv("LEDGER_WRITER_UID").flatMap({ uid_t(String(cString: $0)) }), setuid(user) != 0 { exit(65) }
do {
    let ledger = try SQLiteLedger(folder: arguments[1])
    switch arguments[2] {
    case "script":
        for (index, call) in LedgerScript.calls(seed: UInt64(arguments[3])!, count: Int(arguments[4])!).enumerated() {
            // A refusal of what does not fit is an answer like another; the model refuses it too.
            do { try call.make(on: ledger) } catch is Diagnostic {}
            tell("\(index + 1)\n")
        }
    case "fill":
        for index in 0..<Int(arguments[3])! {
            try ledger.save(publication("p\(index)"))
            tell("p\(index)\n")
        }
    case "generations":
        for index in 0..<Int(arguments[3])! {
            let hold = try await ledger.hold(tenant: "acme.benchling.com", sha256: "ab01") { _ in }
            let last = try ledger.publications(PublicationQuery(sha256: "ab01")).map(\.generation).max() ?? 0
            let id = "p\(getpid())-\(index)"
            try ledger.save(publication(id, generation: last + 1))
            hold.release()
            let thing = PublishedThing(
                publication: id, kind: .run, ordinal: 0, id: "run-" + id, schema: "Chromatography Run", record: "r1", state: .live
            )
            try ledger.intend(EffectKey(id, "runs"), detail: .null, things: [thing])
            try ledger.complete(EffectKey(id, "runs"), id: thing.id, detail: .null, things: [thing])
        }
    case "layouts":
        for index in 0..<Int(arguments[3])! * 2 {
            var layout = Layout()
            let column = Layout.Column("A\(index / 2)")
            layout.tables = [Layout.Table(columns: [column], separator: nil, member: nil, line: nil)]
            try ledger.remember(
                LayoutSighting(
                    instrument: "crowd", name: "crowd", layout: layout, file: "\(getpid())", sha256: "ab",
                    at: "2026-03-04T10:31:05Z"))
        }
    case "hold":
        let hold = try await ledger.hold(tenant: "acme.benchling.com", sha256: "ab01") { _ in }
        tell("held\n")
        try await Task.sleep(for: .seconds(60))
        hold.release()
    default: exit(64)
    }
} catch let fault as Diagnostic {
    tell("\(fault.code)\n")
    exit(1)
}
