public import IngestCore
import TabularText

/// Reads what Waters Empower writes as text: raw data (`.arw`) and tables of peaks or injections.
///
///     "SampleName"⇥"Channel"⇥"Sample Set Name"          Component Results
///     "S-017"⇥"2489 ChA 280nm"⇥"Stability T3"           #,SampleName,Vial,Injection,Name,RT,Area,% Area,Int Type
///     0⇥0.0012                                          1,S-017,12,1,Caffeine,4.871,1204431,98.22,BB
///     0.00833333⇥0.0015                                 2,S-017,12,1,,5.204,21873,1.78,Bb
///
/// - Separator (comma, TAB, `;`), quotes (none, `'`, `"`) and the fields are choices of the export method. Fields may
///   stand in front of a trace or table, a line each or as a line of names above a line of values, in any order.
/// - Raw data become one trace: time in minutes, and the signal without a unit, which the file does not state. A PDA
///   export has a line `Wavelength`; it becomes one trace with an axis for each wavelength.
/// - Times are in minutes, areas in µV·s, heights in µV and widths in seconds where headings state no unit: Empower
///   writes them so. Lower-case letters in `Int Type` are sides of a peak that were set by hand.
/// - `Missing` as peak or integration type: the component was not found. Its row is kept, flagged `notFound`, and its
///   values are absent, for Empower writes the expected retention time there. `Group` sums up other rows: such a result
///   is of kind `compound`, flagged `group`. Rows of sums and means below the peaks are ignored.
///
/// Known from exports that the public readers Appia and chromConverter are tested with, and from Waters' notes on
/// exporting; no export states its version.
public struct EmpowerAdapter: InstrumentAdapter {
    public init() {}
    public let identity = AdapterIdentity(
        "lc.empower", version: 3, instrument: "Waters Empower text export (tables, .arw traces)")

    public func recognize(_ opening: SourceOpening) -> Recognition {
        guard opening.members.isEmpty, let evidence = EmpowerLayout(opening).evidence else { return .no }
        return .certain(because: evidence)
    }

    public func read(_ source: SourceFile, into output: AdapterOutput) async throws {
        let layout = EmpowerLayout(source.opening)
        let text = try DelimitedText(source, dialect: layout.dialect)
        switch layout.body {
        case .trace:
            var trace = EmpowerTrace(text, source, layout)
            try await trace.read(into: output)
        case .table:
            var table = EmpowerTable(text, source, layout)
            try await table.read(into: output)
        }
    }
}
