import FoundationEssentials
import IngestCore

/// A success that does not say what it should.
struct Unreadable: Error {
    var message: String

    /// An answer as JSON.
    static func json(_ answer: HTTPAnswer) throws -> JSONValue {
        // Many times faster; what it refuses, such as a key that stands twice, may be JSON to others.
        if let value = try? JSONValue(parsing: Array(answer.body)) { return value }
        do {
            return try JSONDecoder().decode(JSONValue.self, from: answer.body)
        } catch {
            throw Unreadable(message: PageSummary.of(answer))
        }
    }
}

extension JSONValue {
    func text(_ key: String) throws -> String {
        guard let text = self[key]?.string, !text.isEmpty else { throw Unreadable(message: "the answer has no \"\(key)\"") }
        return text
    }

    func list(_ key: String) throws -> [JSONValue] {
        guard case .array(let elements) = self[key] else { throw Unreadable(message: "the answer has no list \"\(key)\"") }
        return elements
    }

    /// Ids are compared without regard to case, and kept in lower case.
    func ids(_ key: String, count: Int) throws -> [String] {
        let ids = try list(key).map { element in
            guard let id = element.string ?? element["id"]?.string, !id.isEmpty else {
                throw Unreadable(message: "\"\(key)\" holds something else than ids")
            }
            return id.lowercased()
        }
        guard ids.count == count else {
            throw Unreadable(message: "\"\(key)\" holds \(ids.count) ids where \(count) were to be made")
        }
        return ids
    }

    var isArchived: Bool { !(self["archiveRecord"] ?? .null).isNull }
}
