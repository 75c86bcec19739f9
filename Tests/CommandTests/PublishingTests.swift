import BenchlingSandbox
import Foundation
import Publishing
import Testing

/// The main job to its end: a receipt, each result once, and nothing sent that was not asked for.
struct PublishingTests {
    @Test func `a receipt has its keys in the order that is promised`() async throws {
        try await ServedTenant.with { acme in
            let outcome = try await acme.run("ingest --json peaks.csv")
            #expect(outcome.status == 0, "\(outcome.told)")
            let keys = outcome.output.matches(
                of: #/"(file|sha256|destination|status|runs|results|blobs|created|skipped|leftOut)":/#
            )
            .map { String($0.output.1) }
            #expect(
                keys == ["file", "sha256", "destination", "status", "runs", "results", "blobs", "created", "skipped", "leftOut"])
            let receipt = try outcome.receipt
            #expect(receipt["destination"] as? String == "acme" && receipt["created"] as? Int == 2)
            #expect(try Set((receipt["results"] as? [String]) ?? []) == Set(acme.tenant.results().map(\.id)))
            #expect(try acme.tenant.runs().map(\.id) == [outcome.run])
            #expect(try acme.tenant.census().unlinkedBlobs == [])
        }
    }

    @Test func `the same command again finds everything there, and --again publishes anew`() async throws {
        try await ServedTenant.with { acme in
            let first = try await acme.run("ingest --json peaks.csv")
            acme.tenant.forgetRequests()
            let second = try await acme.run("ingest --json peaks.csv")
            #expect(second.status == 4 && acme.writes == [])
            #expect(try second.receipt["skipped"] as? Int == 2 && second.receipt["created"] as? Int == 0)
            #expect(try second.receipt["results"] as? [String] == first.receipt["results"] as? [String])
            let again = try await acme.run("ingest --json --again peaks.csv")
            #expect(try again.status == 0 && again.receipt["replaced"] as? [String] == [first.run])
            #expect(try acme.live == [1, 2] && acme.tenant.census().archivedResults == 2)
            #expect(try await acme.run("ingest peaks.csv").status == 4)
        }
    }

    @Test func `without a configuration it goes to the tenant built in, and the receipt says so`() async throws {
        let samples = (1...40).map { "Q\($0),1.\($0),2\n" }.joined()
        let place = try Workplace(["many.csv": "Sample,RT (min),Area\n" + samples])
        let outcome = try await place.run("ingest --accept-unknown many.csv")
        #expect(outcome.status == 0)
        let receipt = outcome.output.split(separator: "\n").last ?? ""
        #expect(
            receipt.wholeMatch(
                of:
                    #/run ([0-9a-f]{8})… Chromatography Run · 40 results, 1 blob · published to local, the tenant built into ingest \(.*\) · undo: ingest undo \1/#
            )
                != nil, "\(receipt)")
        let linked =
            "40 samples are not in \"Sandbox Registry\" and not linked ("
            + (1...10).map { "\"Q\($0)\"" }.joined(separator: ", ") + " and 30 more)"
        #expect(outcome.told.contains(linked), "\(outcome.told)")
        #expect(outcome.told.split(separator: "\n").count < 5, "\(outcome.told)")
        #expect(try await place.run("ingest --accept-unknown many.csv").status == 4)
    }

    @Test(arguments: ["", "--json"])
    func `a dry run gives the plan alone, and writes nothing anywhere`(json: String) async throws {
        try await ServedTenant.with { acme in
            let outcome = try await acme.run("ingest --dry-run \(json) peaks.csv")
            #expect(outcome.status == 0)
            let lines = outcome.output.split(separator: "\n")
            #expect(lines.count == 4)
            if json.isEmpty {
                #expect(lines.allSatisfy { $0.hasPrefix("create    ") })
                #expect(lines[1].hasSuffix("(peaks.csv:2:1): new"))
            } else {
                #expect(try outcome.objects.compactMap { $0["thing"] as? String } == ["run", "result", "result", "blob"])
            }
            #expect(outcome.told.contains("2 results would be made; nothing was sent"))
            #expect(acme.writes == [])
            #expect(try await acme.run("ingest history").output == "nothing was read or published yet\n")
            _ = try await acme.run("ingest peaks.csv")
            let later = try await acme.run("ingest --dry-run \(json) peaks.csv")
            #expect(later.status == 4 && !later.output.contains("create"))
        }
    }

    @Test func `of several files each has its receipt and its status, in their order`() async throws {
        let files = Workplace.usual.merging(["peaks.csv": ServedTenant.peaks]) { $1 }
        try await ServedTenant.with(files) { acme in
            let outcome = try await acme.run("ingest --json peaks.csv garbled.csv damaged.csv")
            #expect(outcome.status == 2)
            #expect(try outcome.objects.compactMap { $0["status"] as? Int } == [0, 1, 2])
            #expect(try acme.live == [2, 3])
            #expect(try await acme.run("ingest peaks.csv garbled.csv").status == 4)
            #expect(try await acme.run("ingest peaks.csv whole.csv --yes").status == 0)
            #expect(try await acme.run("ingest --dry-run peaks.csv damaged.csv").status == 2)
        }
    }

    @Test func `what stops one file for good reason does not stop the others`() async throws {
        let mapping = ServedTenant.mapping.replacing("for: lc", with: "for: lc.table")
        let report = "Application Name,LCsolution\nVersion,1.24\n"
        try await ServedTenant.with(["peaks.csv": ServedTenant.peaks, "report.txt": report], mapping: mapping) { acme in
            let sample = try #require(Self.sample("lc.labsolutions/lcsolution-comma/input.txt"))
            _ = try await acme.place.run("cp '\(sample)' report.txt; cp report.txt second.txt; echo >>second.txt")
            let outcome = try await acme.run("ingest --json peaks.csv report.txt second.txt")
            #expect(outcome.status == 78)
            #expect(try outcome.objects.compactMap { $0["status"] as? Int } == [0, 78, 78])
            #expect(outcome.told.matches(of: #/configuration\.unmapped/#).count == 1)
            #expect(try acme.live == [1, 2])
        }
    }

    // MARK: Complete?

    @Test func `a file that cannot prove that it is whole is published when someone answers for it`() async throws {
        let mapping = ServedTenant.mapping.replacing("    accept-unknown: true\n", with: "")
        try await ServedTenant.with(mapping: mapping) { acme in
            let refused = try await acme.run("ingest --yes peaks.csv")
            #expect(refused.status == 2 && refused.told.contains("add --accept-unknown"))
            #expect(acme.writes == [])
            #expect(try await acme.run("ingest --accept-unknown peaks.csv").status == 0)
        }
    }

    @Test func `a file that says itself that it is incomplete is never published`() async throws {
        try await ServedTenant.with { acme in
            let sample = try #require(Self.sample("lc.openlab/cut/input.csv"))
            let outcome = try await acme.run("ingest --yes --accept-unknown --again '\(sample)'")
            #expect(outcome.status == 2, "\(outcome.told)")
            let records = try await acme.run(
                "ingest read '\(sample)' -o cut.jsonl; ingest publish --yes --accept-unknown cut.jsonl")
            #expect(records.status == 2 && records.told.contains("[publish.incomplete]"))
            #expect(acme.writes == [])
        }
    }

    static func sample(_ path: String) -> String? {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let file = root.appendingPathComponent("Samples/" + path).path
        return FileManager.default.fileExists(atPath: file) ? file : nil
    }

    // MARK: The other version of a run

    @Test func `a corrected file is published in the place of the first when someone agrees`() async throws {
        try await ServedTenant.with { acme in
            let first = try await acme.run("ingest --json peaks.csv").run
            try acme.place.write(ServedTenant.corrected, to: "peaks.csv")
            acme.tenant.forgetRequests()
            let asked = try await acme.run("ingest peaks.csv")
            #expect(asked.status == 2 && asked.told.contains("[publish.needs-consent]") && asked.told.contains("--yes"))
            #expect(acme.writes == [])
            let agreed = try await acme.run("ingest --json --yes peaks.csv")
            #expect(try agreed.status == 0 && agreed.receipt["replaced"] as? [String] == [first])
            #expect(try acme.live == [1, 2])
            #expect(try acme.tenant.runs().first { $0.archived == nil }?.id == agreed.run)
        }
    }

    @Test func `--new-run publishes beside`() async throws {
        try await ServedTenant.with { acme in
            _ = try await acme.run("ingest peaks.csv")
            try acme.place.write(ServedTenant.corrected, to: "peaks.csv")
            #expect(try await acme.run("ingest --new-run peaks.csv").status == 0)
            #expect(try acme.live == [2, 4])
        }
    }

    @Test func `two versions of one run in one command are not both published`() async throws {
        try await ServedTenant.with(["peaks.csv": ServedTenant.peaks]) { acme in
            _ = try await acme.run("mkdir v w; gzip -c peaks.csv >w/peaks.csv.gz")
            try acme.place.write(ServedTenant.corrected, to: "v/peaks.csv")
            let outcome = try await acme.run("ingest --json peaks.csv v/peaks.csv w/peaks.csv.gz")
            #expect(outcome.status == 2 && outcome.told.contains("another version of this run"), "\(outcome.told)")
            #expect(try acme.live == [1, 2])
            let statuses = try outcome.objects.compactMap { $0["status"] as? Int }
            #expect(statuses.sorted() == [0, 2, 2])
            // One after the other it is a question.
            let other = ["peaks.csv", "v/peaks.csv", "w/peaks.csv.gz"][statuses.firstIndex(of: 2) ?? 0]
            #expect(try await acme.run("ingest \(other)").told.contains("looks like an earlier version"))
        }
    }

    @Test func `what stands and would be left out now is no longer unchanged`() async throws {
        try await ServedTenant.with { acme in
            _ = try await acme.run("ingest peaks.csv")
            let yaml = try acme.place.text(of: "ingest.yaml")
            try acme.place.write(yaml.replacing("value(area)", with: "area in {mAU}.s"), to: "ingest.yaml")
            let asked = try await acme.run("ingest peaks.csv")
            #expect(
                asked.status == 2 && asked.told.contains("what stands differs from what the mapping gives now"), "\(asked.told)")
            #expect(try acme.live == [1, 2])
        }
    }

    @Test func `a table without rows is nothing to publish, and what somebody archived is told as archived`() async throws {
        try await ServedTenant.with { acme in
            try acme.place.write("Sample,RT (min),Area\n", to: "empty.csv")
            let empty = try await acme.run("ingest empty.csv")
            #expect(empty.status == 2 && acme.writes == [], "\(empty.told)")
            let run = try await acme.run("ingest --json peaks.csv").run
            let results = try acme.tenant.results().map { "\"\($0.id)\"" }.joined(separator: ",")
            for (path, body) in [
                ("assay-results:archive", "{\"assayResultIds\":[\(results)],\"reason\":\"Archived\"}"),
                ("assay-runs:archive", "{\"assayRunIds\":[\"\(run)\"],\"reason\":\"Archived\"}"),
            ] {
                let archived = try await acme.run(
                    "curl -sf -u $ACME_KEY: -H 'Content-Type: application/json' -d '\(body)' \(acme.url)/api/v2/\(path)")
                #expect(archived.status == 0, "\(archived.output)")
            }
            let again = try await acme.run("ingest peaks.csv")
            #expect(again.status == 2 && again.told.contains("archived there") && again.told.contains("--again"), "\(again.told)")
            #expect(try acme.live == [0, 0])
        }
    }

    @Test func `quiet leaves the receipt alone, and several runs have a line each`() async throws {
        let outcome = try await Workplace(["peaks.csv": ServedTenant.peaks]).run("ingest --accept-unknown --quiet peaks.csv")
        #expect(outcome.output.hasPrefix("run ") && outcome.output.split(separator: "\n").count == 1, "\(outcome.output)")
        var receipt = Receipt(file: "a", sha256: "b", destination: "acme", status: 0)
        receipt.runs = ["1", "2"].map { Receipt.Run(id: $0, schema: "S\u{1B}[2J") }
        #expect(receipt.text.split(separator: "\n").count == 3 && !receipt.text.contains("\u{1B}"))
    }

    // MARK: What goes wrong

    @Test func `a destination that nobody answers at leaves status 3, and names itself`() async throws {
        try await ServedTenant.with { acme in
            await acme.tenant.stop()
            let outcome = try await acme.run("ingest --json peaks.csv")
            #expect(outcome.status == 3)
            #expect(try outcome.receipt["destination"] as? String == "acme" && outcome.receipt["status"] as? Int == 3)
            #expect(outcome.told.contains("acme cannot be reached"))
        }
    }

    @Test func `Ctrl-C while publishing says what is true, and the same command goes on from there`() async throws {
        try await ServedTenant.with { acme in
            acme.tenant.plan(FaultPlan([.init(.slow(seconds: 20), .before, of: "POST /assay-results")]))
            async let interrupted = acme.run(
                "set -m; \"$INGEST\" peaks.csv & until [ -e now ]; do sleep 0.02; done; kill -INT $!; wait $!")
            while try acme.tenant.runs().isEmpty { try await Task.sleep(for: .milliseconds(20)) }
            try acme.place.write("", to: "now")
            let outcome = try await interrupted
            #expect(outcome.status == 130)
            #expect(outcome.told.contains("interrupted; what is done is recorded, the same command goes on from there"))
            acme.tenant.plan(nil)
            #expect(try await acme.run("ingest peaks.csv").status == 0)
            #expect(try acme.live == [1, 2])
        }
    }

    @Test func `a wait is told once, however many calls wait`() async throws {
        var options = SandboxOptions()
        options.faults = FaultPlan([.init(.tooManyRequests(.retryAfter(2)), .before, at: 1...4)])
        try await ServedTenant.with(options: options) { acme in
            let outcome = try await acme.run("ingest peaks.csv")
            #expect(outcome.status == 0)
            #expect(outcome.told.matches(of: #/acme: .*waiting \d+ s/#).count == 1, "\(outcome.told)")
        }
    }
}
