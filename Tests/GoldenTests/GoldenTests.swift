import IngestCore
import IngestPipeline
import IngestTesting
import InstrumentAdapters
import Testing

/// Where the samples are, from the place of this file.
let samples = #filePath.split(separator: "/").dropLast(3).reduce("") { $0 + "/" + $1 } + "/Samples"

@Test(arguments: GoldenSamples.cases(in: samples))
func `a sample is read as recorded`(golden: GoldenSamples.Case) async throws {
    if let difference = try await GoldenSamples.difference(golden, adapters: AdapterRoster.all) {
        Issue.record("\(golden): \(difference)")
    }
}

@Test(arguments: GoldenSamples.cases(in: samples))
func `a sample is recognised by its own adapter alone`(golden: GoldenSamples.Case) async throws {
    let opened = try SourceOpener.open(golden.input)
    let detection = try Detection(opened.opening, among: AdapterRoster.all)
    #expect(detection.chosen.adapter.identity.name == golden.adapter, "\(detection.chosen.because)")
}

@Test(arguments: GoldenSamples.cases(in: samples), [1, 7, 64, 1000])
func `a sample is read alike however it is cut into chunks`(golden: GoldenSamples.Case, chunk: Int) async throws {
    let opened = try SourceOpener.open(golden.input)
    let whole = try await IngestRun(adapters: AdapterRoster.all, given: golden.given).reading(opened)
    var run = IngestRun(adapters: AdapterRoster.all, given: golden.given)
    run.chunkLength = chunk
    let parts = try await run.reading(opened)
    #expect(parts.lines == whole.lines)
    #expect(parts.codes == whole.codes)
}

@Test(arguments: GoldenSamples.cases(in: samples))
func `every cell of a sample is accounted for`(golden: GoldenSamples.Case) async throws {
    let reading = try await IngestRun(adapters: AdapterRoster.all, given: golden.given).reading(SourceOpener.open(golden.input))
    if let end = reading.end { #expect(end.coverage.addsUp) }
    #expect(
        !reading.codes.contains { $0.hasPrefix("adapter.") }, "\(reading.diagnostics.filter { $0.code.hasPrefix("adapter.") })")
}
