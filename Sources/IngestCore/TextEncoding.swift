/// An encoding that instrument exports use.
public enum TextEncoding: String, Sendable, Hashable, CaseIterable {
    case utf8 = "utf-8"
    case utf16LittleEndian = "utf-16le"
    case utf16BigEndian = "utf-16be"
    case windows1252 = "windows-1252"
    case windows1250 = "windows-1250"
    case latin1 = "iso-8859-1"

    /// The encoding of a name as people type it: `UTF8`, `cp1252`, `latin1`.
    public init?(named name: String) {
        switch name.lowercased().filter({ $0.isLetter || $0.isNumber }) {
        case "utf8": self = .utf8
        case "utf16", "utf16le": self = .utf16LittleEndian
        case "utf16be": self = .utf16BigEndian
        case "windows1252", "cp1252", "1252", "ansi": self = .windows1252
        case "windows1250", "cp1250", "1250": self = .windows1250
        case "iso88591", "latin1", "l1": self = .latin1
        default: return nil
        }
    }

    /// The encoding that the beginning of a file suggests, and the length of its byte order mark: the mark first, then
    /// the pattern of zero bytes, then valid UTF-8, then Windows-1252.
    public static func suggested(by bytes: [UInt8]) -> (TextEncoding, mark: Int) {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { return (.utf8, 3) }
        if bytes.starts(with: [0xFF, 0xFE]) { return (.utf16LittleEndian, 2) }
        if bytes.starts(with: [0xFE, 0xFF]) { return (.utf16BigEndian, 2) }
        if let unmarked = utf16WithoutMark(bytes) { return (unmarked, 0) }
        return (UTF8Check.isValidSoFar(bytes) ? .utf8 : .windows1252, 0)
    }

    /// Text in UTF-16 is mostly ASCII here, so every other byte of it is zero, from the beginning on; a NUL in 8-bit text is
    /// no such pattern, nor is UTF-16 behind lines of something else.
    static func utf16WithoutMark(_ bytes: [UInt8]) -> TextEncoding? {
        func pattern(_ share: Int, ofFirst length: Int) -> TextEncoding? {
            let pairs = min(bytes.count, length) / 2
            let even = (0..<pairs).count { bytes[2 * $0] == 0 }
            let odd = (0..<pairs).count { bytes[2 * $0 + 1] == 0 }
            if odd * 10 >= pairs * share, even * 10 <= pairs { return .utf16LittleEndian }
            if even * 10 >= pairs * share, odd * 10 <= pairs { return .utf16BigEndian }
            return nil
        }
        guard bytes.count >= 4, let found = pattern(7, ofFirst: 512), pattern(5, ofFirst: 32) == found else { return nil }
        return found
    }

    /// The text of some bytes for looking at, with replacement characters where they do not decode.
    func lossyText(_ bytes: some Collection<UInt8>) -> String {
        switch self {
        case .utf8: String(decoding: bytes, as: UTF8.self)
        case .utf16LittleEndian: String(decoding: TextEncoding.units(bytes, highFirst: false), as: UTF16.self)
        case .utf16BigEndian: String(decoding: TextEncoding.units(bytes, highFirst: true), as: UTF16.self)
        case .windows1252, .windows1250, .latin1:
            String(String.UnicodeScalarView(bytes.map { scalar(of: $0) ?? "\u{FFFD}" }))
        }
    }

    private static func units(_ bytes: some Collection<UInt8>, highFirst: Bool) -> [UInt16] {
        let all = Array(bytes)
        return stride(from: 0, to: all.count - 1, by: 2).map { index in
            let first = UInt16(all[index]), second = UInt16(all[index + 1])
            return highFirst ? first << 8 | second : second << 8 | first
        }
    }

    /// The character of a byte in an 8-bit encoding; `nil` for a byte the encoding leaves undefined.
    public func scalar(of byte: UInt8) -> Unicode.Scalar? {
        guard byte >= 0x80 else { return Unicode.Scalar(byte) }
        switch self {
        case .windows1252 where byte < 0xA0: return TextEncoding.table1252[Int(byte) - 0x80]
        case .windows1250: return TextEncoding.table1250[Int(byte) - 0x80]
        default: return Unicode.Scalar(byte)
        }
    }

    private static func table(_ characters: String) -> [Unicode.Scalar?] {
        characters.unicodeScalars.map { $0 == "\u{FFFD}" ? nil : $0 }
    }

    /// 0x80…0x9F of Windows-1252 (unicode.org, CP1252.TXT); U+FFFD stands for undefined.
    private static let table1252 = table(
        "\u{20AC}\u{FFFD}\u{201A}\u{0192}\u{201E}\u{2026}\u{2020}\u{2021}\u{02C6}\u{2030}\u{0160}\u{2039}\u{0152}\u{FFFD}\u{017D}\u{FFFD}"
            + "\u{FFFD}\u{2018}\u{2019}\u{201C}\u{201D}\u{2022}\u{2013}\u{2014}\u{02DC}\u{2122}\u{0161}\u{203A}\u{0153}\u{FFFD}\u{017E}\u{0178}"
    )

    /// 0x80…0xFF of Windows-1250 (unicode.org, CP1250.TXT).
    private static let table1250 = table(
        "\u{20AC}\u{FFFD}\u{201A}\u{FFFD}\u{201E}\u{2026}\u{2020}\u{2021}\u{FFFD}\u{2030}\u{0160}\u{2039}\u{015A}\u{0164}\u{017D}\u{0179}"
            + "\u{FFFD}\u{2018}\u{2019}\u{201C}\u{201D}\u{2022}\u{2013}\u{2014}\u{FFFD}\u{2122}\u{0161}\u{203A}\u{015B}\u{0165}\u{017E}\u{017A}"
            + "\u{00A0}\u{02C7}\u{02D8}\u{0141}\u{00A4}\u{0104}\u{00A6}\u{00A7}\u{00A8}\u{00A9}\u{015E}\u{00AB}\u{00AC}\u{00AD}\u{00AE}\u{017B}"
            + "\u{00B0}\u{00B1}\u{02DB}\u{0142}\u{00B4}\u{00B5}\u{00B6}\u{00B7}\u{00B8}\u{0105}\u{015F}\u{00BB}\u{013D}\u{02DD}\u{013E}\u{017C}"
            + "\u{0154}\u{00C1}\u{00C2}\u{0102}\u{00C4}\u{0139}\u{0106}\u{00C7}\u{010C}\u{00C9}\u{0118}\u{00CB}\u{011A}\u{00CD}\u{00CE}\u{010E}"
            + "\u{0110}\u{0143}\u{0147}\u{00D3}\u{00D4}\u{0150}\u{00D6}\u{00D7}\u{0158}\u{016E}\u{00DA}\u{0170}\u{00DC}\u{00DD}\u{0162}\u{00DF}"
            + "\u{0155}\u{00E1}\u{00E2}\u{0103}\u{00E4}\u{013A}\u{0107}\u{00E7}\u{010D}\u{00E9}\u{0119}\u{00EB}\u{011B}\u{00ED}\u{00EE}\u{010F}"
            + "\u{0111}\u{0144}\u{0148}\u{00F3}\u{00F4}\u{0151}\u{00F6}\u{00F7}\u{0159}\u{016F}\u{00FA}\u{0171}\u{00FC}\u{00FD}\u{0163}\u{02D9}"
    )
}

/// Checks UTF-8 by the table of well-formed byte sequences (Unicode 15, table 3-7).
public enum UTF8Check {
    /// The length of the well-formed sequence at `index`, 0 when it is ill-formed, -1 when the bytes end within it.
    @inlinable
    public static func length(_ bytes: UnsafeBufferPointer<UInt8>, at index: Int) -> Int {
        let first = bytes[index]
        if first < 0x80 { return 1 }
        let (count, low, high): (Int, UInt8, UInt8)
        switch first {
        case 0xC2...0xDF: (count, low, high) = (2, 0x80, 0xBF)
        case 0xE0: (count, low, high) = (3, 0xA0, 0xBF)
        case 0xED: (count, low, high) = (3, 0x80, 0x9F)
        case 0xE1...0xEF: (count, low, high) = (3, 0x80, 0xBF)
        case 0xF0: (count, low, high) = (4, 0x90, 0xBF)
        case 0xF1...0xF3: (count, low, high) = (4, 0x80, 0xBF)
        case 0xF4: (count, low, high) = (4, 0x80, 0x8F)
        default: return 0
        }
        for offset in 1..<count {
            guard index + offset < bytes.count else { return -1 }
            let byte = bytes[index + offset]
            guard byte >= (offset == 1 ? low : 0x80), byte <= (offset == 1 ? high : 0xBF) else { return 0 }
        }
        return count
    }

    static func isValidSoFar(_ bytes: [UInt8]) -> Bool {
        bytes.withUnsafeBufferPointer { buffer in
            var index = 0
            while index < buffer.count {
                let length = length(buffer, at: index)
                if length == 0 { return false }
                if length < 0 { return true }
                index += length
            }
            return true
        }
    }
}
