public import DoseResponse

/// What is fitted, and how.
public struct AnalysisSettings: Sendable, Hashable {
    public var model: DoseResponseModel
    public var confidence: Double
    public var errors: ErrorKind
    /// The response of the absolute IC; `nil`: 50 where responses are percent, else none.
    public var level: Double?
    public var bounds: ParameterValues<ClosedRange<Double>?>
    public var workers: Int

    public init(
        model: DoseResponseModel = .ll4, confidence: Double = 0.95, errors: ErrorKind = .observed, level: Double? = nil,
        bounds: ParameterValues<ClosedRange<Double>?> = ParameterValues(repeating: nil), workers: Int = 2
    ) {
        self.model = model
        self.confidence = confidence
        self.errors = errors
        self.level = level
        self.bounds = bounds
        self.workers = workers
    }

    /// For the provenance, and for telling one analysis of the same data from another.
    public func described(_ dataset: DatasetOptions) -> [IC50Report.Provenance.Setting] {
        var list: [IC50Report.Provenance.Setting] = [
            .init("model", model.description), .init("fixed", model.fixedText.isEmpty ? "nothing" : model.fixedText),
            .init("standard errors", errors == .observed ? "observed information" : "expected information"),
            .init("confidence", "\(confidence)"),
            .init("absolute level", level.map { "\($0)" } ?? "50 where responses are percent"),
        ]
        for parameter in Parameter.allCases {
            if let range = bounds[parameter] {
                list.append(.init("bounds of \(parameter)", "\(range.lowerBound) to \(range.upperBound)"))
            }
        }
        if !dataset.responses.isEmpty { list.append(.init("responses", dataset.responses.joined(separator: ", "))) }
        if let unit = dataset.doseUnit { list.append(.init("dose unit", unit)) }
        if dataset.dosesAreLog10 { list.append(.init("doses", "10 to the power of the column")) }
        if dataset.usesBounds { list.append(.init("bounded cells", "taken at their bound")) }
        if dataset.isLenient { list.append(.init("unreadable cells", "left out")) }
        if let controls = dataset.controls {
            list.append(
                .init("normalised", "100 (y - \(controls.low))/(\(controls.high) - \(controls.low)), means of the control wells"))
        }
        return list
    }
}

/// Fits the curves of a data set and judges them.
public enum IC50Analysis {
    /// - Returns: A report with one entry for each curve, in the order of the data set.
    public static func report(
        on dataset: DoseResponseDataset, _ settings: AnalysisSettings, provenance: IC50Report.Provenance
    ) async -> IC50Report {
        let curves = dataset.curves
        let percents = curves.map { isPercent($0) }
        var fits = [CurveFit?](repeating: nil, count: curves.count)
        // Percent curves have an absolute level, the others may have none: two calls at most.
        for percent in [true, false] {
            let places = curves.indices.filter { percents[$0] == percent }
            guard !places.isEmpty else { continue }
            let options = FitOptions(
                model: settings.model, confidence: settings.confidence, errors: settings.errors,
                absoluteLevel: settings.level ?? (percent ? 50 : nil), profiles: true, isPercent: percent,
                bounds: settings.bounds, seeksOutliers: true)
            let found = await DoseResponse.fit(places.map { observed(curves[$0]) }, options, workers: settings.workers)
            for (place, fit) in zip(places, found) { fits[place] = fit }
        }
        let directions = AssayDirections(zip(curves, fits).compactMap { curve, fit in fit.map { (curve.series, $0) } })
        let reported = zip(curves, fits).compactMap { curve, fit in
            fit.map { Self.reported(curve, $0, directions.of(curve.series)) }
        }
        return IC50Report(curves: reported, provenance: provenance)
    }

    private static func observed(_ curve: DoseResponseSeries) -> DoseResponseCurve {
        let isWeighted = curve.points.contains { $0.weight != 1 }
        return DoseResponseCurve(
            doses: curve.points.map(\.dose), responses: curve.points.map(\.response),
            weights: isWeighted ? curve.points.map(\.weight) : nil)
    }

    /// The mean response of each dose.
    private static func means(_ curve: DoseResponseSeries) -> [Double] {
        var sums: [Double: (weight: Double, response: Double)] = [:]
        for point in curve.points where point.weight > 0 {
            let sum = sums[point.dose] ?? (0, 0)
            sums[point.dose] = (sum.weight + point.weight, sum.response + point.weight * point.response)
        }
        return sums.values.map { $0.response / $0.weight }
    }

    /// Said to be percent, or named as what is stated in percent and within its range.
    private static func isPercent(_ curve: DoseResponseSeries) -> Bool {
        if curve.isPercent { return true }
        guard ResponseColumns.meansPercent(curve.series), let high = curve.points.map(\.response).max(),
            let low = curve.points.map(\.response).min()
        else { return false }
        return high > 2 && high < 200 && low > -100
    }

    private static func reported(
        _ curve: DoseResponseSeries, _ fit: CurveFit, _ direction: VerdictRules.Direction?
    ) -> ReportedCurve {
        var fit = fit
        if curve.rowsDropped > 0 { fit.flags.insert(.rowsDropped) }
        var verdict = VerdictRules.judge(fit, unit: curve.doseUnit?.written, direction: direction)
        if isPercent(curve), let level = fit.absoluteLevel {
            verdict = VerdictRules.bounded(
                verdict, fit, level: level, means: means(curve), direction: direction, unit: curve.doseUnit?.written)
        }
        switch verdict.bound {
        case .above?: fit.flags.insert(.ic50AboveMaxDose)
        case .below?: fit.flags.insert(.ic50BelowMinDose)
        case nil: break
        }
        var result = ReportedCurve(
            name: curve.name, series: curve.series, hours: curve.hours, doseUnit: curve.doseUnit?.written,
            responseUnit: curve.responseUnit ?? (isPercent(curve) ? "%" : nil), points: curve.points,
            rowsDropped: curve.rowsDropped, fit: fit,
            verdict: verdict,
            zPrime: curve.zPrime)
        result.cell = curve.cell
        // `24h` as the name of a curve tells its hours, and nothing else.
        if result.hours == nil { result.hours = ResponseColumns.hours(in: curve.name) }
        result.molarFactor = curve.doseUnit?.molar
        return result
    }
}

/// Which way the responses of each series go: by their heading, else by the curves that leave no doubt.
struct AssayDirections {
    private var bySeries: [String: Int] = [:]

    init(_ fits: [(series: String, fit: CurveFit)]) {
        for (series, fit) in fits {
            guard fit.status == .ok, !VerdictRules.isFlat(fit), let values = fit.values else { continue }
            bySeries[series, default: 0] += fit.model.startsAtTop(slope: values.slope) ? -1 : 1
        }
    }

    private static let rising = [
        "inhib", "mortal", "kill", "death", "toxic", "lysis", "activation", "induction", "stimul", "occupancy",
    ]
    private static let falling = ["viab", "surviv", "prolif", "growth", "of control", "remaining", "confluen"]

    func of(_ series: String) -> VerdictRules.Direction? {
        let words = series.lowercased()
        if Self.rising.contains(where: words.contains) { return .rises }
        if Self.falling.contains(where: words.contains) { return .falls }
        let sum = bySeries[series] ?? 0
        return sum > 0 ? .rises : sum < 0 ? .falls : nil
    }
}
