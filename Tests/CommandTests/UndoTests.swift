import BenchlingSandbox
import Foundation
import Testing

/// Taking back what was published.
struct UndoTests {
    @Test(arguments: ["run", "receipt", "file", "renamed file"])
    func `a publication is known by its run, its receipt and its file, and is taken back once`(reference: String) async throws {
        try await ServedTenant.with { acme in
            let published = try await acme.run("ingest --json peaks.csv | tee receipt.json")
            let name: String
            switch reference {
            case "run": name = String(try published.run.prefix(8))
            case "receipt": name = "receipt.json"
            case "file": name = "peaks.csv"
            default:
                _ = try await acme.run("mv peaks.csv other.csv")
                name = "other.csv"
            }
            let undone = try await acme.run("ingest undo --json \(name) --reason 'wrong column'")
            #expect(undone.status == 0, "\(undone.told)")
            let object = try undone.receipt
            #expect(try object["archivedRuns"] as? [String] == [published.run] && object["reason"] as? String == "wrong column")
            #expect(try Set((object["archivedResults"] as? [String]) ?? []) == Set(acme.tenant.results().map(\.id)))
            #expect(try acme.live == [0, 0])
            acme.tenant.forgetRequests()
            let twice = try await acme.run("ingest undo \(name) --reason again")
            #expect(twice.status == 4 && twice.told.contains("taken back already: \"wrong column\""))
            #expect(acme.writes == [])
        }
    }

    @Test func `records stand for the publication of them, and for no other of their source`() async throws {
        try await ServedTenant.with { acme in
            _ = try await acme.run("ingest read peaks.csv -o peaks.jsonl; ingest read --missing 3.25 peaks.csv -o other.jsonl")
            #expect(try await acme.run("ingest publish peaks.jsonl").status == 0)
            let other = try await acme.run("ingest undo other.jsonl --reason 'wrong column'")
            #expect(other.status == 2 && other.told.contains("[undo.unknown]"))
            #expect(other.told.contains("what was read of peaks.csv otherwise was published"), "\(other.told)")
            #expect(try await acme.run("ingest history peaks.jsonl").output.contains("published peaks.csv to acme"))
            #expect(try acme.live != [0, 0])
            let undone = try await acme.run("ingest undo peaks.jsonl --reason 'wrong column'")
            #expect(undone.status == 0, "\(undone.told)")
            #expect(try acme.live == [0, 0])
        }
    }

    @Test func `what somebody added to the run stays, and is named`() async throws {
        try await ServedTenant.with { acme in
            let run = try await acme.run("ingest --json peaks.csv").run
            let schema = try #require(try acme.tenant.results().first).schema
            let record = #"{"schemaId":"\#(schema)","fields":{"run":{"value":"\#(run)"}}}"#
            let added = try await acme.run(
                "curl -sf -u $ACME_KEY: -H 'Content-Type: application/json' -d '{\"assayResults\":[\(record)]}' \(acme.url)/api/v2/assay-results"
            )
            #expect(added.status == 0, "\(added.output)")
            let undone = try await acme.run("ingest undo --json \(run) --reason 'wrong column'")
            let others = try #require(try undone.receipt["othersResults"] as? [String])
            #expect(undone.status == 0 && others.count == 1 && undone.told.contains("stays: \(others[0])"), "\(undone.told)")
            #expect(try acme.live == [0, 1])
        }
    }

    @Test(arguments: ["", "--to beta"])
    func `a destination that was renamed is the same tenant`(to: String) async throws {
        try await ServedTenant.with { acme in
            _ = try await acme.run("ingest peaks.csv")
            let yaml = try acme.place.text(of: "ingest.yaml")
            try acme.place.write(yaml.replacing("  acme:", with: "  beta:"), to: "ingest.yaml")
            #expect(try await acme.run("ingest peaks.csv").status == 4)
            let undone = try await acme.run("ingest undo peaks.csv --reason 'wrong column' \(to)")
            #expect(undone.status == 0, "\(undone.told)")
            #expect(try acme.live == [0, 0])
            let unknown = try await acme.run("ingest undo --json nothing --reason 'wrong column'")
            #expect(try unknown.status == 2 && unknown.receipt["status"] as? Int == 2)
        }
    }

    @Test func `a file that was corrected since is led back to what was published of it`() async throws {
        try await ServedTenant.with { acme in
            _ = try await acme.run("ingest peaks.csv")
            try acme.place.write(ServedTenant.corrected, to: "peaks.csv")
            let undone = try await acme.run("ingest undo peaks.csv --reason 'wrong column'")
            #expect(undone.status == 2 && undone.told.contains("as it was before, it was published"), "\(undone.told)")
            let hint = try #require(undone.told.firstMatch(of: #/ingest undo ([0-9a-f]{8})/#))
            #expect(try await acme.run("ingest history peaks.csv").output.contains("published peaks.csv to acme"))
            #expect(try await acme.run("ingest undo \(hint.1) --reason 'wrong column'").status == 0)
            #expect(try acme.live == [0, 0])
        }
    }

    @Test func `what was taken back can be published again`() async throws {
        try await ServedTenant.with { acme in
            _ = try await acme.run("ingest peaks.csv; ingest undo peaks.csv --reason 'too early'")
            #expect(try await acme.run("ingest peaks.csv").status == 0)
            #expect(try acme.live == [1, 2])
            #expect(try await acme.run("ingest undo peaks.csv --reason 'too early'").status == 0)
            #expect(try acme.live == [0, 0] && acme.tenant.census().archivedResults == 4)
        }
    }

    @Test func `of several publications one has to be named`() async throws {
        try await ServedTenant.with { acme in
            let yaml = try acme.place.text(of: "ingest.yaml")
            try acme.place.write(
                yaml.replacing(
                    "publish:", with: ServedTenant.destination(acme.url, name: "other", project: "Bioassay") + "publish:"),
                to: "ingest.yaml")
            _ = try await acme.run("ingest --to acme peaks.csv; ingest --to local peaks.csv")
            let ambiguous = try await acme.run("ingest undo peaks.csv --reason twice")
            #expect(ambiguous.status == 2 && ambiguous.told.contains("stands for 2 publications"))
            #expect(ambiguous.told.contains("to acme") && ambiguous.told.contains("to local"))
            #expect(try acme.live == [1, 2])
            #expect(try await acme.run("ingest undo peaks.csv --to acme --reason twice").status == 0)
            #expect(try acme.live == [0, 0])
            // The other one is the only one that stands now.
            #expect(try await acme.run("ingest undo peaks.csv --reason twice").output.contains("archived at local"))
        }
    }

    @Test(arguments: ["nothing.csv", "00000000", "whole.csv", "''"])
    func `what nobody published is told so`(reference: String) async throws {
        let outcome = try await Workplace().run("ingest undo \(reference) --reason none")
        #expect(outcome.status == 2 && outcome.told.contains("[undo.unknown]") && outcome.told.contains("ingest history"))
    }

    @Test(arguments: ["ingest undo peaks.csv", "ingest undo --reason x", "ingest undo peaks.csv --reason ' '"])
    func `a reason and what is meant are needed`(line: String) async throws {
        #expect(try await Workplace([:]).run(line).status == 64)
    }

    @Test func `a run that was placed in a notebook entry is not taken back, nor anything else of the file`() async throws {
        try await ServedTenant.with { acme in
            let run = try await acme.run("ingest --json peaks.csv").run
            try acme.tenant.place(run, inEntry: "etr_notebook")
            acme.tenant.forgetRequests()
            let outcome = try await acme.run("ingest undo peaks.csv --reason late")
            #expect(outcome.status == 2 && outcome.told.contains("etr_notebook") && outcome.told.contains("nothing was archived"))
            #expect(try acme.writes == [] && acme.live == [1, 2])
        }
    }

    @Test func `what somebody archived before stays as it is`() async throws {
        try await ServedTenant.with { acme in
            _ = try await acme.run("ingest --yes peaks.csv")
            try acme.place.write(ServedTenant.corrected, to: "peaks.csv")
            _ = try await acme.run("ingest --yes peaks.csv")
            let before = try acme.tenant.results().filter { $0.archived != nil }
            #expect(try await acme.run("ingest undo peaks.csv --reason 'both wrong'").status == 0)
            #expect(try acme.tenant.results().filter { before.map(\.id).contains($0.id) } == before)
            #expect(try acme.live == [0, 0])
        }
    }
}
