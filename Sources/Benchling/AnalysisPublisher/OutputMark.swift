import Digests
import IngestCore
import Publishing

/// How what we attach to an analysis is told from what others do: its name begins with `ingest` and 12 digits of a digest, as in
/// `ingest 0a1b2c3d4e5f IC50`. The same input, settings and content have the same digits wherever they are published from.
struct OutputMark: Sendable, Hashable {
    let digits: String

    /// - Parameters:
    ///   - input: The digest of the input.
    ///   - settings: Whatever else decides what comes out.
    ///   - contents: The digest of every output, in order.
    init(analysis: String, input: String, settings: String, contents: [String]) {
        // Each behind its length, so that no other list gives the same text.
        let text = ([analysis, input, settings] + contents).map { "\($0.utf8.count):\($0)" }.joined()
        digits = String(MessageDigest.of(text).prefix(12))
    }

    func name(_ name: String) -> String { "ingest \(digits) \(name)" }

    static func isOn(_ name: String) -> Bool { name.prefixMatch(of: #/ingest [0-9a-f]{12} /#) != nil }

    /// The data frames that the ledger knows us to have made for an analysis.
    static func frames(of analysis: String, tenant: String, in ledger: any Ledger) throws -> Set<String> {
        let publications = try ledger.publications(
            PublicationQuery(tenant: tenant, subject: .analysis(analysis), withoutReceipts: true))
        let things = try publications.flatMap { try ledger.things(of: $0.id) }
        return Set(things.filter { $0.kind == .dataFrame && !$0.id.isEmpty }.map(\.id))
    }
}
