extension DoseResponse {
    /// Fits several curves together by least squares, with one residual variance for all.
    ///
    /// Without shared parameters these are the curves' own fits; standard errors and tests rest on the variance and the
    /// degrees of freedom of all curves, as R's drc does for a call with several curves (Ritz et al. 2015). With shared
    /// parameters (a global fit; Motulsky and Christopoulos 2004, chapter 10) the sum over all curves is minimised by
    /// Newton's method from several starts, and held against fits in which one curve lies on the border of the family.
    /// - Parameter curves: One or more, as for ``fit(_:_:)``, with doses in one unit and responses in one unit.
    /// - Returns: Estimates only when every curve has its optimum; ``JointFit/separate`` tells of each curve for itself.
    public static func fitTogether(_ curves: [DoseResponseCurve], _ options: JointOptions) -> JointFit {
        JointFitting(curves, options).run()
    }
}

/// One fit to several curves.
struct JointFitting {
    private let options: JointOptions
    private let layout: JointLayout
    private let data: JointLevels
    private let separate: [CurveFit]

    init(_ curves: [DoseResponseCurve], _ options: JointOptions) {
        self.options = options
        layout = JointLayout(options.model, shared: options.shared, curves: curves.count)
        data = JointLevels(curves)
        let fitting = CurveFitting(FitOptions(model: options.model, confidence: options.confidence, errors: options.errors))
        separate = curves.map(fitting.fit)
    }

    func run() -> JointFit {
        var result = JointFit(
            options: options, status: .ok, curveStatus: separate.map(\.status), separate: separate, points: data.points,
            parameterCount: layout.count, layout: layout)
        let square = data.scale * data.scale
        result.tss = data.points > 0 ? data.spread * square : nil
        if layout.shared.isEmpty {
            combine(&result)
        } else {
            fit(&result)
        }
        return result
    }

    /// Separate curves: the optimum is known, its errors are not.
    private func combine(_ result: inout JointFit) {
        let sums = separate.compactMap(\.rss)
        if sums.count == separate.count { result.rss = sums.reduce(0, +) }
        if let bad = separate.first(where: { $0.status != .ok }) {
            result.status = bad.status
            return
        }
        let vector = layout.entries.map { entry -> Double in
            guard let curve = entry.curve ?? (layout.curves == 1 ? 0 : nil), let values = separate[curve].values else { return 0 }
            switch entry.parameter {
            case .bottom, .top: return (values[entry.parameter] - data.shift) / data.scale
            case .location: return Elementary.log(values.location) - data.center
            case .slope, .asymmetry: return values[entry.parameter]
            }
        }
        describe(&result, vector)
        // What the curves were told, to the last digit.
        for place in result.parameters.indices {
            let parameter = result.parameters[place]
            if let curve = parameter.curve, let value = separate[curve].values?[parameter.parameter] {
                result.parameters[place].value = value
            }
        }
    }

    private func fit(_ result: inout JointFit) {
        if let refusal {
            result.status = refusal
            return
        }
        let objective = JointObjective(layout: layout, data: data)
        let optimum = JointSearch(objective: objective, separate: separate).run()
        let square = data.scale * data.scale
        guard optimum.isAttained else {
            let lowest = min(optimum.border, optimum.value)
            result.status = optimum.end == .unfinished ? .failed : .notIdentifiable
            result.rss = lowest.isFinite ? (2 * lowest + data.pureError) * square : nil
            result.curveStatus = (0..<layout.curves).map { optimum.runaways.contains($0) ? result.status : .ok }
            return
        }
        result.curveStatus = separate.map { _ in .ok }
        result.rss = (2 * optimum.value + data.pureError) * square
        describe(&result, layout.orient(optimum.vector))
    }

    /// What can be said before fitting: as of one curve, over all of them.
    private var refusal: FitStatus? {
        if data.points < layout.count { return .tooFewPoints }
        if data.isConstant { return .noVariation }
        let shapes = [Parameter.slope, .location, .asymmetry].filter { layout.model.isFree($0) && !layout.shared.contains($0) }
        let positive = data.ranges.map { data.levels[$0].count { $0.x > -.infinity } }
        return data.levels.count < layout.count || positive.contains { $0 < max(1, shapes.count) } ? .tooFewDoses : nil
    }

    private func describe(_ result: inout JointFit, _ vector: [Double]) {
        let at = JointObjective(layout: layout, data: data).derivatives(vector)
        let df = result.degreesOfFreedom, rss = result.rss ?? 0
        let isPerfect = rss <= 1e-20 * (result.tss ?? 0)
        let variance = df > 0 ? isPerfect ? 0 : rss / Double(df) : nil
        result.residualError = variance.map { $0.squareRoot() }
        result.quantile = df > 0 ? Distributions.tQuantile(confidence: options.confidence, df: Double(df)) : nil
        let expected = at.expected.inverse(), observed = at.hessian.inverse()
        let units = layout.entries.map { [.bottom, .top].contains($0.parameter) ? data.scale : 1 }
        if let variance {
            let inner = variance.squareRoot() / data.scale
            result.expected = expected?.scaled(by: units.map { $0 * inner })
            result.observed = observed?.scaled(by: units.map { $0 * inner })
        }
        result.parameters = layout.entries.enumerated().map { place, entry in
            let value: Double
            switch entry.parameter {
            case .bottom, .top: value = data.shift + data.scale * vector[place]
            case .location: value = Elementary.exp(vector[place] + data.center)
            case .slope, .asymmetry: value = vector[place]
            }
            // The search is in ln e: SE(e) = e SE(ln e).
            let unit = entry.parameter == .location ? value : 1
            return JointParameter(
                curve: entry.curve ?? (layout.curves == 1 ? 0 : nil), parameter: entry.parameter, value: value,
                observedError: result.observed.map { unit * $0[place, place].squareRoot() },
                expectedError: result.expected.map { unit * $0[place, place].squareRoot() },
                dependency: expected.map { max(0, 1 - 1 / (at.expected[place, place] * $0[place, place])) })
        }
        addQuality(&result, rss, isPerfect)
    }

    private func addQuality(_ result: inout JointFit, _ rss: Double, _ isPerfect: Bool) {
        let n = Double(result.points), p = Double(result.parameterCount)
        guard let tss = result.tss, tss > 0 else { return }
        let r2 = 1 - rss / tss
        result.r2 = r2
        if result.degreesOfFreedom > 0 { result.adjustedR2 = 1 - (1 - r2) * (n - 1) / (n - p) }
        guard !isPerfect, rss > 0 else { return }
        let logLikelihood = -n / 2 * (1.8378770664093454836 + Elementary.log(rss / n) + 1) + data.logWeights / 2
        result.logLikelihood = logLikelihood
        result.aic = -2 * logLikelihood + 2 * (p + 1)
        result.bic = -2 * logLikelihood + (p + 1) * Elementary.log(n)
        if n - p - 2 > 0, let aic = result.aic { result.aicc = aic + 2 * (p + 1) * (p + 2) / (n - p - 2) }
    }
}
