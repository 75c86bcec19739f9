/// The parameters that the mean is not linear in: the exponent is u = b x - k, with x = ln dose about the middle of the doses.
///
/// k = b ln e takes the place of ln e in the search: the exponent is linear in b and k, so the valleys are straighter, and a slope
/// near 0 does not send the location to infinity.
struct Shape: Equatable {
    var b: Double, k: Double, lnF: Double

    /// ln e about the middle of the doses.
    var q: Double { k / b }

    init(b: Double, k: Double, lnF: Double) {
        self.b = b
        self.k = k
        self.lnF = lnF
    }

    init(b: Double, q: Double, lnF: Double) { self.init(b: b, k: b * q, lnF: lnF) }
}

/// A model as the search sees it: which plateaus are free, which shape parameters are.
struct ScaledModel {
    var family: DoseResponseModel.Family
    /// Of the plateaus: at what they are held, scaled as the responses are.
    var bottom: Double?, top: Double?
    /// Of b, k and ln f: what moves.
    var movesB: Bool, movesQ: Bool, movesF: Bool
    /// What the ones that do not move are held at; anything for the others.
    var held: Shape
    /// ln e where it does not move: then only b turns the exponent, about this place. 0 otherwise.
    var pivot: Double
    /// The limit of the five-parameter curve where b runs to infinity and f to 0: g = exp(-max(0, u)), a line with a bend in ln x.
    var isBroken = false
    /// b >= 0 suffices, because (-b, d, c) is the same curve.
    var hasTwin: Bool
    /// c <= d is asked for: without a twin, with both plateaus free.
    var isOrdered: Bool

    init(_ model: DoseResponseModel, _ levels: DoseLevels) {
        family = model.family
        bottom = model.fixed.bottom.map { ($0 - levels.shift) / levels.scale }
        top = model.fixed.top.map { ($0 - levels.shift) / levels.scale }
        movesB = model.isFree(.slope)
        movesQ = model.isFree(.location)
        movesF = model.family == .logLogistic && model.isFree(.asymmetry)
        pivot = model.fixed.location.map { Elementary.log($0) - levels.center } ?? 0
        held = Shape(b: model.fixed.slope ?? 1, q: pivot, lnF: model.fixed.asymmetry.map(Elementary.log) ?? 0)
        let free = bottom == nil && top == nil
        let symmetric = family == .logLogistic && !movesF && held.lnF == 0
        hasTwin = free && movesB && symmetric
        isOrdered = free && movesB && !symmetric
    }

    var isSymmetric: Bool { family == .logLogistic && !movesF && held.lnF == 0 && !isBroken }
    /// Of one plateau at most: which one is held, and where.
    var plateaus: DesignTable.Plateaus { top != nil ? .top : bottom != nil ? .bottom : .free }
    var heldPlateau: Double { top ?? bottom ?? 0 }
    var linearCount: Int { (bottom == nil ? 1 : 0) + (top == nil ? 1 : 0) }
    var shapeCount: Int { (movesB ? 1 : 0) + (movesQ ? 1 : 0) + (movesF ? 1 : 0) }
}

/// The residual sum of squares at a shape, with the plateaus that fit best there, and half its derivatives by the shape.
struct Evaluation {
    /// Of the level means, scaled.
    var rss = Double.infinity
    var bottom = 0.0, top = 0.0
    /// Half of the gradient by b, k, ln f; the fourth is 0.
    var gradient = Lanes(repeating: 0)
    /// Half of the second derivatives: bb, bk, bf, kk, kf, ff.
    var bb = 0.0, bk = 0.0, bf = 0.0, kk = 0.0, kf = 0.0, ff = 0.0
    /// The diagonal of J'WJ with the plateaus projected out: the scale of each parameter.
    var scale = Lanes(repeating: 0)
}

extension DoseLevels {
    /// Projects the plateaus out (Golub and Pereyra 1973): they are linear once the shape is given.
    func evaluate(_ shape: Shape, _ model: ScaledModel) -> Evaluation {
        // Near the upper plateau 1 - g is the small number with all its digits: then mean = d + h (g - 1).
        let raised =
            model.linearCount == 2
            ? (shape.k < 0) == (model.family == .weibull2) : model.top != nil && model.bottom == nil
        fill(shape, model, raised: raised)
        let zeroG = zeroShare(shape, model, raised: raised)
        return model.linearCount == 2
            ? evaluateFree(shape, model, raised, zeroG) : evaluateHeld(shape, model, raised, zeroG)
    }

    /// g at dose 0, less 1 when raised.
    private func zeroShare(_ shape: Shape, _ model: ScaledModel, raised: Bool) -> Double {
        let falls = model.family == .weibull2 ? shape.b < 0 : shape.b > 0
        return (falls ? 1 : 0) - (raised ? 1 : 0)
    }

    /// Both plateaus free: regression of y on g with an intercept.
    private func evaluateFree(_ shape: Shape, _ model: ScaledModel, _ raised: Bool, _ zeroG: Double) -> Evaluation {
        let w = w, g = g, y = y, padded = padded
        var sumG = Lanes(repeating: 0)
        for i in stride(from: 0, to: padded, by: 4) { sumG += lanes(w, i) * lanes(g, i) }
        let meanG = (sumG.total + zeroWeight * zeroG) / totalWeight
        var sumGG = Lanes(repeating: 0), sumGY = Lanes(repeating: 0)
        for i in stride(from: 0, to: padded, by: 4) {
            let weight = lanes(w, i), centered = lanes(g, i) - meanG
            let weighted = weight * centered
            sumGG += weighted * centered
            sumGY += weighted * lanes(y, i)
        }
        let zero = zeroG - meanG
        let gg = sumGG.total + zeroWeight * zero * zero
        let gy = sumGY.total + zeroWeight * zero * zeroMean
        guard gg > 0 else { return Evaluation() }
        let h = gy / gg
        if model.isOrdered, h < 0 { return Evaluation() }
        // The responses are about their weighted mean, so the intercept at the mean of g is 0 up to rounding.
        let a = -h * meanG
        var found = accumulate(shape, model, a: a, h: h, meanG: meanG, zeroG: zeroG, projectsHeight: true, gg: gg)
        found.bottom = raised ? a - h : a
        found.top = raised ? a : a + h
        return found
    }

    /// One plateau free, or none.
    private func evaluateHeld(_ shape: Shape, _ model: ScaledModel, _ raised: Bool, _ zeroG: Double) -> Evaluation {
        let a = (raised ? model.top : model.bottom) ?? 0
        if model.linearCount == 0 {
            let bottom = model.bottom ?? 0, top = model.top ?? 0
            var found = accumulate(
                shape, model, a: bottom, h: top - bottom, meanG: 0, zeroG: zeroG, projectsHeight: false, gg: 1)
            (found.bottom, found.top) = (bottom, top)
            return found
        }
        var sumGG = Lanes(repeating: 0), sumGY = Lanes(repeating: 0)
        let w = w, g = g, y = y, padded = padded
        for i in stride(from: 0, to: padded, by: 4) {
            let weighted = lanes(w, i) * lanes(g, i)
            sumGG += weighted * lanes(g, i)
            sumGY += weighted * (lanes(y, i) - a)
        }
        let gg = sumGG.total + zeroWeight * zeroG * zeroG
        let gy = sumGY.total + zeroWeight * zeroG * (zeroMean - a)
        guard gg > 0 else { return Evaluation() }
        let h = gy / gg
        if model.isOrdered, h < 0 { return Evaluation() }
        var found = accumulate(shape, model, a: a, h: h, meanG: 0, zeroG: zeroG, projectsHeight: true, gg: gg)
        found.bottom = raised ? a - h : a
        found.top = raised ? a : a + h
        return found
    }
}
