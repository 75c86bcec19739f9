public import IngestCore
import StreamingXML

/// Reads the zip that Cytiva UNICORN (6 and 7) exports of a result, with the zips in it, or the folder of it.
///
///     Result.xml            <Result UNICORNVersion="7.5.0.1234"><SystemName>Pilot 2</SystemName>…
///     Chrom.1.Xml           <Chromatogram><Curves><Curve CurveDataType="UV"><Name>UV 1_280</Name>…
///                           <PeakTables><PeakTable><Peaks><Peak><Area>25.31</Area><MaxPeakRetention>0.06</MaxPeakRetention>…
///     Chrom.1_1_True.zip    CoordinateData.Amplitudes, CoordinateData.Volumes: an array of numbers each
///     ColumnTypeData.zip    Xml: a document in a serialized string
///
/// - Each chromatogram is a ``RunRecord`` with the variables and answers of the run, and with what the export says of method,
///   column, instrument and evaluation. The limits and defaults of the control software and the look of the chromatogram
///   are ignored by name.
/// - Each curve is a trace over the volume, as stored for each of its points. A curve that UNICORN computed has no volumes
///   stored, only the first and the distance of the others.
/// - Each peak is a result with the units that its table states, `retentionVolume` or `retentionTime` as it was integrated;
///   limits of peaks on a volume axis keep their own names. A peak table has a finding of its own for its totals.
/// - Each fraction is a result of kind `region` at the time and volume where it begins. Injections and the run log are traces
///   of time and volume, with the texts of their events in extras.
/// - Times have the offset from UTC beside them, in extras: the export leaves open which of the two was added to which.
/// - An array that holds another number of values than it states makes the file incomplete. The check sums of the manifest
///   are not checked: nobody published what they are taken of.
///
/// Known from a result that UNICORN 7 exported, the public reader allotropy, and Microsoft's description of the .NET binary
/// serialization ([MS-NRBF]).
public struct UNICORNAdapter: ArchiveReading {
    public init() {}
    public let identity = AdapterIdentity("xml.unicorn", version: 1, instrument: "Cytiva UNICORN result export (zip)")

    public func recognize(_ opening: SourceOpening) -> Recognition {
        if let refused = opening.members.first(where: UNICORNFiles.isRefused) {
            return .certain(because: "\(refused.name) is named as a chromatogram of UNICORN, and has a DOCTYPE")
        }
        for part in opening.members.isEmpty ? [opening] : opening.members {
            guard let version = UNICORNFiles.version(of: part, "Chromatogram") else { continue }
            return .certain(because: "\(part.name) is a <Chromatogram> of UNICORN \(version)")
        }
        return .no
    }

    public func read(_ source: SourceFile, into output: AdapterOutput) async throws {
        let results = UNICORNFiles.results(in: source)
        for files in results {
            var about = UNICORNRunInformation(files)
            try about.read(output)
            for file in files.chromatograms {
                var chromatogram = UNICORNChromatogram(file, files, about, output)
                try await chromatogram.read()
                about.run.extras = [:]
            }
            try UNICORNManifest.check(files, output)
            files.tellUnread(output)
        }
        if results.isEmpty { throw Self.noChromatogram(source) }
    }

    private static func noChromatogram(_ source: SourceFile) -> Diagnostic {
        Diagnostic(
            "unicorn.no-chromatogram", "there is no <Chromatogram> of UNICORN in this", at: source.location(),
            hint: "nothing was read; export the result from UNICORN with its chromatograms, and give that zip")
    }
}
