import DoseResponse
import Glibc

/// Many curves side by side, each in a small plot of its own. All plots are in the page before any script runs; what they
/// share, such as axes, is written once.
struct SmallPlots {
    /// In tenths of a pixel, so that a path needs no decimals.
    static let width = 2300.0, height = 1400.0
    private static let left = 300.0, right = 2240.0, top = 90.0, bottom = 1180.0

    let curves: [PlottedCurve]
    /// Of each curve: the places of its axes in ``axes``.
    let axisOfCurve: [Int]
    let axes: [(dose: DoseAxis, response: ResponseAxis)]

    init(_ curves: [PlottedCurve]) {
        self.curves = curves
        let ranges = curves.map { curve -> (low: Double, high: Double) in
            let seen = curve.visibleResponses()
            return (seen.min() ?? 0, seen.max() ?? 1)
        }
        let shared = Self.sharedRange(ranges)
        var axes: [(dose: DoseAxis, response: ResponseAxis)] = []
        var placeOfKey: [[Double]: Int] = [:]
        axisOfCurve = zip(curves, ranges).map { curve, range in
            let fits = shared.map { range.low >= $0.low && range.high <= $0.high } == true
            let responses = fits ? [shared!.low, shared!.high] : [range.low, range.high]
            let doses = curve.visibleDoses()
            let positive = doses.filter { $0 > 0 }
            let dose = [positive.min() ?? -1, positive.max() ?? -1, doses.contains(0) ? 0 : -1]
            let key = responses + dose
            if let place = placeOfKey[key] { return place }
            placeOfKey[key] = axes.count
            let doseAxis = DoseAxis(doses: dose.filter { $0 >= 0 }, from: Self.left, to: Self.right, zeroWidth: 240)
            let responseAxis = ResponseAxis(
                values: responses, top: Self.top, height: Self.bottom - Self.top, ticks: 3, margin: 0.08)
            axes.append((doseAxis, responseAxis))
            return axes.count - 1
        }
        self.axes = axes
    }

    /// What most curves of a screen have in common, so that they compare at a glance. Curves beyond keep an axis of their own.
    private static func sharedRange(_ ranges: [(low: Double, high: Double)]) -> (low: Double, high: Double)? {
        guard ranges.count > 1 else { return nil }
        let lows = ranges.map(\.low).sorted(), highs = ranges.map(\.high).sorted()
        let outside = ranges.count / 50
        var (low, high) = (lows[outside], highs[highs.count - 1 - outside])
        if highs[highs.count - 1] - lows[0] < 1.5 * (high - low) { (low, high) = (lows[0], highs[highs.count - 1]) }
        guard high > low else { return nil }
        // Beside one another only where none is pressed flat by the range of the rest.
        let spans = ranges.map { $0.high - $0.low }.sorted()
        return high - low < 4 * spans[spans.count / 2] ? (low, high) : nil
    }

    /// Axes and the clipped area, for `<use>`.
    func writeDefinitions(into markup: inout Markup) {
        markup.raw("<svg class=\"defs\" aria-hidden=\"true\" width=\"0\" height=\"0\"><defs><clipPath id=\"clip\">")
        markup.raw(
            "<rect x=\"0\" y=\"\(Int(Self.top))\" width=\"\(Int(Self.width))\" height=\"\(Int(Self.bottom - Self.top))\"/>")
        markup.raw("</clipPath>")
        for (place, axis) in axes.enumerated() {
            markup.raw("<g id=\"a\(place)\">")
            writeAxis(axis.dose, axis.response, into: &markup)
            markup.raw("</g>")
        }
        markup.raw("</defs></svg>")
    }

    private func writeAxis(_ dose: DoseAxis, _ response: ResponseAxis, into markup: inout Markup) {
        var grid = PlotPath(steps: 1), lines = PlotPath(steps: 1)
        for tick in response.ticks {
            let y = response.y(tick.value)
            grid.move(Self.left, y)
            grid.line(Self.right, y)
            markup.label(tick.label, "t s e", x: Self.left - 40, y: y, drop: ".35em")
        }
        if response.exponent != 0 {
            markup.label("× " + DisplayNumber.powerOfTen(response.exponent), "t s", x: 20, y: Self.top - 20)
        }
        lines.move(dose.left + (dose.zero == nil ? 0 : 15), Self.bottom)
        lines.line(Self.right, Self.bottom)
        if let zero = dose.zero {
            lines.move(Self.left, Self.bottom)
            lines.line(dose.left - 15, Self.bottom)
            for shift in [-15.0, 15] {
                lines.move(dose.left + shift - 12, Self.bottom + 30)
                lines.line(dose.left + shift + 12, Self.bottom - 30)
            }
            markup.label("0", "t s c", x: zero, y: Self.bottom + 40, drop: "1em")
        }
        for tick in dose.ticks(labelWidth: 440) {
            guard let label = tick.label else { continue }
            lines.move(tick.x, Self.bottom)
            lines.line(tick.x, Self.bottom + 35)
            markup.label(label, "t s c", x: tick.x, y: Self.bottom + 40, drop: "1em")
        }
        markup.path(grid, "gr")
        markup.path(lines, "ax")
    }

    /// One plot with its caption; the page gives it the whole window when its address is asked for.
    func write(_ index: Int, into markup: inout Markup) {
        let curve = curves[index]
        let grade = curve.grade.rawValue
        markup.raw(
            "<figure class=\"c \(grade)\" id=\"c\(index)\"><a href=\"#c\(index)\"><svg viewBox=\"0 0 2300 1400\" role=\"img\"><title>"
        )
        markup.text(curve.spoken)
        markup.raw("</title><use href=\"#a\(axisOfCurve[index])\"/>")
        drawing(of: curve, axes[axisOfCurve[index]], &markup)
        markup.raw("</svg></a><figcaption><b><bdi>")
        markup.text(curve.label)
        markup.raw("</bdi></b><i>\(grade)</i><span>")
        markup.text(curve.headline)
        markup.raw("</span>")
        if curve.grade != .good, !curve.notes.isEmpty {
            markup.raw("<small>")
            markup.text(curve.notes.joined(separator: "; "))
            markup.raw("</small>")
        }
        markup.raw("</figcaption></figure>")
    }

    private func drawing(of curve: PlottedCurve, _ axis: (dose: DoseAxis, response: ResponseAxis), _ markup: inout Markup) {
        markup.raw("<g clip-path=\"url(#clip)\">")
        if let trace = CurveTrace(curve, axis.dose, axis.response, samples: 64, tolerance: 0.7) {
            markup.path(trace.bandPath(steps: 1), "b")
            var outside = PlotPath(steps: 1), inside = PlotPath(steps: 1)
            outside.lines(trace.before)
            outside.lines(trace.after)
            inside.lines(trace.inside)
            if let zero = axis.dose.zero, let mean = curve.curve.fit.mean(at: 0), mean.isFinite {
                inside.move(zero - 70, axis.response.clampedY(mean))
                inside.line(zero + 70, axis.response.clampedY(mean))
            }
            markup.path(outside, "l d")
            markup.path(inside, "l")
            estimate(of: curve, axis, &markup)
        } else if let mean = curve.meanResponse {
            var flat = PlotPath(steps: 1)
            flat.move(Self.left, axis.response.clampedY(mean))
            flat.line(Self.right, axis.response.clampedY(mean))
            markup.path(flat, "l f")
        }
        markup.raw("</g>")
        points(of: curve, axis, &markup)
    }

    private func estimate(
        of curve: PlottedCurve, _ axis: (dose: DoseAxis, response: ResponseAxis), _ markup: inout Markup
    ) {
        guard let ic50 = curve.ic50, axis.dose.holds(ic50.value), let x = axis.dose.x(ic50.value),
            let mean = curve.curve.fit.mean(at: ic50.value), mean.isFinite
        else { return }
        let y = axis.response.y(mean)
        var lines = PlotPath(steps: 1)
        lines.move(x, y)
        lines.line(x, Self.bottom)
        markup.path(lines, "dr")
        lines = PlotPath(steps: 1)
        if let interval = curve.interval, interval.low != nil || interval.high != nil {
            let low = interval.low.flatMap { axis.dose.holds($0) ? axis.dose.x($0) : nil } ?? axis.dose.left
            let high = interval.high.flatMap { axis.dose.holds($0) ? axis.dose.x($0) : nil } ?? Self.right
            lines.move(low, y)
            lines.line(high, y)
        }
        markup.path(lines, "i")
    }

    private func points(
        of curve: PlottedCurve, _ axis: (dose: DoseAxis, response: ResponseAxis), _ markup: inout Markup
    ) {
        var fitted = PlotPath(steps: 1), leftOut = PlotPath(steps: 1), rings = PlotPath(steps: 1)
        var seen: Set<Int> = []
        for (place, point) in curve.curve.points.enumerated() {
            guard let x = axis.dose.x(point.dose), point.response.isFinite else { continue }
            let y = axis.response.y(point.response)
            if curve.suspects.contains(place) {
                rings.dot(x, y)
            }
            // Of many points at one place one is enough to see.
            guard seen.insert(Int(x.rounded()) << 20 | Int(y.rounded())).inserted else { continue }
            if point.weight > 0 { fitted.dot(x, y) } else { leftOut.dot(x, y) }
        }
        // A ring is a dot on a larger one: its size then stays when the plot is enlarged.
        markup.path(rings, "o or")
        markup.path(rings, "oi")
        markup.path(fitted, "q")
        markup.path(leftOut, "q z")
    }
}
