import ArgumentParser
import Benchling
import BenchlingSandbox
import Foundation
import IngestCore
import Publishing
import Testing

@testable import ingest

/// An analysis from its step key to its receipt, as the command does it.
struct AnalysisRoundTripTests {
    private static func fits(_ frame: DataFrame) -> String? {
        frame.columns.contains { $0.name == "Concentration" } ? nil : "it has no column Concentration"
    }

    /// Runs the round trip in a place, with a table and a page that follow from the input.
    private static func go(
        _ arguments: [String], _ environment: [String: String], in place: Workplace, quiet: Bool = false
    ) async throws -> AnalysisRoundTrip.Outcome {
        let options = try AnalysisOptions.parse(arguments + ["--config", place.path + "/ingest.yaml"])
        let terminal = Terminal(try TellingOptions.parse(quiet ? ["--quiet", "--no-color"] : ["--no-color"]))
        let base = ["INGEST_HOME": place.path + "/.home"]
        let trip = AnalysisRoundTrip(
            options, terminal, tool: "ic50", version: 1, environment: base.merging(environment) { $1 })
        return try await trip.outcome(fits: fits) { frame in
            let input = try String(contentsOfFile: frame.path, encoding: .utf8)
            let name = UUID().uuidString
            try place.write("curve,IC50\n24h,\(input.utf8.count)\n", to: name + ".csv")
            try place.write("<!DOCTYPE html><title>IC50</title>", to: name + ".html")
            return AnalysisOutputs(
                settings: "LL.4",
                dataFrames: [AnalysisOutput(name: "IC50", fileName: "ic50.csv", path: place.path + "/\(name).csv")],
                files: [AnalysisOutput(name: "IC50 plot", fileName: "ic50.html", path: place.path + "/\(name).html")])
        }
    }

    private static func secrets(_ acme: ServedTenant) -> [String: String] {
        ["ACME_KEY": acme.tenant.credentials.apiKey, AnalysisRoundTrip.variable: acme.tenant.credentials.analysisStepKey]
    }

    /// A key whose token says what it is for; the token itself is to be seen nowhere.
    private static func key(for audience: String) -> String {
        let payload = Data(#"{"aud":"\#(audience)","hidden":"secretpayload"}"#.utf8).base64EncodedString()
        return "ana_hidden99:eyJzZWNyZXQiOjF9.\(payload.replacing("=", with: "")).secretsignature"
    }

    @Test func `it is attached once, told in one line, found in the history and taken back`() async throws {
        try await ServedTenant.with([:]) { acme in
            let first = try await Self.go([], Self.secrets(acme), in: acme.place)
            let analysis = acme.tenant.analysisID
            let id = try #require(first.receipt.publication)
            #expect(first.receipt.status == 0 && first.shown == "", "\(first.told)")
            #expect(
                first.told
                    == "analysis \(analysis) · 1 data frame, 1 file · published to acme · undo: ingest undo \(id.prefix(8))\n")
            let second = try await Self.go([], Self.secrets(acme), in: acme.place)
            #expect(second.receipt.status == 4 && second.told.contains("already published to acme, unchanged"))
            #expect(try acme.tenant.attachments().count == 2)
            let frame = try #require(first.receipt.analysis?.dataFrames.first)
            for reference in [analysis, frame, String(id.prefix(8)), first.receipt.file] {
                let history = try await acme.run("ingest history \(reference)")
                #expect(
                    history.output.contains("analysis \(analysis) · 1 data frame, 1 file · ic50 version 1"), "\(history.output)")
            }
            let object = try #require(try await acme.run("ingest history --json \(analysis)").objects.first)
            #expect(
                object["analysis"] as? String == analysis && object["files"] as? Int == 1 && object["dataFrames"] as? Int == 1)
            #expect(try await acme.run("ingest undo \(id.prefix(8))").status == 64)
            let undone = try await acme.run("ingest undo \(id.prefix(8)) --reason 'wrong plate'")
            #expect(undone.status == 0 && undone.output.contains("1 file archived at acme"), "\(undone.told)")
            #expect(undone.output.contains("1 data frame (\(frame)) stays") && undone.output.contains("nothing can be detached"))
            #expect(try acme.tenant.attachments().map(\.isArchived) == [false, true])
            #expect(try await acme.run("ingest undo \(analysis) --reason again").status == 4)
        }
    }

    @Test func `its receipt for programs has the keys of others and its own`() async throws {
        try await ServedTenant.with([:]) { acme in
            let outcome = try await Self.go(["--json"], Self.secrets(acme), in: acme.place, quiet: true)
            let object = try #require(
                try JSONSerialization.jsonObject(with: Data(outcome.shown.utf8)) as? [String: Any], "\(outcome.told)")
            #expect(outcome.told == "" && object["status"] as? Int == 0 && object["destination"] as? String == "acme")
            for key in ["runs", "results", "blobs", "attachedBefore"] {
                #expect((object[key] as? [Any])?.isEmpty == true, "\(key)")
            }
            #expect(object["analysis"] as? String == acme.tenant.analysisID && object["created"] as? Int == 2)
            #expect((object["dataFrames"] as? [String])?.count == 1 && (object["files"] as? [String])?.count == 1)
            try acme.place.write(outcome.shown, to: "receipt.json")
            let undone = try await acme.run("ingest undo --json receipt.json --reason 'wrong plate'")
            #expect(try undone.status == 0 && (undone.receipt["archivedFiles"] as? [String])?.count == 1, "\(undone.told)")
        }
    }

    @Test func `a dry run shows the plan and writes nothing`() async throws {
        try await ServedTenant.with([:]) { acme in
            let dry = try await Self.go(["--dry-run"], Self.secrets(acme), in: acme.place)
            #expect(dry.receipt.status == 0 && dry.shown.split(separator: "\n").count == 2, "\(dry.told)")
            #expect(dry.shown.hasPrefix("create    data frame ingest ") && dry.told.contains("nothing was sent"))
            let json = try await Self.go(["--dry-run", "--json"], Self.secrets(acme), in: acme.place)
            #expect(json.shown.split(separator: "\n").count == 2 && json.shown.contains(#""thing":"dataFrame""#))
            #expect(acme.writes == [])
        }
    }

    @Test func `the tenant built in knows the key of its own analysis`() async throws {
        let place = try Workplace(["ingest.yaml": ""])
        let outcome = try await Self.go(["--to", "local"], [:], in: place)
        #expect(outcome.receipt.status == 0 && outcome.told.contains("published to local"), "\(outcome.told)")
        let other = try await Self.go(["--to", "local"], [AnalysisRoundTrip.variable: Self.key(for: "acme")], in: place)
        #expect(other.receipt.status == 78 && other.told.contains("it is for acme.benchling.com"), "\(other.told)")
    }

    @Test(arguments: ["acme", "evil.example", "127.0.0.1:1", "localhost"])
    func `a key for another tenant sends nothing at all`(audience: String) async throws {
        try await ServedTenant.with([:]) { acme in
            let yaml = try acme.place.text(of: "ingest.yaml")
            let app = "{app: {id-from: APP_ID, secret-from: APP_SECRET}}"
            try acme.place.write(yaml.replacing("{key-from: ACME_KEY}", with: app), to: "ingest.yaml")
            let secrets = [
                "APP_ID": acme.tenant.credentials.clientID, "APP_SECRET": acme.tenant.credentials.clientSecret,
                AnalysisRoundTrip.variable: Self.key(for: audience),
            ]
            let outcome = try await Self.go([], secrets, in: acme.place)
            #expect(outcome.receipt.status == 78 && outcome.told.contains("[analysis.step-key]"), "\(outcome.told)")
            #expect(outcome.told.contains("nothing was sent") && !outcome.told.contains("secretsignature"))
            #expect(acme.tenant.requests.isEmpty)
            // The app itself is all right.
            let right = secrets.merging([AnalysisRoundTrip.variable: acme.tenant.credentials.analysisStepKey]) { $1 }
            #expect(try await Self.go([], right, in: acme.place).receipt.status == 0)
        }
    }

    @Test(arguments: [
        "zqhushzqhush", "ana_hidden99:zqhush", "ana_hidden99:zqhush.!zqhush!.zqhush", ":zqhush.zqhush.zqhush",
        "ana_hidden99:zqhush.c2VjcmV0.zqhush", "ana_hidden99/zqhush:zqhush.zqhush.zqhush", "zqhush zqhush", "",
    ])
    func `a key that is none is refused, and nothing of it is quoted`(key: String) async throws {
        try await ServedTenant.with([:]) { acme in
            for arguments in [[], ["--json"], ["--dry-run"]] {
                var secrets = Self.secrets(acme)
                secrets[AnalysisRoundTrip.variable] = key
                let outcome = try await Self.go(arguments, secrets, in: acme.place)
                #expect(outcome.receipt.status == 78, "\(outcome.told)")
                let said = outcome.told + outcome.shown
                for part in ["zqhush", "hidden", "c2Vj"] { #expect(!said.contains(part), "\(said)") }
            }
            #expect(acme.tenant.requests.isEmpty)
        }
    }

    @Test func `a key may stand in a file that nobody else can read`() async throws {
        try await ServedTenant.with([:]) { acme in
            var secrets = Self.secrets(acme)
            let key = acme.tenant.credentials.analysisStepKey
            secrets[AnalysisRoundTrip.variable] = nil
            #expect(try await Self.go([], secrets, in: acme.place).receipt.status == 78)
            let path = acme.place.path + "/step.key"
            try acme.place.write(key + "\n", to: "step.key")
            chmod(path, 0o644)
            let open = try await Self.go(["--step-key-file", path], secrets, in: acme.place)
            #expect(open.receipt.status == 78 && open.told.contains("chmod 600") && acme.tenant.requests.isEmpty, "\(open.told)")
            chmod(path, 0o600)
            #expect(try await Self.go(["--step-key-file", path], secrets, in: acme.place).receipt.status == 0)
            let missing = try await Self.go(["--step-key-file", path + "x"], secrets, in: acme.place)
            #expect(missing.receipt.status == 78 && missing.told.contains("cannot be read"))
        }
    }

    @Test func `what stops it has a status that says whether to come again`() async throws {
        try await ServedTenant.with([:]) { acme in
            let secrets = Self.secrets(acme)
            await #expect(throws: ValidationError.self) { try await Self.go(["--to", "none"], secrets, in: acme.place) }
            #expect(try await Self.go(["--to", "nowhere"], secrets, in: acme.place).receipt.status == 78)
            acme.tenant.plan(FaultPlan([.init(.expiredToken, .before)]))
            let refused = try await Self.go(["--json"], secrets, in: acme.place)
            #expect(refused.receipt.status == 78 && refused.shown.contains(#""status":78"#), "\(refused.told)")
            acme.tenant.plan(FaultPlan([.init(.status(403, html: false), .before, of: "GET /analyses/{analysis_id}")]))
            #expect(try await Self.go([], secrets, in: acme.place).receipt.status == 2)
            acme.tenant.plan(FaultPlan([.init(.status(400, html: false), .before, of: "POST /files")]))
            let half = try await Self.go(["--json"], secrets, in: acme.place)
            #expect(half.receipt.status == 3 && half.receipt.analysis?.dataFrames.count == 1, "\(half.told)")
            acme.tenant.plan(nil)
            #expect(try await Self.go([], secrets, in: acme.place).receipt.status == 0)
            #expect(try acme.tenant.attachments().count == 2 && acme.tenant.census().dataFrames == 2)
        }
    }
}
