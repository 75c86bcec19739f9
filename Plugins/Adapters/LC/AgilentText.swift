import IngestCore

/// What texts of Agilent software hold besides what they are asked for: directories, accounts, tray names.
enum AgilentText {
    /// The text without the directories of a Windows path in it: `C:\Chem32\1\METHODS\,GC.M` is `GC.M`. File names
    /// belong to a record, the paths of somebody's server do not.
    static func withoutDirectories(_ text: String) -> String {
        guard let start = pathStart(in: text) else { return text }
        var end = text.endIndex
        while end > start, text[text.index(before: end)] == "\\" { end = text.index(before: end) }
        guard let last = text[start..<end].lastIndex(of: "\\") else { return String(text[..<start]) }
        var rest = text[text.index(after: last)..<end]
        if rest.first == "," || rest.first == ";" || rest.first == "\t" { rest = rest.dropFirst() }
        return String(text[..<start] + rest)
    }

    /// A name with a backslash is an account of a Windows domain (`LAB\hugo`), not the name of an operator.
    static func isAccount(_ text: String) -> Bool { text.contains("\\") && pathStart(in: text) == nil }

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

    /// A place in a sampler: a vial by its number, or a well of a tray (`D1F-A1`, `P2-B-03`); `nil` for none.
    static func position(_ written: String) -> Position? {
        let text = written.trimmed
        guard !text.isEmpty, text != "-1" else { return nil }
        let parts = text.split(separator: "-", omittingEmptySubsequences: false).map(String.init)
        if parts.count == 2 || parts.count == 3, isTray(parts[0]),
            var position = Position(well: parts[1...].joined())
        {
            position.written = text
            position.plate = parts[0]
            return position
        }
        return Position(written: text, vial: text)
    }

    /// A drawer, front or back (`D1F`), or a plate (`P1`).
    private static func isTray(_ text: String) -> Bool {
        let digits = text.dropFirst().prefix { $0.isASCII && $0.isNumber }
        let rest = text.dropFirst(1 + digits.count)
        return (text.first == "D" || text.first == "P") && (1...2).contains(digits.count)
            && (rest.isEmpty || rest == "F" || rest == "B")
    }
}
