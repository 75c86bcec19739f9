import FoundationEssentials
import IngestCore
public import Publishing

/// Attaches what came of an analysis to it: first a plan, then what the plan says, each effect once.
///
/// Attaching only adds. What others attached, and what other input or settings led to, stays as it is.
public struct AnalysisPublisher: Publisher {
    let tenant: AnalysisTenant
    let ledger: any Ledger
    let settings: Settings

    public struct Settings: Sendable {
        /// What made the outputs, such as `ic50`, version 1.
        public var tool: String, toolVersion: Int
        public var ingestVersion: String
        /// Told how far it is.
        public var account = PublishingAccount()

        public init(tool: String, toolVersion: Int, ingestVersion: String) {
            self.tool = tool
            self.toolVersion = toolVersion
            self.ingestVersion = ingestVersion
        }
    }

    public struct Input: Sendable {
        /// The ids of the analysis and of the data frame it was fed with, and the digest of what was read of that.
        public var analysis: String, frame: String, sha256: String
        /// Whatever else decides what comes out, in one text: the same settings have the same.
        public var settings: String
        /// Within each, names differ.
        public var dataFrames: [AnalysisOutput], files: [AnalysisOutput]

        public init(
            _ frame: FetchedFrame, settings: String, dataFrames: [AnalysisOutput], files: [AnalysisOutput]
        ) {
            analysis = frame.analysis
            self.frame = frame.id
            sha256 = frame.sha256
            self.settings = settings
            self.dataFrames = dataFrames
            self.files = files
        }
    }

    public init(tenant: AnalysisTenant, ledger: any Ledger, settings: Settings) {
        self.tenant = tenant
        self.ledger = ledger
        self.settings = settings
    }

    /// Looks what of the outputs is attached already, by the names that their content gives them. Writes nothing anywhere.
    /// - Throws: `Diagnostic` for outputs that cannot be attached, and for an analysis that is not there; ``BenchlingFailure``.
    public func plan(_ input: Input) async throws -> AnalysisPlan {
        try await AnalysisPlanner(self, input).plan()
    }

    /// Does what the plan says, and nothing else. Whatever happens on the way, the same plan made again goes on from there.
    /// The input must be held (``Ledger/hold(tenant:sha256:waiting:)``), and the outputs have to be where they were.
    /// - Returns: With status 4 when there was nothing to do.
    /// - Throws: ``PublishingStopped``, and `CancellationError`.
    public func carryOut(_ plan: AnalysisPlan, ledger: any Ledger) async throws -> Receipt {
        try await AnalysisPublication(self, plan, ledger).carryOut()
    }
}
