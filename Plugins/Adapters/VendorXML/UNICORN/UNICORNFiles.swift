import IngestCore
import StreamingXML

/// The files of one exported result: `Result.xml`, and all whose names begin as it does. A copied result has `Copy of ` before
/// each name, and a zip may hold several results in zips or folders.
final class UNICORNFiles {
    let source: SourceFile
    /// What stands before `Result.xml`: `Run 7/Copy of `.
    let prefix: String
    let chromatograms: [SourceFile]
    private let members: [String: SourceFile]
    private var used: Set<String> = []

    private init(_ source: SourceFile, _ prefix: String, _ chromatograms: [SourceFile], _ members: [SourceFile]) {
        self.source = source
        self.prefix = prefix
        self.chromatograms = chromatograms
        self.members = Dictionary(members.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        used = Set(chromatograms.map(\.name))
    }

    /// The version of UNICORN that wrote a document with that outermost element; `nil` for any other file.
    static func version(of part: SourceOpening, _ root: String) -> String? {
        guard let start = XMLOpening(part), start.root.name == root else { return nil }
        return start.root.attributes["UNICORNVersion"]
    }

    /// Whether a file has the name of a chromatogram and something before its first element, such as a DOCTYPE, behind which
    /// nothing is looked at: reading refuses it.
    static func isRefused(_ part: SourceOpening) -> Bool {
        let name = PrivateText.fileName(part.name).lowercased()
        return name.contains("chrom.") && name.hasSuffix(".xml") && XMLOpening(part)?.root.name.isEmpty == true
    }

    static func results(in source: SourceFile) -> [UNICORNFiles] {
        let members = source.members.isEmpty ? [source] : source.members
        let chromatograms = members.filter { version(of: $0.opening, "Chromatogram") != nil || isRefused($0.opening) }
        let prefixes = members.filter { version(of: $0.opening, "Result") != nil && $0.name.hasSuffix("Result.xml") }
            .map { String($0.name.dropLast("Result.xml".count)) }
        let groups = Dictionary(grouping: chromatograms) { chromatogram in
            prefixes.filter { chromatogram.name.hasPrefix($0) }.max { $0.count < $1.count } ?? ownPrefix(chromatogram.name)
        }
        return groups.sorted { $0.key < $1.key }.map { prefix, chromatograms in
            // Of what lies deeper, only results of their own have prefixes that are longer.
            let own = members.filter { member in
                member.name.hasPrefix(prefix)
                    && !groups.keys.contains { $0.count > prefix.count && member.name.hasPrefix($0) }
            }
            return UNICORNFiles(source, prefix, chromatograms, own)
        }
    }

    /// `Copy of ` for `Copy of Chrom.1.Xml`, without a `Result.xml` beside it.
    private static func ownPrefix(_ name: String) -> String {
        let folder = name.lastIndex(of: "/").map { name[...$0] } ?? ""
        let base = name.dropFirst(folder.count)
        let before = base.firstRange(of: "Chrom.").map { base[..<$0.lowerBound] } ?? ""
        return String(folder + before)
    }

    /// The file of that name behind the prefix, which then has been used.
    func file(_ name: String) -> SourceFile? {
        guard let file = members[prefix + name] else { return nil }
        used.insert(file.name)
        return file
    }

    /// What a zip of the result holds under that name.
    func file(_ name: String, in zip: String) -> SourceFile? {
        // Beside each file lies another one that names its type, which the file itself states.
        used.insert(prefix + zip + ".zip/" + name + "DataType")
        return file(zip + ".zip/" + name)
    }

    /// Whether a file that the manifest names is there, plain or as a zip.
    func has(_ name: String) -> Bool {
        members[prefix + name] != nil || isClosed(name) || members.keys.contains { $0.hasPrefix(prefix + name + ".zip/") }
    }

    /// A zip that could not be unpacked.
    func isClosed(_ zip: String) -> Bool { members[prefix + zip + ".zip"] != nil }

    /// The names of the zips that hold a document, `MethodData`, in order.
    var documents: [String] {
        members.keys.filter { $0.hasSuffix(".zip/Xml") }.map { String($0.dropFirst(prefix.count).dropLast(".zip/Xml".count)) }
            .sorted()
    }

    func tellUnread(_ output: AdapterOutput) {
        let unread = members.values.filter { !used.contains($0.name) && $0.size > 0 }.map(\.name).sorted()
        guard !unread.isEmpty else { return }
        let others = unread.count > 10 ? " and \(unread.count - 10) more" : ""
        output.report(
            Diagnostic(
                .note, "unicorn.unread", unread.prefix(10).joined(separator: ", ") + others + " were not read",
                at: source.location(), hint: "no chromatogram of the result names them"))
    }
}
