public import IngestCore

/// A failure of a call, in words for people.
public enum FailureText {
    public static func diagnostic(
        _ failure: BenchlingFailure, destination: String, at place: SourceLocation
    ) -> Diagnostic {
        let status = failure.status.map { " (HTTP \($0))" } ?? ""
        let support = failure.supportID.map { "; the vendor's support can look up \($0)" } ?? ""
        switch failure.kind {
        case .refused, .notFound:
            return Diagnostic(
                "benchling.refused", "\(destination) refuses \(failure.call)\(status): \(failure.message)", at: place,
                hint: "nothing of this call was stored\(support)")
        case .unauthorized:
            return Diagnostic(
                "benchling.unauthorized", "\(destination) does not accept the credentials\(status): \(failure.message)",
                at: place,
                hint: "check them with ingest doctor; nothing of this call was stored")
        case .unsure:
            return Diagnostic(
                "benchling.unsure", "it is not known whether \(failure.call) was done\(status): \(failure.message)", at: place,
                hint: "run the same command again: it looks first, and goes on from there\(support)")
        case .unreachable:
            return Diagnostic(
                "benchling.unreachable", "\(destination) cannot be reached with \(failure.call)\(status): \(failure.message)",
                at: place, hint: "run the same command again when it can: it goes on from there\(support)")
        }
    }
}
