import IngestCore
import IngestTesting
import Publishing

/// One call that writes to a ledger, to be made on several and compared.
enum LedgerCall: Sendable {
    case publication(Publication)
    case intend(EffectKey, JSONValue, [PublishedThing])
    case complete(EffectKey, String, JSONValue, [PublishedThing])
    case retract(EffectKey)
    case mark([PublishedThing])
    case keepsIDs(Bool, String)
    case reading(ReadingEntry)

    func make(on ledger: any Ledger) throws {
        switch self {
        case .publication(let publication): try ledger.save(publication)
        case .intend(let key, let detail, let things): try ledger.intend(key, detail: detail, things: things)
        case .complete(let key, let id, let detail, let things): try ledger.complete(key, id: id, detail: detail, things: things)
        case .retract(let key): try ledger.retract(key)
        case .mark(let things): try ledger.mark(things)
        case .keepsIDs(let keeps, let tenant): try ledger.setKeepsIDs(keeps, tenant: tenant)
        case .reading(let entry): try ledger.save(entry)
        }
    }
}

/// Random calls on a few publications, with the same ids, steps and ordinals coming again and again.
struct LedgerScript {
    static let publications = ["0a000000-0000-5000-8000-000000000001", "0a000000-0000-5000-8000-00000000000f", "0b"]
    static let steps = ["runs", "results:0", "results:1", "blob:a1", "archive:runs"]
    static let tenants = ["acme.benchling.com", "local/1"]
    static let analyses = ["ana_Ab", "ana_aB"]
    static let texts = ["", "é \"\\\n'; DROP TABLE things; --", "日本語 🧪", "run7.csv", "%_*?"]

    private var random: SeededGenerator

    init(seed: UInt64) { random = SeededGenerator(seed: seed) }

    static func calls(seed: UInt64, count: Int) -> [LedgerCall] {
        var script = LedgerScript(seed: seed)
        return (0..<count).map { script.call($0) }
    }

    /// One publication, begun with other particulars for each seed.
    static func publication(seed: UInt64 = 1) -> Publication {
        var script = LedgerScript(seed: seed)
        return script.publication(publications[0])
    }

    private mutating func call(_ index: Int) -> LedgerCall {
        // Most begin with publications, so that what follows mostly finds one; what does not is refused alike by all.
        if index < 2 { return .publication(publication(LedgerScript.publications[index])) }
        switch Int.random(in: 0..<12, using: &random) {
        case 0: return .publication(publication(pick(LedgerScript.publications)))
        case 1, 2, 3:
            let key = key()
            return .intend(key, detail(), things(of: key.publication))
        case 4, 5, 6:
            let key = key()
            return .complete(key, pick(["x", "", "0b6f"]), detail(), things(of: key.publication))
        case 7: return .retract(key())
        case 8, 9: return .mark(things(of: pick(LedgerScript.publications)))
        case 10: return .keepsIDs(Bool.random(using: &random), pick(LedgerScript.tenants))
        default: return .reading(reading())
        }
    }

    private mutating func pick<Value>(_ values: [Value]) -> Value { values[Int.random(in: values.indices, using: &random)] }
    private mutating func maybe<Value>(_ value: Value) -> Value? { Bool.random(using: &random) ? value : nil }
    private mutating func key() -> EffectKey { EffectKey(pick(LedgerScript.publications), pick(LedgerScript.steps)) }

    private mutating func detail() -> JSONValue {
        pick([.null, ["parts": [1, 2.5], "text": .string(pick(LedgerScript.texts))], "transaction", ["nul": "a\0b"], 1e300])
    }

    private mutating func publication(_ id: String) -> Publication {
        Publication(
            id: id, tenant: pick(LedgerScript.tenants), destination: "acme", file: pick(LedgerScript.texts),
            sha256: pick(["ab01", "ab02", "cd"]), adapter: "lc.table", adapterVersion: 2, records: "r", mapping: "m",
            fingerprint: maybe("f1"), generation: Int.random(in: 1...3, using: &random),
            state: pick([.open, .done, .undone, .replaced]), startedAt: "2026-03-04T10:31:05.250Z",
            finishedAt: maybe("2026-03-04T10:31:06.000Z"),
            replaces: maybe(pick(LedgerScript.publications + [LedgerScript.publications.joined(separator: ",")])),
            reason: maybe(pick(LedgerScript.texts)), takenBackAt: "2026-03-05T00:00:00Z", ingestVersion: "1.0",
            analysis: maybe(pick(LedgerScript.analyses)), receipt: maybe("{}"))
    }

    private mutating func things(of publication: String) -> [PublishedThing] {
        (0..<Int.random(in: 0...3, using: &random)).map { _ in
            PublishedThing(
                publication: publication, kind: pick([.run, .blob, .result, .dataFrame, .file]),
                ordinal: Int.random(in: 0...3, using: &random),
                id: pick(["", "3f0f8f5e", "3F0F9", "bb"]), schema: pick(LedgerScript.texts),
                record: pick(["r1", "a1", "ab01-14.1", "ab01-é:3.1"]), state: pick([.intended, .live, .archived, .found]),
                member: maybe("REPORT01.CSV"), line: maybe(14), column: maybe(1), path: maybe("/a/b[1]"))
        }
    }

    private mutating func reading() -> ReadingEntry {
        ReadingEntry(
            at: "2026-03-04T10:31:05Z", file: pick(LedgerScript.texts), sha256: pick(["ab01", "ab02", "cd"]), bytes: 1 << 40,
            adapter: "lc.table", adapterVersion: 2, format: "table", records: "r", results: 12, leftOut: 1, complete: "yes",
            status: 1, ingestVersion: "1.0")
    }
}
