/// Fits within bounds: freely first, and where that leaves the bounds, with parameters held at the ends they were driven to.
final class BoundedFitting {
    private let options: FitOptions
    private let free: CurveFitting

    init(_ options: FitOptions) {
        self.options = options
        free = CurveFitting(options)
    }

    private var isBounded: Bool { Parameter.allCases.contains { options.bounds[$0] != nil } }

    func fit(_ curve: DoseResponseCurve) -> CurveFit {
        var found = within(curve)
        guard options.seeksOutliers, OutlierSigns.mayHave(curve, found) else { return found }
        found.suspects = DoseResponse.robustFit(curve, loss: .tukey(), model: options.model).suspects
        if !found.suspects.isEmpty { found.flags.insert(.suspectedOutliers) }
        return found
    }

    private func within(_ curve: DoseResponseCurve) -> CurveFit {
        let found = free.fit(curve)
        guard isBounded, found.status == .ok || found.status == .notIdentifiable, !isWithin(found) else { return found }
        if let best = best(curve, options) { return best }
        // Nothing that fits lies within the bounds: then there is no number.
        var none = found
        (none.status, none.parameters, none.ic50, none.absolute, none.covariance) = (.notIdentifiable, nil, nil, nil, nil)
        return none
    }

    /// Of all ends that parameters can be held at the one with the lowest residual sum of squares.
    private func best(_ curve: DoseResponseCurve, _ options: FitOptions) -> CurveFit? {
        var best: CurveFit?
        for parameter in Parameter.allCases where options.model.isFree(parameter) {
            guard let range = options.bounds[parameter] else { continue }
            for end in [range.lowerBound, range.upperBound] {
                var held = options
                held.model.fixed[parameter] = end
                guard held.model.freeCount > 0 else { continue }
                var found = CurveFitting(held).fit(curve)
                if found.status == .notIdentifiable || found.status == .ok && !isWithin(found) {
                    guard let deeper = self.best(curve, held) else { continue }
                    found = deeper
                }
                // With a held slope a curve and its twin fit alike: the one that stands upright counts.
                if let values = found.values, options.model.isFree(.bottom), options.model.isFree(.top),
                    values.bottom > values.top
                {
                    continue
                }
                guard found.status == .ok || found.status == .hitBound, let rss = found.rss, rss < best?.rss ?? .infinity else {
                    continue
                }
                found.status = .hitBound
                best = found
            }
        }
        return best
    }

    private func isWithin(_ fit: CurveFit) -> Bool {
        guard let values = fit.values else { return false }
        return Parameter.allCases.allSatisfy { parameter in
            guard let range = options.bounds[parameter] else { return true }
            // Held at an end, it is at the end up to rounding.
            let slack = 1e-12 * max(Swift.abs(range.lowerBound), Swift.abs(range.upperBound))
            return values[parameter] >= range.lowerBound - slack && values[parameter] <= range.upperBound + slack
        }
    }
}

/// Whether a robust fit, which costs as much as many plain ones, is worth asking.
enum OutlierSigns {
    /// Residuals beyond so many robust standard deviations: of normal scatter one point in 16,000 lies there.
    static let distance = 4.0

    static func mayHave(_ curve: DoseResponseCurve, _ fit: CurveFit) -> Bool {
        guard let values = fit.values, fit.degreesOfFreedom > 1, !fit.flags.contains(.perfectFit) else { return false }
        var residuals: [Double] = []
        for (place, dose) in curve.doses.enumerated() {
            let weight = curve.weights?[place] ?? 1
            guard weight > 0 else { continue }
            residuals.append(Swift.abs(curve.responses[place] - fit.model.mean(at: dose, values)) * weight.squareRoot())
        }
        residuals.sort()
        let median = residuals[residuals.count / 2]
        return (residuals.last ?? 0) > distance * max(median, 1e-300) / 0.67449
    }
}
