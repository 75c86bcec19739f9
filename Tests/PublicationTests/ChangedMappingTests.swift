import Benchling
import BenchlingSandbox
import IngestCore
import Publishing
import Testing

/// The mapping is another one when an unfinished publication is gone on with.
@Suite(.serialized) struct ChangedMappingTests {
    private static let changes = [
        (line: "sample_name: sample.name", instead: "sample_name: sample.id"), (line: "analyte: analyte.name", instead: ""),
    ]

    /// Ends the process once a call was acted on, before its answer is seen.
    private struct EndingTransport: HTTPTransport {
        private let base = URLSessionTransport()
        let ending: String

        func send(_ request: HTTPRequest) async throws -> HTTPAnswer {
            let answer = try await base.send(request)
            if request.method == "POST", request.url.hasSuffix(ending) { throw Mortality.Death() }
            return answer
        }
    }

    @Test(arguments: [TenantKind.keeping, .ignoring, .late], [12, Proof.large])
    func `what was sent by another mapping is never doubled, and can be taken back`(kind: TenantKind, count: Int) async throws {
        for change in Self.changes {
            let (known, series) = (try Series(run: 2, count: 3), try Series(count: count))
            try await Laboratory.with(kind) { laboratory async throws in
                #expect(try await laboratory.publish(known) == 0)
                let ending = EndingTransport(ending: count > 100 ? ":commit" : "/assay-results")
                await #expect(throws: Mortality.Death.self) {
                    try await laboratory.publish(series, Laboratory.Command(transport: ending))
                }
                let other = Laboratory.Command(other: change)
                for _ in 0..<2 {
                    _ = try await laboratory.publish(series, other)
                    let live = try laboratory.sandbox.results().count { $0.archived == nil }
                    #expect(live <= count + 3, "\(change): \(laboratory.told)")
                }
                if try laboratory.publication(of: series)?.state != .done {
                    #expect(try await laboratory.undo(series) == 0, "\(laboratory.told)")
                    let statuses = try await laboratory.untilDone { try await laboratory.publish(series, other) }
                    #expect(statuses.last == 0, "\(statuses): \(laboratory.told)")
                }
                let findings = try Findings(laboratory, live: [known, series])
                #expect(findings.isClean, "\(change): \(findings); \(laboratory.told)")
            }
        }
    }

    /// Nothing but the time and the values tells them then.
    @Test(arguments: [TenantKind.ignoring, .late])
    func `results that nothing links to their run are found by their values`(kind: TenantKind) async throws {
        let series = try Series(count: 12)
        let unlinked = Laboratory.Command(other: (line: "run: $run", instead: ""))
        try await Laboratory.with(kind) { laboratory async throws in
            for var schema in try laboratory.sandbox.all(.resultSchema).map(\.members) {
                schema["fieldDefinitions"] = .array(
                    (schema["fieldDefinitions"]?.elements ?? []).map { field in
                        .object(field.members.merging(["isRequired": false]) { $1 })
                    })
                try laboratory.sandbox.put(.resultSchema, .object(schema))
            }
            var first = unlinked
            first.transport = EndingTransport(ending: "/assay-results")
            await #expect(throws: Mortality.Death.self) { try await laboratory.publish(series, first) }
            #expect(try await laboratory.publish(series, unlinked) == 0, "\(laboratory.told)")
            #expect(try laboratory.sandbox.results().count { $0.archived == nil } == 12, "\(laboratory.told)")
            #expect(try await laboratory.undo(series, unlinked) == 0)
            #expect(try laboratory.sandbox.results().count { $0.archived == nil } == 0)
        }
    }
}
