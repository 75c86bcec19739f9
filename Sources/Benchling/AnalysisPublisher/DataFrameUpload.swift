import IngestCore
import Publishing

/// Makes one data frame, once. It cannot be listed, so its id is written down as soon as it is known; one whose answer is lost
/// stays behind, empty, and nothing leads to it.
struct DataFrameUpload: Sendable {
    private let owner: AnalysisPublication
    private let output: PlannedOutput
    private let making: EffectKey, sending: EffectKey
    private var client: BenchlingClient { owner.client }

    init(_ owner: AnalysisPublication, _ output: PlannedOutput) {
        self.owner = owner
        self.output = output
        making = owner.key("dataFrame:\(output.ordinal)")
        sending = owner.key("dataFrame:\(output.ordinal):upload")
    }

    /// The id of the data frame, whose upload has succeeded.
    func upload() async throws -> String {
        var frame = try await begun()
        if frame.status == .notUploaded {
            if case .done = try owner.ledger.effect(sending) { try owner.ledger.retract(sending) }
            try owner.ledger.intend(sending, detail: ["frame": .string(frame.id)], things: [])
            try await send(&frame)
            try await start(frame.id)
        }
        do {
            frame = try await client.finishedDataFrame(frame.id)
        } catch let failure as BenchlingFailure where failure.kind == .refused && failure.status == nil {
            // What was refused as a table is never attached; the next attempt begins with another.
            try owner.ledger.retract(sending)
            try owner.ledger.retract(making)
            throw refused(failure)
        }
        try owner.ledger.complete(sending, id: frame.id, detail: [:], things: [])
        return frame.id
    }

    /// The data frame of an earlier attempt, or a new one.
    private func begun() async throws -> DataFrame {
        switch try owner.ledger.effect(making) {
        case .done(let id, _, _):
            if let frame = try await client.dataFrame(id) { return frame }
            try owner.ledger.retract(sending)
            try owner.ledger.retract(making)
        case .intended:
            owner.account.warn(
                Diagnostic(
                    .warning, "analysis.stray-frame", "an attempt before this one may have made a data frame that is not known",
                    at: SourceLocation(file: output.content.name),
                    hint: "it is empty and attached to nothing; Benchling does not list it, so nothing has to be done"))
        case nil: break
        }
        if !output.id.isEmpty, let frame = try await client.dataFrame(output.id), frame.status != .failed {
            try complete(frame.id)
            return frame
        }
        try owner.ledger.intend(making, detail: [:], things: [])
        do {
            let frame = try await client.createDataFrame(name: output.name, fileName: output.content.name)
            try complete(frame.id)
            return frame
        } catch let failure as BenchlingFailure {
            // What was refused was not made.
            if failure.kind != .unsure, failure.kind != .unreachable { try owner.ledger.retract(making) }
            throw failure
        }
    }

    private func complete(_ id: String) throws {
        try owner.ledger.complete(
            making, id: id, detail: [:], things: [output.published(by: owner.publication.id, id: id, state: .intended)])
    }

    /// - Parameter frame: Renewed when its address has run out.
    private func send(_ frame: inout DataFrame) async throws {
        try await SignedUpload(client, path: output.path).send(to: frame.parts.first?.address) {
            try await client.dataFrame(frame.id)?.parts.first?.address
        }
    }

    private func start(_ id: String) async throws {
        for attempt in 1...RunCreation.attempts {
            do {
                return try await client.startDataFrame(id)
            } catch let failure as BenchlingFailure where failure.kind == .unsure || failure.kind == .refused {
                // In progress, or beyond: it was accepted.
                if let frame = try await client.dataFrame(id), frame.status != .notUploaded { return }
                guard failure.kind == .unsure, attempt < RunCreation.attempts else { throw failure }
            }
        }
    }

    private func refused(_ failure: BenchlingFailure) -> Diagnostic {
        Diagnostic(
            "analysis.table-refused", "\(owner.tenant.destination) refuses the table \(output.content.name): \(failure.message)",
            at: SourceLocation(file: output.content.name), hint: "nothing was attached to analysis \(owner.plan.analysis)")
    }
}
