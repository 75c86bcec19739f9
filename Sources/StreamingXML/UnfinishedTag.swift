import CLibXML2

/// The start tag that the parser has begun to see and not yet the end of: counts its attributes while they come.
///
/// Libxml2 tells of a tag when it is whole, and to find one attribute twice it compares each with each: 300,000 of them,
/// a few megabytes, would take it a minute before anybody could refuse.
struct UnfinishedTag {
    /// Which byte of the document it begins at.
    private var start: UInt?
    /// How far it was looked through, in bytes from there.
    private var seen = 0
    /// The quote that the value at the end of what was seen stands in.
    private var quote: UInt8?
    /// The values begun so far.
    private(set) var attributes = 0

    /// Looks at what the parser has not taken yet.
    mutating func look(at context: xmlParserCtxtPtr) {
        guard let input = context.pointee.input, let current = input.pointee.cur, let end = input.pointee.end,
            current + 1 < end, current[0] == UInt8(ascii: "<"), !Self.isOther(current[1])
        else {
            self = UnfinishedTag()
            return
        }
        let place = UInt(input.pointee.consumed) + UInt(current - input.pointee.base)
        if start != place { self = UnfinishedTag(start: place) }
        for index in seen..<max(seen, end - current) {
            let byte = current[index]
            if let open = quote {
                if byte == open { quote = nil }
            } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
                quote = byte
                attributes += 1
            }
        }
        seen = max(seen, end - current)
    }

    init() {}
    private init(start: UInt) { self.start = start }

    /// An end tag, a comment, an instruction.
    private static func isOther(_ second: UInt8) -> Bool {
        second == UInt8(ascii: "/") || second == UInt8(ascii: "!") || second == UInt8(ascii: "?")
    }
}
