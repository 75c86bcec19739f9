import IngestCore
import Publishing

/// Which data frame of an analysis is its input.
struct FrameChoice: Sendable {
    let tenant: AnalysisTenant
    let analysis: Analysis
    let ledger: any Ledger

    private struct Candidate {
        var frame: DataFrame
        /// Why it is not the input.
        var reason: String?
    }

    func frame(_ wanted: String?, fits: (DataFrame) -> String?) async throws -> DataFrame {
        if let wanted { return try await named(wanted, fits: fits) }
        let ours = try OutputMark.frames(of: analysis.id, tenant: tenant.identity, in: ledger)
        var candidates: [Candidate] = [], unseen: [String] = []
        for id in analysis.dataFrames where !ours.contains(id) {
            guard let frame = try await tenant.client.dataFrame(id) else {
                unseen.append(id)
                continue
            }
            guard !OutputMark.isOn(frame.name) else { continue }
            candidates.append(try await settled(frame, fits))
        }
        let usable = candidates.filter { $0.reason == nil }
        if usable.count == 1 { return usable[0].frame }
        throw usable.isEmpty ? none(candidates, unseen) : several(usable)
    }

    private func named(_ id: String, fits: (DataFrame) -> String?) async throws -> DataFrame {
        guard analysis.dataFrames.contains(id) else {
            let known = analysis.dataFrames.isEmpty ? "it has none" : "it has \(analysis.dataFrames.joined(separator: ", "))"
            throw fault("unknown-frame", "analysis \(analysis.id) has no data frame \(id.prefix(80))", known)
        }
        guard let frame = try await tenant.client.dataFrame(id) else { throw none([], [id]) }
        let candidate = try await settled(frame, fits)
        guard candidate.reason == nil else { throw none([candidate], []) }
        return candidate.frame
    }

    /// A table that is being made has no columns to look at yet.
    private func settled(_ frame: DataFrame, _ fits: (DataFrame) -> String?) async throws -> Candidate {
        var frame = frame
        if frame.status == .inProgress {
            do {
                frame = try await tenant.client.finishedDataFrame(frame.id)
            } catch let failure as BenchlingFailure where failure.kind == .refused && failure.status == nil {
                frame.status = .failed
                frame.errorMessage = failure.message
            }
        }
        switch frame.status {
        case .succeeded: return Candidate(frame: frame, reason: fits(frame))
        case .notUploaded: return Candidate(frame: frame, reason: "nothing was uploaded to it")
        case .inProgress: return Candidate(frame: frame, reason: "it is still being made")
        case .failed: return Candidate(frame: frame, reason: "its upload failed: \(frame.errorMessage ?? "no reason is given")")
        }
    }

    // MARK: Faults

    private func none(_ candidates: [Candidate], _ unseen: [String]) -> Diagnostic {
        let reasons =
            candidates.map { shown($0.frame) + ": " + ($0.reason ?? "") }
            + unseen.map { "\($0): these credentials do not see it" }
        let what =
            reasons.isEmpty
            ? "analysis \(analysis.id) has no data frame to analyze"
            : "no data frame of analysis \(analysis.id) can be analyzed; " + reasons.joined(separator: "; ")
        return fault(
            "no-frame", what,
            reasons.isEmpty
                ? "add the table to the analysis in Benchling, then run the same command again"
                : "name the columns if they are called otherwise, or add the right table to the analysis")
    }

    private func several(_ candidates: [Candidate]) -> Diagnostic {
        fault(
            "several-frames",
            "\(candidates.count) data frames of analysis \(analysis.id) can be analyzed: "
                + candidates.map { shown($0.frame) }.joined(separator: "; "),
            "say which with --frame: --frame \(candidates[0].frame.id)")
    }

    private func shown(_ frame: DataFrame) -> String {
        let names = frame.columns.map(\.name)
        let more = names.count > Self.mostColumns ? ", and \(names.count - Self.mostColumns) more" : ""
        let columns = names.isEmpty ? "" : " (columns: \(names.prefix(Self.mostColumns).joined(separator: ", "))\(more))"
        return "\(frame.id) \"\(frame.name)\"\(columns)"
    }

    /// Of one data frame in a message; a screen has hundreds.
    private static let mostColumns = 24

    private func fault(_ code: String, _ message: String, _ hint: String) -> Diagnostic {
        Diagnostic(
            "analysis." + code, message, at: SourceLocation(file: analysis.id), hint: hint + "; nothing was sent or attached")
    }
}
