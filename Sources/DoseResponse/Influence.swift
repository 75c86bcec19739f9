/// What one point does to a fit.
public struct PointInfluence: Sendable {
    /// Place in the input, from 0.
    public var place: Int
    /// Of the point, y - mean; and over s sqrt((1 - leverage)/w), so that its variance is 1.
    public var residual: Double, studentized: Double?
    /// How much of its own mean the point makes: 0 to 1. The leverages add up to the number of parameters.
    public var leverage: Double
    /// Cook's distance: sum w (change of the means without the point)^2 / (p s^2). Above 1 the point decides about the curve.
    public var cooksDistance: Double?
    /// e without the point, in the unit of the doses: to first order.
    public var location: Double?
    /// The fit without the point, where refits were asked for.
    public var refit: CurveFit?
    /// Cook's distance from the refit; `nil` without one, or when what is left has no estimate.
    public var exactDistance: Double?
}

extension DoseResponse {
    /// What each point does to a fit: leave-one-out by linearisation with the leverages of J (J'WJ)^-1 J'W (Cook 1977; for
    /// nonlinear regression Ross, Can. J. Statist. 1987, 15:91), and by fitting again.
    /// - Parameters:
    ///   - curve: The points that were fitted.
    ///   - fit: Their fit; its parameters are those that are estimated.
    ///   - refits: Whether the curve is fitted again without each point: as many fits as there are points.
    /// - Returns: For each point of weight above 0, in the order of the input; empty when the fit has no estimates or J'WJ
    ///   no inverse.
    public static func influence(of curve: DoseResponseCurve, on fit: CurveFit, refits: Bool = false) -> [PointInfluence] {
        guard let values = fit.values, fit.status == .ok, let design = Design(curve, fit, values) else { return [] }
        let df = fit.degreesOfFreedom
        let variance = df > 0 ? fit.residualError.map { $0 * $0 } : nil
        let parameters = Double(fit.parameterCount)
        return design.places.enumerated().map { row, place in
            let residual = design.residuals[row], w = curve.weight(place), h = design.leverages[row]
            var result = PointInfluence(place: place, residual: residual, studentized: nil, leverage: h)
            // With a leverage of 1 the curve goes through the point whatever it is.
            if h < 1 - 1e-10 {
                if let variance, variance > 0 {
                    result.studentized = residual * (w / (variance * (1 - h))).squareRoot()
                    result.cooksDistance = w * residual * residual / (parameters * variance) * h / ((1 - h) * (1 - h))
                }
                result.location = design.location.map {
                    values.location * Elementary.exp(-design.changes[row][$0] * w * residual / (1 - h))
                }
            }
            guard refits else { return result }
            let again = DoseResponse.fit(curve.without(place), FitOptions(model: fit.model))
            result.refit = again
            if let variance, variance > 0, again.status == .ok {
                var sum = 0.0
                for other in design.places {
                    let change = (again.mean(at: curve.doses[other]) ?? 0) - (fit.mean(at: curve.doses[other]) ?? 0)
                    sum += curve.weight(other) * change * change
                }
                result.exactDistance = sum / (parameters * variance)
            }
            return result
        }
    }
}

/// The rows of J and what follows from them.
private struct Design {
    var places: [Int], residuals: [Double] = [], leverages: [Double] = []
    /// (J'WJ)^-1 times the row of each point.
    var changes: [[Double]] = []
    /// Which column is ln e; `nil` when it is fixed.
    var location: Int?

    init?(_ curve: DoseResponseCurve, _ fit: CurveFit, _ values: ParameterValues<Double>) {
        places = curve.doses.indices.filter { curve.weight($0) > 0 }
        location = fit.model.free.firstIndex(of: .location)
        let rows = places.map { fit.meanGradient(at: curve.doses[$0], values) }
        var matrix = SymmetricMatrix(fit.model.free.count)
        for (place, row) in zip(places, rows) {
            for i in row.indices { for j in row.indices { matrix[i, j] += curve.weight(place) * row[i] * row[j] } }
        }
        guard let factor = CholeskyFactor(matrix) else { return nil }
        for (place, row) in zip(places, rows) {
            let change = factor.solve(row)
            changes.append(change)
            leverages.append(min(1, curve.weight(place) * zip(row, change).reduce(0) { $0 + $1.0 * $1.1 }))
            residuals.append(curve.responses[place] - fit.model.mean(at: curve.doses[place], values))
        }
    }
}

extension DoseResponseCurve {
    /// The other points.
    func without(_ place: Int) -> DoseResponseCurve {
        var result = self
        result.doses.remove(at: place)
        result.responses.remove(at: place)
        result.weights?.remove(at: place)
        return result
    }
}
