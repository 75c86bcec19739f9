import Benchling
import BenchlingSandbox
import Testing

/// One fault at every single request of a publication, of every kind; then the same command again.
@Suite(.serialized) struct FaultPointTests {
    struct Point: Sendable {
        var ordinal: Int, kind: Int
    }

    /// How many requests a story takes when nothing goes wrong.
    private static func requests(of story: Story, _ kind: TenantKind) async throws -> Int {
        try await Laboratory.with(kind) { laboratory async throws in
            try await story.before(laboratory)
            laboratory.sandbox.forgetRequests()
            let statuses = try await laboratory.untilDone { try await story.command(laboratory, Laboratory.Command()) }
            // Where what was made shows late, the first command may end before it does.
            #expect(statuses == [0] || (kind.isLate && statuses.last == 0), "\(statuses): \(laboratory.told)")
            let findings = try Findings(laboratory, live: story.live)
            #expect(findings.isClean && findings.unreachable == 0, "\(findings)")
            return laboratory.sandbox.requests.count
        }
    }

    private static func attempt(_ point: Point, _ story: Story, _ kind: TenantKind) async throws -> Proof.Outcome {
        try await Laboratory.with(kind) { laboratory async throws in
            try await story.before(laboratory)
            let fault = FaultPlan.everyFault[point.kind]
            laboratory.sandbox.forgetRequests()
            laboratory.sandbox.plan(FaultPlan([.init(fault.kind, fault.moment, at: point.ordinal)]))
            var first = Laboratory.Command()
            if case .slow(let seconds) = fault.kind {
                // The tenant acts after nobody waits any more, but before the client stops looking: that takes real time.
                first.patience = seconds * 0.6
                first.pace = .times(1)
            }
            var command = first
            let statuses = try await laboratory.untilDone {
                defer { command = Laboratory.Command() }
                return try await story.command(laboratory, command)
            }
            let struck = laboratory.sandbox.requests.first { $0.ordinal == point.ordinal }?.call ?? "nothing"
            let findings = try Findings(laboratory, live: story.live)
            let isDone = statuses.last == 0 || statuses.last == 4
            return Proof.Outcome(
                findings: findings, statuses: statuses,
                fault: isDone && findings.isClean
                    ? nil
                    : "\(fault.kind) \(fault.moment) request \(point.ordinal), \(struck): \(statuses), \(findings); \(laboratory.told)"
            )
        }
    }

    /// Every ordinal and every kind occur, whichever part of the combinations is taken.
    private static func points(_ requests: Int, every step: Int) -> [Point] {
        (1...requests).flatMap { ordinal in
            FaultPlan.everyFault.indices.filter { step == 1 || (ordinal + $0) % step == 0 }.map {
                Point(ordinal: ordinal, kind: $0)
            }
        }
    }

    private static func prove(_ story: Story, _ kind: TenantKind, every step: Int) async throws {
        let requests = try await requests(of: story, kind)
        let points = points(requests, every: Proof.isFull ? 1 : step)
        let proof = try await Proof.run(points) { try await attempt($0, story, kind) }
        proof.conclude("\(story.name), \(kind.name)", of: requests * FaultPlan.everyFault.count)
    }

    @Test(arguments: [TenantKind.keeping, .ignoring])
    func `no fault at any request of a large publication loses or doubles anything`(kind: TenantKind) async throws {
        try await Self.prove(try .publishing(Proof.large), kind, every: 11)
    }

    @Test(arguments: [TenantKind.keeping, .ignoring])
    func `no fault at any request of a small publication loses or doubles anything`(kind: TenantKind) async throws {
        try await Self.prove(try .publishing(12), kind, every: 7)
    }

    @Test(arguments: TenantKind.others)
    func `nor where tenants answer otherwise`(kind: TenantKind) async throws {
        try await Self.prove(try .publishing(Proof.large), kind, every: 23)
    }

    @Test(arguments: [12, Proof.large])
    func `nor where what was made shows late`(count: Int) async throws {
        try await Self.prove(try .publishing(count, after: 3), .late, every: count == 12 ? 7 : 23)
    }

    @Test(arguments: [TenantKind.keeping, .ignoring])
    func `no fault at any request of a correction leaves both versions or none`(kind: TenantKind) async throws {
        try await Self.prove(try .correcting(12), kind, every: 9)
    }

    @Test(arguments: [TenantKind.keeping, .ignoring])
    func `no fault at any request of an undo leaves anything of it`(kind: TenantKind) async throws {
        try await Self.prove(try .undoing(Proof.large), kind, every: 9)
    }
}
