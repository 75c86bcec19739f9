/// Fits curves one after the other, with memory that it keeps.
final class CurveFitting {
    let options: FitOptions
    let levels = DoseLevels()
    private var quantiles: [Int: Double] = [:]
    private var limits: [Int: Double] = [:]

    init(_ options: FitOptions) { self.options = options }

    func fit(_ curve: DoseResponseCurve) -> CurveFit {
        curve.doses.withUnsafeBufferPointer { doses in
            curve.responses.withUnsafeBufferPointer { responses in
                guard let weights = curve.weights else { return fit(doses, responses, nil) }
                return weights.withUnsafeBufferPointer { fit(doses, responses, $0) }
            }
        }
    }

    func fit(
        _ doses: UnsafeBufferPointer<Double>, _ responses: UnsafeBufferPointer<Double>, _ weights: UnsafeBufferPointer<Double>?
    ) -> CurveFit {
        levels.load(doses, responses, weights)
        let model = options.model
        var result = summary(model)
        if let refusal = refusal(model) {
            result.status = refusal
            return result
        }
        let optimum = CurveSearch(levels: levels, model: ScaledModel(model, levels)).run()
        if optimum.isAttained, hasLocation(optimum) {
            estimate(&result, optimum, model)
        } else {
            describeBorder(&result, optimum)
        }
        return result
    }

    /// A location beyond the range of numbers is none.
    private func hasLocation(_ optimum: Optimum) -> Bool {
        let shape = optimum.descent.shape
        let location = Elementary.exp((options.model.isFree(.location) ? shape.q : 0) + levels.center)
        return location.isFinite && location > 0
    }

    /// What can be said before fitting.
    private func summary(_ model: DoseResponseModel) -> CurveFit {
        let square = levels.scale * levels.scale
        var result = CurveFit(
            model: model, status: .failed, flags: [], points: levels.points, doses: levels.doses,
            parameterCount: model.freeCount, errorKind: options.errors)
        result.confidence = options.confidence
        result.absoluteLevel = options.absoluteLevel
        if levels.count > 0 {
            result.lowestDose = levels.given.first
            result.highestDose = levels.given.last
        }
        guard levels.points > 0 else { return result }
        result.meanResponse = levels.shift
        result.tss = levels.spread * square
        if levels.points > 1 { result.responseDeviation = (levels.spread * square / Double(levels.points - 1)).squareRoot() }
        return result
    }

    private func refusal(_ model: DoseResponseModel) -> FitStatus? {
        let count = model.freeCount
        if levels.points == 0 || levels.points < count { return .tooFewPoints }
        if levels.isConstant { return .noVariation }
        let shapes = (model.isFree(.slope) ? 1 : 0) + (model.isFree(.location) ? 1 : 0) + (model.isFree(.asymmetry) ? 1 : 0)
        return levels.doses < max(count, 2) || levels.count < shapes ? .tooFewDoses : nil
    }

    private func describeBorder(_ result: inout CurveFit, _ optimum: Optimum) {
        result.status = optimum.descent.end == .unfinished && !optimum.border.isFinite ? .failed : .notIdentifiable
        let square = levels.scale * levels.scale
        let rss = SignificantDigits.roundedUp((optimum.shownBorder + levels.pureError) * square, 4)
        result.rss = rss
        if let step = optimum.step, step.rss <= optimum.shownBorder * (1 + 1e-9) { result.stepBetween = interval(of: step) }
        addBorderFlags(&result, rss)
    }

    /// The doses that enclose a step.
    private func interval(of step: StepBorder.Step) -> Interval? {
        // One dose at an end is no plateau: where it leads nobody knows.
        let after = levels.doses - step.before - (step.share == nil ? 0 : 1)
        let upper = (step.share ?? 0) > 0.5 ? 1 : 0, lower = step.share == nil ? 0 : 1 - upper
        guard step.before + upper > 1, after + lower > 1 else { return nil }
        let zero = levels.zeroWeight > 0 ? 1 : 0
        func dose(_ i: Int) -> Double? {
            let k = i - zero
            return levels.given.indices.contains(k) ? levels.given[k] : i == 0 && zero == 1 ? 0 : nil
        }
        // A dose between the plateaus is on the side of the one that it is nearer to: half of the effect lies on the other side of it.
        let first = (step.share ?? 0) > 0.5 ? step.before : step.before - 1
        let low = dose(first), high = dose(first + 1)
        return low == nil && high == nil ? nil : Interval(low: low, high: high)
    }

    /// Quantile of Student's t for the confidence level; the same few degrees of freedom come again and again.
    func quantile(_ df: Int) -> Double? {
        guard df > 0 else { return nil }
        if let known = quantiles[df] { return known }
        let value = Distributions.tQuantile(confidence: options.confidence, df: Double(df))
        quantiles[df] = value
        return value
    }

    private func estimate(_ result: inout CurveFit, _ optimum: Optimum, _ model: DoseResponseModel) {
        let scaled = ScaledModel(model, levels)
        var fitted = FittedShape(optimum.descent, scaled)
        fitted.orient(scaled)
        let information = Information(levels, model, scaled, fitted.values)
        result.status = .ok
        let square = levels.scale * levels.scale
        let rss = (optimum.descent.evaluation.rss + levels.pureError) * square
        result.rss = rss
        if optimum.descent.evaluation.rss + levels.pureError <= 1e-20 * levels.spread { result.flags.insert(.perfectFit) }
        addErrors(&result, information, inverses(information, scaled, fitted), fitted, rss)
        addQuality(&result, rss)
        if options.profiles { addProfiles(&result, optimum, scaled, fitted) }
        addDoses(&result)
        if let second = optimum.second {
            let other = (second + levels.pureError) * square
            if other <= 1.05 * rss { result.flags.insert(.localMinimumKnown) }
        }
        addFlags(&result)
    }

    private func addDoses(_ result: inout CurveFit) {
        result.ic50 = result.effectiveDose(50)
        if options.model.family == .logLogistic, !options.model.isFree(.asymmetry), options.model.fixed.asymmetry == 1 {
            result.ic50?.profile = result.parameters?.location.profile
        }
        guard let level = options.absoluteLevel else { return }
        result.absolute = result.dose(atLevel: level)
        if result.absolute == nil { result.flags.insert(.absoluteLevelNotReached) }
    }

    private func addProfiles(_ result: inout CurveFit, _ optimum: Optimum, _ scaled: ScaledModel, _ fitted: FittedShape) {
        let df = result.degreesOfFreedom
        guard let t = result.quantile, df > 0, !result.flags.contains(.perfectFit), var parameters = result.parameters else {
            return
        }
        let lowest = optimum.descent.evaluation.rss
        // F of 1 and df degrees of freedom is the square of t.
        let threshold = lowest + (lowest + levels.pureError) * t * t / Double(df)
        let profile = ProfileIntervals(
            levels: levels, model: scaled, fitted: fitted, lowest: lowest, threshold: threshold)
        for parameter in Parameter.allCases where !parameters[parameter].isFixed {
            let estimate = parameters[parameter]
            let unit = parameter == .bottom || parameter == .top ? levels.scale : parameter == .slope ? 1 : estimate.value
            let error = (estimate.expectedError ?? 0) * t / unit
            let found = profile.interval(parameter, error: Swift.abs(error))
            parameters[parameter].profile = Interval(
                low: found.low.map { natural($0, parameter) }, high: found.high.map { natural($0, parameter) })
            if found.low == nil || found.high == nil { result.flags.insert(.openInterval) }
            if parameter == .slope, found.low == nil || found.high == nil { result.flags.insert(.slopeNotIdentifiable) }
        }
        result.parameters = parameters
    }

    private func natural(_ place: Double, _ parameter: Parameter) -> Double {
        switch parameter {
        case .slope: place
        case .bottom, .top: levels.shift + levels.scale * place
        case .location: Elementary.exp(place + levels.center)
        case .asymmetry: Elementary.exp(place)
        }
    }

    /// The inverses of J'WJ and H/2. Where f moves they are taken where b and f do not stand for one another.
    private func inverses(
        _ information: Information, _ scaled: ScaledModel, _ fitted: FittedShape
    ) -> (expected: SmallMatrix?, observed: SmallMatrix?) {
        guard scaled.movesF else { return (information.expected.inverse(), information.observed.inverse()) }
        let inner = AsymmetricInformation(levels, fitted.values, rows: information.rows)
        return (inner.expected.inverse().map(inner.natural), inner.observed.inverse().map(inner.natural))
    }

    private func addErrors(
        _ result: inout CurveFit, _ information: Information, _ inverses: (expected: SmallMatrix?, observed: SmallMatrix?),
        _ fitted: FittedShape, _ rss: Double
    ) {
        let df = result.degreesOfFreedom
        let perfect = result.flags.contains(.perfectFit)
        let variance = df > 0 ? perfect ? 0 : rss / Double(df) : nil
        result.residualError = variance.map { $0.squareRoot() }
        if df <= 0 { result.flags.insert(.noResidualDF) }
        result.quantile = quantile(df)
        let (expected, observed) = inverses
        let natural = fitted.natural(levels)
        result.parameters = ParameterValues(
            slope: estimate(.slope, natural, information, expected, observed, variance),
            bottom: estimate(.bottom, natural, information, expected, observed, variance),
            top: estimate(.top, natural, information, expected, observed, variance),
            location: estimate(.location, natural, information, expected, observed, variance),
            asymmetry: estimate(.asymmetry, natural, information, expected, observed, variance))
        guard let variance else { return }
        let units = unitFactors(information)
        func covariance(_ matrix: SmallMatrix?) -> [Double]? {
            guard let matrix else { return nil }
            let factor = variance / (levels.scale * levels.scale)
            let size = matrix.size
            return [Double](unsafeUninitializedCapacity: size * size) { cells, count in
                for i in 0..<size {
                    for j in 0..<size { cells[i * size + j] = matrix[i, j] * factor * units[i] * units[j] }
                }
                count = size * size
            }
        }
        if options.errors == .observed, observed != nil {
            (result.covariance, result.otherCovariance) = (covariance(observed), covariance(expected))
        } else {
            result.errorKind = .expected
            (result.covariance, result.otherCovariance) = (covariance(expected), covariance(observed))
        }
    }

    /// What a step in each free parameter is worth outside: plateaus are scaled.
    private func unitFactors(_ information: Information) -> InlineArray<5, Double> {
        var units = InlineArray<5, Double>(repeating: 1)
        for p in 1...2 where information.rows[p] >= 0 { units[information.rows[p]] = levels.scale }
        return units
    }

    private func estimate(
        _ parameter: Parameter, _ natural: InlineArray<5, Double>, _ information: Information, _ expected: SmallMatrix?,
        _ observed: SmallMatrix?, _ variance: Double?
    ) -> ParameterEstimate {
        let row = information.rows[parameter.rawValue]
        var result = ParameterEstimate(value: natural[parameter.rawValue], isFixed: row < 0)
        if row < 0 {
            result.value = options.model.fixed[parameter] ?? result.value
            return result
        }
        // The search is in ln e: SE(e) = e SE(ln e). Plateaus are scaled.
        let unit = parameter == .location ? result.value : parameter == .bottom || parameter == .top ? levels.scale : 1
        let inner = variance.map { $0 / (levels.scale * levels.scale) }
        func error(_ matrix: SmallMatrix?) -> Double? {
            guard let matrix, let inner, matrix[row, row] >= 0 else { return nil }
            return unit * (inner * matrix[row, row]).squareRoot()
        }
        result.expectedError = error(expected)
        result.observedError = error(observed)
        if let expected {
            result.dependency = max(0, 1 - 1 / (information.expected[row, row] * expected[row, row]))
        }
        return result
    }
}
