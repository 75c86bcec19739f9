/// Several models fitted to one curve, and the one that its points support.
public struct ModelChoice: Sendable {
    public struct Candidate: Sendable {
        /// `flat`, or the family and the number of parameters that are estimated: `LL.4`.
        public var name: String
        /// `nil` for the constant.
        public var model: DoseResponseModel?
        /// `nil` for the constant; without estimates it cannot be recommended.
        public var fit: CurveFit?
        public var rss: Double?, df: Int, aicc: Double?
        /// Extra sum of squares against the next candidate; `nil` where this is no special case of that, or one has no
        /// estimate.
        public var againstNext: FTest?
    }

    /// In the order they were asked for, the constant first.
    public internal(set) var candidates: [Candidate]
    /// Place in `candidates`; `nil` when there is no point.
    public internal(set) var recommended: Int?
    public var recommendation: Candidate? { recommended.map { candidates[$0] } }
}

extension DoseResponse {
    /// Fits a constant and models of growing size, and recommends one: where one is a special case of the other by the extra
    /// sum of squares F test, otherwise by the lower AICc (Motulsky and Christopoulos 2004, chapters 22 to 24).
    /// - Parameters:
    ///   - models: From simple to complex; models without an optimum are listed and passed over.
    ///   - significance: Below which p the complex one is preferred.
    public static func compareModels(
        _ curve: DoseResponseCurve, models: [DoseResponseModel] = [.ll3, .ll4, .ll5],
        significance: Double = FitThresholds.significance
    ) -> ModelChoice {
        let fits = models.map { fit(curve, FitOptions(model: $0)) }
        var choice = ModelChoice(candidates: [flat(curve)])
        for fit in fits {
            let name = "\(fit.model.family.rawValue).\(fit.model.freeCount)"
            choice.candidates.append(
                ModelChoice.Candidate(
                    name: name, model: fit.model, fit: fit, rss: fit.status == .ok ? fit.rss : nil, df: fit.degreesOfFreedom,
                    aicc: fit.aicc))
        }
        guard fits.contains(where: { $0.points > 0 }) else { return choice }
        for place in choice.candidates.indices.dropLast() {
            choice.candidates[place].againstNext =
                comparison(choice.candidates[place], choice.candidates[place + 1], significance)?.test
        }
        var chosen = 0
        for place in choice.candidates.indices.dropFirst() where choice.candidates[place].rss != nil {
            let (old, new) = (choice.candidates[chosen], choice.candidates[place])
            if let comparison = comparison(old, new, significance) {
                if comparison.byTest == .complex { chosen = place }
            } else if let a = old.aicc, let b = new.aicc, b < a {
                chosen = place
            }
        }
        choice.recommended = chosen
        return choice
    }

    private static func comparison(
        _ simple: ModelChoice.Candidate, _ complex: ModelChoice.Candidate, _ significance: Double
    ) -> ModelComparison? {
        guard let general = complex.model, simple.model.map({ $0.isSpecialCase(of: general) }) ?? general.containsConstants
        else { return nil }
        return ModelComparison(
            simple: (simple.rss, simple.df, simple.aicc), complex: (complex.rss, complex.df, complex.aicc),
            significance: significance)
    }

    private static func flat(_ curve: DoseResponseCurve) -> ModelChoice.Candidate {
        let data = JointLevels([curve]), n = Double(data.points)
        let rss = data.spread * data.scale * data.scale
        var result = ModelChoice.Candidate(name: "flat", rss: data.points > 0 ? rss : nil, df: data.points - 1, aicc: nil)
        if rss > 0, n > 3 {
            let logLikelihood = -n / 2 * (1.8378770664093454836 + Elementary.log(rss / n) + 1) + data.logWeights / 2
            result.aicc = -2 * logLikelihood + 4 + 12 / (n - 3)
        }
        return result
    }
}

extension DoseResponseModel {
    /// Whether every curve of this model is one of the other's: the same family, and more fixed at the same values.
    func isSpecialCase(of general: DoseResponseModel) -> Bool {
        family == general.family && freeCount < general.freeCount
            && Parameter.allCases.allSatisfy { general.isFree($0) || general.fixed[$0] == fixed[$0] }
    }

    /// Whether constants of any height are a limit of the model: a plateau is free.
    var containsConstants: Bool { isFree(.bottom) || isFree(.top) }
}
