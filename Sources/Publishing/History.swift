/// What was read and published, when and by which version, and where a value stood in its file.
public struct History: Sendable {
    public enum Entry: Sendable, Hashable {
        case reading(ReadingEntry)
        /// `replacedBy` is the id of the publication that stands for it now.
        case publication(Publication, PublicationContents, replacedBy: String?)
        case thing(PublishedThing, of: Publication)
    }

    /// What was asked for; `nil` for everything.
    public let reference: String?
    /// Runs, results, blobs, data frames and files with that id first, then readings and publications, newest first.
    public let entries: [Entry]
    /// How many more there are.
    public let more: Int

    /// - Parameters:
    ///   - reference: The name of a file, the begin of its SHA-256, or the begin of the id of a publication, run, result,
    ///     blob, analysis, data frame, file or record; `nil` for everything.
    ///   - limit: The most entries, 1 or more; the others are counted.
    /// - Throws: What the ledger throws.
    public init(of reference: String?, in ledger: any Ledger, limit: Int = 50) throws {
        self.reference = reference
        let things = try reference.map { try History.things($0, in: ledger) } ?? []
        let publications = try History.publications(reference, of: things.prefix(limit), in: ledger)
        let readings = try History.readings(reference, of: publications, in: ledger)
        var entries: [Entry] = things.prefix(limit).compactMap { thing in
            publications.first { $0.id == thing.publication }.map { .thing(thing, of: $0) }
        }
        for entry in History.merged(publications, readings).prefix(limit - entries.count) {
            switch entry {
            case .reading(let reading): entries.append(.reading(reading))
            case .publication(let one):
                let later = try ledger.publications(PublicationQuery(replaces: one.id, withoutReceipts: true))
                entries.append(.publication(one, try ledger.contents(of: one.id), replacedBy: later.first?.id))
            }
        }
        self.entries = entries
        more = things.count + publications.count + readings.count - entries.count
    }

    /// Those with the id itself. Record ids begin with the digest of their file, so a digest alone would give them all.
    private static func things(_ reference: String, in ledger: any Ledger) throws -> [PublishedThing] {
        let isRecord = reference.contains("-")
        return try ledger.things(withIDPrefix: reference).filter { thing in
            isRecord || (thing.kind != .run && thing.id.lowercased().hasPrefix(reference.lowercased()))
        }
    }

    private static func publications(
        _ reference: String?, of things: ArraySlice<PublishedThing>, in ledger: any Ledger
    ) throws -> [Publication] {
        guard let reference else { return try ledger.publications(PublicationQuery(withoutReceipts: true)) }
        var queries = names(reference).map { PublicationQuery(file: $0, withoutReceipts: true) }
        queries += Set([reference] + things.map(\.publication)).map { PublicationQuery(reference: $0, withoutReceipts: true) }
        var seen: Set<String> = []
        return try queries.flatMap(ledger.publications).filter { seen.insert($0.id).inserted }
            .sorted { $0.startedAt > $1.startedAt }
    }

    private static func readings(
        _ reference: String?, of publications: [Publication], in ledger: any Ledger
    ) throws -> [ReadingEntry] {
        guard let reference else { return try ledger.readings(sha256Prefix: nil, file: nil) }
        var found = try names(reference).map { try ledger.readings(sha256Prefix: nil, file: $0) }
        for digest in Set([reference] + publications.map(\.sha256)) where !digest.isEmpty {
            found.append(try ledger.readings(sha256Prefix: digest, file: nil))
        }
        var seen: Set<ReadingEntry> = []
        return found.joined().filter { seen.insert($0).inserted }.sorted { $0.at > $1.at }
    }

    /// As given, and without folders, as files are entered.
    private static func names(_ reference: String) -> Set<String> {
        [reference, reference.split(separator: "/").last.map(String.init) ?? reference]
    }

    private enum Told { case reading(ReadingEntry), publication(Publication) }

    private static func merged(_ publications: [Publication], _ readings: [ReadingEntry]) -> [Told] {
        var all: [Told] = []
        var rest = readings[...]
        for publication in publications {
            while let reading = rest.first, reading.at > publication.startedAt {
                all.append(.reading(reading))
                rest.removeFirst()
            }
            all.append(.publication(publication))
        }
        return all + rest.map(Told.reading)
    }
}
