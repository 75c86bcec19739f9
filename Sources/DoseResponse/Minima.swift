/// Minima that a search has met before: later descents end as soon as they head for one of them.
struct KnownMinima {
    struct Minimum {
        var shape: Shape
        var rss: Double
    }

    private static let capacity = 9
    private var minima = InlineArray<9, Minimum>(repeating: Minimum(shape: Shape(b: 0, k: 0, lnF: 0), rss: .infinity))
    private(set) var count = 0

    subscript(_ i: Int) -> Minimum { minima[i] }

    mutating func add(_ shape: Shape, _ rss: Double) {
        guard count < Self.capacity else { return }
        minima[count] = Minimum(shape: shape, rss: rss)
        count += 1
    }

    /// The lowest above a value.
    func lowest(above bar: Double) -> Double? {
        var lowest = Double.infinity
        for i in 0..<count where minima[i].rss > bar { lowest = min(lowest, minima[i].rss) }
        return lowest.isFinite ? lowest : nil
    }
}

/// What the descents of a search have come to.
struct Minima {
    private(set) var known = KnownMinima()
    /// The lowest minimum, and the lowest end of any other kind.
    private(set) var best: Descent?, fallback: Descent?
    /// Of descents that came to no end: what they undercut is no minimum of the whole.
    private(set) var unfinished = Double.infinity
    /// Of descents that ran away.
    private(set) var border = Double.infinity
    /// Of all ends.
    private(set) var lowest = Double.infinity

    /// - Parameter descent: `nil` where it was heading for a minimum that is known.
    mutating func add(_ descent: Descent?) {
        guard let descent else { return }
        let rss = descent.evaluation.rss
        lowest = min(lowest, rss)
        switch descent.end {
        case .minimum:
            if rss < best?.evaluation.rss ?? .infinity { best = descent }
            known.add(descent.shape, rss)
            return
        case .border: border = min(border, rss)
        case .unfinished: unfinished = min(unfinished, rss)
        }
        if best == nil, rss < fallback?.evaluation.rss ?? .infinity || fallback == nil { fallback = descent }
    }
}
