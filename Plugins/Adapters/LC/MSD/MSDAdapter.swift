public import IngestCore
import TabularText

/// Reads what MSD ChemStation and MassHunter GC/MS write into the data folder of an injection (`.D`).
///
///     [contents]                                                                     RESULTS.CSV
///     count=1
///     Name=,D:\MassHunter\GCMS\1\data\S-0031.D
///     1=,INT TIC: S-0031.D\data.ms
///     [INT TIC: S-0031.D\data.ms]
///     Time=,Thu Mar 07 16:30:15 2024
///     Header=,"Peak","R.T.","First","Max","Last","PK  TY","Height","Area","Pct Max","Pct Total"
///     1=,  1,  5.120,  690, 698, 712,"  M ",1460012, 12000000,100.00, 75.000
///     2=,  2,  7.480, 1098,1106,1120," BV ", 480200,  4000000, 33.33, 25.000
///
/// - Each row becomes a peak: retention time in minutes, height and area in counts of the spectrometer, the shares of the
///   largest area and of all; `First`, `Max` and `Last` are numbers of scans. `M` in the code is a peak integrated by hand.
/// - `rteres.txt` tells the same peaks in words, and the sample, the vial and the time; its sum of the areas proves it whole.
/// - `AcqData/sample_info.xml` tells the sample, the vial, the volume and the time with its zone; alone it becomes one result
///   of kind `sample`.
/// - `tic_front.csv` is the total ion current (`Start of data points` in line 2), `CHROMTAB.CSV` the chromatograms of several
///   runs one after another. Both become traces: times in minutes, ions in counts; other detectors state no unit.
/// - Given the folder, a zip of it, or one of the first three text files with the others beside it, they are one injection:
///   the peaks of `RESULTS.CSV`, and what any of the files says of them. What two files tell alike is compared, and a
///   contradiction told. Each file is also read alone.
/// - The numbers in front of the rows, the numbers of the peaks, the counted sections, and shares that add up to 100 show
///   whether a table is whole. Nothing shows it of a trace, but points that are missing within leave a gap in its times.
///
/// Known from folders that MassHunter GC/MS 10 wrote, and from the public readers chromatopy and yadg.
public struct MSDAdapter: CompanionReading {
    public init() {}
    public let identity = AdapterIdentity(
        "lc.msd", version: 1, instrument: "Agilent MSD ChemStation / MassHunter GC/MS results (.D folder)")

    public func recognize(_ opening: SourceOpening) -> Recognition {
        guard !opening.members.isEmpty else {
            return MSDFiles.kind(of: opening).map { .certain(because: MSDFiles.evidence($0)) } ?? .no
        }
        let kinds = opening.members.compactMap { member in MSDFiles.kind(of: member).map { (member, $0) } }
        guard let (member, kind) = kinds.first(where: { $0.1 != .sampleInfo }) ?? kinds.first,
            ChemStationAdapter().recognize(opening) == .no
        else { return .no }
        let reason = "\(member.name): \(MSDFiles.evidence(kind))"
        // What was told of the sample lies in folders of other instruments too.
        return kind == .sampleInfo ? .possible(because: reason) : .certain(because: reason)
    }

    public func companions(of opening: SourceOpening) -> [String] {
        let isOne = { (name: String) in MSDFiles.sideBySide.contains(name.lowercased()) }
        guard isOne(opening.name), let kind = MSDFiles.kind(of: opening), kind != .sampleInfo, kind != .chromatograms else {
            return []
        }
        return opening.neighbours.filter { isOne($0) && $0 != opening.name }
    }

    public func read(_ source: SourceFile, into output: AdapterOutput) async throws {
        source.account.name(format: "MSD ChemStation / MassHunter GC/MS")
        let (folders, unread) = try MSDFolder.find(in: source.members.isEmpty ? [source] : source.members, named: source)
        noteReadTogether(source)
        noteUnread(source, unread)
        for folder in folders { try folder.survey() }
        for folder in folders { try await folder.read(into: output) }
    }

    private func noteReadTogether(_ source: SourceFile) {
        guard source.opening.members.isEmpty, source.members.count > 1 else { return }
        source.account.report(
            Diagnostic(
                .note, "msd.read-together",
                source.members.map(\.name).joined(separator: ", ") + " were read together, as one injection",
                at: source.location(), hint: "give one of them, or their folder; each would give the same peaks again"))
    }

    private func noteUnread(_ source: SourceFile, _ names: [String]) {
        guard !names.isEmpty else { return }
        let shown = names.prefix(8).joined(separator: ", ") + (names.count > 8 ? " and \(names.count - 8) more" : "")
        source.account.report(
            Diagnostic(
                .note, "msd.not-read", "\(shown) \(names.count == 1 ? "was" : "were") not read", at: source.location(),
                hint: "results are in RESULTS.CSV, rteres.txt, sample_info.xml, tic_front.csv and CHROMTAB.CSV; the files are "
                    + "told with their digests as attachments"))
    }
}
