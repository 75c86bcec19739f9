/// Why a text is no JSON, and where.
public struct JSONTextFault: Error, Sendable, Hashable, CustomStringConvertible {
    /// From 0, in bytes.
    public let offset: Int
    public let message: String
    public var description: String { "\(message), at byte \(offset + 1)" }
}

extension JSONValue {
    /// Reads JSON strictly (RFC 8259): UTF-8 without a byte order mark, one value and nothing behind it, no key twice in an
    /// object, no unpaired surrogate, no number beyond the range of a double. At most ``deepest`` levels.
    ///
    /// Numbers are the nearest double; the digits of whole numbers above 2^53 that a double does not hold are lost.
    public init(parsing bytes: UnsafeBufferPointer<UInt8>) throws(JSONTextFault) {
        var reader = JSONReader(bytes)
        self = try reader.document()
    }

    public init(parsing text: String) throws(JSONTextFault) { try self.init(parsing: Array(text.utf8)) }

    public init(parsing bytes: [UInt8]) throws(JSONTextFault) {
        let result = bytes.withUnsafeBufferPointer { bytes in
            Result { () throws(JSONTextFault) in try JSONValue(parsing: bytes) }
        }
        self = try result.get()
    }

    /// Levels of arrays and objects that are read.
    public static let deepest = 64

    /// On one line: keys in the order of their UTF-8, whole numbers without a fraction, others as the shortest decimal that
    /// reads back as the same double. The same value gives the same text.
    public var text: String {
        let buffer = LineBuffer(capacity: 256)
        write(to: buffer)
        return String(decoding: buffer.bytes, as: UTF8.self)
    }

    private func write(to out: LineBuffer) {
        switch self {
        case .null: out.raw("null")
        case .bool(let value): out.raw(value ? "true" : "false")
        case .number(let value):
            // The buffer writes zero as 0.0 and 10^15 as 1e+15.
            if value.magnitude < 0x1p53, let whole = Int(exactly: value) { out.integer(whole) } else { out.number(value) }
        case .string(let value): out.string(value)
        case .array(let elements):
            out.raw("[")
            for (index, element) in elements.enumerated() {
                if index > 0 { out.raw(",") }
                element.write(to: out)
            }
            out.raw("]")
        case .object(let members):
            out.raw("{")
            let sorted = members.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
            for (index, member) in sorted.enumerated() {
                if index > 0 { out.raw(",") }
                out.string(member.key)
                out.raw(":")
                member.value.write(to: out)
            }
            out.raw("}")
        }
    }
}
