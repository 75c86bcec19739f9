/// The beginning of a source, for recognition: the first 64 KiB of a file, decoded, and the names in a bundle.
public struct SourceOpening: Sendable {
    /// How much of a file recognition sees, in bytes.
    public static let length = 65536

    public let name: String
    /// The first bytes, as they are.
    public let bytes: [UInt8]
    /// The encoding the bytes suggest.
    public let encoding: TextEncoding
    /// The whole lines of the opening without their ends, at most 400 of them; the last may be cut.
    public let lines: [String]
    /// The parts of a bundle with their openings, by name; empty for a plain file.
    public let members: [SourceOpening]
    /// The names of the files beside a plain file: some formats spread over several.
    public let neighbours: [String]

    public init(
        name: String, bytes: [UInt8], members: [SourceOpening] = [], neighbours: [String] = [],
        encoding given: TextEncoding? = nil
    ) {
        self.name = name
        self.bytes = bytes
        self.members = members
        self.neighbours = neighbours
        let (encoding, mark) = TextEncoding.suggested(by: bytes)
        self.encoding = given ?? encoding
        lines = SourceOpening.split(self.encoding.lossyText(bytes.dropFirst(mark)))
    }

    /// It begins as XML or HTML does.
    package var isMarkup: Bool { bytes.dropFirst(bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0).first == UInt8(ascii: "<") }

    public var firstLine: String { lines.first ?? "" }
    /// The `n`-th line from 1, or an empty text.
    public func line(_ number: Int) -> String { lines.indices.contains(number - 1) ? lines[number - 1] : "" }

    /// The member of that name, in any case.
    public func member(_ name: String) -> SourceOpening? {
        members.first { $0.name.lowercased() == name.lowercased() }
    }

    private static func split(_ text: String) -> [String] {
        var lines: [String] = []
        var line: [UInt8] = []
        var afterReturn = false
        for byte in text.utf8 {
            if byte == 10 && afterReturn {
                afterReturn = false
                continue
            }
            afterReturn = byte == 13
            if byte == 10 || byte == 13 {
                lines.append(String(decoding: line, as: UTF8.self))
                line.removeAll(keepingCapacity: true)
                if lines.count == 400 { return lines }
            } else {
                line.append(byte)
            }
        }
        if !line.isEmpty { lines.append(String(decoding: line, as: UTF8.self)) }
        return lines
    }
}
