import Benchling
import BenchlingSandbox
import IngestTesting
import Testing

/// The end of the process at every request and at every write of the ledger, before it and after; then the same command again.
///
/// From the point of its end a command sends nothing and writes nothing down. ``KillTests`` does the same with SIGKILL to the
/// real executable; here every tenant and every story can be tried.
@Suite(.serialized) struct DeathPointTests {
    /// How many requests and ledger writes a story takes when nothing ends it.
    private static func steps(of story: Story, _ kind: TenantKind) async throws -> Int {
        try await Laboratory.with(kind) { laboratory async throws in
            try await story.before(laboratory)
            let command = Laboratory.Command()
            // Where what was made shows late, the first command may end before it does.
            let statuses = try await laboratory.untilDone { try await story.command(laboratory, command) }
            #expect(statuses == [0] || (kind.isLate && statuses.last == 0), "\(statuses): \(laboratory.told)")
            return command.mortality.steps
        }
    }

    private static func attempt(_ points: [Mortality.Point], _ story: Story, _ kind: TenantKind) async throws -> Proof.Outcome? {
        try await Laboratory.with(kind) { laboratory async throws in
            try await story.before(laboratory)
            for point in points {
                let mortality = Mortality(at: point)
                do {
                    _ = try await story.command(laboratory, Laboratory.Command(mortality: mortality))
                } catch is Mortality.Death {
                } catch is CancellationError where mortality.hasStruck {
                    // What was under way beside the step that ended it.
                }
                if !mortality.hasStruck { break }
            }
            // A commit that may have happened is waited for: the commands that follow come minutes later.
            var later = 0.0
            let statuses = try await laboratory.untilDone {
                defer { later += 100 }
                return try await story.command(laboratory, Laboratory.Command(pace: .times(20, later: later)))
            }
            let findings = try Findings(laboratory, live: story.live)
            let isDone = statuses.last == 0 || statuses.last == 4
            return Proof.Outcome(
                findings: findings, statuses: statuses,
                fault: isDone && findings.isClean ? nil : "ended at \(points): \(statuses), \(findings); \(laboratory.told)")
        }
    }

    private static func prove(_ story: Story, _ kind: TenantKind, share: Int = 1) async throws {
        let steps = try await steps(of: story, kind)
        // Side by side work makes the number of a step vary a little: a few beyond the last.
        let points = (1...steps + 3).flatMap { step in [false, true].map { Mortality.Point(step: step, isAfter: $0) } }
        let taken = points.filter { Proof.isFull || share == 1 || Self.isOf(share, $0) }
        let proof = try await Proof.run(taken) { try await attempt([$0], story, kind) }
        proof.conclude("end of the process, \(story.name), \(kind.name)", of: points.count)
    }

    /// A half: each step once, by turns before and after it. Less: so of every second, third, … step.
    private static func isOf(_ share: Int, _ point: Mortality.Point) -> Bool {
        let (turn, rest) = point.step.quotientAndRemainder(dividingBy: max(share / 2, 1))
        return rest == 0 && point.isAfter == (turn % 2 == 0)
    }

    @Test(arguments: [TenantKind.keeping, .ignoring])
    func `a process that ends at any step of a large publication loses and doubles nothing`(kind: TenantKind) async throws {
        try await Self.prove(try .publishing(Proof.large), kind, share: 4)
    }

    @Test(arguments: [TenantKind.keeping, .ignoring])
    func `a process that ends at any step of a small publication loses and doubles nothing`(kind: TenantKind) async throws {
        try await Self.prove(try .publishing(12), kind, share: 2)
    }

    @Test(arguments: TenantKind.others)
    func `nor where tenants answer otherwise`(kind: TenantKind) async throws {
        try await Self.prove(try .publishing(Proof.large), kind, share: 16)
    }

    @Test(arguments: [TenantKind.keeping, .ignoring])
    func `a process that ends at any step of a correction leaves one version`(kind: TenantKind) async throws {
        try await Self.prove(try .correcting(12), kind, share: 4)
    }

    @Test(arguments: [TenantKind.keeping, .ignoring])
    func `a process that ends at any step of an undo leaves nothing of it`(kind: TenantKind) async throws {
        try await Self.prove(try .undoing(Proof.large), kind, share: 4)
    }

    /// What becomes of what an ended command began, once its file is not read again.
    private enum Sequel: String { case undo, correction }

    private static func attempt(_ point: Mortality.Point, then sequel: Sequel, _ kind: TenantKind) async throws -> Proof.Outcome?
    {
        let (series, corrected) = (try Series(count: Proof.large), try Series(version: 2, count: Proof.large))
        return try await Laboratory.with(kind) { laboratory async throws in
            let mortality = Mortality(at: point)
            do {
                _ = try await laboratory.publish(series, Laboratory.Command(mortality: mortality))
            } catch is Mortality.Death {
            } catch is CancellationError where mortality.hasStruck {
                // What was under way beside the step that ended it.
            }
            let statuses =
                switch sequel {
                case .undo: [try await laboratory.undo(series)]
                case .correction: try await laboratory.untilDone { try await laboratory.publish(corrected) }
                }
            let findings = try Findings(laboratory, live: sequel == .undo ? [] : [corrected])
            let isDone = statuses.last == 0 || statuses.last == 4
            return Proof.Outcome(
                findings: findings, statuses: statuses,
                fault: isDone && findings.isClean ? nil : "ended at \(point): \(statuses), \(findings); \(laboratory.told)")
        }
    }

    private static func prove(_ sequel: Sequel, _ kind: TenantKind, share: Int) async throws {
        let steps = try await Self.steps(of: try .publishing(Proof.large), kind)
        let points = (1...steps).flatMap { step in [false, true].map { Mortality.Point(step: step, isAfter: $0) } }
        let taken = points.filter { Proof.isFull || Self.isOf(share, $0) }
        let proof = try await Proof.run(taken) { try await Self.attempt($0, then: sequel, kind) }
        proof.conclude("\(sequel.rawValue) after the end of the process, \(kind.name)", of: points.count)
    }

    @Test(arguments: [TenantKind.keeping, .ignoring, .late, .bare])
    func `what an ended process began can be taken back at every step`(kind: TenantKind) async throws {
        try await Self.prove(.undo, kind, share: 4)
    }

    @Test(arguments: [TenantKind.keeping, .ignoring, .late, .bare])
    func `a corrected file takes the place of what an ended process began`(kind: TenantKind) async throws {
        try await Self.prove(.correction, kind, share: 4)
    }

    @Test(arguments: [TenantKind.keeping, .ignoring])
    func `one that ends twice, at steps by chance, loses and doubles nothing`(kind: TenantKind) async throws {
        let story = try Story.publishing(Proof.large)
        let steps = try await Self.steps(of: story, kind)
        var random = SeededGenerator(seed: 11)
        let points = (0..<SeededGenerator.trials(Proof.isFull ? 400 : 16)).map { _ in
            (0..<2).map { _ in
                Mortality.Point(step: Int.random(in: 1...steps, using: &random), isAfter: Bool.random(using: &random))
            }
        }
        let proof = try await Proof.run(points) { try await Self.attempt($0, story, kind) }
        proof.conclude("end of the process twice, \(story.name), \(kind.name)", of: points.count)
    }
}
