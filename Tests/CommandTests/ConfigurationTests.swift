import BenchlingSandbox
import Foundation
import IngestCore
import Testing

/// `ingest.yaml`: what is wrong is told at once, with lines and a cure, before anything is read or sent.
struct ConfigurationTests {
    @Test(arguments: ["ingest peaks.csv", "ingest --to none peaks.csv", "ingest publish r.jsonl", "ingest doctor"])
    func `every fault is told with its line, all at once`(line: String) async throws {
        try await ServedTenant.with { acme in
            try acme.place.write(
                """
                destinations:
                  acme: {url: http://example.com, credentials: {key-from: ACME_KEY}, project: P, colour: blue}
                  local: {url: https://a.benchling.com, credentials: {key: sk_1234}, project: P}
                publish:
                  - for: lc
                    run: {schema: S, fields: {a: "nonsense("}}
                    results: [{of: peek, schema: R}]
                """, to: "ingest.yaml")
            let outcome = try await acme.run(line)
            #expect(outcome.status == 78)
            let all = outcome.told + outcome.output
            for place in ["ingest.yaml:2:", "ingest.yaml:3:", "ingest.yaml:6:", "ingest.yaml:7:", "colour", "peek"] {
                #expect(all.contains(place), "\(place) in \(all)")
            }
            #expect(!all.contains("sk_1234"))
            #expect(acme.tenant.requests.isEmpty)
        }
    }

    @Test func `of several destinations one has to be chosen`() async throws {
        try await ServedTenant.with { acme in
            let yaml = try acme.place.text(of: "ingest.yaml")
            try acme.place.write(
                yaml.replacing("publish:", with: ServedTenant.destination(acme.url, name: "other") + "publish:"),
                to: "ingest.yaml")
            let outcome = try await acme.run("ingest peaks.csv")
            #expect(outcome.status == 78 && outcome.told.contains("say which with --to: acme, other, local, none"))
            #expect(try await acme.run("ingest --to other peaks.csv").status == 0)
            let near = try await acme.run("ingest --to acmee peaks.csv")
            #expect(near.status == 78 && near.told.contains("did you mean acme?"))
        }
    }

    @Test func `secrets stand in no output, ledger, plan or records`() async throws {
        try await ServedTenant.with { acme in
            let key = acme.tenant.credentials.apiKey
            let lines = [
                "ingest --verbose peaks.csv", "ingest --plan p.plan --again peaks.csv", "ingest publish --plan p.plan --yes",
                "ingest undo peaks.csv --reason x", "ingest history --json", "ingest doctor --json",
                "export ACME_KEY=${ACME_KEY}x; ingest peaks.csv", "grep -rl \"$ACME_KEY\" . ; true",
            ]
            for line in lines {
                let outcome = try await acme.run(line)
                #expect(!outcome.output.contains(key) && !outcome.told.contains(key), "\(line)")
                if line.hasPrefix("grep") { #expect(outcome.output == "") }
            }
        }
    }

    // MARK: doctor

    @Test func `a variable in small letters is one where it is set`() async throws {
        try await ServedTenant.with { acme in
            let yaml = try acme.place.text(of: "ingest.yaml")
            try acme.place.write(yaml.replacing("ACME_KEY", with: "acme_key"), to: "ingest.yaml")
            let unset = try await acme.run("ingest peaks.csv")
            #expect(unset.status == 78 && unset.told.contains("it may be a secret") && !unset.told.contains("acme_key"))
            #expect(try await acme.run("export acme_key=$ACME_KEY; ingest peaks.csv").status == 0)
        }
    }

    @Test func `doctor finds nothing wrong with what is right`() async throws {
        try await ServedTenant.with { acme in
            let outcome = try await acme.run("ingest doctor")
            #expect(outcome.status == 0, "\(outcome.output)")
            #expect(outcome.output.split(separator: "\n").allSatisfy { $0.hasPrefix("ok  ") })
            #expect(acme.writes == [])
        }
    }

    /// What is changed in the configuration or the environment, and what doctor says to do.
    static let faults: [(change: (String, String), line: String, cure: String)] = [
        (("", ""), "export ACME_KEY=wrong; ingest doctor", "not revoked"),
        (("", ""), "unset ACME_KEY; ingest doctor", "set it, or name a file with mode 600"),
        (
            ("project: Analytical Development", "project: Nobody's"), "ingest doctor",
            "it has: \"Analytical Development\", \"Bioassay\""
        ),
        (("registry: Sandbox", "registry: Sandbocks"), "ingest doctor", "it has: \"Sandbox Registry\""),
        (("peak_area:", "peak_aria:"), "ingest doctor", "peak_area"),
        (("schema: Chromatography Result", "schema: Chromatographie"), "ingest doctor", "Chromatography Result"),
        (("retentionTime in min", "retentionTime in mg"), "ingest doctor", "retentionTime"),
        (("key-from: ACME_KEY", "key-from: ./key"), "umask 022; echo k >key; ingest doctor", "chmod 600"),
        (("publish:", "published:"), "ingest doctor", "publish"),
    ]

    @Test(arguments: faults.indices)
    func `doctor says how to mend a fault`(index: Int) async throws {
        let (change, line, cure) = Self.faults[index]
        try await ServedTenant.with { acme in
            let yaml = try acme.place.text(of: "ingest.yaml")
            if !change.0.isEmpty { try acme.place.write(yaml.replacing(change.0, with: change.1), to: "ingest.yaml") }
            let outcome = try await acme.run(line)
            #expect(outcome.status == 78)
            let failed = outcome.output.components(separatedBy: "FAIL").dropFirst().joined()
            #expect(failed.contains(cure), "\(outcome.output)")
            let object = try await acme.run(line + " --json").objects.first { $0["outcome"] as? String == "failed" }
            #expect(object?["check"] is String && object?["message"] is String && object?["hint"] is String)
        }
    }

    @Test func `doctor tells a destination that nobody answers at`() async throws {
        try await ServedTenant.with { acme in
            await acme.tenant.stop()
            let outcome = try await acme.run("ingest doctor")
            #expect(outcome.status == 78)
            #expect(
                outcome.output.contains("FAIL acme: acme cannot be reached")
                    && outcome.output.contains("see that the address is right"))
        }
    }

    @Test func `doctor without a configuration looks at the tenant built in`() async throws {
        let outcome = try await Workplace([:]).run("ingest doctor")
        #expect(outcome.status == 0 && outcome.output.contains("no ingest.yaml"))
    }

    // MARK: init

    @Test func `init writes what doctor finds nothing wrong with, and files are published by it`() async throws {
        try await ServedTenant.with { acme in
            let line = """
                rm ingest.yaml; ingest init --url \(acme.url) --name acme --key-from ACME_KEY --project 'Analytical Development' \
                --registry 'Sandbox Registry' && ingest doctor && ingest --accept-unknown peaks.csv
                """
            let outcome = try await acme.run(line)
            #expect(outcome.status == 0, "\(outcome.output) \(outcome.told)")
            #expect(try acme.live == [1, 2])
            #expect(try !acme.place.text(of: "ingest.yaml").contains(acme.tenant.credentials.apiKey))
        }
    }

    @Test func `init from the tenant built in is sound too`() async throws {
        let outcome = try await Workplace(["peaks.csv": ServedTenant.peaks]).run(
            "ingest init && ingest doctor && ingest --accept-unknown peaks.csv")
        #expect(outcome.status == 0, "\(outcome.output) \(outcome.told)")
    }

    @Test func `init overwrites nothing unasked`() async throws {
        try await ServedTenant.with { acme in
            let before = try acme.place.text(of: "ingest.yaml")
            let outcome = try await acme.run("ingest init")
            #expect(outcome.status == 64 && outcome.told.contains("--force"))
            #expect(try acme.place.text(of: "ingest.yaml") == before)
            #expect(try await acme.run("ingest init --force --to nowhere").status == 64)
            #expect(try await acme.run("ingest init -o other.yaml").status == 0)
            #expect(try acme.place.text(of: "ingest.yaml") == before)
        }
    }

    @Test(arguments: [
        "--url https://a.benchling.com", "--url https://a.benchling.com --project P",
        "--url https://a.benchling.com --project P --id-from A",
        "--url https://a.benchling.com --project P --id-from A --key-from B",
    ])
    func `init says what it needs`(options: String) async throws {
        let place = try Workplace([:])
        #expect(try await place.run("ingest init \(options)").status == 64)
        #expect(try place.names == [])
    }
}
