import IngestCore

/// Texts that name a file: instruments write where it lies, records keep only what it is called. Folders tell users,
/// servers and projects, and mean nothing elsewhere.
enum FileReference {
    /// `STD 1.lcd` of `C:\LabSolutions\Data\Ann\STD 1.lcd`; also of a relative path, and one with slashes.
    static func name(_ path: String) -> String {
        let last = path.split(whereSeparator: { $0 == "\\" || $0 == "/" }).last
        return last.map { String($0).trimmed } ?? path
    }

    /// The text, or the name alone if it is the whole path of a file: with a drive, a server, or an address.
    static func withoutFolder(_ text: String) -> String { isPath(text) ? name(text) : text }

    private static func isPath(_ text: String) -> Bool {
        guard text.utf8.contains(where: { $0 == UInt8(ascii: "\\") || $0 == UInt8(ascii: "/") }) else { return false }
        let start = text.trimmed
        if start.hasPrefix("\\\\") || start.hasPrefix("/") && start.dropFirst().contains("/") { return true }
        if let colon = start.firstIndex(of: ":") {
            let scheme = start[..<colon]
            let rest = start[start.index(after: colon)...]
            let isScheme = !scheme.isEmpty && scheme.allSatisfy { $0.isASCII && $0.isLetter }
            if isScheme, rest.hasPrefix("//") || scheme.count == 1 && (rest.hasPrefix("\\") || rest.hasPrefix("/")) {
                return true
            }
        }
        return false
    }
}

extension Extras {
    /// The same fields without the folders of files they name.
    var withoutFolders: Extras {
        var extras = Extras()
        for field in fields { extras.append(distinct: field.heading, FileReference.withoutFolder(field.text)) }
        return extras
    }
}
