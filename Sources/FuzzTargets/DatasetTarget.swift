import IC50Analysis
import IngestCore
import IngestPipeline
import InstrumentAdapters

extension FuzzTarget {
    /// A file as curves, fitted and shown. Fits take as long as they take, within reason.
    static let dataset = FuzzTarget("dataset", longest: 6_000, grace: 4) { input in
        guard let first = input.first else { return }
        var options = DatasetOptions()
        options.dosesAreLog10 = first & 1 != 0
        options.usesBounds = first & 2 != 0
        options.isLenient = first & 4 != 0
        if first & 8 != 0 { options.controls = .init(low: "low", high: "high") }
        let sink = CurveSink(options)
        let opened = OpenedSource(name: "input", bytes: Array(input.dropFirst()))
        let outcome = try await IngestRun(adapters: AdapterRoster.all).read(opened, into: sink)
        guard let end = outcome.end else { return }
        let dataset = sink.builder.finish(leftOut: end.leftOut)
        let places = dataset.curves.reduce(0) { $0 + $1.points.count }
        guard !dataset.isRefused, places <= 200, dataset.curves.count <= 12 else { return }
        let settings = AnalysisSettings(workers: 1)
        let report = await IC50Analysis.report(
            on: dataset, settings,
            provenance: .init(inputs: [], ingestVersion: "0", settings: settings.described(options)))
        try expect(report.curves.count == dataset.curves.count, "\(report.curves.count) curves of \(dataset.curves.count)")
        let table = IC50Table(report)
        try expectJSON(Array(table.json().utf8), "a line of the table")
        _ = table.csv()
        _ = IC50Text(report).text(width: 80)
        let page = IC50Page(report).html()
        try expect(String(validating: page, as: UTF8.self) != nil, "the page is no UTF-8")
        let file = FileDigest(name: "ic50.csv", bytes: 1, sha256: String(repeating: "0", count: 64))
        let buffer = LineBuffer()
        for record in IC50Records(report).records(table: file, page: file) { RecordLines(into: buffer).write(record, digest: "") }
        try expectJSON(Array(buffer.bytes), "a record of the analysis")
    }

    private static func expectJSON(_ lines: [UInt8], _ what: String) throws {
        for line in lines.split(separator: 10) {
            do { _ = try JSONValue(parsing: Array(line)) } catch { throw FuzzFinding("\(what) is no JSON: \(error)") }
        }
    }
}

private final class CurveSink: RecordSink {
    var builder: DatasetBuilder

    init(_ options: DatasetOptions) {
        builder = DatasetBuilder(options)
        builder.begin(file: "input")
    }

    func write(_ record: Record) async throws {
        if case .result(let result) = record { try builder.add(ObservedWell(result)) }
    }

    func finish() async throws {}
}
