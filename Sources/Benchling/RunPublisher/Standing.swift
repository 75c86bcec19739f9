import IngestCore
import Publishing
import RecordReading

/// What is known of a file's earlier publications, and which of them this one goes on with or replaces.
struct Standing: Sendable {
    /// The publication to go on with: one that is unfinished, or one that stands.
    var publication: Publication?
    /// What that one made or was about to, by record.
    var known: [String: PublishedThing] = [:]
    /// 1 the first time.
    var generation = 1
    /// What stands and is to be archived once this is published.
    var replaces: [Publication] = []
    /// Of those, the ones that a person has to agree to.
    var asksFor: [Publication] = []

    init(_ input: RunPublisher.Input, fingerprint: String?, tenant: String, ledger: any Ledger) throws {
        let sha256 = input.records.sha256
        let earlier = try ledger.publications(PublicationQuery(tenant: tenant, sha256: sha256, subject: .runs))
        generation = earlier.map(\.generation).max() ?? 1
        if let open = earlier.first(where: { $0.state == .open }) {
            publication = open
            generation = open.generation
        } else if let done = earlier.first(where: { $0.state == .done }), !input.again {
            publication = done
            generation = done.generation
        } else if !earlier.isEmpty {
            generation += 1
        }
        if let publication {
            for thing in try ledger.things(of: publication.id) { known[thing.record] = thing }
        }
        if input.again || publication?.state == .open {
            replaces = earlier.filter { $0.state == .done && $0.id != publication?.id }
        }
        guard publication?.state != .done, !input.asNewRun else { return }
        asksFor = try Standing.versions(of: input.records.fileName, fingerprint, sha256, tenant, ledger)
        replaces += asksFor
        // Agreed to when it was begun.
        if let publication, publication.replaces != nil { asksFor = [] }
    }

    /// The ledger knows of no publication of this file.
    var isNew: Bool { publication == nil && generation == 1 }

    /// The destination no longer has what the ledger says it has: the file is published anew.
    mutating func beginAnew() {
        if let publication { replaces.append(publication) }
        publication = nil
        known = [:]
        generation += 1
    }

    /// What stands, or was begun, and looks like another version of the same run.
    static func versions(
        of file: String, _ fingerprint: String?, _ sha256: String, _ tenant: String, _ ledger: any Ledger
    ) throws -> [Publication] {
        guard let ours = fingerprint.flatMap(RunFingerprint.init(text:)) else { return [] }
        let query = PublicationQuery(tenant: tenant, states: [.done, .open], subject: .runs, withoutReceipts: true)
        return try ledger.publications(query).filter { other in
            guard other.sha256 != sha256, let theirs = other.fingerprint.flatMap(RunFingerprint.init(text:)) else { return false }
            return ours.isVersion(of: theirs, sameName: RunFingerprint.isSameName(other.file, file))
        }
    }
}
