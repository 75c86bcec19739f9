import Benchling
import Foundation
import IngestCore
import IngestTesting
import Testing

@Suite struct ConfigurationTests {
    static let whole = """
        destinations:
          acme:
            url: https://Acme.benchling.com/
            credentials: {app: {id-from: BENCHLING_CLIENT_ID, secret-from: ~/.secret}}
            project: Analytical Development
            registry: no
        publish:
          - for: lc
            accept-unknown: true
            run:
              schema: Chromatography Run
              fields: {instrument: run.instrument.name}
            results:
              - of: [peak, compound]
                schema: Chromatography Result
                fields:
                  run: $run
                  sample: entity(sample.name)
                  analyte: analyte.name
                  retention_time: retentionTime in min
                  peak_area: area in {mAU}.s
                  run_date: date(injection.acquired)
                  chromatogram_file: blob(source)
          - for: lc.table
            run: {schema: 1e3}
            results: [{of: sample, schema: Other}]
        """

    @Test func `the documented configuration is read as it is written`() throws {
        let configuration = try IngestConfiguration(text: Self.whole, file: "ingest.yaml")
        let acme = try #require(configuration.destination("acme"))
        #expect(acme.url == "https://acme.benchling.com")
        #expect(acme.project == "Analytical Development")
        #expect(acme.registry == "no")
        #expect(acme.place == SourceLocation(file: "ingest.yaml", line: 2, column: 3))
        guard case .app(let id, let secret) = acme.credentials else {
            Issue.record("no app")
            return
        }
        #expect(id.kind == .environment("BENCHLING_CLIENT_ID"))
        #expect(secret.kind == .file("~/.secret"))
        let entry = try #require(configuration.entry(forAdapter: "lc.chemstation"))
        #expect(entry.acceptsUnknown)
        #expect(entry.results[0].kinds == ["peak", "compound"])
        #expect(entry.results[0].form.fields.map(\.expression.text).contains("area in {mAU}.s"))
    }

    @Test func `of two tables that tell the same, the first that a file has is published`() throws {
        let text = MappingTenant.mapping("analyte", "analyte.name").replacing("of: peak", with: "of: peak or compound")
        let mapping = try MappingTenant.check(text)
        #expect(mapping.chosen(for: ["compound", "sample"]).kinds == ["compound"])
        let both = mapping.chosen(for: ["compound", "peak"])
        #expect(both.kinds == ["peak"] && both.setAside == ["compound": "peak"])
        let all = try MappingTenant.check(text.replacing("peak or compound", with: "[peak, compound]"))
        #expect(all.chosen(for: ["compound", "peak"]).kinds == ["compound", "peak"])
        #expect(all.digest != mapping.digest)
        #expect(faults(text.replacing("or compound", with: "or compuond")) == ["5:21 configuration.unknown-kind"])
    }

    @Test(arguments: [("lc.table", "lc.table"), ("lc.chemstation", "lc"), ("lc", "lc"), ("xml", nil), ("lcx.table", nil)])
    func `the most specific entry is taken`(adapter: String, entry: String?) throws {
        let configuration = try IngestConfiguration(text: Self.whole, file: "ingest.yaml")
        #expect(configuration.entry(forAdapter: adapter)?.adapter == entry)
    }
}
