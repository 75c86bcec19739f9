import Benchling
import IngestCore
import Publishing

/// The results of a plan that are not published: each is named, those with the same reason together.
struct LeftOutResults {
    private var reasons: [String] = []
    private var places: [String: [SourceLocation]] = [:]
    static let code = "publish.left-out"
    /// So many reasons are told apart.
    private static let mostReasons = 1000

    init(_ plan: RunPlan) throws {
        try plan.forEachThing { thing in
            guard thing.action == .leaveOut else { return }
            add(
                thing.why,
                SourceLocation(file: plan.header.file, member: thing.member, line: thing.line, column: thing.column))
        }
    }

    private mutating func add(_ reason: String, _ place: SourceLocation) {
        var reason = reason
        if places[reason] == nil {
            if reasons.count == Self.mostReasons { reason = "other reasons: --dry-run names each" }
            if places[reason] == nil { reasons.append(reason) }
        }
        places[reason, default: []].append(place)
    }

    /// An error a reason, at the first of its places; the others are listed.
    var diagnostics: [Diagnostic] {
        reasons.map { reason in
            let all = places[reason] ?? []
            let others = all.dropFirst().map { place in
                (place.member.map { $0 + ":" } ?? "") + (place.line.map(String.init) ?? "?")
            }
            let more = others.isEmpty ? "" : "; the same in line\(others.count == 1 ? "" : "s") \(others.joined(separator: ", "))"
            return Diagnostic(Self.code, reason + more, at: all.first ?? SourceLocation(file: ""))
        }
    }
}
