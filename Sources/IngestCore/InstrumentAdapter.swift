/// Reads the files of one instrument or program.
///
/// An adapter never learns where its records go, and holds no state: the same value reads many files at once. The comment
/// above its type is shown to users (`ingest adapters NAME`): lines of the real format, what becomes of them, and where
/// the knowledge comes from.
public protocol InstrumentAdapter: Sendable {
    /// Its name and version; the version moves when the output does.
    var identity: AdapterIdentity { get }

    /// Whether this is a file for the adapter, from its beginning. Pure: no I/O, nothing thrown, order never matters.
    func recognize(_ opening: SourceOpening) -> Recognition

    /// Reads the file to its end, emitting records as it goes: ``AdapterOutput/begin(_:)`` first, then results and traces.
    /// - Throws: A ``Diagnostic`` or ``FileFault`` that stops this file; nothing read from it is used. To leave out a row
    ///   alone, throw a ``Diagnostic`` inside ``AdapterOutput/emitResult(_:)``.
    func read(_ source: SourceFile, into output: AdapterOutput) async throws
}

/// An adapter that reads some formats only together with the files beside them.
///
/// The source it is given then has ``SourceFile/members``: the file that was named, and its companions.
public protocol CompanionReading: InstrumentAdapter {
    /// The names among `opening.neighbours` that have to be read with this file; empty when it stands alone.
    func companions(of opening: SourceOpening) -> [String]
}

/// An adapter that also reads what archives among the files of a bundle hold.
///
/// It recognises the bundle by its files as they are, archives closed. The source it is given has what they hold among its
/// ``SourceFile/members`` in place of them: `Base/Peaks` in `a.rx` is `a.rx/Base/Peaks`, and what `a.xml.gz` holds is
/// `a.xml`. An archive that cannot be unpacked is still the member it was, and a warning has told why.
public protocol ArchiveReading: InstrumentAdapter {}

public struct AdapterIdentity: Sendable, Hashable {
    /// Family and format, `lc.labsolutions`; a family of one has no dot. Its samples lie in `Samples/<name>`.
    public let name: String
    /// Raised when the same file gives other records.
    public let version: Int
    /// What it reads, for people: vendor, product, kind of file: `Example Labs S7 pH meter CSV export`.
    public let instrument: String

    public init(_ name: String, version: Int, instrument: String) {
        self.name = name
        self.version = version
        self.instrument = instrument
    }

    /// The part of the name before the dot.
    public var family: String { name.split(separator: ".").first.map(String.init) ?? name }
}

/// What an adapter makes of the beginning of a file. The reason is shown to the user.
public enum Recognition: Sendable, Hashable {
    case no
    case possible(because: String)
    case certain(because: String)
}
