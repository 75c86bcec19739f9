public import IngestCore

/// Reads the reports of Skyline's document grid: a row for each transition, precursor or molecule in each replicate.
///
///     Molecule Name,Replicate Name,Precursor Mz,Precursor Charge,Fragment Ion,Product Mz,Retention Time,Area,Background
///     Caffeine,QC 05,195.1,1,Ion [138.1],138.1,4.87,20114,118
///     Caffeine,QC 05,195.1,1,Ion [110.1],110.1,#N/A,#N/A,#N/A
///
/// - Each row becomes one ``ResultRecord``: a peak where it is of a transition, else a compound. The sample is the
///   replicate; times are in minutes, as Skyline keeps them. `#N/A` is no value.
/// - Where several columns say the same, the one of the row itself is read as what it says (`Retention Time` before
///   `Best Retention Time`, `Area` before `Total Area`), the others are kept under their own heading.
/// - `User Set Peak` and `User Set Total` flag peaks that were integrated by hand, `Truncated` those at the end of a
///   chromatogram; surrogate standards have the role `istd`.
/// - Nothing tells how many replicates there are, so no file proves itself whole; one that has other transitions than the
///   first is told, as is a heading that is none of Skyline's: annotations are named by people, and kept.
///
/// Headings with blanks and without are read alike (`Replicate Name`, `ReplicateName`). Known from Skyline's own list of
/// columns and the reports that midar and MSOrganiser read.
public struct SkylineAdapter: InstrumentAdapter {
    public init() {}
    public let identity = AdapterIdentity("lc.skyline", version: 1, instrument: "Skyline document grid report")

    public func recognize(_ opening: SourceOpening) -> Recognition {
        LongTableFormat.skyline.find(opening).map { .certain(because: $0.because) } ?? .no
    }

    public func read(_ source: SourceFile, into output: AdapterOutput) async throws {
        try await LongTableReader.read(source, as: .skyline, into: output)
    }
}
