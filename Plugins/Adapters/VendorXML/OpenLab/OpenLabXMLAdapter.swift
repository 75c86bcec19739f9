public import IngestCore
import StreamingXML

/// Reads the result set of Agilent OpenLab CDS 2: the folder `.rslt`, or a zip of it.
///
///     LOT7.rslt/LOT7.acaml                                   the sequence: samples, injections, signals
///     LOT7.rslt/2024-03-14 09-42-07+01-00-02.rx              a zip with the results of one injection,
///         Base/InjectionACAML                                  in the same form
///     LOT7.rslt/2024-03-14 09-42-07+01-00-02.dx              a zip with its raw data
///
/// - The documents are read as xml.acaml reads one, with the references from one to the other: a result of kind `sample` for
///   each injection, and a result for each peak and each compound that is not that of one peak.
/// - An injection was acquired when the sequence says so. The time in its raw data is not read: it is that of its being
///   handed over to the instrument, often while the one before was still running.
/// - An injection whose results are named and not there, or cannot be read, is an error: the result set is not whole.
/// - Several result sets in one zip are a run each. A `.rx` by itself is read without sample and signals.
/// - Raw data, methods and audit trails are in forms of their own; they are named in a note and not read.
///
/// Known from a result set that OpenLab CDS 2.5 wrote for LC, and from the public reader allotropy.
public struct OpenLabXMLAdapter: ArchiveReading {
    public init() {}
    public let identity = AdapterIdentity("xml.openlab", version: 1, instrument: "Agilent OpenLab CDS 2 result set (.rslt)")

    public func recognize(_ opening: SourceOpening) -> Recognition {
        let members = opening.members.filter { !OpenLabResultSet.isLitter($0.name) }
        let isResult = { (name: String) in name.hasSuffix(".rx") || name.hasSuffix(".dx") || OpenLabResultSet.isPart(name) }
        guard members.contains(where: { isResult($0.name) }),
            let sequence = members.first(where: { ACAMLAdapter.namespace(of: $0) != nil })
        else { return .no }
        return .certain(because: "\(sequence.name) is ACAML, with the results or raw data of injections")
    }

    public func read(_ source: SourceFile, into output: AdapterOutput) async throws {
        let (sets, unread) = OpenLabResultSet.find(in: source.members)
        guard !sets.isEmpty else {
            throw Diagnostic(
                "openlab-xml.no-sequence", "there is no .acaml and no InjectionACAML in this", at: source.location(),
                hint: "nothing was read; give the whole folder .rslt, or a zip of it")
        }
        for set in sets { try await read(set, source, into: output) }
        guard !unread.isEmpty else { return }
        let shown = unread.prefix(6).joined(separator: ", ") + (unread.count > 6 ? " and \(unread.count - 6) more" : "")
        source.account.report(
            Diagnostic(
                .note, "openlab-xml.not-read", "\(shown) \(unread.count == 1 ? "was" : "were") not read", at: source.location(),
                hint: "the peaks are in the .rx files; the others are told with their digests as attachments"))
    }

    private func read(_ set: OpenLabResultSet, _ source: SourceFile, into output: AdapterOutput) async throws {
        let index = ACAMLIndex()
        let isPart = set.sequence != nil || set.parts.count > 1
        if let sequence = set.sequence { try index.look(at: sequence) }
        for part in set.parts { try index.look(at: part, isPart: isPart) }
        source.account.name(format: "OpenLab CDS result set, " + index.format)
        if let sequence = set.sequence {
            let reading = try ACAMLReading(sequence, index, output)
            try await output.begin(index.finishedRun)
            try await reading.read()
            try await reading.emitSamplesNotInjected()
        }
        for (number, part) in set.parts.enumerated() {
            let reading = try ACAMLReading(part, index, isPart: isPart, output)
            if set.sequence == nil, number == 0 { try await output.begin(index.finishedRun) }
            try await reading.read()
        }
        check(set, index, source)
    }

    /// Each injection has the results that the sequence names.
    private func check(_ set: OpenLabResultSet, _ index: ACAMLIndex, _ source: SourceFile) {
        guard let sequence = set.sequence else {
            source.account.doubt("the sequence (.acaml) is not there")
            source.account.report(
                Diagnostic(
                    .note, "openlab-xml.no-sequence", "there is no .acaml beside these results", at: source.location(),
                    hint: "the peaks were read without sample and signal; give the whole folder .rslt for them"))
            return
        }
        var unprocessed = 0, met = 0
        for id in index.injectionOrder {
            guard let injection = index.injections[id] else { continue }
            if injection.peaks != nil {
                met += 1
            } else if let file = injection.resultFile {
                source.account.contradict("the results of an injection (\(file)) are missing")
                source.account.report(
                    Diagnostic(
                        "openlab-xml.missing-result", "the results of an injection, \(file), are not there or cannot be read",
                        at: sequence.location(),
                        hint: "the other injections were read, this one without its peaks; copy the whole folder .rslt again"))
            } else {
                unprocessed += 1
            }
        }
        if met > 0 { source.account.prove("the results of \(met) injections that the sequence names are there") }
        guard unprocessed > 0 else { return }
        source.account.report(
            Diagnostic(
                .note, "openlab-xml.not-processed", "\(unprocessed) injections have no results", at: sequence.location(),
                hint: "one result tells each of them; process them in OpenLab for peaks"))
    }
}

/// The files of one result set: those of one folder.
struct OpenLabResultSet {
    var sequence: SourceFile?
    var parts: [SourceFile] = []

    /// What a Mac leaves in a zip.
    static func isLitter(_ name: String) -> Bool {
        name.hasPrefix("__MACOSX/") || ChemStationFiles.baseName(name).hasPrefix("._")
    }

    static func isPart(_ name: String) -> Bool { name.hasSuffix("Base/InjectionACAML") }

    /// The result sets among the files of a bundle, and the names of the files that are not read.
    static func find(in files: [SourceFile]) -> (found: [OpenLabResultSet], unread: [String]) {
        var sets: [String: OpenLabResultSet] = [:]
        var unread: [String] = []
        var used: Set<String> = []
        for file in files where !isLitter(file.name) {
            let archive = archive(of: file.name)
            let folder = ChemStationFiles.folder(of: archive ?? file.name)
            if isPart(file.name), ACAMLAdapter.namespace(of: file.opening) != nil {
                sets[archive == nil ? "" : folder, default: OpenLabResultSet()].parts.append(file)
                used.insert(archive ?? "")
            } else if archive == nil, ACAMLAdapter.namespace(of: file.opening) != nil, sets[folder]?.sequence == nil {
                sets[folder, default: OpenLabResultSet()].sequence = file
            } else {
                let name = archive ?? file.name
                if unread.last != name { unread.append(name) }
            }
        }
        let found = sets.sorted { $0.key < $1.key }.map(\.value).filter { $0.sequence != nil || !$0.parts.isEmpty }
        return (found, unread.filter { !used.contains($0) })
    }

    /// `LOT7.rslt/a.rx` for `LOT7.rslt/a.rx/Base/InjectionACAML`; `nil` for a file that is in no archive of OpenLab.
    private static func archive(of name: String) -> String? {
        var path: [Substring] = []
        for part in name.split(separator: "/").dropLast() {
            path.append(part)
            if [".rx", ".dx", ".amx", ".pmx", ".sqx"].contains(where: part.hasSuffix) { return path.joined(separator: "/") }
        }
        return nil
    }
}
