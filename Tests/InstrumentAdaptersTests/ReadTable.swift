import IngestCore
import IngestPipeline
import IngestTesting
import InstrumentAdapters

/// What `xml.table` makes of a report whose rows are `<Peak>`.
func readTable(
    _ text: String, _ element: String? = "Peak", missing: [String] = [], chunkLength: Int = 1 << 18
) async throws -> AdapterReading {
    try await XMLTableAdapter().reading(
        text, name: "report.xml", given: GivenAssumptions(missing: missing, element: element), chunkLength: chunkLength)
}

extension ResultRecord {
    func quantity(_ name: String) -> Quantity? { measurements.first { $0.name == name }?.quantity }
    var names: [String] { measurements.map(\.name) }
}
