import GRDB
import IngestCore

/// The conditions of a list of runs or results.
struct RecordFilter: Sendable {
    private(set) var conditions: [String] = []
    private(set) var arguments: [String: any DatabaseValueConvertible & Sendable] = [:]

    /// - Parameter condition: A constant; values travel as arguments.
    mutating func add(_ condition: String, _ values: [String: any DatabaseValueConvertible & Sendable] = [:]) {
        conditions.append(condition)
        arguments.merge(values) { $1 }
    }

    mutating func add(anyOf values: [String], _ condition: (_ list: String) -> String) {
        let first = arguments.count
        let names = values.indices.map { "value\(first + $0)" }
        add(condition(names.map { ":" + $0 }.joined(separator: ", ")), Dictionary(zip(names, values)) { $1 })
    }

    /// `minCreatedTime`, `maxCreatedTime`: unix seconds. What is too new to show is left out.
    mutating func addCreatedTimes(_ call: Call) throws {
        if call.options.listLag > 0 {
            let newest = Instant.now().microseconds - Int64(call.options.listLag * 1_000_000)
            add("created <= :newest", ["newest": newest])
        }
        for (name, sign) in [("minCreatedTime", ">="), ("maxCreatedTime", "<=")] {
            guard let text = call.query[name] else { continue }
            guard let seconds = Int64(text), abs(seconds) < 1 << 40 else { throw Refusal.bad("\(name) must be unix seconds") }
            add("created \(sign) :\(name)", [name: seconds * 1_000_000])
        }
    }

    /// Ids that nothing has make the whole call fail.
    mutating func addIDs(_ ids: [String], _ kind: RecordKind, _ call: Call, _ db: Database) throws {
        let unknown = try ids.filter { id in
            guard let uuid = Identifier.uuid(id) else { return true }
            return try Records(db).find(kind, uuid, call.caller) == nil
        }
        if !unknown.isEmpty { throw Refusal.unknown(kind.words, ids: unknown) }
        add(anyOf: ids.map { $0.lowercased() }) { "id IN (\($0))" }
    }
}
