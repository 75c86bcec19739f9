import CLibCrypto

/// A running digest over OpenSSL, which uses the processor's own instructions.
public final class MessageDigest {
    public enum Algorithm: Sendable { case sha256, sha1, md5 }

    private let context: OpaquePointer
    private let length: Int

    public init(_ algorithm: Algorithm = .sha256) {
        context = EVP_MD_CTX_new()
        let type: OpaquePointer
        switch algorithm {
        case .sha256: (type, length) = (EVP_sha256(), 32)
        case .sha1: (type, length) = (EVP_sha1(), 20)
        case .md5: (type, length) = (EVP_md5(), 16)
        }
        EVP_DigestInit_ex(context, type, nil)
    }

    deinit { EVP_MD_CTX_free(context) }

    public func update(_ bytes: UnsafeRawBufferPointer) {
        if let base = bytes.baseAddress { EVP_DigestUpdate(context, base, bytes.count) }
    }

    /// The digest. Nothing can be added afterwards.
    public func finish() -> [UInt8] {
        var digest = [UInt8](repeating: 0, count: length)
        EVP_DigestFinal_ex(context, &digest, nil)
        return digest
    }

    /// The digest in lower-case hexadecimal. Nothing can be added afterwards.
    public func hexadecimal() -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: finish().flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    /// The digest of a text's UTF-8 in lower-case hexadecimal.
    public static func of(_ text: String, _ algorithm: Algorithm = .sha256) -> String {
        let digest = MessageDigest(algorithm)
        var text = text
        text.withUTF8 { digest.update(UnsafeRawBufferPointer($0)) }
        return digest.hexadecimal()
    }
}
