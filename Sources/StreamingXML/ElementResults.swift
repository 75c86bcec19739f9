public import IngestCore
import Synchronization

extension AdapterOutput {
    /// Emits the result that `make` reads from an element. A ``Diagnostic`` that it throws leaves out this result only: what
    /// `make` took, and what of the element nobody took, is left out with it.
    ///
    /// What belongs to other results, such as the peaks in a sample, can be read before or afterwards.
    public func emitResult(of element: Element, _ make: () throws -> ResultRecord) async throws {
        let leftOut = account.resultsLeftOut.load(ordering: .relaxed)
        element.reader.claim &+= 1
        let claim = element.reader.claim
        try await emitResult(make)
        element.reader.claim &+= 1
        if account.resultsLeftOut.load(ordering: .relaxed) != leftOut { element.leaveOut(claim: claim) }
    }
}
