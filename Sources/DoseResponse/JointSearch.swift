/// The lowest residual sum of squares of a common fit, and whether the family attains it.
struct JointSearch {
    let objective: JointObjective
    let separate: [CurveFit]

    struct Optimum {
        var vector: [Double]
        /// Half the residual sum of squares of the level means, scaled.
        var value: Double
        var end: DescentEnd
        /// The lowest value found where parameters run away, or where a descent had to be given up.
        var border: Double
        /// Curves that lie on the border in the fit of that value.
        var runaways: Set<Int> = []

        var isAttained: Bool { end == .minimum && value < border * (1 - Optimum.margin) }
        static let margin = 1e-11
    }

    func run() -> Optimum {
        let starts = JointStarts(objective: objective, separate: separate)
        let descent = JointDescent(objective: objective)
        var minima: [JointDescent.Result] = [], border = Double.infinity, given = Double.infinity, fallback: JointDescent.Result?
        for start in starts.vectors(8) {
            let found = descent.descend(from: start)
            switch found.end {
            case .minimum where objective.layout.isOrdered(found.vector): minima.append(found)
            case .minimum: break
            case .border: border = min(border, found.value)
            case .unfinished: given = min(given, found.value)
            }
            if found.value < fallback?.value ?? .infinity { fallback = found }
        }
        guard let best = minima.min(by: { $0.value < $1.value }) else {
            return Optimum(
                vector: fallback?.vector ?? [], value: fallback?.value ?? .infinity, end: fallback?.end ?? .unfinished,
                border: border, runaways: Set(0..<objective.layout.curves))
        }
        // Lower than every minimum by more than rounding, though given up: then no minimum is the lowest.
        if given < best.value * (1 - 1e-9) { border = min(border, given) }
        var found = Optimum(vector: best.vector, value: best.value, end: .minimum, border: border)
        if border * (1 - Optimum.margin) <= best.value { found.runaways = Set(0..<objective.layout.curves) }
        for curve in 0..<objective.layout.curves { holdAgainstBorder(&found, curve, starts) }
        return found
    }

    /// Fits with one curve on the border: lower ones lead to a better minimum, or there is none.
    private func holdAgainstBorder(_ found: inout Optimum, _ curve: Int, _ starts: JointStarts) {
        for probe in probes(curve, found.vector) {
            var descent = JointDescent(objective: objective)
            descent.held = probe.held
            let outside = descent.descend(from: starts.withPlateaus(probe.vector), limit: 60)
            guard outside.end != .unfinished else { continue }
            if outside.value < found.value {
                let back = JointDescent(objective: objective).descend(from: outside.vector)
                if back.end == .minimum, back.value < found.value, objective.layout.isOrdered(back.vector) {
                    (found.vector, found.value) = (back.vector, back.value)
                }
            }
            found.border = min(found.border, outside.value)
            if outside.value * (1 - Optimum.margin) <= found.value { found.runaways.insert(curve) }
        }
    }

    /// One curve on the border: on one plateau, or a step between two doses or at one; the rest follows.
    private func probes(_ curve: Int, _ vector: [Double]) -> [(vector: [Double], held: Set<Int>)] {
        let layout = objective.layout, places = layout.places[curve]
        guard places[3] >= 0, layout.entries[places[3]].curve != nil, let (low, high) = objective.data.reach(curve) else {
            return []
        }
        let b = objective.parameters(curve, vector)[0]
        var result: [(vector: [Double], held: Set<Int>)] = []
        for place in [low - 40 / Swift.abs(b), high + 40 / Swift.abs(b)] {
            var moved = vector
            moved[places[3]] = place
            var held: Set<Int> = [places[3]]
            // Without any dose between the plateaus a slope of its own moves nothing, nor does the plateau that no dose
            // reaches.
            for k in [0, 4] where places[k] >= 0 && layout.entries[places[k]].curve != nil { held.insert(places[k]) }
            for k in [1, 2] where places[k] >= 0 && layout.entries[places[k]].curve != nil {
                let atTop = layout.model.startsAtTop(slope: b) == (place > high)
                if (k == 2) != atTop, !hasZeroDose(curve) { held.insert(places[k]) }
            }
            result.append((moved, held))
        }
        if places[0] >= 0, layout.entries[places[0]].curve != nil, let step = bestStep(curve, vector) {
            result.append((step, [places[0], places[3]]))
        }
        return result
    }

    private func hasZeroDose(_ curve: Int) -> Bool {
        objective.data.levels[objective.data.ranges[curve]].contains { $0.x == -.infinity }
    }

    /// The slope so steep that one dose at most lies between the plateaus.
    private func bestStep(_ curve: Int, _ vector: [Double]) -> [Double]? {
        let doses = objective.data.levels[objective.data.ranges[curve]].map(\.x).filter { $0 > -.infinity }
        let places = objective.layout.places[curve]
        let gap = zip(doses, doses.dropFirst()).map { $1 - $0 }.min() ?? 1
        var best: (Double, [Double])?
        for sign in [-1.0, 1] {
            for (i, x) in doses.enumerated() {
                for u in [-1.5, -0.4, 0.4, 1.5, 40] {
                    guard u < 40 || i + 1 < doses.count else { continue }
                    var moved = vector
                    moved[places[0]] = sign * 80 / gap
                    moved[places[3]] = u < 40 ? x - u / moved[places[0]] : 0.5 * (x + doses[i + 1])
                    let value = objective.value(moved)
                    if value < best?.0 ?? .infinity { best = (value, moved) }
                }
            }
        }
        return best?.1
    }
}
