import Foundation
import Testing

/// What was read and published, and where a value stood.
struct HistoryTests {
    @Test func `a result is brought back to its cell`() async throws {
        try await ServedTenant.with { acme in
            let ids = try await acme.run("ingest --json peaks.csv").receipt["results"] as? [String] ?? []
            let second = try #require(ids.last)
            let outcome = try await acme.run("ingest history \(second)")
            #expect(
                outcome.output.contains("result \(second) Chromatography Result · live · from peaks.csv:3:1"), "\(outcome.output)"
            )
            let object = try #require(try await acme.run("ingest history --json \(second)").objects.first)
            #expect(
                object["type"] as? String == "thing" && object["line"] as? Int == 3 && object["file"] as? String == "peaks.csv")
        }
    }

    @Test func `a file and a run have their readings and publications, and what became of them`() async throws {
        try await ServedTenant.with { acme in
            let run = try await acme.run("ingest --json peaks.csv").run
            _ = try await acme.run("ingest peaks.csv; ingest undo peaks.csv --reason 'wrong column'")
            for reference in ["peaks.csv", run, String(run.prefix(8)), ""] {
                let text = try await acme.run("ingest history \(reference)").output
                #expect(text.contains("published peaks.csv to acme · run \(run.prefix(8))…"), "\(reference): \(text)")
                #expect(text.contains("undone") && text.contains("\"wrong column\"") && text.contains("ingest 0."))
                let types = try await acme.run("ingest history --json \(reference)").objects.compactMap { $0["type"] as? String }
                #expect(types.filter { $0 == "publication" }.count == 1 && types.filter { $0 == "reading" }.count == 2)
            }
        }
    }

    @Test func `a file is meant by its content, and more than the limit is counted`() async throws {
        let place = try Workplace(["peaks.csv": ServedTenant.peaks])
        _ = try await place.run("ingest --accept-unknown peaks.csv; mv peaks.csv renamed.csv")
        #expect(try await place.run("ingest history renamed.csv").output.contains("published peaks.csv to local"))
        #expect(try await place.run("ingest history --limit 1").output.hasSuffix("and 1 more\n"))
        #expect(try await place.run("ingest history --limit 0").status == 64)
        #expect(try await place.run("ingest history nothing.csv").output == "nothing is known of \"nothing.csv\"\n")
    }
}
