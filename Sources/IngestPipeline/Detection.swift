public import IngestCore

/// Which adapter reads a file, on what evidence, and who else could.
public struct Detection: Sendable {
    public struct Candidate: Sendable {
        public let adapter: any InstrumentAdapter
        public let recognition: Recognition

        /// The evidence in words.
        public var because: String {
            switch recognition {
            case .certain(let reason), .possible(let reason): reason
            case .no: "not recognised"
            }
        }
        public var isCertain: Bool {
            if case .certain = recognition { true } else { false }
        }
    }

    public let chosen: Candidate
    /// The next best, if any recognised the file at all.
    public let runnerUp: Candidate?

    /// The wish of the user: nothing, a family, or one format.
    public enum Wish: Sendable, Hashable {
        case anything
        case family(String)
        case format(String)
    }

    /// - Throws: A ``Diagnostic`` when no adapter recognises the file, or two do alike.
    public init(_ opening: SourceOpening, among adapters: [any InstrumentAdapter], wish: Wish = .anything) throws {
        if case .format(let name) = wish, let adapter = adapters.first(where: { $0.identity.name == name }) {
            var recognition = adapter.recognize(opening)
            if recognition == .no { recognition = .possible(because: "--adapter \(name); nothing in the file shows it") }
            chosen = Candidate(adapter: adapter, recognition: recognition)
            runnerUp = nil
            return
        }
        let limited = adapters.filter { if case .family(let family) = wish { $0.identity.family == family } else { true } }
        let candidates = limited.map { Candidate(adapter: $0, recognition: $0.recognize(opening)) }
            .filter { $0.recognition != .no }
            .sorted { ($0.isCertain ? 0 : 1, $0.adapter.identity.name) < ($1.isCertain ? 0 : 1, $1.adapter.identity.name) }
        guard let first = candidates.first else { throw Detection.unrecognized(opening, wish: wish) }
        if candidates.count > 1, candidates[1].isCertain == first.isCertain {
            let alike = candidates.filter { $0.isCertain == first.isCertain }
            throw Diagnostic(
                "detect.ambiguous",
                "this could be "
                    + alike.map { "\($0.adapter.identity.name) (\($0.because))" }.joined(separator: " or "),
                at: SourceLocation(file: opening.name),
                hint: "say which with --adapter, for example --adapter \(alike[0].adapter.identity.name)")
        }
        chosen = first
        runnerUp = candidates.dropFirst().first
    }

    /// Decides for a source, and opens the archives among its files when the adapter found reads what they hold, or when
    /// nobody recognises the files as they are. Other adapters never meet them: what is packed beside a report stays so.
    ///
    /// - Throws: As above; a ``Diagnostic`` when the archives unpack to more than a container may hold.
    public static func decide(
        on opened: OpenedSource, among adapters: [any InstrumentAdapter], wish: Wish = .anything
    ) throws -> (detection: Detection, opened: OpenedSource) {
        do {
            let detection = try Detection(opened.opening, among: adapters, wish: wish)
            let isOpener = detection.chosen.adapter is any ArchiveReading
            return (detection, isOpener && opened.holdsArchives ? try opened.unpackingArchives() : opened)
        } catch let diagnostic as Diagnostic where diagnostic.code == "detect.unrecognized" && opened.holdsArchives {
            let unpacked = try opened.unpackingArchives()
            if let fault = unpacked.faults.first, unpacked.faults.count == unpacked.members.count {
                throw fault.error(in: opened.name)
            }
            return (try Detection(unpacked.opening, among: adapters, wish: wish), unpacked)
        }
    }

    private static func unrecognized(_ opening: SourceOpening, wish: Wish) -> Diagnostic {
        let location = SourceLocation(file: opening.name)
        if opening.bytes.isEmpty, opening.members.isEmpty {
            return Diagnostic(
                "source.empty", "the file is empty", at: location,
                hint: "nothing was read; copy or export it again")
        }
        if opening.members.isEmpty, opening.lines.allSatisfy({ $0.allSatisfy(\.isWhitespace) }) {
            return Diagnostic(
                "source.empty", "there is nothing but blanks in the file", at: location,
                hint: "nothing was read; copy or export it again")
        }
        let members = opening.members.map(\.name)
        let further = members.count > 5 ? " and \(members.count - 5) more" : ""
        let begins =
            members.isEmpty
            ? "it begins with \"\(opening.firstLine.prefix(60))\""
            : "it holds \(members.prefix(5).joined(separator: ", "))\(further)"
        let what: String
        if case .family(let family) = wish { what = "no adapter of the family \(family)" } else { what = "no adapter" }
        return Diagnostic(
            "detect.unrecognized", "\(what) recognises this; \(begins)", at: location,
            hint: "nothing was read; "
                + (members.count > 1
                    ? "together they are no report that is known: to read each, unpack it and name its files; " : "")
                + "ingest adapters lists what can be read, --adapter NAME insists on one")
    }
}
