import BenchlingSandbox
import Foundation
import IngestCore
import Testing

/// Plans that are saved, and records files: the second half of the main job.
struct PlanTests {
    @Test func `a plan is saved, sends nothing, and is carried out once`() async throws {
        try await ServedTenant.with { acme in
            let saved = try await acme.run("ingest --plan p.plan peaks.csv")
            #expect(saved.status == 0 && saved.told.contains("ingest publish --plan p.plan"))
            #expect(acme.writes == [])
            let outcome = try await acme.run("ingest publish --json --plan p.plan")
            #expect(try outcome.status == 0 && outcome.receipt["created"] as? Int == 2, "\(outcome.told)")
            let again = try await acme.run("ingest publish --json --plan p.plan")
            #expect(try again.status == 4 && again.receipt["created"] as? Int == 0)
            #expect(try acme.live == [1, 2])
        }
    }

    @Test func `a plan names what it would replace, and that it asks`() async throws {
        try await ServedTenant.with { acme in
            let run = try await acme.run("ingest --json peaks.csv").run
            try acme.place.write(ServedTenant.corrected, to: "peaks.csv")
            let shown = try await acme.run("ingest --dry-run peaks.csv")
            #expect(shown.status == 0 && shown.output.contains("replace   run \(run.prefix(8))…"), "\(shown.output)")
            #expect(shown.told.contains("and asks first (--yes agrees)"))
            let replaced = try await acme.run("ingest --dry-run --json peaks.csv").objects.filter {
                $0["action"] as? String == "replace"
            }
            #expect(replaced.map { $0["id"] as? String } == [run])
            #expect(try acme.live == [1, 2])
        }
    }

    @Test func `a plan goes to the destination that it was made for`() async throws {
        try await ServedTenant.with { acme in
            _ = try await acme.run("ingest --plan p.plan peaks.csv")
            let yaml = try acme.place.text(of: "ingest.yaml")
            try acme.place.write(
                yaml.replacing("publish:", with: ServedTenant.destination(acme.url, name: "other") + "publish:"),
                to: "ingest.yaml")
            #expect(try await acme.run("ingest publish --plan p.plan").output.contains("published to acme"))
            #expect(try await acme.run("ingest publish --plan p.plan --to local").told.contains("the plan is for"))
        }
    }

    @Test(arguments: ["schema", "sample", "archived"])
    func `a plan does not hold when the destination has changed, and it says what`(change: String) async throws {
        try await ServedTenant.with { acme in
            if change == "archived" {
                _ = try await acme.run("ingest peaks.csv")
            }
            _ = try await acme.run("ingest --plan p.plan peaks.csv")
            let expected: String
            switch change {
            case "schema":
                for var schema in try acme.tenant.all(.resultSchema).map(\.members) where schema["archiveRecord"] == .null {
                    schema["fieldDefinitions"] = .array(
                        (schema["fieldDefinitions"]?.elements ?? []).filter { $0["name"]?.string != "analyte" })
                    try acme.tenant.put(.resultSchema, .object(schema))
                }
                expected = "a schema was changed"
            case "sample":
                try acme.tenant.addSample(name: "S-0031 (second)", registryID: nil, aliases: [])
                for var entity in try acme.tenant.all(.entity).map(\.members)
                where entity["entityRegistryId"]?.string == "S-0031" {
                    entity["entityRegistryId"] = "S-9031"
                    try acme.tenant.put(.entity, .object(entity))
                }
                expected = "sample \"S-0031\" is another entity now, or none"
            default:
                _ = try await acme.run("ingest undo peaks.csv --reason 'for the test'")
                expected = "is gone or archived"
            }
            acme.tenant.forgetRequests()
            let outcome = try await acme.run("ingest publish --plan p.plan")
            #expect(outcome.status == 2)
            #expect(
                outcome.told.contains(expected) && outcome.told.contains("make it again; nothing was sent"), "\(outcome.told)")
            #expect(acme.writes == [])
        }
    }

    @Test(arguments: ["head -c 300 p.plan >q.plan", "sed s/3.25/3.26/ p.plan >q.plan", "echo >q.plan", ":"])
    func `a plan that was cut, changed or is none is refused before anything is asked`(damage: String) async throws {
        try await ServedTenant.with { acme in
            _ = try await acme.run("ingest --plan p.plan peaks.csv; \(damage)")
            acme.tenant.forgetRequests()
            let outcome = try await acme.run("ingest publish --plan q.plan")
            #expect(outcome.status == 2 && outcome.told.contains("[plan."), "\(outcome.told)")
            #expect(acme.tenant.requests.isEmpty)
        }
    }

    // MARK: Records files

    @Test func `a records file is published with the file beside it`() async throws {
        try await ServedTenant.with { acme in
            let outcome = try await acme.run("ingest read --quiet peaks.csv -o peaks.jsonl && ingest publish --json peaks.jsonl")
            #expect(try outcome.status == 0 && outcome.receipt["created"] as? Int == 2, "\(outcome.told)")
            #expect(try await acme.run("ingest peaks.csv").status == 4)
        }
    }

    @Test func `a file that is to be uploaded and is not to be found stops before anything is sent`() async throws {
        try await ServedTenant.with { acme in
            let line = "ingest read --quiet peaks.csv -o peaks.jsonl; mkdir away; mv peaks.csv away; ingest publish peaks.jsonl"
            let outcome = try await acme.run(line)
            #expect(
                outcome.status == 2 && outcome.told.contains("[publish.attachment-missing]") && outcome.told.contains("--source"))
            #expect(acme.writes == [])
            #expect(try await acme.run("ingest publish peaks.jsonl --source away").status == 0)
        }
    }

    @Test func `a file that was changed after it was read is not uploaded`() async throws {
        try await ServedTenant.with { acme in
            _ = try await acme.run("ingest read --quiet peaks.csv -o peaks.jsonl; ingest --plan p.plan peaks.csv")
            try acme.place.write(ServedTenant.corrected, to: "peaks.csv")
            let published = try await acme.run("ingest publish peaks.jsonl")
            #expect(published.status == 2 && published.told.contains("[publish.attachment-changed]"), "\(published.told)")
            let planned = try await acme.run("ingest publish --plan p.plan")
            #expect(planned.status == 2 && planned.told.contains("[publish.attachment-changed]"), "\(planned.told)")
            #expect(acme.writes == [])
            try acme.place.write(ServedTenant.peaks, to: "peaks.csv")
            #expect(try await acme.run("ingest publish --plan p.plan").status == 0)
        }
    }

    @Test(arguments: [
        "ingest publish", "ingest publish -", "ingest publish a.jsonl b.jsonl --plan p", "ingest publish a.jsonl --to none",
    ])
    func `wrong usage of publish is 64`(line: String) async throws {
        #expect(try await Workplace([:]).run(line).status == 64)
    }
}
