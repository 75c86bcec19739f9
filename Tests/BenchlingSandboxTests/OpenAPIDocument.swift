import Foundation
import IngestCore
import Testing
import Yams

/// A published OpenAPI document, and as much of JSON Schema as it uses.
struct OpenAPIDocument: Sendable {
    private let root: JSONValue

    /// `../shared/benchling` beside the package, where the documents are when they are there.
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../../shared/benchling")
        .standardized
    static func path(_ name: String) -> String {
        // A checkout elsewhere may name the folder.
        let named = ProcessInfo.processInfo.environment["INGEST_SHARED"].map { "\($0)/benchling" }
        return (named ?? folder.path(percentEncoded: false)) + "/" + name
    }
    static var isThere: Bool { FileManager.default.fileExists(atPath: path("openapi-subset.yaml")) }

    init(_ name: String) throws {
        let text = try String(contentsOfFile: Self.path(name), encoding: .utf8)
        root = Self.json(try Yams.load(yaml: text) ?? [:])
    }

    private static func json(_ value: Any) -> JSONValue {
        switch value {
        case let value as Bool: .bool(value)
        case let value as Int: .number(Double(value))
        case let value as Double: .number(value)
        case let value as String: .string(value)
        case let value as [Any]: .array(value.map(json))
        case let value as [AnyHashable: Any]: .object(Dictionary(value.map { ("\($0.key)", json($0.value)) }) { $1 })
        case is NSNull: .null
        default: .string("\(value)")
        }
    }

    func operation(_ method: String, _ template: String) -> JSONValue? { root["paths"]?[template]?[method.lowercased()] }

    /// The schema of a status; `nil` where the document lists none.
    func response(_ operation: JSONValue, _ status: Int) -> (isListed: Bool, schema: JSONValue?) {
        let response = operation["responses"]?[String(status)]
        return (response != nil, response?["content"]?["application/json"]?["schema"])
    }

    var badRequest: JSONValue { ["$ref": "#/components/schemas/BadRequestError"] }

    /// What of a value does not fit a schema.
    func faults(_ value: JSONValue, _ schema: JSONValue, at place: String) -> [String] {
        if let reference = schema["$ref"]?.string {
            let target = reference.split(separator: "/").dropFirst().reduce(root as JSONValue?) { $0?[String($1)] }
            guard let target else { return ["\(place): the document lacks \(reference)"] }
            return faults(value, target, at: place)
        }
        if value.isNull && schema["nullable"] == true { return [] }
        var all: [String] = []
        for part in schema["allOf"]?.elements ?? [] { all += faults(value, part, at: place) }
        for (key, isExclusive) in [("anyOf", false), ("oneOf", true)] {
            guard let choices = schema[key]?.elements else { continue }
            let tried = choices.map { faults(value, $0, at: place) }
            let fitting = tried.count(where: \.isEmpty)
            if fitting == 0 || (isExclusive && fitting > 1) {
                all.append(
                    "\(place): \(fitting) of \(choices.count) choices of \(key) fit; \(tried.min { $0.count < $1.count } ?? [])")
            }
        }
        return all + typeFaults(value, schema, at: place)
    }

    private func typeFaults(_ value: JSONValue, _ schema: JSONValue, at place: String) -> [String] {
        if let allowed = schema["enum"]?.elements, !allowed.contains(value) {
            return ["\(place): \(value) is none of \(allowed)"]
        }
        switch (schema["type"]?.string, value) {
        case (nil, .object), ("object", .object): return memberFaults(value.members, schema, at: place)
        case (nil, _), ("boolean", .bool): return []
        case ("string", .string(let text)): return textFaults(text, schema, at: place)
        case ("number", .number(let number)), ("integer", .number(let number)):
            if schema["type"] == "integer" && number.rounded() != number { return ["\(place): \(number) is not whole"] }
            let isWithin = number >= schema["minimum"]?.number ?? -.infinity && number <= schema["maximum"]?.number ?? .infinity
            return isWithin ? [] : ["\(place): \(number) is out of range"]
        case ("array", .array(let elements)):
            if let most = schema["maxItems"]?.int, elements.count > most { return ["\(place): more than \(most) elements"] }
            return elements.enumerated().flatMap { faults($1, schema["items"] ?? [:], at: "\(place)[\($0)]") }
        default: return ["\(place): \(value) is no \(schema["type"]?.string ?? "")"]
        }
    }

    private func memberFaults(_ members: [String: JSONValue], _ schema: JSONValue, at place: String) -> [String] {
        let properties = schema["properties"]?.members ?? [:]
        var all = (schema["required"]?.elements ?? []).compactMap(\.string).filter { members[$0] == nil }.map {
            "\(place) lacks \($0)"
        }
        for (name, value) in members {
            if let property = properties[name] {
                all += faults(value, property, at: "\(place).\(name)")
            } else if let additional = schema["additionalProperties"], additional != true {
                all += additional == false ? ["\(place): unknown \(name)"] : faults(value, additional, at: "\(place).\(name)")
            }
        }
        return all
    }

    private func textFaults(_ text: String, _ schema: JSONValue, at place: String) -> [String] {
        if let most = schema["maxLength"]?.int, text.count > most { return ["\(place): longer than \(most)"] }
        let fits =
            switch schema["format"]?.string {
            case "date-time": text.wholeMatch(of: #/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)/#) != nil
            case "date": text.wholeMatch(of: #/\d{4}-\d\d-\d\d/#) != nil
            case "uuid": UUID(uuidString: text) != nil
            case "uri": URL(string: text)?.scheme != nil
            default: true
            }
        return fits ? [] : ["\(place): \(text) is no \(schema["format"]?.string ?? "")"]
    }
}
