import Digests

/// UUIDs that follow from names: the same names give the same UUID on every machine and at every time (version 5,
/// RFC 9562 section 5.5), in lower case.
public enum NameUUID {
    /// The namespace of everything that `ingest` names.
    public static let namespace = "e68e7906-87f7-40c6-a727-0e2d536316a0"

    /// The UUID of a list of names, such as tenant, schema, digest of the file and place in it.
    public static func of(_ parts: [String]) -> String { of(name: joined(parts), namespace: namespace) }

    /// - Parameter namespace: A UUID as text.
    static func of(name: String, namespace: String) -> String {
        let digest = MessageDigest(.sha1)
        bytes(of: namespace).withUnsafeBytes { digest.update($0) }
        Array(name.utf8).withUnsafeBytes { digest.update($0) }
        var uuid = Array(digest.finish().prefix(16))
        uuid[6] = uuid[6] & 0x0F | 0x50
        uuid[8] = uuid[8] & 0x3F | 0x80
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        for (index, byte) in uuid.enumerated() {
            if [4, 6, 8, 10].contains(index) { text.append(UInt8(ascii: "-")) }
            text += [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// One text that no other list gives: each part behind its length in bytes.
    static func joined(_ parts: [String]) -> String { parts.map { "\($0.utf8.count):\($0)" }.joined() }

    private static func bytes(of uuid: String) -> [UInt8] {
        let digits = uuid.utf8.compactMap { Character(UnicodeScalar($0)).hexDigitValue.map(UInt8.init) }
        precondition(digits.count == 32, "\(uuid) is not a UUID")
        return stride(from: 0, to: 32, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
    }
}
