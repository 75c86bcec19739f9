import BenchlingSandbox
import Foundation
import IngestCore
import Testing

/// Calls operations and holds each answer against the documents; knows which operations were called.
final class Exercise {
    let tenant: Tenant
    let documents: [String: OpenAPIDocument]
    private(set) var exercised: Set<String> = []
    private(set) var checked = 0

    init(_ tenant: Tenant) throws {
        self.tenant = tenant
        documents = [
            "/api/v2": try OpenAPIDocument("openapi-subset.yaml"),
            "/api/v2-beta": try OpenAPIDocument("openapi-analyses-beta.yaml"),
        ]
    }

    /// - Parameter path: The template with values in the place of its names.
    @discardableResult
    func call(
        _ method: String, _ template: String, _ values: [String: String] = [:], query: String = "", base: String = "/api/v2",
        body: JSONValue? = nil, expect status: Int, at location: Testing.SourceLocation = #_sourceLocation
    ) async throws -> TestClient.Reply {
        let path = values.reduce(template) { $0.replacingOccurrences(of: "{\($1.key)}", with: $1.value) }
        let reply =
            if let body {
                try await tenant.client.post(base + path + query, body, method: method)
            } else {
                try await tenant.client.send(method, base + path + query)
            }
        #expect(reply.status == status, "\(method) \(template): \(reply.text)", sourceLocation: location)
        exercised.insert(method + " " + base + template)
        try check(reply, method, template, base, location)
        return reply
    }

    func check(
        _ reply: TestClient.Reply, _ method: String, _ template: String, _ base: String,
        _ location: Testing.SourceLocation = #_sourceLocation
    ) throws {
        let document = try #require(documents[base])
        let operation = try #require(
            document.operation(method, template), "\(method) \(template) is not in the document", sourceLocation: location)
        var (isListed, schema) = document.response(operation, reply.status)
        // Of some calls the document lists no 400 although they can be wrong; it has the usual body then.
        if !isListed && reply.status == 400 { (isListed, schema) = (true, document.badRequest) }
        #expect(isListed, "\(method) \(template) has no \(reply.status)", sourceLocation: location)
        if let schema {
            let faults = document.faults(reply.json, schema, at: "answer")
            #expect(faults.isEmpty, "\(method) \(template) \(reply.status): \(faults)", sourceLocation: location)
        }
        exercised.insert(method + " " + base + template)
        checked += 1
    }
}
