/// Percent-encoding of what is put into an address.
enum QueryText {
    /// All but letters, digits and `-._~` is encoded, in UTF-8; so `+` becomes `%2B` and a comma `%2C`.
    static func encoded(_ text: some StringProtocol) -> String { encoded(text, blank: nil) }

    /// As in a form (`application/x-www-form-urlencoded`), where a blank is a `+`.
    static func formEncoded(_ text: String) -> String { encoded(text, blank: UInt8(ascii: "+")) }

    /// `name=value&name=value`. The values of a list are encoded one by one and the commas between them are not: a server that
    /// splits before it decodes and one that splits after see the same values.
    static func query(_ parameters: [(name: String, values: [String])]) -> String {
        parameters.map { "\(encoded($0.name))=\($0.values.map(encoded).joined(separator: ","))" }.joined(separator: "&")
    }

    /// An id as one step of a path.
    /// - Throws: ``BenchlingFailure`` of the kind `refused` for what cannot be an id; nothing was sent.
    static func step(_ id: String, in call: String) throws -> String {
        let isPlain = id.unicodeScalars.allSatisfy { $0.value > 0x20 && $0.value < 0x7F && $0 != "/" && $0 != "\\" }
        guard isPlain, !id.isEmpty, id != ".", id != ".." else {
            throw BenchlingFailure(.refused, call: call, message: "\"\(id.prefix(60))\" cannot be an id; nothing was sent")
        }
        return encoded(id)
    }

    private static func encoded(_ text: some StringProtocol, blank: UInt8?) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E: bytes.append(byte)
            case 0x20 where blank != nil: bytes.append(blank!)
            default: bytes += [0x25, digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
