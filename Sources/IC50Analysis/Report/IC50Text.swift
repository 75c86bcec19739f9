import DoseResponse

/// The results as an aligned table for people.
public struct IC50Text: Sendable {
    private let report: IC50Report
    public init(_ report: IC50Report) { self.report = report }

    /// Lines end with LF.
    /// - Parameter width: Of the terminal, in columns: reasons are folded to it; `nil` leaves them whole.
    public func text(width: Int? = nil) -> String {
        let hasName = report.curves.contains { !$0.name.isEmpty }
        let hasCell = report.curves.contains { $0.cell != nil }
        let hasHours = report.curves.contains { $0.hours != nil }
        let hasAbsolute = report.curves.contains { $0.fit.absoluteLevel != nil }
        var header = hasName ? ["curve"] : []
        if hasCell { header.append("cell") }
        header.append("series")
        if hasHours { header.append("hours") }
        header += ["verdict", "IC50", "95 % interval", "unit"]
        if hasAbsolute { header.append("absolute") }
        header += ["hill", "bottom", "top", "R2", "n"]
        if let confidence = report.curves.first?.fit.confidence, confidence != 0.95 {
            header[header.firstIndex(of: "95 % interval") ?? 0] = "\(SignificantDigits.text(100 * confidence, 3)) % interval"
        }
        var rows: [[String]] = [header]
        var notes: [[String]] = [[]]
        for curve in report.curves {
            var row = hasName ? [curve.name] : []
            if hasCell { row.append(curve.cell ?? "") }
            row.append(curve.series)
            if hasHours { row.append(curve.hours.map { SignificantDigits.text($0, 4) } ?? "") }
            row += numbers(curve, hasAbsolute)
            rows.append(row.map(Self.oneLine))
            notes.append(curve.verdict.reasons.map(\.text))
        }
        return Self.aligned(rows, notes, width)
    }

    private func numbers(_ curve: ReportedCurve, _ hasAbsolute: Bool) -> [String] {
        let fit = curve.fit
        let shown = curve.verdict.grade != .refused
        func figure(_ value: Double?, _ digits: Int = 4) -> String { value.map { SignificantDigits.text($0, digits) } ?? "" }
        let ic50: String
        switch curve.verdict.bound {
        case .above(let dose)?: ic50 = ">" + figure(dose)
        case .below(let dose)?: ic50 = "<" + figure(dose)
        case nil: ic50 = shown ? figure(fit.ic50?.value) : "–"
        }
        var row = [curve.verdict.grade.rawValue, ic50, shown ? interval(fit) : "", curve.doseUnit ?? ""]
        if hasAbsolute { row.append(shown ? figure(fit.absolute?.value) : "") }
        let values = shown ? fit.values : nil
        row += [
            figure(values.map { fit.model.family == .weibull2 ? $0.slope : -$0.slope }, 3), figure(values?.bottom, 3),
            figure(values?.top, 3),
        ]
        row += [shown ? figure(fit.r2, 3) : "", "\(fit.points)"]
        return row
    }

    private func interval(_ fit: CurveFit) -> String {
        guard let interval = fit.ic50?.profile ?? fit.ic50?.log else { return "" }
        switch (interval.low, interval.high) {
        case (let low?, let high?): return "\(SignificantDigits.text(low, 3)) … \(SignificantDigits.text(high, 3))"
        case (let low?, nil): return "> \(SignificantDigits.text(low, 3))"
        case (nil, let high?): return "< \(SignificantDigits.text(high, 3))"
        case (nil, nil): return "open"
        }
    }

    /// Control characters of a name would move the cursor.
    private static func oneLine(_ text: String) -> String {
        String(
            String.UnicodeScalarView(text.unicodeScalars.map { $0.properties.generalCategory == .control ? " " : $0 }).prefix(60))
    }

    private static func aligned(_ rows: [[String]], _ notes: [[String]], _ width: Int?) -> String {
        let columns = rows[0].indices
        let widths = columns.map { column in rows.map { $0[column].count }.max() ?? 0 }
        let numeric: Set<String> = ["hours", "IC50", "absolute", "hill", "bottom", "top", "R2", "n"]
        var text = ""
        for (row, reasons) in zip(rows, notes) {
            let cells = columns.map { column in
                let padding = String(repeating: " ", count: widths[column] - row[column].count)
                return numeric.contains(rows[0][column]) ? padding + row[column] : row[column] + padding
            }
            var line = cells.joined(separator: "  ")
            while line.last == " " { line.removeLast() }
            text += line + "\n"
            for reason in reasons { text += folded("    " + reason, width) }
        }
        return text
    }

    private static func folded(_ line: String, _ width: Int?) -> String {
        guard let width, width > 30, line.count > width else { return line + "\n" }
        var lines: [String] = [], current = "   "
        for word in line.split(separator: " ") {
            if current.count + 1 + word.count > width, current.count > 8 {
                lines.append(current)
                current = "     "
            }
            current += " " + word
        }
        return (lines + [current]).joined(separator: "\n") + "\n"
    }
}
