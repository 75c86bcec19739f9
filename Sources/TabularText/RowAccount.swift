import CByteScan
import IngestCore
import Synchronization

/// The account of a row: what became of each of its cells.
extension Row {
    func begin() {
        count = scanner.count
        if count > capacity {
            fates.deallocate()
            // A multiple of 16, by which they are counted.
            capacity = (count * 2 + 15) & ~15
            fates = .allocate(capacity: capacity)
        }
        fates.update(repeating: Fate.open.rawValue, count: count)
        group = 0..<count
        placed = (0, scanner.line, 1)
        if lastKept != nil { lastKept = nil }
        leftOutBefore = context.account.resultsLeftOut.load(ordering: .relaxed)
        isSettled = false
        markOpenLine()
    }

    /// Results of the cell that the end of the file may have cut are flagged; see ``ReadingAccount``.
    @inline(__always)
    func markOpenLine() {
        let open = isOpenEnded && group.contains(count - 1) ? line : 0
        if context.account.openLine.load(ordering: .relaxed) != open {
            context.account.openLine.store(open, ordering: .relaxed)
        }
    }

    /// If a result was left out since the group was selected, its cells are too.
    func settleGroup() {
        let leftOut = context.account.resultsLeftOut.load(ordering: .relaxed)
        if leftOut != leftOutBefore {
            for column in group where fates[column] != Fate.deferred.rawValue { fates[column] = Fate.leftOut.rawValue }
            leftOutBefore = leftOut
        }
    }

    func settle() {
        guard !isSettled else { return }
        isSettled = true
        settleGroup()
        let coverage = tally()
        context.coverage += coverage
        // A row of separators alone is the beginning of one.
        let isBegun = coverage.values > coverage.leftOut || coverage.values == 0 && count > 1
        if isBegun, !toldOfLastLine, isOpenEnded {
            toldOfLastLine = true
            context.account.report(
                fault(
                    "text.last-line-open", "the last line has no line end", at: count - 1, severity: .warning,
                    hint: "if the file was cut here, the last cell is not whole: compare it with the instrument"))
        }
    }

    /// Counts the cells with text by fate.
    private func tally() -> Coverage {
        var coverage = Coverage()
        withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 8) { totals in
            totals.initialize(repeating: 0)
            ingest_tally(fates, scanner.cells.filled, count, totals.baseAddress!)
            func number(_ fate: Fate) -> Int { Int(totals[Int(fate.rawValue)]) }
            coverage = Coverage(
                measured: number(.measured), described: number(.described), extras: number(.extra),
                ignored: number(.ignored), leftOut: number(.leftOut) &+ number(.open))
            if number(.open) > 0 { tellUnread() }
        }
        coverage.values = coverage.measured &+ coverage.described &+ coverage.extras &+ coverage.ignored &+ coverage.leftOut
        return coverage
    }

    private func tellUnread() {
        for column in 0..<count where fates[column] == Fate.open.rawValue && !isEmpty(column) {
            context.account.report(
                fault(
                    "adapter.unread-cell", "the adapter read past this cell: \"\(self[column])\"", at: column,
                    hint: "this is a fault of the adapter, not of the file; please report it"))
        }
    }
}
