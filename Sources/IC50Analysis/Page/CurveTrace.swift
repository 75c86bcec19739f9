import DoseResponse
import Glibc

/// The fitted line of a curve and its confidence band, as points of a drawing.
struct CurveTrace {
    typealias Point = (x: Double, y: Double)
    /// Within the doses, evenly spaced on the axis; and beyond them to the ends of the axis.
    private(set) var inside: [Point] = [], before: [Point] = [], after: [Point] = []
    /// Of the band, within the doses, from left to right. Empty where there are no errors.
    private(set) var bandLow: [Point] = [], bandHigh: [Point] = []

    /// - Parameters:
    ///   - samples: Points of the line within the doses.
    ///   - tolerance: Points that the straight line between others passes at this distance are left out; 0 leaves none out.
    init?(_ curve: PlottedCurve, _ axis: DoseAxis, _ response: ResponseAxis, samples: Int, tolerance: Double = 0) {
        guard curve.hasLine, let doses = curve.doses else { return nil }
        let low = log10(doses.lowerBound), high = log10(doses.upperBound)
        let fit = curve.curve.fit
        func point(_ position: Double) -> Point? {
            let dose = pow(10, position)
            guard dose > 0, dose.isFinite, let mean = fit.mean(at: dose), mean.isFinite else { return nil }
            return (axis.x(log10: position), response.clampedY(mean))
        }
        func points(_ from: Double, _ to: Double, _ count: Int) -> [Point] {
            guard to > from else { return [] }
            let points = (0..<count).compactMap { point(from + (to - from) * Double($0) / Double(count - 1)) }
            return tolerance > 0 ? Self.thinned(points, tolerance) : points
        }
        inside = points(low, high, samples)
        before = points(axis.low, low, max(samples / 8, 2))
        after = points(high, axis.high, max(samples / 8, 2))
        guard fit.covariance != nil, fit.quantile != nil, high > low else { return }
        let bands = max(samples * 2 / 3, 2)
        for index in 0..<bands {
            let position = low + (high - low) * Double(index) / Double(bands - 1)
            guard let band = fit.band(at: pow(10, position)), let lower = band.low, let upper = band.high,
                lower.isFinite, upper.isFinite
            else { continue }
            bandLow.append((axis.x(log10: position), response.clampedY(lower)))
            bandHigh.append((axis.x(log10: position), response.clampedY(upper)))
        }
        if tolerance > 0 {
            bandLow = Self.thinned(bandLow, tolerance)
            bandHigh = Self.thinned(bandHigh, tolerance)
        }
    }

    /// The points that are needed for straight lines between them to pass all others within the tolerance.
    private static func thinned(_ points: [Point], _ tolerance: Double) -> [Point] {
        guard points.count > 2 else { return points }
        var kept = [points[0]]
        var start = 0
        for end in 2..<points.count {
            let a = points[start], b = points[end]
            let slope = (b.y - a.y) / (b.x - a.x)
            let misses = points[(start + 1)..<end].contains { ($0.y - (a.y + slope * ($0.x - a.x))).magnitude > tolerance }
            if misses {
                start = end - 1
                kept.append(points[start])
            }
        }
        kept.append(points[points.count - 1])
        return kept
    }

    /// The band as one closed path; empty when there is none.
    func bandPath(steps: Double) -> PlotPath {
        var path = PlotPath(steps: steps)
        guard bandLow.count > 1 else { return path }
        path.lines(bandHigh)
        path.linesOn(bandLow.reversed())
        path.close()
        return path
    }
}
