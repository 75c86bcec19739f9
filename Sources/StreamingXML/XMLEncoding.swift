import IngestCore

/// How the encoding of a document is settled: by the user, by its first bytes, by its first line, in that order.
enum XMLEncoding {
    /// The encoding that the parser is told, whatever the document says of itself: the one the user gave; UTF-16 without a
    /// mark, which libxml2 knows by a declaration only; UTF-8 where it says UTF-16 and is not, as .NET writes a string to a
    /// file.
    static func imposed(on source: SourceFile) -> TextEncoding? {
        if let given = source.given.encoding { return given }
        let bytes = source.opening.bytes
        let (suggested, mark) = TextEncoding.suggested(by: bytes)
        if suggested == .utf8, saysUTF16(bytes) { return .utf8 }
        let isUnmarkedUTF16 = mark == 0 && (suggested == .utf16LittleEndian || suggested == .utf16BigEndian)
        return isUnmarkedUTF16 ? suggested : nil
    }

    /// What is recorded of it.
    static func choice(_ source: SourceFile, declared: String?) -> Assumptions.Choice {
        if let given = source.given.encoding { return .init(given.rawValue, why: "given") }
        let (suggested, mark) = TextEncoding.suggested(by: source.opening.bytes)
        if suggested == .utf8, saysUTF16(source.opening.bytes) {
            return .init("utf-8", why: "the XML declaration says UTF-16, which its bytes are not")
        }
        if mark > 0 { return .init(suggested.rawValue, why: "byte order mark") }
        if suggested == .utf16LittleEndian || suggested == .utf16BigEndian {
            return .init(suggested.rawValue, why: "every other byte is zero")
        }
        if let declared { return .init(declared.lowercased(), why: "the XML declaration says so") }
        return .init("utf-8", why: "neither a mark nor a declaration: what XML then is")
    }

    /// A declaration of UTF-16 in single bytes.
    private static func saysUTF16(_ bytes: [UInt8]) -> Bool {
        let opening = String(decoding: bytes.prefix(200), as: UTF8.self)
        guard let start = opening.firstRange(of: "<?xml "), let end = opening[start.upperBound...].firstRange(of: "?>") else {
            return false
        }
        let declaration = opening[start.upperBound..<end.lowerBound].lowercased()
        return ["\"utf-16", "'utf-16"].contains { declaration.contains("encoding=" + $0) }
    }
}

extension TextEncoding {
    /// The name under which iconv knows it.
    var iconvName: String {
        switch self {
        case .utf8: "UTF-8"
        case .utf16LittleEndian: "UTF-16LE"
        case .utf16BigEndian: "UTF-16BE"
        case .windows1252: "WINDOWS-1252"
        case .windows1250: "WINDOWS-1250"
        case .latin1: "ISO-8859-1"
        }
    }
}
