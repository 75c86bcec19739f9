import FoundationEssentials
import IngestCore

/// JSON as bytes and texts.
enum JSONText {
    static func data(_ value: JSONValue) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(value)
    }

    static func text(_ value: JSONValue) throws -> String { String(decoding: try data(value), as: UTF8.self) }

    static func value(_ data: Data) throws -> JSONValue { try JSONValue(parsing: Array(data)) }

    static func value(_ text: String) throws -> JSONValue { try JSONValue(parsing: text) }
}

extension JSONValue {
    init(_ text: String?) { self = text.map(JSONValue.string) ?? .null }
}

// FlyingFox has a type of this name too.
typealias JSONValue = IngestCore.JSONValue
