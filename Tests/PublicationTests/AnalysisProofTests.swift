import Benchling
import BenchlingSandbox
import IngestTesting
import Testing

/// Whatever ends the round trip of an analysis, and wherever: the same command goes on, and each output is attached once.
@Suite(.serialized) struct AnalysisProofTests {
    /// What is done to an analysis, and what it holds afterwards.
    struct Trip: Sendable, CustomTestStringConvertible {
        var name: String
        var tables = 1, pages = 1
        /// Whether a publication stands afterwards.
        var stands = true
        var before: @Sendable (Laboratory) async throws -> Void = { _ in }
        var command: @Sendable (Laboratory, Laboratory.Command) async throws -> Int

        var testDescription: String { name }

        static let attaching = Trip(name: "an analysis") { try await $0.analyze(Laboratory.Evaluation(), $1) }
        /// Other settings came before, and stay.
        static let again = Trip(
            name: "an analysis with other settings", tables: 2, pages: 2,
            before: { laboratory async throws in
                #expect(try await laboratory.analyze(Laboratory.Evaluation(settings: "LL.3")) == 0)
            }, command: { try await $0.analyze(Laboratory.Evaluation(), $1) })
        static let undoing = Trip(
            name: "an undo of an analysis", pages: 0, stands: false,
            before: { laboratory async throws in #expect(try await laboratory.analyze() == 0) },
            command: { try await $0.undoAnalysis($1) })
    }

    private static let refusing = TenantKind("twice is refused")
    private static let ignoring = TenantKind("twice is ignored") { $0.attachedTwice = .ignored }
    private static let others = [
        TenantKind("app credentials, tables take a while", isApp: true) { $0.validationTime = 0.1 },
        TenantKind("several parts") { $0.dataFramePartRows = 5 },
    ]
    /// Files show in lists so late that no command waits for them.
    private static let late = TenantKind("files show 25 s late") { $0.listLag = 25.0 / 20 }

    private static func findings(_ laboratory: Laboratory, _ trip: Trip) throws -> Findings {
        try Findings(analysis: laboratory, closed: trip.stands, tables: trip.tables, pages: trip.pages)
    }

    private static func finish(_ laboratory: Laboratory, _ trip: Trip, _ what: String) async throws -> Proof.Outcome {
        // The commands that follow come minutes later.
        var later = 0.0
        let statuses = try await laboratory.untilDone {
            defer { later += 2000 }
            return try await trip.command(laboratory, Laboratory.Command(pace: .times(20, later: later)))
        }
        return try outcome(laboratory, trip, statuses, what)
    }

    private static func outcome(
        _ laboratory: Laboratory, _ trip: Trip, _ statuses: [Int], _ what: String
    ) throws -> Proof.Outcome {
        let findings = try findings(laboratory, trip)
        let isDone = statuses.last == 0 || statuses.last == 4
        let fault = "\(what): \(statuses), \(findings); \(laboratory.told)"
        return Proof.Outcome(findings: findings, statuses: statuses, fault: isDone && findings.isClean ? nil : fault)
    }

    // MARK: The end of the process

    private static func steps(of trip: Trip, _ kind: TenantKind) async throws -> Int {
        try await Laboratory.with(kind) { laboratory async throws in
            try await trip.before(laboratory)
            let command = Laboratory.Command()
            #expect(try await trip.command(laboratory, command) == 0, "\(laboratory.told)")
            let findings = try findings(laboratory, trip)
            #expect(findings.isClean && findings.unreachable == 0, "\(findings)")
            return command.mortality.steps
        }
    }

    private static func end(_ points: [Mortality.Point], _ trip: Trip, _ kind: TenantKind) async throws -> Proof.Outcome {
        try await Laboratory.with(kind) { laboratory async throws in
            try await trip.before(laboratory)
            for point in points {
                let mortality = Mortality(at: point)
                do {
                    _ = try await trip.command(laboratory, Laboratory.Command(mortality: mortality))
                } catch is Mortality.Death {}
            }
            return try await finish(laboratory, trip, "ended at \(points)")
        }
    }

    @Test(arguments: [Trip.attaching, .again, .undoing], [refusing, ignoring])
    func `a process that ends at any step is finished by the same command`(trip: Trip, kind: TenantKind) async throws {
        let steps = try await Self.steps(of: trip, kind)
        let points = (1...steps).flatMap { step in [false, true].map { Mortality.Point(step: step, isAfter: $0) } }
        let proof = try await Proof.run(points) { try await Self.end([$0], trip, kind) }
        proof.conclude("end of the process, \(trip.name), \(kind.name)", of: points.count)
    }

    @Test(arguments: others + [late])
    func `nor do others find anything twice`(kind: TenantKind) async throws {
        let steps = try await Self.steps(of: .attaching, kind)
        let points = (1...steps).flatMap { step in [false, true].map { Mortality.Point(step: step, isAfter: $0) } }
        let taken = points.filter { Proof.isFull || $0.isAfter }
        let proof = try await Proof.run(taken) { try await Self.end([$0], .attaching, kind) }
        proof.conclude("end of the process, \(Trip.attaching.name), \(kind.name)", of: points.count)
    }

    @Test func `one that ends twice, at steps by chance, attaches everything once`() async throws {
        let steps = try await Self.steps(of: .attaching, Self.refusing)
        var random = SeededGenerator(seed: 17)
        let points = (0..<SeededGenerator.trials(Proof.isFull ? 400 : 24)).map { _ in
            (0..<2).map { _ in
                Mortality.Point(step: Int.random(in: 1...steps, using: &random), isAfter: Bool.random(using: &random))
            }
        }
        let proof = try await Proof.run(points) { try await Self.end($0, .attaching, Self.refusing) }
        proof.conclude("end of the process twice, \(Trip.attaching.name)", of: points.count)
    }

    // MARK: Faults

    private static func strike(
        _ kind: Int, at ordinal: Int, _ trip: Trip, _ tenant: TenantKind
    ) async throws -> Proof.Outcome {
        try await Laboratory.with(tenant) { laboratory async throws in
            try await trip.before(laboratory)
            let fault = FaultPlan.everyFault[kind]
            laboratory.sandbox.forgetRequests()
            laboratory.sandbox.plan(FaultPlan([.init(fault.kind, fault.moment, at: ordinal)]))
            var first = Laboratory.Command()
            if case .slow(let seconds) = fault.kind {
                first.patience = seconds * 0.6
                first.pace = .times(1)
            }
            let status = try await trip.command(laboratory, first)
            let struck = laboratory.sandbox.requests.first { $0.ordinal == ordinal }?.call ?? "nothing"
            let what = "\(fault.kind) \(fault.moment) request \(ordinal), \(struck), \(status) first"
            guard status == 3 else { return try outcome(laboratory, trip, [status], what) }
            var outcome = try await finish(laboratory, trip, what)
            outcome.statuses.insert(status, at: 0)
            return outcome
        }
    }

    private static func prove(_ trip: Trip, _ kind: TenantKind, every step: Int) async throws {
        let requests = try await Laboratory.with(kind) { laboratory async throws in
            try await trip.before(laboratory)
            laboratory.sandbox.forgetRequests()
            #expect(try await trip.command(laboratory, Laboratory.Command()) == 0, "\(laboratory.told)")
            return laboratory.sandbox.requests.count
        }
        let all = (1...requests).flatMap { ordinal in FaultPlan.everyFault.indices.map { (ordinal: ordinal, kind: $0) } }
        let taken = all.filter { Proof.isFull || ($0.ordinal + $0.kind) % step == 0 }
        let proof = try await Proof.run(taken) { try await strike($0.kind, at: $0.ordinal, trip, kind) }
        proof.conclude("\(trip.name), \(kind.name)", of: all.count)
    }

    @Test(arguments: [refusing, ignoring])
    func `no fault at any request attaches anything twice or not at all`(kind: TenantKind) async throws {
        try await Self.prove(.attaching, kind, every: kind.options.attachedTwice == .refused ? 1 : 3)
    }

    @Test(arguments: others + [late])
    func `nor where tenants answer otherwise`(kind: TenantKind) async throws {
        try await Self.prove(.attaching, kind, every: 5)
    }

    @Test(arguments: [Trip.again, .undoing])
    func `nor does one when it is done again or taken back`(trip: Trip) async throws {
        try await Self.prove(trip, Self.refusing, every: 3)
    }
}
