import IngestCore
import TabularText

/// Whether curves of different rates show that no row is missing at the beginning or the end: they begin and end with the
/// run, and where the next point of one would have been lies beyond what the others reached.
struct UNICORNTextEnds {
    private let curves: [UNICORNTextCurve]
    /// Those that the last row has points of.
    private let running: [UNICORNTextCurve]
    private let unit: String

    init(_ curves: [UNICORNTextCurve], lastLine: Int) {
        // A curve that was made of another may be a part of it.
        self.curves = curves.filter {
            !$0.isText && !UNICORNCurveKind.isDerived($0.heading.name) && $0.clock.count > 2 && $0.clock.step > 0
        }
        running = self.curves.filter { $0.lastLine == lastLine }
        unit = curves.first?.heading.place.written ?? ""
    }

    func judge(_ account: ReadingAccount) {
        judgeStart(account)
        guard let longest = curves.max(by: { $0.clock.last < $1.clock.last }), curves.count > 1 else {
            return account.doubt("one curve cannot show where the run ended")
        }
        let reached = longest.clock.last
        for curve in running where curve.clock.last + 1.5 * curve.clock.step < reached {
            return account.contradict(
                "the last row has \"\(curve.heading.name)\" at \(curve.clock.last) \(unit), and \"\(longest.heading.name)\" was "
                    + "read at \(reached) \(unit) further up: rows are missing")
        }
        let ended = curves.filter { curve in !running.contains { $0 === curve } }
        guard let next = running.map({ $0.clock.last + $0.clock.step / 2 }).min(), !ended.isEmpty,
            ended.allSatisfy({ $0.clock.last + $0.clock.step + longest.clock.step / 2 >= reached }),
            let end = ended.map({ $0.clock.last + $0.clock.step }).min(), next > end
        else {
            return account.doubt("the curves end together as far as their rates show, but a last row may be missing")
        }
        account.prove(
            "all \(curves.count) curves end with the run at \(reached) \(unit), and none could have had another point")
    }

    /// Curves that lack their first points begin one distance of their own behind the start that they share.
    private func judgeStart(_ account: ReadingAccount) {
        guard let shortest = curves.map(\.clock.firstStep).min(), curves.count > 1 else { return }
        func spread(_ places: [Double]) -> Double { (places.max() ?? 0) - (places.min() ?? 0) }
        let tolerance = 0.1 * shortest
        if spread(curves.map(\.clock.first)) > tolerance,
            spread(curves.map { $0.clock.first - $0.clock.firstStep }) <= tolerance
        {
            account.contradict("each curve lacks its first point, one distance behind a start that all share")
        }
        // At 0, where they start as a rule.
        let late = curves.count { $0.clock.first > 0 && abs($0.clock.first - $0.clock.firstStep) <= 0.001 * $0.clock.firstStep }
        if late > 1 { account.doubt("\(late) curves begin one distance behind 0: a first row may be missing") }
    }
}
