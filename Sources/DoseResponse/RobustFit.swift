/// A curve fitted with a loss that outliers cannot dominate.
public struct RobustFit: Sendable {
    public var model: DoseResponseModel
    public var loss: RobustLoss
    /// ``FitStatus/ok`` when the best of the minima found from several starts has a vanishing gradient and beats what was found
    /// on the border. Robust losses have several minima, so there is no proof that none is lower.
    public internal(set) var status: FitStatus
    /// s, in the unit of the responses: what `objective` divides residuals by.
    public internal(set) var scale: Double
    /// Fixed ones too; `nil` unless the status is ok.
    public internal(set) var values: ParameterValues<Double>?
    /// Sum of the losses of sqrt(w) (y - mean)/s.
    public internal(set) var objective: Double?
    /// For each point of the input 0 to 1: what it counts for. 0 for points of weight 0; empty when there is no estimate.
    public internal(set) var weights: [Double] = []
    /// Places in the input, from 0, of points that count for less than ``FitThresholds/outlierWeight``.
    public internal(set) var suspects: [Int] = []

    /// The fitted mean at a dose of 0 or above; `nil` when there is no estimate.
    public func mean(at dose: Double) -> Double? { values.map { model.mean(at: dose, $0) } }
}

extension DoseResponse {
    /// Fits one curve by a robust loss: M-estimation with the scale held fixed (Huber 1964; Motulsky and Brown, BMC
    /// Bioinformatics 2006, 7:123, for dose-response curves), from the least-squares fit, the fit of least absolute
    /// deviations and a grid.
    /// - Parameters:
    ///   - curve: As for ``fit(_:_:)``. Weights are 1/variance: they count as sqrt(w) on the residuals.
    ///   - scale: s, in the unit of the responses. When `nil`, the median of the absolute residuals of the
    ///     least-absolute-deviations fit over 0.67449, which is the standard deviation of normal errors; 1 for
    ///     ``RobustLoss/leastAbsolute`` itself.
    public static func robustFit(
        _ curve: DoseResponseCurve, loss: RobustLoss, model: DoseResponseModel = .ll4, scale: Double? = nil
    ) -> RobustFit {
        RobustFitting(curve, model).run(loss, scale)
    }
}

/// One robust fit.
struct RobustFitting {
    let curve: DoseResponseCurve
    let layout: JointLayout
    let data: JointLevels
    let squares: CurveFit

    /// Of a normal distribution: the median of |z|.
    static let normalMedian = 0.67448975019608171

    init(_ curve: DoseResponseCurve, _ model: DoseResponseModel) {
        self.curve = curve
        layout = JointLayout(model, shared: [], curves: 1)
        data = JointLevels([curve], merging: false)
        squares = DoseResponse.fit(curve, FitOptions(model: model))
    }

    func run(_ loss: RobustLoss, _ scale: Double?) -> RobustFit {
        var result = RobustFit(model: layout.model, loss: loss, status: squares.status, scale: scale ?? 1)
        guard squares.status == .ok || squares.status == .notIdentifiable else { return result }
        let deviations = LeastAbsoluteDeviations(layout: layout, data: data)
        let absolute = deviations.fit(from: starts(for: .huber(1), 0.1))
        guard let absolute else {
            result.status = .notIdentifiable
            return result
        }
        let spread = medianDeviation(absolute)
        if loss == .leastAbsolute {
            finish(&result, absolute, weightScale: spread)
            return result
        }
        let inner = max(scale.map { $0 / data.scale } ?? spread, 1e-9)
        result.scale = inner * data.scale
        // With half of the points on the curve the scale is nothing but rounding: every other residual is infinite.
        if inner == 1e-9 {
            finish(&result, absolute, weightScale: inner)
            return result
        }
        let objective = JointObjective(layout: layout, data: data, loss: loss, lossScale: inner)
        let descent = JointDescent(objective: objective)
        let descents = ([absolute] + starts(for: loss, inner)).map { descent.descend(from: $0) }
        let minima = descents.filter { $0.end == .minimum && layout.isOrdered($0.vector) }
        let border = descents.filter { $0.end == .border }.map(\.value).min() ?? .infinity
        guard let best = minima.min(by: { $0.value < $1.value }), best.value < border else {
            result.status = border.isFinite ? .notIdentifiable : .failed
            return result
        }
        finish(&result, best.vector, weightScale: inner)
        return result
    }

    /// The least-squares estimates, and the best of a grid of shapes with plateaus that suit the loss.
    private func starts(for loss: RobustLoss, _ scale: Double) -> [[Double]] {
        let objective = JointObjective(layout: layout, data: data, loss: loss, lossScale: scale)
        let starts = JointStarts(objective: objective, separate: [squares])
        return starts.ownValues() + starts.shapeGrid(6)
    }

    private func residuals(_ vector: [Double]) -> [Double] {
        let objective = JointObjective(layout: layout, data: data)
        let p = objective.parameters(0, vector)
        return data.levels.map { $0.w.squareRoot() * ($0.y - objective.mean($0, p)) }
    }

    private func medianDeviation(_ vector: [Double]) -> Double {
        Sample.median(residuals(vector).map { Swift.abs($0) }) / Self.normalMedian
    }

    private func finish(_ result: inout RobustFit, _ vector: [Double], weightScale: Double) {
        let vector = layout.orient(vector), residuals = residuals(vector), loss = result.loss
        var values = ParameterValues(repeating: 1.0)
        for parameter in Parameter.allCases {
            let place = layout.places[0][parameter.rawValue]
            guard place >= 0 else {
                values[parameter] = layout.model.fixed[parameter] ?? 1
                continue
            }
            switch parameter {
            case .bottom, .top: values[parameter] = data.shift + data.scale * vector[place]
            case .location: values[parameter] = Elementary.exp(vector[place] + data.center)
            case .slope, .asymmetry: values[parameter] = vector[place]
            }
        }
        (result.status, result.values) = (.ok, values)
        let unit = data.scale / result.scale
        result.objective = residuals.reduce(0) { $0 + loss.value($1 * unit) }
        // Points of weight 0 were left out of the levels.
        var next = residuals.makeIterator()
        result.weights = curve.doses.indices.map { place in
            guard curve.weight(place) > 0, let residual = next.next() else { return 0 }
            return residual == 0 ? 1 : min(1, loss.weight(residual / max(weightScale, 1e-9)))
        }
        result.suspects = curve.doses.indices.filter {
            curve.weight($0) > 0 && result.weights[$0] < FitThresholds.outlierWeight
        }
    }
}

extension JointStarts {
    /// Of the one curve there is: its own estimates.
    func ownValues() -> [[Double]] {
        guard separate.first?.values != nil else { return [] }
        return Array(vectors(3).prefix(3))
    }

    /// The best shapes of the whole grid, each with the plateaus that fit it best after a few steps.
    func shapeGrid(_ limit: Int) -> [[Double]] {
        var found: [([Double], Double)] = []
        forShapes { start in
            var vector = start
            for _ in 0..<3 { vector = withPlateaus(vector) }
            let value = objective.value(vector)
            if value.isFinite { found.append((vector, value)) }
        }
        found.sort { $0.1 < $1.1 }
        return found.prefix(limit).map(\.0)
    }
}
