import IngestCore
import TabularText

/// `Data Points`, `Signal Min.` and `Signal Max.` of an injection against its points.
struct ChromeleonPointCheck {
    let fields: KeyedFields
    /// What is stated of the injection, by key.
    let stated: Extras
    let text: DelimitedText

    /// Ends the traces, and tells what contradicts the points.
    /// - Returns: How the file shows that all points are there; `nil` when it does not.
    func proof(of traces: [ChromeleonTrace]) -> String? {
        let isMet = isCountMet(traces)
        let deviations = isMet && traces.count == 1 ? rangeDeviations(traces[0]) : []
        for trace in traces {
            trace.end { record in
                for key in deviations { record.flags.append(Flag("signalRange", written: stated[key])) }
            }
        }
        let rows = traces.reduce(0) { $0 + $1.rows }
        return isMet ? "Data Points said \(rows), \(rows) rows read" : nil
    }

    private func isCountMet(_ traces: [ChromeleonTrace]) -> Bool {
        guard let written = stated["Data Points"] else { return false }
        let rows = traces.reduce(0) { $0 + $1.rows }
        if Int(written.trimmed) == rows { return true }
        let found = traces.isEmpty ? "no data follow" : "\(rows) rows follow"
        text.source.account.report(
            fields.fault(
                "chromeleon.count", "Data Points is \(written.trimmed), but \(found)", at: "Data Points",
                hint: "what is there was read; the file was cut or edited: export it again"))
        text.source.account.contradict("Data Points said \(written.trimmed), \(found)")
        return false
    }

    /// The keys of the stated range that the points do not reach, or pass: a number among them was garbled.
    private func rangeDeviations(_ trace: ChromeleonTrace) -> [String] {
        [("Signal Min.", trace.lowest, 1.0), ("Signal Max.", trace.highest, -1.0)].compactMap { key, found, inside in
            guard let written = self.stated[key], found.isFinite,
                case .number(let stated, .exact) = NumberText.read(written, mark: text.survey.decimalMark),
                abs(stated - found) > max(1e-6, abs(stated) * 1e-9)
            else { return nil }
            let isPassed = (found - stated) * inside < 0
            text.source.account.report(
                fields.fault(
                    "chromeleon.range",
                    "\(key) is \(written.trimmed), but the points \(isPassed ? "pass" : "do not reach") it: \(found)",
                    at: key, severity: isPassed ? .error : .warning,
                    hint:
                        "the points were read; if they are not a part of the signal, a number is garbled: export the file again"
                ))
            if isPassed { text.source.account.contradict("\(key) said \(written.trimmed), the points have \(found)") }
            return key
        }
    }
}
