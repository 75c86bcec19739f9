/// Which place of the parameter vector belongs to which parameter of which curve: shared ones first, then curve by curve.
struct JointLayout: Sendable {
    struct Entry: Sendable, Hashable {
        /// `nil` where all curves share it.
        var curve: Int?
        var parameter: Parameter
    }

    let model: DoseResponseModel
    let shared: Set<Parameter>
    let curves: Int
    let entries: [Entry]
    /// For each curve the places of b, c, d, ln e, f; -1 where a parameter is fixed.
    let places: [InlineArray<5, Int>]

    init(_ model: DoseResponseModel, shared: Set<Parameter>, curves: Int) {
        self.model = model
        self.curves = curves
        let free = model.free.filter { $0 != .asymmetry || model.family == .logLogistic }
        self.shared = curves > 1 ? shared.intersection(free) : []
        var entries: [Entry] = [], places = [InlineArray<5, Int>](repeating: InlineArray(repeating: -1), count: curves)
        for parameter in free where self.shared.contains(parameter) {
            for curve in 0..<curves { places[curve][parameter.rawValue] = entries.count }
            entries.append(Entry(curve: nil, parameter: parameter))
        }
        for curve in 0..<curves {
            for parameter in free where !self.shared.contains(parameter) {
                places[curve][parameter.rawValue] = entries.count
                entries.append(Entry(curve: curve, parameter: parameter))
            }
        }
        self.entries = entries
        self.places = places
    }

    var count: Int { entries.count }
    var isSymmetric: Bool { model.family == .logLogistic && model.fixed.asymmetry == 1 }
    var hasFreePlateaus: Bool { model.isFree(.bottom) && model.isFree(.top) }
    /// Whether (-b, d, c) is in the family for every (b, c, d) that is: plateaus alike, slopes free.
    var hasTwin: Bool {
        isSymmetric && hasFreePlateaus && model.isFree(.slope) && shared.contains(.bottom) == shared.contains(.top)
    }

    /// Of twins the one with c <= d. Curves that share slope or plateaus turn round together: then most of them decide.
    func orient(_ vector: [Double]) -> [Double] {
        guard hasTwin else { return vector }
        var result = vector
        let together = shared.contains(.slope) || shared.contains(.bottom)
        let isReversed = places.map { vector[$0[1]] > vector[$0[2]] }
        let most = isReversed.reduce(0) { $0 + ($1 ? 1 : -1) } > 0
        for (place, reversed) in zip(places, isReversed) where together ? most : reversed {
            result[place[0]] = -vector[place[0]]
            (result[place[1]], result[place[2]]) = (vector[place[2]], vector[place[1]])
        }
        return result
    }

    /// Whether c <= d where that is asked for and no twin brings it about.
    func isOrdered(_ vector: [Double]) -> Bool {
        guard hasFreePlateaus, !hasTwin, model.isFree(.slope) else { return true }
        return places.allSatisfy { vector[$0[1]] <= vector[$0[2]] }
    }
}
