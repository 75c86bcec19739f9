/// Where a common fit begins: what the curves say each for itself, and a grid of shapes with the plateaus that fit them best.
struct JointStarts {
    let objective: JointObjective
    /// Of the curves, each for itself; some may have no estimate.
    let separate: [CurveFit]

    private var layout: JointLayout { objective.layout }
    private var data: JointLevels { objective.data }

    /// |b| times the span of ln dose, as in ``StartingShapes``.
    private static let steepness: [Double] = [0.6, 1.5, 3, 5.5, 9, 15, 25, 45]
    private static let asymmetries: [Double] = [0.2, 1, 5]

    /// The best first.
    func vectors(_ limit: Int) -> [[Double]] {
        var found = fromCurves() + fromGrid()
        found = found.map(withPlateaus)
        let values = found.map(objective.value)
        return found.indices.filter { values[$0].isFinite }.sorted { values[$0] < values[$1] }.prefix(limit).map { found[$0] }
    }

    /// The averages of what is shared, and the values of each curve in turn.
    private func fromCurves() -> [[Double]] {
        let known = separate.indices.compactMap { curve in values(of: curve).map { (curve, $0) } }
        guard !known.isEmpty else { return [] }
        var mean = InlineArray<5, Double>(repeating: 0)
        for k in 0..<5 { mean[k] = known.reduce(0) { $0 + $1.1[k] } / Double(known.count) }
        func vector(_ common: InlineArray<5, Double>) -> [Double] {
            layout.entries.map { entry in
                let own = entry.curve.flatMap { curve in known.first { $0.0 == curve }?.1 }
                return (own ?? common)[entry.parameter.rawValue]
            }
        }
        return [vector(mean)] + known.map { vector($0.1) }
    }

    /// b, c, d, ln e, f of a curve alone, on the common scales.
    private func values(of curve: Int) -> InlineArray<5, Double>? {
        guard let values = separate[curve].values else { return nil }
        var result = InlineArray<5, Double>(repeating: 0)
        result[0] = values.slope
        result[1] = (values.bottom - data.shift) / data.scale
        result[2] = (values.top - data.shift) / data.scale
        result[3] = Elementary.log(values.location) - data.center
        result[4] = values.asymmetry
        return result
    }

    /// For each slope, location and asymmetry that is shared, the best of those that are not; then the plateaus; three times
    /// over.
    private func fromGrid() -> [[Double]] {
        let first = widest
        var result: [[Double]] = []
        for b in shared(.slope, slopes) {
            for q in shared(.location, locations) {
                for f in shared(.asymmetry, Self.asymmetries) {
                    var vector = first
                    for (place, entry) in layout.entries.enumerated() where entry.curve == nil {
                        if entry.parameter == .slope, let b { vector[place] = b }
                        if entry.parameter == .location, let q { vector[place] = q }
                        if entry.parameter == .asymmetry, let f { vector[place] = f }
                    }
                    for _ in 0..<3 {
                        for curve in 0..<layout.curves { place(curve, &vector) }
                        vector = withPlateaus(vector)
                    }
                    result.append(vector)
                }
            }
        }
        return result
    }

    /// Plateaus at the ends of the responses, shapes in the middle.
    private var widest: [Double] {
        let lows = data.levels.lazy.map(\.y).min() ?? 0, highs = data.levels.lazy.map(\.y).max() ?? 1
        return layout.entries.map { entry -> Double in
            switch entry.parameter {
            case .slope, .asymmetry: 1
            case .bottom: lows
            case .top: highs
            case .location: 0
            }
        }
    }

    /// Every shape of the grid, of all curves alike.
    func forShapes(_ body: ([Double]) -> Void) {
        var vector = widest
        for b in layout.model.isFree(.slope) ? slopes : [1] {
            for q in layout.model.isFree(.location) ? locations : [0] {
                for f in layout.model.isFree(.asymmetry) ? Self.asymmetries : [1] {
                    for (place, entry) in layout.entries.enumerated() {
                        switch entry.parameter {
                        case .slope: vector[place] = b
                        case .location: vector[place] = q
                        case .asymmetry: vector[place] = f
                        case .bottom, .top: break
                        }
                    }
                    body(vector)
                }
            }
        }
    }

    private func shared(_ parameter: Parameter, _ values: [Double]) -> [Double?] {
        layout.shared.contains(parameter) ? values : [nil]
    }

    private var reach: (low: Double, high: Double) {
        let all = (0..<layout.curves).compactMap(data.reach)
        return (all.map(\.low).min() ?? 0, all.map(\.high).max() ?? 0)
    }

    private var slopes: [Double] {
        let span = max(reach.high - reach.low, 0.5)
        let values = Self.steepness.map { $0 / span }
        return values + values.map { -$0 }
    }

    private var locations: [Double] {
        let (low, high) = reach, step = max(high - low, 0.5) / 12
        return (-4...16).map { low + Double($0) * step }
    }

    /// Sets what a curve does not share to the point of the grid that fits it best with the plateaus as they are.
    private func place(_ curve: Int, _ vector: inout [Double]) {
        let places = layout.places[curve]
        func own(_ parameter: Parameter) -> Bool { layout.model.isFree(parameter) && !layout.shared.contains(parameter) }
        var p = objective.parameters(curve, vector), best = Double.infinity, chosen = p
        for b in own(.slope) ? slopes : [p[0]] {
            for q in own(.location) ? locations : [p[3]] {
                for f in own(.asymmetry) && places[4] >= 0 ? Self.asymmetries : [p[4]] {
                    (p[0], p[3], p[4]) = (b, q, f)
                    var sum = 0.0
                    for level in data.levels[data.ranges[curve]] {
                        sum += objective.cost(level, level.y - objective.mean(level, p))
                    }
                    if sum < best { (best, chosen) = (sum, p) }
                }
            }
        }
        for k in [0, 3, 4] where places[k] >= 0 && layout.entries[places[k]].curve != nil { vector[places[k]] = chosen[k] }
    }

    /// The plateaus are linear: one step of least squares puts them where they fit best.
    func withPlateaus(_ vector: [Double]) -> [Double] {
        let linear = layout.entries.indices.filter { [.bottom, .top].contains(layout.entries[$0].parameter) }
        guard !linear.isEmpty else { return vector }
        let at = objective.derivatives(vector), matrix = at.expected.submatrix(linear)
        // A little damping, because a curve may say nothing of one of its plateaus.
        let weights = linear.map { max(at.expected[$0, $0], 1e-9) }
        guard let factor = CholeskyFactor(matrix, damping: 1e-9, weights: weights) else { return vector }
        var result = vector
        for (place, step) in zip(linear, factor.solve(linear.map { -at.gradient[$0] })) { result[place] += step }
        return result
    }
}
