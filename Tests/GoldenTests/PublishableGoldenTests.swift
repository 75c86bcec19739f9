import Benchling
import IngestCore
import IngestPipeline
import IngestTesting
import InstrumentAdapters
import RecordReading
import Testing

/// A records file of a sample, as `ingest read -o` writes it.
private func records(of golden: GoldenSamples.Case) async throws -> TemporaryText? {
    let text = try TemporaryText("")
    let output = try OutputFile(path: text.path)
    let outcome = try await IngestRun(adapters: AdapterRoster.all, given: golden.given).read(
        SourceOpener.open(golden.input), into: JSONLinesSink(output))
    return outcome.end == nil ? nil : text
}

@Test(arguments: GoldenSamples.cases(in: samples))
func `the records file of a sample is found whole, result by result`(golden: GoldenSamples.Case) async throws {
    guard let text = try await records(of: golden) else { return }
    let file = try RecordsFile(path: text.path)
    #expect(file.adapterName == golden.adapter)
    let reader = try file.results()
    var count = 0
    while let result = try reader.next() {
        count += 1
        #expect(file.runs.contains { $0.id == result.run })
    }
    #expect(count == file.resultCount)
}

@Test(arguments: GoldenSamples.cases(in: samples).filter { $0.adapter.hasPrefix("lc.") && $0.adapter != "lc.unicorn" })
func `the built-in mapping takes every result of a chromatography sample`(golden: GoldenSamples.Case) async throws {
    guard let text = try await records(of: golden) else { return }
    let file = try RecordsFile(path: text.path)
    func field(_ name: String, _ type: String) -> FieldDefinition { FieldDefinition(id: name, name: name, type: type) }
    let run = AssaySchema(
        id: "run", name: "Chromatography Run", kind: .run,
        fields: ["instrument", "method", "sequence", "operator", "source_sha256"].map { field($0, "text") })
    let result = AssaySchema(
        id: "result", name: "Chromatography Result", kind: .result,
        fields: [
            field("run", "assay_run_link"), field("sample", "entity_link"), field("sample_name", "text"),
            field("analyte", "text"),
            field("retention_time", "float"), field("peak_area", "float"), field("run_date", "date"),
            field("chromatogram_file", "blob_link"),
        ])
    let entry = try #require(PublishEntry.builtIn(forAdapter: file.adapterName))
    let mapping = try CheckedMapping(entry, schemas: [run, result], dropdowns: [:])
    for record in file.runs { #expect(mapping.run.map(nil, run: record, in: file).faults.isEmpty) }
    let reader = try file.results()
    while let record = try reader.next() {
        let form = try #require(mapping.form(for: record.kind))
        let mapped = form.map(record, run: try #require(file.runs.first { $0.id == record.run }), in: file)
        #expect(mapped.faults.isEmpty, "\(mapped.faults)")
        #expect(mapped.values["run"] == .run)
    }
}
