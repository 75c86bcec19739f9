import IngestCore
import Publishing

@testable import ledger_writer

/// What a ledger is to do, in arrays and nothing else: the plainest reading of its interface. Moments are not kept.
final class ModelLedger {
    private(set) var publications: [Publication] = []
    private var effects: [(key: EffectKey, detail: JSONValue, id: String?)] = []
    private var things: [(thing: PublishedThing, step: String?)] = []
    private var keeps: [String: Bool] = [:]
    private var entries: [ReadingEntry] = []

    /// Whether it was taken.
    func make(_ call: LedgerCall) -> Bool {
        switch call {
        case .publication(let one):
            if let index = publications.firstIndex(where: { $0.id == one.id }) {
                publications[index] = one
            } else {
                publications.append(one)
            }
        case .intend(let key, let detail, let new):
            guard knows(key.publication) else { return false }
            if let index = effects.firstIndex(where: { $0.key == key }) {
                guard effects[index].id == nil else { return false }
                effects[index].detail = detail
            } else {
                effects.append((key, detail, nil))
            }
            keep(new, key.step)
        case .complete(let key, let id, let detail, let new):
            guard knows(key.publication) else { return false }
            if let index = effects.firstIndex(where: { $0.key == key }) {
                effects[index] = (key, detail, id)
            } else {
                effects.append((key, detail, id))
            }
            keep(new, key.step)
        case .retract(let key):
            effects.removeAll { $0.key == key }
            things.removeAll { $0.thing.publication == key.publication && $0.step == key.step }
        case .mark(let new):
            guard new.allSatisfy({ knows($0.publication) }) else { return false }
            keep(new, nil)
        case .keepsIDs(let value, let tenant): keeps[tenant] = value
        case .reading(let entry): entries.append(entry)
        }
        return true
    }

    private func knows(_ publication: String) -> Bool { publications.contains { $0.id == publication } }

    private func keep(_ new: [PublishedThing], _ step: String?) {
        for thing in new {
            let index = things.firstIndex {
                $0.thing.publication == thing.publication && $0.thing.kind == thing.kind && $0.thing.ordinal == thing.ordinal
            }
            if let index { things[index].thing = thing } else { things.append((thing, step)) }
        }
    }

    // MARK: Answers

    func publications(_ query: PublicationQuery) -> [Publication] {
        publications.reversed().filter { one in
            let reference = query.reference?.lowercased()
            func begins(_ text: String) -> Bool { reference.map { !$0.isEmpty && text.lowercased().hasPrefix($0) } ?? true }
            return (query.tenant ?? one.tenant) == one.tenant && (query.sha256 ?? one.sha256) == one.sha256
                && (query.fingerprint == nil || query.fingerprint == one.fingerprint) && (query.file ?? one.file) == one.file
                && (query.replaces.map { (one.replaces ?? "").split(separator: ",").map(String.init).contains($0) } ?? true)
                && (query.states?.contains(one.state) ?? true)
                && isAbout(one, query.subject)
                && (begins(one.id) || begins(one.sha256) || (query.reference != nil && one.analysis.map(begins) == true)
                    || things.contains {
                        $0.thing.publication == one.id && [.run, .dataFrame, .file].contains($0.thing.kind)
                            && $0.thing.state != .found && begins($0.thing.id)
                    })
        }
    }

    private func isAbout(_ one: Publication, _ subject: PublicationQuery.Subject?) -> Bool {
        switch subject {
        case .runs: one.analysis == nil
        case .analysis(let id): one.analysis == id
        case nil: true
        }
    }

    func effect(_ key: EffectKey) -> (detail: JSONValue, id: String?)? {
        effects.first { $0.key == key }.map { ($0.detail, $0.id) }
    }

    func openEffects(of publication: String) -> [EffectKey] {
        effects.filter { $0.key.publication == publication && $0.id == nil }.map(\.key)
    }

    func things(of publication: String) -> [PublishedThing] {
        let kinds: [PublishedThing.Kind] = [.run, .blob, .result, .dataFrame, .file]
        return kinds.flatMap { kind in
            things.map(\.thing).filter { $0.publication == publication && $0.kind == kind }.sorted { $0.ordinal < $1.ordinal }
        }
    }

    func things(withIDPrefix prefix: String) -> [PublishedThing] {
        guard !prefix.isEmpty else { return [] }
        let prefix = prefix.lowercased()
        return publications.reversed().flatMap { things(of: $0.id) }
            .filter { $0.id.lowercased().hasPrefix(prefix) || $0.record.lowercased().hasPrefix(prefix) }
    }

    func keepsIDs(_ tenant: String) -> Bool? { keeps[tenant] }

    func readings(_ prefix: String?, _ file: String?) -> [ReadingEntry] {
        entries.reversed().filter { $0.sha256.hasPrefix(prefix ?? "") && (file ?? $0.file) == $0.file }
    }
}

extension ModelLedger {
    /// Where a ledger answers otherwise than this; empty when it agrees in everything.
    func differences(from ledger: any Ledger) throws -> [String] {
        var found: [String] = []
        func compare<Value: Equatable>(_ what: String, _ mine: Value, _ theirs: Value) {
            if mine != theirs { found.append("\(what): expected \(mine), found \(theirs)") }
        }
        for query in ModelLedger.queries { compare("\(query)", publications(query), try ledger.publications(query)) }
        for publication in LedgerScript.publications {
            compare("things of \(publication)", things(of: publication), try ledger.things(of: publication))
            let kinds = things(of: publication).filter { $0.state != .intended }.map(\.kind)
            compare(
                "contents of \(publication)",
                PublicationContents(
                    runs: things(of: publication).filter { $0.kind == .run }, blobs: kinds.count { $0 == .blob },
                    results: kinds.count { $0 == .result }, dataFrames: kinds.count { $0 == .dataFrame },
                    files: kinds.count { $0 == .file }), try ledger.contents(of: publication))
            compare("open of \(publication)", openEffects(of: publication), try ledger.openEffects(of: publication).map(\.key))
            for step in LedgerScript.steps {
                let key = EffectKey(publication, step)
                let theirs: (detail: JSONValue, id: String?)? =
                    switch try ledger.effect(key) {
                    case nil: nil
                    case .intended(let detail, _): (detail, nil)
                    case .done(let id, let detail, _): (detail, id)
                    }
                compare("detail of \(key)", effect(key)?.detail, theirs?.detail)
                compare("id of \(key)", effect(key)?.id, theirs?.id)
            }
        }
        for prefix in ["", "3", "3f0F", "3f0f9", "ab01-14.1", "AB01-é", "%", "b"] {
            compare("things \(prefix)", things(withIDPrefix: prefix), try ledger.things(withIDPrefix: prefix))
        }
        for tenant in LedgerScript.tenants { compare("keeps \(tenant)", keepsIDs(tenant), try ledger.keepsIDs(tenant: tenant)) }
        for prefix in [nil, "ab", "cd", "%"] {
            for file in [nil] + LedgerScript.texts.map(Optional.some) {
                compare("readings", readings(prefix, file), try ledger.readings(sha256Prefix: prefix, file: file))
            }
        }
        return found
    }

    private static let queries = [
        PublicationQuery(), PublicationQuery(tenant: "local/1"), PublicationQuery(sha256: "ab01", states: [.open, .done]),
        PublicationQuery(fingerprint: "f1"), PublicationQuery(file: LedgerScript.texts[1]), PublicationQuery(reference: ""),
        PublicationQuery(reference: "0A0"), PublicationQuery(reference: "ab"), PublicationQuery(reference: "3f0f8"),
        PublicationQuery(tenant: "local/1", reference: "3"), PublicationQuery(states: []), PublicationQuery(replaces: "0b"),
        PublicationQuery(subject: .runs), PublicationQuery(subject: .analysis("ana_Ab")), PublicationQuery(reference: "ANA_"),
    ]
}
