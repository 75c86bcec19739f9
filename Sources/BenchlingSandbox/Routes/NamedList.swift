import IngestCore

/// What the lists of named things have in common: ids, names, archive state, order.
enum NamedList {
    static func filtered(_ things: [JSONValue], _ call: Call) throws -> [JSONValue] {
        var kept = things
        if let ids = try call.list("ids") {
            let known = Set(things.compactMap { $0["id"]?.string })
            let unknown = ids.filter { !known.contains($0) }
            if !unknown.isEmpty { throw Refusal.unknown("item", ids: unknown) }
            kept = kept.filter { ids.contains($0["id"]?.string ?? "") }
        }
        if let name = call.query["name"] { kept = kept.filter { $0.name == name } }
        if let part = call.query["nameIncludes"] { kept = kept.filter { $0.name.lowercased().contains(part.lowercased()) } }
        if let names = try call.list("names.anyOf.caseSensitive", atMost: 100) {
            kept = kept.filter { !Self.names($0).isDisjoint(with: names) }
        }
        if let names = try call.list("names.anyOf", atMost: 100) {
            let lower = names.map { $0.lowercased() }
            kept = kept.filter { !Set(Self.names($0).map { $0.lowercased() }).isDisjoint(with: lower) }
        }
        if let folder = call.query["folderId"] { kept = kept.filter { $0["folderId"]?.string == folder } }
        let state = try ArchiveFilter(call.query["archiveReason"])
        kept = kept.filter { state.takes($0["archiveRecord"]?["reason"]?.string) }
        return try sorted(kept, by: call.query["sort"])
    }

    /// Name, aliases and registry id of an entity; the name of anything else.
    private static func names(_ thing: JSONValue) -> Set<String> {
        Set(
            [thing.name, thing["entityRegistryId"]?.string].compactMap { $0 }
                + (thing["aliases"]?.elements ?? []).compactMap(\.string))
    }

    private static func sorted(_ things: [JSONValue], by sort: String?) throws -> [JSONValue] {
        let parts = (sort ?? "modifiedAt").split(separator: ":").map(String.init)
        guard let key = parts.first, ["name", "modifiedAt", "createdAt"].contains(key), parts.count <= 2,
            parts.count == 1 || ["asc", "desc"].contains(parts[1])
        else { throw Refusal.bad("sort must be name, modifiedAt or createdAt, with :asc or :desc") }
        // Without a direction the latest come first, and names in their order.
        let ascending = parts.count == 2 ? parts[1] == "asc" : key == "name"
        let places = things.enumerated().sorted { left, right in
            let (first, second) = (left.element[key]?.string ?? "", right.element[key]?.string ?? "")
            return first == second ? left.offset < right.offset : (first < second) == ascending
        }
        return places.map(\.element)
    }
}

/// `archiveReason`: live ones unless asked otherwise.
struct ArchiveFilter {
    fileprivate let wanted: String

    init(_ text: String?) throws {
        wanted = text ?? "NOT_ARCHIVED"
        let known = [
            "NOT_ARCHIVED", "ANY_ARCHIVED", "ANY_ARCHIVED_OR_NOT_ARCHIVED", "Archived", "Made in error", "Other", "Retired",
            "Expended",
            "Shipped", "Contaminated", "Expired", "Missing",
        ]
        if !known.contains(wanted) { throw Refusal.bad("archiveReason must be one of \(known.joined(separator: ", "))") }
    }

    /// - Parameter reason: Why a thing was archived; `nil` for a live one.
    func takes(_ reason: String?) -> Bool {
        switch wanted {
        case "NOT_ARCHIVED": reason == nil
        case "ANY_ARCHIVED": reason != nil
        case "ANY_ARCHIVED_OR_NOT_ARCHIVED": true
        default: reason == wanted
        }
    }
}

extension ArchiveFilter {
    /// The same as a condition on the column `archived`.
    var condition: (sql: String, arguments: [String: String]) {
        switch wanted {
        case "NOT_ARCHIVED": ("archived IS NULL", [:])
        case "ANY_ARCHIVED": ("archived IS NOT NULL", [:])
        case "ANY_ARCHIVED_OR_NOT_ARCHIVED": ("TRUE", [:])
        default: ("archived = :reason", ["reason": wanted])
        }
    }
}

/// `createdAt` and `modifiedAt` with their operators: `> 2017-04-30 AND <2018-01-01`.
enum DateFilter {
    static func modified(_ text: String?) throws -> (@Sendable (JSONValue) -> Bool)? { try filter(text, member: "modifiedAt") }
    static func created(_ text: String?) throws -> (@Sendable (JSONValue) -> Bool)? { try filter(text, member: "createdAt") }

    /// A date, or a date and time whose zone is UTC unless it names one.
    static func instant(_ text: String) throws -> Instant {
        if let instant = Instant(text, zoneRequired: false) { return instant }
        guard let day = Instant.day(text) else { throw Refusal.bad("\(text) is not an RFC 3339 date") }
        return Instant(microseconds: day * 86_400_000_000)
    }

    private static func filter(_ text: String?, member: String) throws -> (@Sendable (JSONValue) -> Bool)? {
        guard let text else { return nil }
        let bounds = try text.split(separator: " AND ").map { part -> (Bool, Instant) in
            let bound = part.trimmingPrefix { $0 == " " }
            guard let sign = bound.first, sign == "<" || sign == ">" else { throw Refusal.bad("\(member) needs < or >") }
            return (sign == ">", try instant(String(bound.dropFirst().trimmingPrefix { $0 == " " })))
        }
        return { thing in
            guard let moment = thing[member]?.string.flatMap({ Instant($0) }) else { return false }
            return bounds.allSatisfy { after, bound in after ? moment > bound : moment < bound }
        }
    }
}
