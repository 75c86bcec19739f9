import Synchronization

/// Makes what a tenant or the network says fit to be shown: known secrets are blanked, URLs lose their queries (a signed URL
/// carries its signature there), control characters go, and at most ``longest`` characters stay.
final class ShownText: Sendable {
    static let longest = 500
    private let lasting: [SecretText]
    /// Tokens, renewed for as long as a process lives: of the old ones no more are kept than an answer under way can quote.
    private let passing = Mutex<[SecretText]>([])
    private static let mostPassing = 64

    init(_ secrets: [String]) { lasting = secrets.flatMap(Self.forms) }

    /// From now on this is a secret too.
    func hide(_ secret: String) {
        passing.withLock { known in
            known += Self.forms(of: secret)
            if known.count > Self.mostPassing { known.removeFirst(known.count - Self.mostPassing) }
        }
    }

    func clean(_ text: String) -> String {
        var text = text
        for secret in lasting + passing.withLock({ $0 }) { text.replace(secret.text, with: "…") }
        text = Self.withoutQueries(text)
        let spaced = text.unicodeScalars.map { $0.value < 0x20 || (0x7F...0x9F).contains($0.value) ? " " : Character($0) }
        let words = String(spaced).split(separator: " ").joined(separator: " ")
        return words.count > Self.longest ? words.prefix(Self.longest) + "…" : words
    }

    /// As it is, as it stands in a URL, and as HTTP Basic sends it.
    private static func forms(of secret: String) -> [SecretText] {
        guard !secret.isEmpty else { return [] }
        let basic = Authorization.basic(secret).dropFirst("Basic ".count)
        return [secret, QueryText.encoded(secret), QueryText.formEncoded(secret), String(basic)]
            .map(SecretText.init)
    }

    private static func withoutQueries(_ text: String) -> String {
        var shown = ""
        var rest = text[...]
        while let start = rest.firstRange(of: "://") {
            let address = rest[start.upperBound...].prefix { !$0.isWhitespace && !"\"'<>".contains($0) }
            shown += rest[..<start.upperBound] + address.prefix { $0 != "?" }
            if address.contains("?") { shown += "?…" }
            rest = rest[address.endIndex...]
        }
        return shown + rest
    }
}
