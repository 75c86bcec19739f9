import FoundationEssentials
import IngestCore

/// Values as JSON.
enum PublishingJSON {
    static func value(of object: some Encodable) throws -> JSONValue {
        try JSONDecoder().decode(JSONValue.self, from: try JSONEncoder().encode(object))
    }
}
