import DoseResponse
import Glibc

/// What of a curve may be drawn and said. A refused curve has no line, no IC50 and no parameter here, so that nothing further
/// down can let one slip.
struct PlottedCurve {
    let curve: ReportedCurve
    /// What tells it from the others, as shown: name, cell line, series, hours.
    let label: String
    /// The part of the label that is kept where the name has to be cut: ` · HeLa · 24 h`.
    let labelEnd: String
    /// The mean may be drawn: the verdict is not a refusal, and there are finite estimates.
    let hasLine: Bool
    /// The IC50, where a number may be shown.
    let ic50: DoseEstimate?
    /// The absolute one and its level.
    let absolute: DoseEstimate?, level: Double?
    /// Of the responses, for the flat line of a curve without a fitted one.
    let meanResponse: Double?
    /// The lowest and highest dose above 0.
    let doses: ClosedRange<Double>?
    /// Places among all points, those of weight 0 included.
    let suspects: Set<Int>

    init(_ curve: ReportedCurve, label: String, labelEnd: String = "") {
        self.curve = curve
        self.label = label
        self.labelEnd = labelEnd
        let values = curve.fit.values
        hasLine =
            curve.verdict.grade != .refused
            && values.map { values in
                Parameter.allCases.allSatisfy { values[$0].isFinite } && values.location > 0
            } == true
        let estimate = hasLine && curve.verdict.bound == nil ? curve.fit.ic50 : nil
        ic50 = estimate.flatMap { $0.value > 0 && $0.value.isFinite ? $0 : nil }
        absolute = hasLine ? curve.fit.absolute.flatMap { $0.value > 0 && $0.value.isFinite ? $0 : nil } : nil
        level = absolute.flatMap { curve.fit.absoluteLevel ?? curve.fit.mean(at: $0.value) }

        let fitted = curve.points.indices.filter { curve.points[$0].weight > 0 }
        suspects = Set(curve.fit.suspects.filter(fitted.indices.contains).map { fitted[$0] })
        let responses = (fitted.isEmpty ? Array(curve.points.indices) : fitted).map { curve.points[$0].response }
        let mean = curve.fit.meanResponse ?? responses.reduce(0) { $0 + $1 / Double(responses.count) }
        meanResponse = responses.isEmpty || !mean.isFinite ? nil : mean
        let positive = curve.points.lazy.map(\.dose).filter { $0 > 0 && $0.isFinite }
        doses = positive.min().flatMap { low in positive.max().map { low...$0 } }
    }

    var grade: Verdict.Grade { curve.verdict.grade }
    /// By profile where there is one.
    var interval: Interval? { ic50.flatMap { $0.profile ?? $0.log } }
    /// The parameters; `nil` where none may be shown.
    var parameters: ParameterValues<ParameterEstimate>? { hasLine ? curve.fit.parameters : nil }

    func residual(of point: ReportedCurve.Point) -> Double? {
        guard hasLine, point.weight > 0, let mean = curve.fit.mean(at: point.dose) else { return nil }
        return point.response - mean
    }

    /// Mean and standard deviation of the fitted points of each dose, by dose.
    func replicateMeans() -> [(dose: Double, mean: Double, deviation: Double?)] {
        var groups: [Double: [Double]] = [:]
        for point in curve.points where point.weight > 0 { groups[point.dose, default: []].append(point.response) }
        return groups.keys.sorted().map { dose in
            let responses = groups[dose]!
            let n = Double(responses.count)
            let mean = responses.reduce(0) { $0 + $1 / n }
            let squares = responses.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
            return (dose, mean, n > 1 && squares.isFinite ? (squares / (n - 1)).squareRoot() : nil)
        }
    }

    /// Responses that have to be seen: the points, the line within the doses, and plateaus that are not far.
    func visibleResponses() -> [Double] {
        var responses = curve.points.map(\.response).filter(\.isFinite)
        guard let parameters, let lowest = responses.min(), let highest = responses.max() else {
            // Beside nothing else noise fills the plot and looks like an effect.
            let scale = curve.responseUnit == "%" ? [0.0, 100] : []
            return responses + [meanResponse].compactMap { $0 } + scale
        }
        let room = (highest - lowest) * 0.3
        let others = [parameters.bottom.value, parameters.top.value, level].compactMap { $0 }
        responses += others.filter { $0 > lowest - room && $0 < highest + room }
        return responses
    }

    /// Doses that have to be seen: the points', and an IC50 up to a decade outside of them.
    func visibleDoses() -> [Double] {
        var seen = curve.points.map(\.dose)
        guard let doses else { return seen }
        for dose in [ic50?.value, absolute?.value].compactMap({ $0 })
        where dose > doses.lowerBound / 10 && dose / 10 < doses.upperBound { seen.append(dose) }
        return seen
    }
}

extension PlottedCurve {
    /// What the response axis of some curves is called: the words that their series begin with, else `Response`.
    static func responseTitle(_ curves: [PlottedCurve]) -> String {
        var common = curves.first.map { DisplayName.shown($0.curve.series, limit: 60).split(separator: " ") } ?? []
        for curve in curves.dropFirst() {
            let words = DisplayName.shown(curve.curve.series, limit: 60).split(separator: " ")
            common = zip(common, words).prefix { $0 == $1 }.map { $0.0 }
        }
        let title = common.isEmpty ? "Response" : common.joined(separator: " ")
        let units = Set(curves.map { $0.curve.responseUnit ?? "" })
        guard units.count == 1, let unit = units.first, !unit.isEmpty else { return title }
        return "\(title) (\(DisplayName.shown(unit, limit: 20)))"
    }

    static func doseTitle(_ curves: [PlottedCurve]) -> String {
        let units = Set(curves.map(\.unit))
        if units.count > 1 { return "Dose (each in its own unit)" }
        guard let unit = units.first, !unit.isEmpty else { return "Dose" }
        return "Dose (\(unit))"
    }
}
