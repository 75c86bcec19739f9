import IngestCore
import TabularText

/// What texts tell besides what they are asked for: folders and accounts. Folders name users, servers and projects and
/// mean nothing elsewhere, so a record keeps what a file is called and not where it lay.
enum PrivateText {
    /// `STD 1.lcd` of `C:\LabSolutions\Data\Ann\STD 1.lcd`; also of a relative path, and one with slashes.
    static func fileName(_ path: String) -> String {
        let last = path.split(whereSeparator: { $0 == "\\" || $0 == "/" }).last
        return last.map { String($0).trimmed } ?? path
    }

    /// The text without the folders of a path in it: `C:\Chem32\1\METHODS\,GC.M` is `GC.M`, and
    /// `saved as C:\Data\Ann\GC.M` is `saved as GC.M`. An address or a path with slashes counts where it is the whole text.
    static func withoutFolders(_ text: String) -> String {
        // Most texts have neither, and are told quickly.
        guard text.utf8.contains(where: { $0 == UInt8(ascii: "\\") || $0 == UInt8(ascii: "/") }) else { return text }
        guard let start = pathStart(in: text) else { return isPath(text) ? fileName(text) : text }
        var end = text.endIndex
        while end > start, text[text.index(before: end)] == "\\" { end = text.index(before: end) }
        guard let last = text[start..<end].lastIndex(of: "\\") else { return String(text[..<start]) }
        var rest = text[text.index(after: last)..<end]
        if let mark = rest.first, ",;\t".contains(mark) { rest = rest.dropFirst() }
        return String(text[..<start] + rest)
    }

    /// A name with a backslash is an account of a Windows domain (`LAB\hugo`), not the name of an operator.
    static func isAccount(_ text: String) -> Bool { text.contains("\\") && pathStart(in: text) == nil }

    fileprivate static func accountMessage(_ key: String) -> String {
        "\"\(key)\" holds a Windows account, which does not go into records"
    }

    /// Where a drive (`C:\`) or a server (`\\`) begins.
    private static func pathStart(in text: String) -> String.Index? {
        let bytes = Array(text.utf8)
        func isLetter(_ byte: UInt8) -> Bool { (65...90).contains(byte & 0xDF) }
        for index in bytes.indices.dropLast() where bytes[index] == UInt8(ascii: "\\") || isLetter(bytes[index]) {
            let isServer = bytes[index] == UInt8(ascii: "\\") && bytes[index + 1] == UInt8(ascii: "\\")
            let isDrive =
                index + 2 < bytes.count && isLetter(bytes[index]) && bytes[index + 1] == UInt8(ascii: ":")
                && bytes[index + 2] == UInt8(ascii: "\\") && (index == 0 || !isLetter(bytes[index - 1]))
            if isServer || isDrive { return text.utf8.index(text.utf8.startIndex, offsetBy: index) }
        }
        return nil
    }

    /// The whole text is a path with slashes (`/data/x.lcd`, `C:/x.lcd`), or an address (`chrom://server/x.seq`).
    private static func isPath(_ text: String) -> Bool {
        let text = text.trimmed
        if text.hasPrefix("/") { return text.dropFirst().contains("/") }
        guard let colon = text.firstIndex(of: ":") else { return false }
        let scheme = text[..<colon], rest = text[text.index(after: colon)...]
        guard !scheme.isEmpty, scheme.allSatisfy({ $0.isASCII && $0.isLetter }) else { return false }
        return rest.hasPrefix("//") || scheme.count == 1 && rest.hasPrefix("/")
    }
}

extension Extras {
    /// The same fields without the folders of files they name.
    var withoutFolders: Extras {
        guard fields.contains(where: { $0.text.contains("\\") || $0.text.contains("/") }) else { return self }
        var extras = Extras()
        for field in fields { extras.append(distinct: field.heading, PrivateText.withoutFolders(field.text)) }
        return extras
    }
}

extension KeyedFields {
    /// The name of a person under a key; an account is left out, and told as `<format>.account`.
    func person(_ key: String, _ format: String, _ source: SourceFile) -> String? {
        guard let name = text(key) else { return nil }
        guard PrivateText.isAccount(name) else { return name }
        source.account.report(fault("\(format).account", PrivateText.accountMessage(key), at: key, severity: .note))
        return nil
    }
}

extension Row {
    /// The name of a person in a cell; an account is left out, and told as `<format>.account`.
    func person(_ column: Int, _ key: String, _ format: String) -> String? {
        guard let name = string(column) else { return nil }
        guard PrivateText.isAccount(name) else { return name }
        source.account.report(fault("\(format).account", PrivateText.accountMessage(key), at: column, severity: .note))
        return nil
    }
}
