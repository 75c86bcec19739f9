import FoundationEssentials
import IngestCore

/// JSON values as one line of text and back: keys in order, so that the same value always gives the same text.
enum PublishingJSON {
    static func text(_ value: JSONValue) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }

    static func value(of object: some Encodable) throws -> JSONValue {
        try JSONDecoder().decode(JSONValue.self, from: try JSONEncoder().encode(object))
    }

    static func value(_ text: String) throws -> JSONValue { try JSONValue(parsing: text) }
}
