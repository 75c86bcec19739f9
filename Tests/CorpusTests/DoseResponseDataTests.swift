import FoundationEssentials
import IngestCore
import IngestPipeline
import IngestTesting
import InstrumentAdapters
import Testing

/// Dose-response data of publications and of simulations, read where they lie: `INGEST_IC50`, by default `../shared/ic50`
/// beside the project.
enum DoseResponseData {
    static let root: String? = {
        let project = #filePath.split(separator: "/").dropLast(3).reduce("") { $0 + "/" + $1 }
        let path = (ProcessInfo.processInfo.environment["INGEST_IC50"] ?? project + "/../shared/ic50") + "/data"
        return FileManager.default.fileExists(atPath: path) ? path : nil
    }()

    static let files: [String] = {
        guard let root, let names = try? FileManager.default.contentsOfDirectory(atPath: root) else { return [] }
        return names.filter { $0.hasSuffix(".csv") }.sorted()
    }()
}

@Suite(.enabled(if: DoseResponseData.root != nil, "skipped: there are no dose-response data beside the project"))
struct DoseResponseDataTests {
    @Test(arguments: DoseResponseData.files)
    func `every cell of a dose-response file is in its records`(name: String) async throws {
        let path = try #require(DoseResponseData.root) + "/" + name
        let opened = try SourceOpener.open(path)
        let detection = try Detection(opened.opening, among: AdapterRoster.all)
        #expect(detection.chosen.adapter.identity.name == "plate.long")
        #expect(detection.chosen.isCertain)
        let reading = try await IngestRun(adapters: AdapterRoster.all).reading(opened)
        #expect(reading.end?.coverage.addsUp == true)
        let lines = try String(contentsOfFile: path, encoding: .utf8).split(whereSeparator: \.isNewline)
        let headings = lines[0].split(separator: ",")
        var leftOut = 0
        for (index, line) in lines.enumerated().dropFirst() {
            let cells = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
            guard let result = reading.results.first(where: { $0.location.line == index + 1 }) else {
                leftOut += 1
                #expect(reading.diagnostics.contains { $0.location.line == index + 1 && $0.severity == .error }, "\(line)")
                continue
            }
            #expect(result.kind == .well)
            #expect(result.sample?.name == cells[0])
            #expect(result.measurements.map(\.name) == Array(["dose", "effect", "weight"].prefix(headings.count - 1)))
            for (cell, measurement) in zip(cells.dropFirst(), result.measurements) { check(cell, measurement.quantity) }
        }
        #expect(reading.end?.leftOut == leftOut)
        #expect(leftOut == (["syn_bad_text.csv", "syn_infinite.csv"].contains(name) ? 1 : 0))
    }

    private func check(_ cell: String, _ quantity: Quantity) {
        #expect(quantity.written == cell)
        #expect(quantity.unit == nil)
        let isBound = cell.hasPrefix("<")
        #expect(quantity.bound == (isBound ? .below : .exact))
        let value = Double(isBound ? String(cell.dropFirst()) : cell)
        #expect(quantity.value == (value?.isNaN == true ? nil : value))
    }
}
