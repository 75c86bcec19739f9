import FoundationEssentials
import IngestCore

/// What tells a record at the destination from what we would send.
enum StoredDifference {
    /// `peak_area is 12 there and 12.5 here`, one text a field. Blobs are taken as they are: what links to one cannot be changed.
    /// - Parameter renamed: The same bytes had the first name when they were published: where only that differs, nothing does.
    static func fields(
        of thing: PlannedThing, from stored: StoredRecord, run: String?, renamed: (from: String, to: String)? = nil
    ) -> [String] {
        thing.fields.sorted { $0.key < $1.key }.compactMap { name, value in
            let there = stored.fields[name] ?? .null
            guard !same(value, there, run: run) else { return nil }
            if let renamed, renamed.from != renamed.to, let text = there.string,
                same(value, .string(text.replacing(renamed.from, with: renamed.to)), run: run)
            {
                return nil
            }
            return "\(name) is \(shown(there)) there and \(shown(value)) here"
        }
    }

    static func same(_ planned: PlannedValue, _ there: JSONValue, run: String?) -> Bool {
        switch planned {
        case .json(let value): same(value, there)
        case .run: run == nil || there.string?.lowercased() == run
        case .blob: there.string != nil
        case .entity: false
        case .list(let values):
            values.count == there.elements.count && zip(values, there.elements).allSatisfy { same($0, $1, run: run) }
        }
    }

    /// Equal, or two spellings of one instant or one UUID.
    static func same(_ one: JSONValue, _ other: JSONValue) -> Bool {
        if one == other { return true }
        switch (one, other) {
        case (.number(let one), .number(let other)):
            // A tenant may keep fewer digits than it was sent.
            return abs(one - other) <= 1e-9 * max(abs(one), abs(other))
        case (.string(let one), .string(let other)):
            if one.utf8.count == 36, one.lowercased() == other.lowercased() { return true }
            return instant(one).map { $0 == instant(other) } ?? false
        case (.array(let one), .array(let other)):
            return one.count == other.count && zip(one, other).allSatisfy { same($0, $1) }
        case (.object(let one), .object(let other)):
            return one.count == other.count && one.allSatisfy { key, value in other[key].map { same(value, $0) } ?? false }
        default: return false
        }
    }

    /// RFC 3339, with a fraction of a second or without.
    static func instant(_ text: String) -> Date? {
        guard text.utf8.count >= 20, text.contains("T") else { return nil }
        // Neither form: it is no instant, and is compared as a text.
        return (try? Date(text, strategy: .iso8601.time(includingFractionalSeconds: true)))
            ?? (try? Date(text, strategy: .iso8601))
    }

    private static func shown(_ value: PlannedValue) -> String {
        switch value {
        case .json(let value): shown(value)
        case .run: "another run"
        case .blob: "a blob"
        case .entity(let wish): "\"\(wish.text)\""
        case .list(let values): "a list of \(values.count)"
        }
    }

    private static func shown(_ value: JSONValue) -> String { value.isNull ? "empty" : String(value.text.prefix(60)) }
}

extension StoredRecord {
    /// Whether it has exactly the fields of a thing.
    /// - Parameter run: The id of its run; `nil` for any.
    func has(_ thing: PlannedThing, run: String?) -> Bool {
        StoredDifference.fields(of: thing, from: self, run: run).isEmpty
            && Set(fields.filter { !$0.value.isNull }.keys) == Set(thing.fields.keys)
    }
}
