import Benchling
import Foundation
import IngestCore
import Synchronization
import Testing

struct LookupTests {
    /// How a tenant may treat ids it does not know in a call for many.
    enum Manner: CaseIterable { case leftOut, oneNamed, allNamed, notSaid }

    private static func ids(_ sent: ScriptedTransport.Sent, _ name: String) -> [String] {
        let pair = sent.query.split(separator: "&").first { $0.hasPrefix(name + "=") } ?? ""
        return pair.dropFirst(name.count + 1).split(separator: ",").map { String($0).removingPercentEncoding ?? "" }
    }

    private static func answer(
        _ asked: [String], unknown: (String) -> Bool, _ manner: Manner, _ status: Int, _ key: String,
        _ make: (String) -> JSONValue
    ) -> ScriptedTransport.Step {
        let missing = asked.filter(unknown)
        if missing.isEmpty || manner == .leftOut {
            return .json(200, [key: .array(asked.filter { !unknown($0) }.map(make))])
        }
        switch manner {
        case .oneNamed: return .json(status, ["error": ["message": "no such id", "invalidId": .string(missing[0].uppercased())]])
        case .allNamed:
            return .json(status, ["error": ["message": "no such ids"], "invalidIds": .array(missing.map { .string($0) })])
        default: return .json(status, ["error": ["message": "some id is unknown"]])
        }
    }

    private static func uuid(_ number: Int) -> String {
        let digits = String(number, radix: 16)
        return "00000000-0000-4000-8000-" + String(repeating: "0", count: 12 - digits.count) + digits
    }

    @Test(arguments: Manner.allCases, [400, 404])
    func `unknown results are left out, whichever way the tenant says it`(manner: Manner, status: Int) async throws {
        let ids = (0..<450).map(Self.uuid)
        let unknown = Set([3, 77, 201, 202, 449].map(Self.uuid))
        let transport = ScriptedTransport { sent, _ in
            let asked = Self.ids(sent, "assayResultIds")
            return Self.answer(asked, unknown: unknown.contains, manner, status, "assayResults") {
                [
                    "id": .string($0.uppercased()), "schema": ["id": "assaysch_1"],
                    "fields": ["a": ["value": 1], "b": ["value": .null]],
                ]
            }
        }
        let found = try await BenchlingClient.scripted(transport).results(ids)
        #expect(Set(found.map(\.id)) == Set(ids).subtracting(unknown))
        #expect(found.count == 445)
        #expect(found.first?.fields == ["a": 1])
        if manner == .leftOut { #expect(transport.sent.count == 3) }
        #expect(transport.sent.allSatisfy { $0.url.utf8.count < 8000 })
    }

    @Test(arguments: Manner.allCases, [400, 404])
    func `unknown registry ids are left out, and all kinds of entities are found`(manner: Manner, status: Int) async throws {
        let ids = (0..<150).map { "S-\($0)+ü" }
        let unknown = Set([ids[0], ids[7], ids[120]])
        let others = Set([ids[1], ids[130]])  // Sequences, say: the list of custom entities does not have them.
        let transport = ScriptedTransport { sent, _ in
            let isCustom = sent.path == "/api/v2/custom-entities"
            let asked = Self.ids(sent, isCustom ? "entityRegistryIds.anyOf" : "entityRegistryIds")
            let entity = { (id: String) -> JSONValue in
                ["id": .string("bfi_" + id), "name": "n", "entityRegistryId": .string(id)]
            }
            if isCustom {
                return .json(
                    200, ["customEntities": .array(asked.filter { !unknown.contains($0) && !others.contains($0) }.map(entity))])
            }
            return Self.answer(asked, unknown: unknown.contains, manner, status, "entities", entity)
        }
        let client = try BenchlingClient.scripted(transport)
        let found = try await client.registeredEntities(registry: "src_1", ids: ids + ["a,b", "", ids[2]])
        #expect(Set(found.compactMap(\.registryID)) == Set(ids).subtracting(unknown))
        #expect(found.count == 147)
        #expect(transport.sent.allSatisfy { !$0.url.contains("%2C") })
    }

    @Test func `a registry that does not exist is a fault of its own`() async throws {
        let transport = ScriptedTransport(.json(404, ["error": ["message": "no registry", "invalidId": "src_1"]]))
        let failure = await #expect(throws: BenchlingFailure.self) {
            try await BenchlingClient.scripted(transport).registeredEntities(registry: "src_1", ids: ["S-1"])
        }
        #expect(failure?.kind == .notFound)
    }

    @Test func `names are asked for a hundred at a time, and one with a comma alone`() async throws {
        let transport = ScriptedTransport(.json(200, ["customEntities": [["id": "bfi_1", "name": "x"]], "nextToken": ""]))
        let names = (0..<120).map { "n \($0)" } + ["a,b", "'; DROP TABLE \"x\"\n--", "n 1"]
        let found = try await BenchlingClient.scripted(transport).customEntities(names: names, registry: "src_1")
        #expect(found.map(\.id) == ["bfi_1"])
        #expect(transport.sent.count == 3)
        #expect(transport.sent.map { Self.ids($0, "names.anyOf.caseSensitive").count } == [100, 21, 0])
        #expect(transport.sent.last?.query == "name=a%2Cb&registryId=src_1&pageSize=100")
        #expect(transport.sent[1].query.contains("%27%3B%20DROP%20TABLE%20%22x%22%0A--"))
    }

    @Test func `long names make short lists`() async throws {
        let transport = ScriptedTransport(.json(200, ["customEntities": []]))
        let names = (0..<20).map { "\($0)" + String(repeating: "ü", count: 200) }
        _ = try await BenchlingClient.scripted(transport).customEntities(names: names, registry: nil)
        #expect(transport.sent.allSatisfy { $0.url.utf8.count < 8000 })
        #expect(transport.sent.flatMap { Self.ids($0, "names.anyOf.caseSensitive") } == names)
    }

    @Test(arguments: [JSONValue.null, "", nil])
    func `pages are read to the last`(end: JSONValue?) async throws {
        let transport = ScriptedTransport { _, number in
            var body: [String: JSONValue] = ["projects": [["id": .string("src_\(number)"), "name": "p"]]]
            body["nextToken"] = number < 3 ? .string("t+\(number)") : end
            return .json(200, .object(body))
        }
        #expect(try await BenchlingClient.scripted(transport).projects().map(\.id) == ["src_1", "src_2", "src_3"])
        #expect(transport.sent.map(\.query) == ["pageSize=100", "pageSize=100&nextToken=t%2B1", "pageSize=100&nextToken=t%2B2"])
    }

    @Test func `what stands on two pages is there once`() async throws {
        let pages: [[JSONValue]] = [["src_1", "src_2"], ["src_2", "src_3"]]
        let transport = ScriptedTransport { _, number in
            let items = pages[min(number, 2) - 1].map { JSONValue.object(["id": $0, "name": "p"]) }
            return .json(200, ["projects": .array(items), "nextToken": number == 1 ? "t" : .null])
        }
        #expect(try await BenchlingClient.scripted(transport).projects().map(\.id) == ["src_1", "src_2", "src_3"])
    }

    @Test func `pages that lead back to each other end`() async throws {
        let transport = ScriptedTransport(.json(200, ["projects": [], "nextToken": "again"]))
        await #expect(throws: BenchlingFailure.self) { try await BenchlingClient.scripted(transport).projects() }
        #expect(transport.sent.count == 2)
    }

    @Test func `schemas come from the new calls, and from the old one only where those are not known`() async throws {
        let field: JSONValue = [
            "id": "tsf_1", "name": "area", "displayName": "Area", "type": "float", "isRequired": true, "isMulti": false,
            "numericMin": 0, "numericMax": .null, "archiveRecord": .null,
        ]
        let run: JSONValue = [
            "id": "s1", "name": "Run", "type": "assay_run", "archiveRecord": ["reason": "x"], "fieldDefinitions": [field],
        ]
        let result: JSONValue = ["id": "s2", "name": "Result", "type": "assay_result", "fieldDefinitions": []]
        let new = ScriptedTransport(.json(200, ["assayRunSchemas": [run]]))
        let schemas = try await BenchlingClient.scripted(new).runSchemas()
        #expect(schemas.map(\.isArchived) == [true])
        #expect(
            schemas[0].fields == [
                FieldDefinition(id: "tsf_1", name: "area", displayName: "Area", type: "float", isRequired: true, minimum: 0)
            ])
        let old = ScriptedTransport { sent, _ in
            sent.path == "/api/v2/assay-schemas" ? .json(200, ["assaySchemas": [run, result]]) : .text(404, "")
        }
        #expect(try await BenchlingClient.scripted(old).resultSchemas().map(\.id) == ["s2"])
        let other = ScriptedTransport(.json(403, ["error": ["message": "no"]]))
        await #expect(throws: BenchlingFailure.self) { try await BenchlingClient.scripted(other).runSchemas() }
        #expect(other.sent.count == 1)
    }

    @Test func `records go and come as the document has them`() async throws {
        let transport = ScriptedTransport(.json(200, ["assayRuns": ["3F0F8F5E-6d0c-5b7e-9a55-0d0f6a1f2b3c"], "errors": .null]))
        #expect(try await BenchlingClient.scripted(transport).createRuns([WriteCall.record]) == [WriteCall.record.id])
        #expect(
            transport.sent.first?.json == [
                "assayRuns": [
                    [
                        "id": .string(WriteCall.record.id), "schemaId": "assaysch_1", "projectId": "src_1",
                        "fields": ["a": ["value": 1]],
                    ]
                ]
            ])
        let few = ScriptedTransport(.json(200, ["assayRuns": [], "errors": .null]))
        let failure = await #expect(throws: BenchlingFailure.self) {
            try await BenchlingClient.scripted(few).createRuns([WriteCall.record])
        }
        #expect(failure?.kind == .unsure)
        let many = ScriptedTransport(.json(200))
        for count in [0, 101] {
            let records = Array(repeating: WriteCall.record, count: count)
            await #expect(throws: BenchlingFailure.self) { try await BenchlingClient.scripted(many).createResults(records) }
        }
        #expect(many.sent.isEmpty)
    }

    @Test func `lists of runs and results say what they want`() async throws {
        let record: JSONValue = [
            "id": "R", "schema": .null, "fields": [:], "projectId": "src_1", "createdAt": "2021-05-06T13:43:25.752597+00:00",
            "archiveRecord": ["reason": "Made in error"], "entryId": "etr_1",
        ]
        let transport = ScriptedTransport { sent, _ in
            .json(200, [sent.path == "/api/v2/assay-runs" ? "assayRuns" : "assayResults": [record]])
        }
        let client = try BenchlingClient.scripted(transport)
        let run = StoredRecord(
            id: "r", schema: "", project: "src_1", fields: [:], createdAt: "2021-05-06T13:43:25.752597+00:00",
            archived: "Made in error", entry: "etr_1")
        #expect(try await client.runs(schema: "assaysch_1", createdFrom: 10, createdTo: nil) == [run])
        _ = try await client.results(schema: "assaysch_2", runs: ["a", "b"], archived: true)
        _ = try await client.results(schema: "assaysch_2", runs: [], archived: true)
        #expect(
            transport.sent.map(\.query) == [
                "schemaId=assaysch_1&minCreatedTime=10&pageSize=100",
                "schemaId=assaysch_2&assayRunIds=a,b&archiveReason=ANY_ARCHIVED_OR_NOT_ARCHIVED&pageSize=100",
            ])
    }

    @Test func `archiving goes a hundred at a time`() async throws {
        let transport = ScriptedTransport(.json(200))
        try await BenchlingClient.scripted(transport).archiveResults((0..<250).map(Self.uuid), reason: .madeInError)
        #expect(transport.sent.map { $0.json?["assayResultIds"]?.elements.count } == [100, 100, 50])
        #expect(transport.sent.allSatisfy { $0.json?["reason"] == "Made in error" && $0.path == "/api/v2/assay-results:archive" })
    }
}
