public import IngestCore
import Synchronization

/// Results of elements that are all alike, such as the wells of a plate.
extension AdapterOutput {
    /// Emits a result for each item that `next` gives until it gives none: always the same record, which `fill` brings up to
    /// date in place (``emitResults(reusing:from:_:)``). An item for which it returns false makes no result. Into its
    /// last argument goes the element of which the values are left out with a result that cannot be.
    public func emitResults<Item>(
        reusing result: inout ResultRecord, ofElements next: () throws -> Item?, in document: ElementReader,
        _ fill: (inout ResultRecord, Item, inout Element?) throws -> Bool
    ) async throws {
        let pending = PendingElement(account, document.store)
        try await emitResults(
            reusing: &result,
            from: {
                pending.settle()
                return try next()
            },
            { result, item in
                pending.store.claim &+= 1
                return try fill(&result, item, &pending.element)
            })
        pending.settle()
        pending.store.claim &+= 1
    }
}

/// The element of the result that is being emitted.
private final class PendingElement {
    let account: ReadingAccount
    let store: NodeStore
    @exclusivity(unchecked) var element: Element?
    @exclusivity(unchecked) private var leftOut: Int

    init(_ account: ReadingAccount, _ store: NodeStore) {
        self.account = account
        self.store = store
        leftOut = account.resultsLeftOut.load(ordering: .relaxed)
    }

    /// Leaves out its values when the result could not be.
    @inline(__always)
    func settle() {
        let now = account.resultsLeftOut.load(ordering: .relaxed)
        if now != leftOut { element?.leaveOut(claim: store.claim) }
        leftOut = now
        element = nil
    }
}

extension AdapterOutput {
    /// Emits the result that `make` reads from an element. A ``Diagnostic`` that it throws leaves out this result only: what
    /// `make` took, and what of the element nobody took, is left out with it.
    ///
    /// What belongs to other results, such as the peaks in a sample, can be read before or afterwards.
    public func emitResult(of element: Element, _ make: () throws -> ResultRecord) async throws {
        let leftOut = account.resultsLeftOut.load(ordering: .relaxed)
        element.store.claim &+= 1
        let claim = element.store.claim
        try await emitResult(make)
        element.store.claim &+= 1
        if account.resultsLeftOut.load(ordering: .relaxed) != leftOut { element.leaveOut(claim: claim) }
    }
}
