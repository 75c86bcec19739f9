import DoseResponse

/// What curves are called: one compound may stand in several cell lines and at several times.
extension PlottedCurve {
    /// Curves with what tells them apart: the name, then cell line, series and hours where those differ. A curve alone is
    /// called by all it is known by.
    static func all(_ curves: [ReportedCurve]) -> [PlottedCurve] {
        let isAlone = curves.count == 1
        let tellsSeries = Set(curves.map(\.series)).count > 1
        let tellsCell = isAlone || Set(curves.map(\.cell)).count > 1
        let tellsHours = isAlone || Set(curves.map(\.hours)).count > 1
        return curves.enumerated().map { index, curve in
            let name = DisplayName.shown(curve.name)
            var parts: [String] = []
            if tellsCell, let cell = curve.cell { parts.append(DisplayName.shown(cell)) }
            if tellsSeries || name.isEmpty { parts.append(DisplayName.shown(curve.series)) }
            // `Mortality 24h` has said it.
            if tellsHours, let hours = hoursText(curve), !([name] + parts).contains(where: { says($0, curve.hours) }) {
                parts.append(hours)
            }
            parts.removeAll(where: \.isEmpty)
            let label = ([name] + parts).filter { !$0.isEmpty }.joined(separator: " · ")
            let end = name.isEmpty ? "" : parts.map { " · " + $0 }.joined()
            return PlottedCurve(curve, label: label.isEmpty ? "Curve \(index + 1)" : label, labelEnd: end)
        }
    }

    /// What all of several curves share and none of their labels says: `HeLa · 24 h`; empty where there is nothing.
    static func shared(_ curves: [PlottedCurve]) -> String {
        guard curves.count > 1, let first = curves.first?.curve else { return "" }
        var parts: [String] = []
        if let cell = first.cell, curves.allSatisfy({ $0.curve.cell == cell }) { parts.append(DisplayName.shown(cell)) }
        if let hours = hoursText(first), curves.allSatisfy({ $0.curve.hours == first.hours && !says($0.label, first.hours) }) {
            parts.append(hours)
        }
        return parts.filter { !$0.isEmpty }.joined(separator: " · ")
    }

    /// The label cut to a width, the name first: what follows it tells curves of one compound apart.
    func fittedLabel(width: Double, perCharacter: Double) -> String {
        let whole = DisplayName.fitted(label, width: width, perCharacter: perCharacter)
        guard whole != label, !labelEnd.isEmpty else { return whole }
        let end = DisplayName.fitted(labelEnd, width: width * 0.7, perCharacter: perCharacter)
        let room = max(width - Double(end.count) * perCharacter * 1.1, width * 0.3)
        return DisplayName.fitted(String(label.dropLast(labelEnd.count)), width: room, perCharacter: perCharacter) + end
    }

    private static func hoursText(_ curve: ReportedCurve) -> String? {
        curve.hours.flatMap { $0.isFinite ? DisplayNumber.short($0) + " h" : nil }
    }

    private static func says(_ text: String, _ hours: Double?) -> Bool { ResponseColumns.hours(in: text) == hours }
}
