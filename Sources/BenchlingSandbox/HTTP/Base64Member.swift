import FoundationEssentials
import Glibc
import IngestCore

/// A member of a JSON body that is megabytes of base64: decoded where it stands, while the rest is read as JSON without it.
struct Base64Member {
    /// The body with an empty text in the place of the member's.
    let rest: Data
    /// `nil` where the text is not base64.
    let bytes: Data?

    /// - Returns: `nil` where the body has no such member in the plain form that clients write, `"key":"…"`.
    init?(_ key: String, of body: Data) {
        guard let start = Self.start(of: key, in: body), let length = Self.length(of: body[start...]) else { return nil }
        rest = body[..<start] + body[(start + length)...]
        bytes = Data(base64Encoded: body[start..<start + length])
    }

    /// The bytes up to the quote that ends the text; `nil` where one of them is escaped, as JSON allows for a slash.
    private static func length(of text: Data) -> Int? {
        text.withUnsafeBytes { bytes in
            guard let first = bytes.baseAddress, let quote = memchr(first, 0x22, bytes.count) else { return nil }
            let length = UnsafeRawPointer(quote) - first
            return memchr(first, 0x5C, length) == nil ? length : nil
        }
    }

    /// Where the member's text begins, if the key stands before any other long text.
    private static func start(of key: String, in body: Data) -> Data.Index? {
        let head = body.prefix(4096)
        guard let name = head.firstRange(of: Data("\"\(key)\"".utf8)) else { return nil }
        var place = name.upperBound
        func skipBlanks() { while place < head.endIndex, [0x20, 0x09, 0x0A, 0x0D].contains(head[place]) { place += 1 } }
        skipBlanks()
        guard place < head.endIndex, head[place] == UInt8(ascii: ":") else { return nil }
        place += 1
        skipBlanks()
        guard place < head.endIndex, head[place] == UInt8(ascii: "\"") else { return nil }
        return place + 1
    }
}
