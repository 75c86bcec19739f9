import FoundationEssentials

/// Ids as tenants make them.
enum Identifier {
    /// A random UUID in lower case.
    static func uuid() -> String { UUID().uuidString.lowercased() }

    /// `assaysch_Ab12Cd34`
    static func prefixed(_ prefix: String) -> String { prefix + secret(8) }

    /// Random letters and digits, from the system's generator.
    static func secret(_ length: Int) -> String {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")
        return String((0..<length).map { _ in alphabet[Int.random(in: alphabet.indices)] })
    }

    /// In lower case; `nil` for a text that is no UUID.
    static func uuid(_ text: String) -> String? {
        // Foundation's initializer is checked by length too: it takes texts that go on behind a UUID.
        text.utf8.count == 36 ? UUID(uuidString: text).map { $0.uuidString.lowercased() } : nil
    }
}
