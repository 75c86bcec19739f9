import Benchling
import BenchlingSandbox
import IngestCore
import Testing

/// Texts, tenants and configurations that want to do harm.
@Suite(.serialized) struct HostileTests {
    private static let names = [
        "a, b", "\"quoted\", 'too'", "two\nlines\r\nand more", "'; DROP TABLE record; --", "100 % + 5 %41&x=1#y?z",
        "null", "\u{202E}backwards", "tab\there", "=cmd|' /C calc'!A0", "e\u{301}", String(repeating: "long, ", count: 1700), "",
    ]

    @Test(arguments: [TenantKind.keeping, .ignoring] + TenantKind.others)
    func `whatever a sample is called, its result arrives once and under that name`(kind: TenantKind) async throws {
        let names = Self.names
        let series = try Series(count: names.count) { names[$0] }
        try await Laboratory.with(kind) { laboratory async throws in
            let linked = try laboratory.sandbox.addSample(name: names[4], registryID: nil)
            #expect(try await laboratory.publish(series) == 0, "\(laboratory.told)")
            #expect(try Findings(laboratory, live: [series]).isClean)
            let results = try laboratory.sandbox.results()
            // A field that is left out stands for the empty name.
            #expect(results.map { $0.fields["sample_name"]?.string ?? "" }.sorted() == names.sorted())
            #expect(results.filter { $0.fields["sample"] != nil }.map { $0.fields["sample"]?.string } == [linked])
            #expect(try await laboratory.publish(series) == 4, "\(laboratory.told)")
        }
    }

    @Test(arguments: [TenantKind.keeping, .ignoring])
    func `an answer without an end is cut off, and the same command goes on`(kind: TenantKind) async throws {
        let series = try Series(count: 12)
        try await Laboratory.with(kind) { laboratory async throws in
            for call in ["GET /assay-run-schemas", "POST /blobs", "POST /assay-runs", "POST /assay-results"] {
                laboratory.sandbox.plan(FaultPlan([.init(.endless, .after, at: 1, of: call)]))
                let command = Laboratory.Command(longestAnswer: 1 << 20)
                let statuses = try await laboratory.untilDone { try await laboratory.publish(series, command) }
                #expect([0, 4].contains(statuses.last), "\(call): \(statuses), \(laboratory.told)")
                #expect(try Findings(laboratory, live: [series]).isClean)
            }
        }
    }

    @Test(arguments: [TenantKind.keeping, .strict, .ignoring])
    func `commits that fail for a while are told as what they are`(kind: TenantKind) async throws {
        let series = try Series(count: Proof.large)
        try await Laboratory.with(kind) { laboratory async throws in
            let commit = "POST /result-transactions/{transaction_id}:commit"
            laboratory.sandbox.plan(FaultPlan([.init(.status(502, html: true), .before, of: commit)]))
            for _ in 0..<2 {
                #expect(try await laboratory.publish(series) == 3)
                #expect(laboratory.told.contains(":commit") && !laboratory.told.contains("in use"), "\(laboratory.told)")
            }
            laboratory.sandbox.plan(nil)
            let statuses = try await laboratory.untilDone { try await laboratory.publish(series) }
            #expect(statuses == [0], "\(laboratory.told)")
            #expect(try Findings(laboratory, live: [series]).isClean)
        }
    }

    @Test func `a redirect to another host gets nothing of ours`() async throws {
        let other = try Sandbox.temporary()
        let address = try await other.start()
        let series = try Series(count: 12)
        try await Laboratory.with(.keeping) { laboratory async throws in
            #expect(try await laboratory.publish(series) == 0)
            let total = laboratory.sandbox.requests.count
            for ordinal in 1...total {
                laboratory.sandbox.plan(FaultPlan([.init(.redirect(to: address + "/api/v2/projects"), .before, at: ordinal)]))
                let again = Laboratory.Command(again: true)
                _ = try await laboratory.publish(series, again)
                laboratory.sandbox.plan(nil)
                let statuses = try await laboratory.untilDone { try await laboratory.publish(series) }
                #expect([0, 4].contains(statuses.last), "\(ordinal): \(statuses), \(laboratory.told)")
                #expect(try Findings(laboratory, live: [series]).isClean, "\(ordinal)")
            }
            #expect(other.requests.isEmpty)
        }
        await other.stop()
    }

    @Test(arguments: [
        "publish: 5", "publish: [[]]", "publish:\n  - for: lc\n    run: [1, 2]\n    results: {}",
        "publish:\n  - for: {a: b}\n    run: {schema: [x], fields: 7}\n    results: [3]", "publish: &a [*a]",
        "destinations: []\npublish: ~",
        "publish:\n  - for: lc\n    run: {schema: S, fields: {a: \"((((((\"}}\n    results: [{of: peak, schema: T, fields: {b: [1]}}]",
    ])
    func `a configuration of the wrong shape is refused with its lines`(text: String) throws {
        do {
            let configuration = try IngestConfiguration(text: text, file: "hostile.yaml")
            #expect(configuration.publish.isEmpty && configuration.destinations.isEmpty, "it says nothing, so it maps nothing")
        } catch {
            #expect(!error.diagnostics.isEmpty && error.diagnostics.allSatisfy { $0.location.line != nil })
        }
    }

    @Test func `a mapping that does not fit the schemas sends nothing`() async throws {
        let text = """
            publish:
              - for: lc
                run: {schema: Chromatography Run, fields: {instrumnet: run.name, started: run.name}}
                results:
                  - of: peak
                    schema: Chromatography Result
                    fields: {analyte: analyte.name, peak_area: analyte.name, retention_time: retentionTime in g}
            """
        let entry = try #require(try IngestConfiguration(text: text, file: "hostile.yaml").publish.first)
        let series = try Series(count: 3)
        try await Laboratory.with(.keeping) { laboratory async throws in
            let publisher = RunPublisher(
                tenant: try await laboratory.tenant(Laboratory.Command()), ledger: try laboratory.ledger(), attachments: series,
                settings: RunPublisher.Settings(ingestVersion: "proof"))
            let faults = await #expect(throws: ConfigurationFaults.self) {
                _ = try await publisher.plan(RunPublisher.Input(records: series.records, entry: entry))
            }
            let lines = Set(faults?.diagnostics.compactMap(\.location.line) ?? [])
            #expect(lines.contains(3) && lines.contains(7), "\(faults?.diagnostics ?? [])")
            #expect(laboratory.sandbox.requests.allSatisfy { $0.call.hasPrefix("GET ") })
        }
    }
}
