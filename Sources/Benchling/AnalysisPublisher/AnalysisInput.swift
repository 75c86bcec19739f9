import IngestCore
public import Publishing

/// Gets the table that an analysis is about.
public struct AnalysisInput: Sendable {
    private let tenant: AnalysisTenant
    private let analysis: String
    private let ledger: any Ledger

    /// - Parameter ledger: Knows which of the data frames of the analysis are what we attached to it.
    public init(_ key: StepKey, tenant: AnalysisTenant, ledger: any Ledger) {
        self.tenant = tenant
        analysis = key.analysis
        self.ledger = ledger
    }

    /// Chooses a data frame of the analysis and gets all of it. Writes nothing anywhere but a temporary file.
    ///
    /// One that the tenant still works on is waited for. What we attached ourselves is never chosen.
    /// - Parameters:
    ///   - wanted: The id of the data frame; `nil` for the only one whose columns fit.
    ///   - fits: Why the columns of a data frame do not fit; `nil` when they do.
    /// - Throws: `Diagnostic` (`analysis.…`) when there is none or more than one, with every candidate; ``BenchlingFailure``.
    public func fetch(_ wanted: String?, fits: (DataFrame) -> String?) async throws -> FetchedFrame {
        let client = tenant.client
        guard let found = try await client.analysis(analysis) else { throw AnalysisFault.unknown(analysis, tenant) }
        let choice = FrameChoice(tenant: tenant, analysis: found, ledger: ledger)
        let frame = try await choice.frame(wanted, fits: fits)
        return try await FrameDownload(client, analysis: analysis).fetch(frame)
    }
}

enum AnalysisFault {
    static func unknown(_ analysis: String, _ tenant: AnalysisTenant) -> Diagnostic {
        Diagnostic(
            "analysis.unknown", "\(tenant.destination) knows no analysis \(analysis)", at: SourceLocation(file: analysis),
            hint: "nothing was sent; take the step key anew from the analysis, and see that these credentials may read it")
    }
}
