import BenchlingSandbox
import Foundation
import Testing

/// What is done to a tenant while a fault strikes: something that stands before, and the command that is proved.
struct Story: Sendable, CustomTestStringConvertible {
    var name: String
    /// The files that are live afterwards.
    var live: [Series]
    var before: @Sendable (Laboratory) async throws -> Void = { _ in }
    var command: @Sendable (Laboratory, Laboratory.Command) async throws -> Int

    var testDescription: String { name }

    static func publishing(_ count: Int) throws -> Story {
        let series = try Series(count: count)
        return Story(name: "publication of \(count)", live: [series]) { try await $0.publish(series, $1) }
    }

    /// The tenant is known from another file.
    static func publishing(_ count: Int, after other: Int) throws -> Story {
        let (first, series) = (try Series(run: 2, count: other), try Series(count: count))
        return Story(
            name: "publication of \(count) after another", live: [first, series],
            before: { laboratory async throws in #expect(try await laboratory.publish(first) == 0) },
            command: { try await $0.publish(series, $1) })
    }

    /// A corrected file takes the place of what was published.
    static func correcting(_ count: Int) throws -> Story {
        let (wrong, right) = (try Series(count: count), try Series(version: 2, count: count))
        return Story(
            name: "correction of \(count)", live: [right],
            before: { laboratory async throws in #expect(try await laboratory.publish(wrong) == 0) },
            command: { try await $0.publish(right, $1) })
    }

    static func undoing(_ count: Int) throws -> Story {
        let (taken, left) = (try Series(count: count), try Series(run: 2, count: 3))
        return Story(
            name: "undo of \(count)", live: [left],
            before: { laboratory async throws in
                #expect(try await laboratory.publish(taken) == 0)
                #expect(try await laboratory.publish(left) == 0)
            }, command: { try await $0.undo(taken, $1) })
    }
}

/// Tries many points, some at a time, and adds up what is found.
struct Proof: Sendable {
    /// Whether every combination is tried; otherwise each step and each kind of fault at least once.
    static let isFull = ProcessInfo.processInfo.environment["INGEST_PROOF"] == "full"
    /// The results of a large publication: a transaction, and a blob in three parts.
    static let large = isFull ? 250 : 110
    /// So many points at a time: most of a publication is waiting.
    private static let width = 4

    private let began = ContinuousClock.now
    private(set) var findings = Findings()
    private(set) var tried = 0, worst: [Int] = []
    private(set) var faults: [String] = []

    struct Outcome: Sendable {
        var findings: Findings, statuses: [Int]
        /// What stands where it should not, with what the commands told.
        var fault: String?
    }

    /// - Parameter attempt: One point; `nil` when the fault found nothing to strike.
    static func run<Point: Sendable>(_ points: [Point], _ attempt: @escaping @Sendable (Point) async throws -> Outcome?)
        async throws
        -> Proof
    {
        var proof = Proof()
        try await withThrowingTaskGroup(of: Outcome?.self) { group in
            var waiting = points.makeIterator()
            for _ in 0..<width { if let point = waiting.next() { group.addTask { try await attempt(point) } } }
            while let outcome = try await group.next() {
                if let outcome { proof.take(outcome) }
                if let point = waiting.next() { group.addTask { try await attempt(point) } }
            }
        }
        return proof
    }

    private mutating func take(_ outcome: Outcome) {
        tried += 1
        findings.add(outcome.findings)
        if outcome.statuses.count > worst.count { worst = outcome.statuses }
        if let fault = outcome.fault { faults.append(fault) }
    }

    /// Tells the figures, and that they are what they have to be.
    func conclude(_ name: String, of all: Int, _ location: SourceLocation = #_sourceLocation) {
        let part = tried == all ? "all" : "of \(all); INGEST_PROOF=full tries all"
        print(
            "\(name): fault points tried \(tried) (\(part)), \(findings), most commands needed \(worst.count), "
                + "\(Int((ContinuousClock.now - began) / .seconds(1))) s")
        #expect(tried > 0, sourceLocation: location)
        for fault in faults.prefix(12) { Issue.record("\(name): \(fault)", sourceLocation: location) }
    }
}
