/// Where to begin: the valleys of a coarse grid over the design, and the steps between doses.
struct StartingShapes {
    let levels: DoseLevels
    let model: ScaledModel

    /// |b| times the span of ln dose: from nearly straight to nearly a step.
    private static let steepness: [Double] = [0.6, 1.5, 3, 5.5, 9, 15, 25, 45, 80]
    private static let asymmetries: [Double] = [-4, -1.7, 0, 1.7, 4]
    /// Places between the lowest and the highest dose; further out the exponent at the nearest dose counts.
    private static let inside = 13
    private static let outside: [Double] = [0.6, 1.8, 5]

    /// The best first.
    /// - Parameter limit: How many valleys of the grid at most.
    func shapes(_ limit: Int) -> [Shape] {
        let slopes = slopeGrid(), places = slopes.map(locationGrid)
        var found: [(Shape, Double)] = []
        for lnF in model.movesF ? Self.asymmetries : [model.held.lnF] {
            let values = grid(slopes, places, lnF)
            valleys(values, slopes.count, places[0].count) { row, column, value in
                found.append((Shape(b: slopes[row], q: places[row][column], lnF: lnF), value))
            }
        }
        found.sort { $0.1 < $1.1 }
        return found.prefix(limit).map(\.0)
    }

    private func slopeGrid() -> [Double] {
        guard model.movesB else { return [model.held.b] }
        let span = max(levels.span, 0.5)
        let values = Self.steepness.map { $0 / span }
        return model.hasTwin ? values : values.map { -$0 }.reversed() + values
    }

    /// Across the doses, and as far out as the slope reaches.
    private func locationGrid(_ b: Double) -> [Double] {
        guard model.movesQ else { return [model.pivot] }
        let width = 1 / Swift.abs(b)
        return Self.outside.reversed().map { levels.lowest - $0 * width }
            + (0..<Self.inside).map { levels.lowest + Double($0) * (levels.span / Double(Self.inside - 1)) }
            + Self.outside.map { levels.highest + $0 * width }
    }

    private func grid(_ slopes: [Double], _ places: [[Double]], _ lnF: Double) -> [Double] {
        var values: [Double] = []
        values.reserveCapacity(slopes.count * (Self.inside + 2 * Self.outside.count))
        for (b, places) in zip(slopes, places) {
            if model.isSymmetric {
                levels.fillPowers(b)
                for q in places { values.append(levels.gridValue(b, q, model)) }
            } else {
                for q in places { values.append(levels.evaluate(Shape(b: b, q: q, lnF: lnF), model).rss) }
            }
        }
        return values
    }

    /// Grid points that no neighbour undercuts.
    private func valleys(_ values: [Double], _ rows: Int, _ columns: Int, _ body: (Int, Int, Double) -> Void) {
        for row in 0..<rows {
            for column in 0..<columns {
                let value = values[row * columns + column]
                guard value.isFinite else { continue }
                var lowest = true
                for r in max(0, row - 1)...min(rows - 1, row + 1) {
                    for c in max(0, column - 1)...min(columns - 1, column + 1) where values[r * columns + c] < value {
                        lowest = false
                    }
                }
                if lowest { body(row, column, value) }
            }
        }
    }
}

extension DoseLevels {
    /// e^(b x) for each dose, into the place of g1: all locations of a grid share them.
    func fillPowers(_ b: Double) {
        forLanes { i in
            let u = lanes(x, i) * b
            let t = Elementary.expOfNegative(u.magnitudes)
            store((1 / t).replacing(with: t, where: u .< 0), g1, i)
        }
    }

    /// The residual sum of squares of a symmetric log-logistic curve, from the powers that ``fillPowers(_:)`` left.
    func gridValue(_ b: Double, _ q: Double, _ model: ScaledModel) -> Double {
        let shifted = Elementary.exp(max(-700, min(700, -b * q)))
        var s0 = Lanes(repeating: 0), s1 = s0, s2 = s0
        let zeroG = b > 0 ? 1.0 : 0
        switch model.linearCount {
        case 2:
            forLanes { i in
                let share = 1 / (1 + lanes(g1, i) * shifted)
                let weighted = lanes(w, i) * share
                s0 += weighted
                s1 += weighted * share
                s2 += weighted * lanes(y, i)
            }
            let sum = s0.total + zeroWeight * zeroG
            let gg = s1.total + zeroWeight * zeroG - sum * sum / totalWeight
            let gy = s2.total + zeroWeight * zeroG * zeroMean
            return gg > 1e-12 * totalWeight ? levelSpread - gy * gy / gg : levelSpread
        case 1:
            let raised = model.top != nil
            let a = (raised ? model.top : model.bottom) ?? 0
            forLanes { i in
                let share = 1 / (1 + lanes(g1, i) * shifted) - (raised ? 1 : 0)
                let weighted = lanes(w, i) * share, target = lanes(y, i) - a
                s0 += lanes(w, i) * target * target
                s1 += weighted * share
                s2 += weighted * target
            }
            let zero = zeroG - (raised ? 1 : 0), target = zeroMean - a
            let yy = s0.total + zeroWeight * target * target
            let gg = s1.total + zeroWeight * zero * zero
            let gy = s2.total + zeroWeight * zero * target
            return gg > 1e-12 * totalWeight ? yy - gy * gy / gg : yy
        default:
            let c = model.bottom ?? 0, h = (model.top ?? 0) - c
            forLanes { i in
                let residual = lanes(y, i) - c - h / (1 + lanes(g1, i) * shifted)
                s0 += lanes(w, i) * residual * residual
            }
            let zero = zeroMean - c - h * zeroG
            return s0.total + zeroWeight * zero * zero
        }
    }
}
