import Benchling
import Foundation
import IngestCore
import IngestPipeline
import Publishing
import RecordReading

/// Which publication a person means by a run id, a receipt or a file.
struct MeantPublication {
    private let reference: String
    /// The destination that was named.
    private let to: String?
    private let configuration: IngestConfiguration

    init(_ reference: String, to: String?, _ configuration: IngestConfiguration) {
        self.reference = reference
        self.to = to
        self.configuration = configuration
    }

    /// What its destination is called by now: the tenant is the same under another name.
    func destination(of publication: Publication) -> String {
        let names = configuration.destinations.filter { tenant(of: $0.name) == publication.tenant }.map(\.name)
        return names.contains(publication.destination) ? publication.destination : names.first ?? publication.destination
    }

    private func tenant(of name: String) -> String? {
        // A destination whose address cannot be read is told when it is opened.
        configuration.destination(name).flatMap { try? TenantAddress($0.url).host }
    }

    private func isMeant(_ publication: Publication) -> Bool {
        guard let to else { return true }
        return publication.destination == to || tenant(of: to) == publication.tenant
    }

    func publication(in ledger: SQLiteLedger) throws -> Publication {
        let place = SourceLocation(file: reference)
        let file = try MeantFile(reference)
        let candidates = try candidates(file, in: ledger)
        let live = candidates.filter { $0.state == .done || $0.state == .open }
        let meant = (live.isEmpty ? candidates : live).filter(isMeant)
        guard let first = meant.first else { throw try unknown(file, in: ledger, place) }
        guard meant.count == 1 || live.isEmpty else {
            let list = meant.prefix(5).map { "\($0.id.prefix(8)) (\($0.file) to \($0.destination), \($0.startedAt))" }
            throw Diagnostic(
                "undo.ambiguous", "\"\(reference)\" stands for \(meant.count) publications", at: place,
                hint: "name one by its id, or its destination with --to: \(list.joined(separator: ", "))")
        }
        return first
    }

    private func unknown(_ file: MeantFile?, in ledger: SQLiteLedger, _ place: SourceLocation) throws -> Diagnostic {
        var query = PublicationQuery(states: [.done, .open], withoutReceipts: true)
        if case .records(let records) = file {
            query.sha256 = records.sha256
        } else {
            query.file = reference.split(separator: "/").last.map(String.init) ?? reference
        }
        let earlier = try ledger.publications(query).first
        return Diagnostic(
            "undo.unknown", "no publication is known by \"\(reference)\"" + (earlier == nil ? "" : " as it is now"), at: place,
            hint: earlier.map {
                "\(query.sha256 == nil ? "as it was before, it" : "what was read of \($0.file) otherwise") was published "
                    + "\($0.startedAt): ingest undo \($0.id.prefix(8))"
            } ?? "ingest history lists what was published from this computer, with the ids to undo it by")
    }

    private func candidates(_ file: MeantFile?, in ledger: SQLiteLedger) throws -> [Publication] {
        switch file {
        case nil: return try ledger.publications(PublicationQuery(reference: reference.lowercased()))
        case .receipts(let receipts):
            return try receipts.compactMap(\.publication).flatMap { try ledger.publications(PublicationQuery(reference: $0)) }
        // The same source may have been published with other options, or as the results of an analysis.
        case .records(let records):
            return try ledger.publications(PublicationQuery(sha256: records.sha256)).filter { $0.records == records.digest }
        case .source(let digest): return try ledger.publications(PublicationQuery(sha256: digest))
        }
    }
}
