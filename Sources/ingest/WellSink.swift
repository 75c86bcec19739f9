import IC50Analysis
import IngestCore

/// Sorts results into curves as they are read, and keeps those whose doses stand in another file.
final class WellSink: RecordSink {
    private var builder: DatasetBuilder
    private(set) var doses = DispensedDoses()
    private(set) var readings: PlateReadings

    init(_ options: DatasetOptions) {
        builder = DatasetBuilder(options)
        readings = PlateReadings(options)
    }

    func begin(file: String, responses: [String]? = nil) {
        builder.begin(file: file, responses: responses)
        readings.begin(file: file)
    }

    func add(_ well: ObservedWell) throws {
        guard !DispensedDoses.isMeant(by: well) else { return try doses.add(well) }
        try readings.add(well)
        try builder.add(well)
    }

    /// - Parameters:
    ///   - leftOut: Rows that the reading could not use.
    ///   - traces: Curves of points in the file.
    func finish(leftOut: Int, traces: Int) -> DoseResponseDataset {
        readings.traces = traces
        return builder.finish(leftOut: leftOut)
    }

    func write(_ record: Record) async throws {
        if case .result(let result) = record { try add(ObservedWell(result)) }
    }

    func take(_ result: borrowing ResultRecord) throws -> Bool {
        try add(ObservedWell(result))
        return true
    }

    func finish() async throws {}
}
