public import IngestCore
import TabularText

/// Reads the report that Agilent ChemStation prints into `Report.TXT` in the folder of an injection.
///
///     Data File C:\CHEM32\1\DATA\SEQ\001F0101.D
///     Sample Name: S-0031
///     Instrument 1 3/20/2024 7:14:11 PM R. Vance
///     =====================================================================
///     Acq. Operator   : R. Vance                       Seq. Line :   1
///     Injection Date  : 3/20/2024 7:02:33 PM                 Inj :   1
///     =====================================================================
///                              Area Percent Report
///     =====================================================================
///     Signal 1: FID1 A, Front Signal
///
///     Peak RetTime Type  Width     Area      Height     Area
///       #   [min]        [min]   [pA*s]      [pA]         %
///     ----|-------|----|-------|----------|----------|--------|
///        1   2.824 BB S  0.0881 4.57137e4  7718.08594 97.91525
///        2   4.057 BB    0.0928  973.31000  149.11475  2.08475
///     Totals :                  4.66870e4  7867.20069
///
/// - Each row below a rule becomes a peak with the units that stand in the headings; a signal without a table becomes one
///   result of kind `sample` that says so. Tables of summed peaks become results of kind `region`.
/// - Cells are told by the bars of the rule. A row of which one goes over its border is left out.
/// - External and internal standards: amounts and names; `-` is a compound that was not found, `?` one nobody knows, and
///   an `I` behind the peak type an internal standard.
/// - The totals, the area % that add up to 100, the numbers of peaks, signals and pages, and the end mark prove the report
///   whole.
/// - A file may hold the reports of several injections, one below the other: a run for each.
/// - Where a `Report00.CSV` lies in the same folder, `lc.chemstation` reads both together.
///
/// Known from reports that ChemStation B and C wrote for GC and LC, and from the public readers chromConverter and
/// p2m2tools.
public struct ChemStationTextAdapter: InstrumentAdapter {
    public init() {}
    public let identity = AdapterIdentity(
        "lc.chemstation-text", version: 1, instrument: "Agilent ChemStation printed report (Report.TXT)")

    public func recognize(_ opening: SourceOpening) -> Recognition {
        if opening.members.isEmpty {
            return ChemStationText.isReport(opening)
                ? .certain(because: "a data file, a sample and the fields of an injection as ChemStation prints them") : .no
        }
        // With a header of tables beside it the report is their twin.
        guard !ChemStationAdapter.claims(opening), let report = opening.members.first(where: ChemStationText.isReport) else {
            return .no
        }
        return .certain(because: "\(report.name) is a report as ChemStation prints it, and no Report00.CSV lies beside it")
    }

    public func read(_ source: SourceFile, into output: AdapterOutput) async throws {
        source.account.name(format: "ChemStation Report.TXT")
        let reports = source.members.isEmpty ? [source] : source.members.filter { ChemStationText.isReport($0.opening) }
        let unread = source.members.filter { !ChemStationText.isReport($0.opening) }.map(\.name)
        ChemStationAdapter.noteUnread(source, unread, instead: "the peaks are in Report.TXT")
        for report in reports.sorted(by: { $0.name < $1.name }) {
            try await ChemStationTextReader(report, EmittedPeaks(output: output)).read()
        }
    }
}

/// Tells a printed report from any other file.
enum ChemStationText {
    static func isReport(_ opening: SourceOpening) -> Bool {
        let lines = opening.lines.prefix(60).map(\.trimmed)
        let heads = [
            lines.contains { $0.hasPrefix("Data File ") && !$0.hasPrefix("Data File :") },
            lines.contains { $0.hasPrefix("Sample Name:") },
        ]
        let fields = ["Acq. Operator   :", "Acq. Instrument :", "Injection Date  :", "Last changed    :"]
        let found = fields.count { field in lines.contains { $0.hasPrefix(field) } }
        return heads.contains(true) && found >= 2
    }
}

/// Passes peaks on as results.
struct EmittedPeaks: ChemStationTextTaking {
    let output: AdapterOutput

    func begin(_ header: ChemStationTextHeader) async throws { try await output.begin(header.run) }

    func take(_ row: Row, of table: ChemStationTextTable, _ make: () throws -> ResultRecord) async throws {
        try await output.emitResult(make)
    }

    func takeEmpty(_ result: ResultRecord, _ note: Diagnostic) async throws {
        try await output.emit(result)
        output.report(note)
    }
}
