import DoseResponse
import Glibc

/// What the script of a page reads: the points as they were given, and what it takes to find a dose under the pointer.
///
///     {"axes":[[left,width,log low,log high,zero,top,height,low,high],…],"curves":[{…},…]}
///
/// A curve that was refused has no parameters here either.
struct PageData {
    let curves: [PlottedCurve]
    let axes: [(dose: DoseAxis, response: ResponseAxis)]
    let axisOfCurve: [Int]
    /// Above this number of points a curve is looked at, not pointed at.
    private static let mostPoints = 5000

    func write(into markup: inout Markup) {
        markup.raw("<script type=\"application/json\" id=\"data\">{\"axes\":[")
        for (place, axis) in axes.enumerated() {
            if place > 0 { markup.raw(",") }
            let dose = axis.dose, response = axis.response
            list(
                [
                    dose.left, dose.width, dose.low, dose.high, dose.zero, response.top, response.height, response.low,
                    response.high,
                ],
                &markup)
        }
        markup.raw("],\"doses\":[")
        var placeOfDoses: [[Double]: Int] = [:]
        for curve in curves {
            let doses = points(of: curve).map(\.dose)
            guard placeOfDoses[doses] == nil else { continue }
            if !placeOfDoses.isEmpty { markup.raw(",") }
            placeOfDoses[doses] = placeOfDoses.count
            list(doses, &markup)
        }
        markup.raw("],\"curves\":[")
        for (index, curve) in curves.enumerated() {
            if index > 0 { markup.raw(",") }
            write(curve, axis: axisOfCurve[index], doses: placeOfDoses[points(of: curve).map(\.dose)]!, &markup)
        }
        markup.raw("]}</script>")
    }

    private func points(of curve: PlottedCurve) -> ArraySlice<ReportedCurve.Point> {
        curve.curve.points.count > Self.mostPoints ? [] : curve.curve.points[...]
    }

    private func write(_ curve: PlottedCurve, axis: Int, doses: Int, _ markup: inout Markup) {
        markup.raw("{\"n\":")
        markup.json(curve.label)
        let full = curve.curve.name
        if full.utf8.count > 100 {
            markup.raw(",\"full\":")
            markup.json(full)
        }
        markup.raw(",\"u\":")
        markup.json(curve.unit)
        markup.raw(",\"a\":\(axis),\"x\":\(doses),\"y\":")
        let points = points(of: curve)
        list(points.map(\.response), &markup)
        if points.contains(where: { $0.weight == 0 }) {
            markup.raw(",\"w\":")
            list(points.map(\.weight), &markup)
        }
        if !curve.suspects.isEmpty {
            markup.raw(",\"s\":")
            list(curve.suspects.sorted().map(Double.init), &markup)
        }
        texts("r", points.map { $0.replicate ?? "" }, &markup)
        texts("at", points.map(\.place), &markup)
        if curve.hasLine, let values = curve.curve.fit.values {
            markup.raw(",\"f\":\"\(curve.curve.fit.model.family.rawValue)\",\"v\":")
            list(Parameter.allCases.map { values[$0] }, &markup)
            // Of the IC50 and its interval; and the dose at the absolute level, with the level.
            if let ic50 = curve.ic50 {
                markup.raw(",\"e\":")
                list([ic50.value, curve.interval?.low, curve.interval?.high].map(Self.short), &markup)
            }
            if let absolute = curve.absolute, let level = curve.level {
                markup.raw(",\"l\":")
                list([absolute.value, level].map(Self.short), &markup)
            }
        }
        markup.raw("}")
    }

    /// To six digits: these are looked at, not calculated with.
    private static func short(_ value: Double?) -> Double? {
        guard let value, value.isFinite, value != 0 else { return value }
        let power = 5 - Int(floor(log10(value.magnitude)))
        guard power.magnitude <= 22 else { return value }
        let scale = pow(10, Double(power.magnitude))
        return power < 0 ? (value / scale).rounded() * scale : (value * scale).rounded() / scale
    }

    private func list(_ numbers: some Sequence<Double?>, _ markup: inout Markup) {
        markup.raw("[")
        for (place, number) in numbers.enumerated() {
            if place > 0 { markup.raw(",") }
            markup.json(number)
        }
        markup.raw("]")
    }

    /// One string, cut at line feeds: half the size of a list of strings.
    private func texts(_ key: String, _ texts: [String], _ markup: inout Markup) {
        guard texts.contains(where: { !$0.isEmpty }) else { return }
        markup.raw(",\"\(key)\":")
        markup.json(texts.map { DisplayName.shown($0, limit: 60) }.joined(separator: "\n"))
    }
}
