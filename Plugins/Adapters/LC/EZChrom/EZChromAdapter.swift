public import IngestCore
import TabularText

/// Reads the text export (`.asc`) of EZChrom Elite (Agilent, Hitachi): the signals of one injection.
///
///     Version:⇥3
///     Maxchannels:⇥2
///     Sample ID:⇥S-017
///     Acquisition Date and Time:⇥3/14/2024 9:26:53 AM
///     Sampling Rate:⇥2.000000⇥10.000000⇥Hz
///     Total Data Points:⇥3001⇥15001⇥Pts.
///     X Axis Title:⇥Minutes⇥Minutes
///     Y Axis Title:⇥mVolts⇥25 µV
///     X Axis Multiplier:⇥0.016667⇥0.016667
///     Y Axis Multiplier:⇥0.001⇥0.0005
///     12
///     -3
///
/// - Behind the fields, all points of the first channel stand below each other, then those of the second. Each channel
///   becomes a trace: whole numbers by the `Y Axis Multiplier`, in the unit that is the `Y Axis Title`.
/// - The time of a point is its number, from 0, by the `Sampling Rate`: in seconds, for the rate is in Hz. The title and
///   the multiplier of the X axis, by which a plot would have minutes, are kept as text and checked against each other.
/// - `Total Data Points` of all channels has to be met, for nothing else shows where a channel ends. A point that is no
///   whole number is left out, and keeps its place in time.
/// - In some exports commas stand in place of the TABs.
///
/// Known from exports of version 3 of the format, and from the public readers yadg and Appia.
public struct EZChromAdapter: InstrumentAdapter {
    public init() {}
    public let identity = AdapterIdentity(
        "lc.ezchrom", version: 1, instrument: "EZChrom Elite text export (.asc traces)")

    public func recognize(_ opening: SourceOpening) -> Recognition {
        guard opening.members.isEmpty, let first = opening.lines.firstIndex(where: { !$0.trimmed.isEmpty }) else { return .no }
        let dialect = Self.dialect(opening)
        let keys = opening.lines.dropFirst(first).prefix(30).map { dialect.cells(of: $0)[0].trimmed }
        let version = keys.firstIndex(of: "Version:"), channels = keys.firstIndex(of: "Maxchannels:")
        let axes = keys.count { EZChromHeader.ofChannels.contains(String($0.dropLast())) && $0.hasSuffix(":") }
        if version == 0, channels == 1 {
            return .certain(because: "line \(first + 1) is \"Version:\", line \(first + 2) is \"Maxchannels:\"")
        }
        // One key of the beginning may be damaged.
        guard axes >= 4, version == 0 || channels.map({ $0 <= 1 }) ?? false else { return .no }
        return .certain(because: "line \(first + 1) is \"\(keys[0])\", and \(axes) fields of the axes follow")
    }

    public func read(_ source: SourceFile, into output: AdapterOutput) async throws {
        let text = try DelimitedText(source, dialect: Self.dialect(source.opening), missing: ["(None)"])
        let (header, first) = try EZChromHeader.read(text)
        source.account.name(format: "EZChrom .asc" + (header.version.map { ", version \($0)" } ?? ""))
        try await output.begin(header.run)
        var points = EZChromPoints(text, header, output)
        try points.read(from: first)
    }

    /// TABs, or commas where the first line has them; quotes are ordinary characters.
    private static func dialect(_ opening: SourceOpening) -> Dialect {
        let first = opening.lines.first { !$0.trimmed.isEmpty } ?? ""
        return Dialect(separator: first.contains(",") && !first.contains("\t") ? "," : "\t", quoting: false)
    }
}
