import IngestCore
import Synchronization
import TabularText

/// Leaves out points of curves, and tells why: of a fault that a curve has time and again, the first few one by one and the
/// others by number.
final class CurveFaults {
    private static let mostTold = 5
    private let output: AdapterOutput
    private var counts: [Key: (count: Int, last: Diagnostic)] = [:]

    private struct Key: Hashable { let code: String, column: Int }

    init(_ output: AdapterOutput) { self.output = output }

    /// Leaves out the cells of a curve in a row.
    func leaveOut(_ curve: UNICORNTextCurve, of row: Row, _ diagnostic: Diagnostic) {
        row.select(curve.columns)
        // The cells of a row are left out when a result was.
        output.account.resultsLeftOut.add(1, ordering: .relaxed)
        tell(diagnostic, curve.column)
        row.select(0..<row.count)
    }

    func report(_ diagnostic: Diagnostic) { tell(diagnostic, 0) }

    private func tell(_ diagnostic: Diagnostic, _ column: Int) {
        let key = Key(code: diagnostic.code, column: column)
        let count = counts[key].map { $0.count + 1 } ?? 1
        counts[key] = (count, diagnostic)
        if count <= Self.mostTold { output.report(diagnostic) }
    }

    /// Tells how many were not told.
    func finish() {
        for (_, fault) in counts.sorted(by: { ($0.key.column, $0.key.code) < ($1.key.column, $1.key.code) })
        where fault.count > Self.mostTold {
            var told = fault.last
            told.message +=
                "; it is the last of \(fault.count) such cells of its column, of which the first \(Self.mostTold) are told"
            output.report(told)
        }
    }
}
