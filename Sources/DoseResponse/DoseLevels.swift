/// What a curve comes down to for the fit: one weighted mean for each distinct dose, in natural logarithms of the dose about
/// their middle, and in responses about their mean, over a power of two near their range.
///
/// Merging replicates is exact: what they differ by is `pureError`, which no curve explains, and comes back at the end.
/// The numbers lie in memory of their own that grows as needed, so that many curves cost no allocation.
final class DoseLevels {
    /// Of the doses above 0, ascending; padded with weight 0 to whole lanes.
    @exclusivity(unchecked) private(set) var x: UnsafeMutablePointer<Double>
    @exclusivity(unchecked) private(set) var w: UnsafeMutablePointer<Double>
    @exclusivity(unchecked) private(set) var y: UnsafeMutablePointer<Double>
    /// Derivatives by the exponent, refilled by each evaluation.
    @exclusivity(unchecked) private(set) var g: UnsafeMutablePointer<Double>
    @exclusivity(unchecked) private(set) var g1: UnsafeMutablePointer<Double>
    @exclusivity(unchecked) private(set) var g2: UnsafeMutablePointer<Double>
    @exclusivity(unchecked) private(set) var gf: UnsafeMutablePointer<Double>
    @exclusivity(unchecked) private(set) var gff: UnsafeMutablePointer<Double>
    @exclusivity(unchecked) private(set) var g1f: UnsafeMutablePointer<Double>
    /// 1 - g with all its digits, where it is asked for.
    @exclusivity(unchecked) private(set) var complement: UnsafeMutablePointer<Double>
    @exclusivity(unchecked) private var capacity = 0

    /// Levels above dose 0, and that number rounded up to whole lanes.
    @exclusivity(unchecked) private(set) var count = 0, padded = 0
    /// The level at dose 0; of weight 0 when there is none.
    @exclusivity(unchecked) private(set) var zeroWeight = 0.0, zeroMean = 0.0
    /// Points of weight above 0, distinct doses.
    @exclusivity(unchecked) private(set) var points = 0, doses = 0
    /// Sum of weights, of their logarithms; sum of squares about the level means, about the mean of all (both scaled).
    @exclusivity(unchecked) private(set) var totalWeight = 0.0, logWeights = 0.0, pureError = 0.0, spread = 0.0
    /// Sum of squares of the level means about the mean of all.
    var levelSpread: Double { max(0, spread - pureError) }
    /// response = shift + scale y; ln dose = center + x.
    @exclusivity(unchecked) private(set) var shift = 0.0, scale = 1.0, center = 0.0
    @exclusivity(unchecked) private(set) var lowest = 0.0, highest = 0.0
    /// The doses above 0 as they were given, in the order of the levels.
    @exclusivity(unchecked) private(set) var given: [Double] = []
    /// The smallest distance between neighbours, and that between the ends; 0 with fewer than two levels.
    @exclusivity(unchecked) private(set) var gap = 0.0, span = 0.0
    /// Of the responses: are all equal?
    @exclusivity(unchecked) private(set) var isConstant = true
    @exclusivity(unchecked) private var order: [Int] = []
    /// Of doses and weights: where the table of the design is kept.
    @exclusivity(unchecked) private(set) var designHash = 0
    private let designs = DesignTables()
    /// Dot products with a table, later the values of its grid, with a row to spare before and after.
    let coarse: UnsafeMutablePointer<Double>
    static let coarseCapacity = 512, coarseStart = 32

    init() {
        (x, w, y) = (Self.memory(0), Self.memory(0), Self.memory(0))
        (g, g1, g2) = (Self.memory(0), Self.memory(0), Self.memory(0))
        (gf, gff, g1f, complement) = (Self.memory(0), Self.memory(0), Self.memory(0), Self.memory(0))
        coarse = Self.memory(Self.coarseCapacity)
    }

    deinit {
        release()
        UnsafeMutableRawPointer(coarse).deallocate()
    }

    private static func memory(_ count: Int) -> UnsafeMutablePointer<Double> {
        UnsafeMutableRawPointer.allocate(byteCount: max(count, 4) * 8, alignment: 64).bindMemory(
            to: Double.self, capacity: max(count, 4))
    }

    /// The table of these doses and weights.
    func design(_ plateaus: DesignTable.Plateaus) -> DesignTable { designs.table(self, plateaus) }

    private func release() {
        for memory in [x, w, y, g, g1, g2, gf, gff, g1f, complement] { UnsafeMutableRawPointer(memory).deallocate() }
    }

    private func reserve(_ needed: Int) {
        guard needed > capacity else { return }
        release()
        capacity = max(64, (needed + needed / 2 + 3) & ~3)
        (x, w, y) = (Self.memory(capacity), Self.memory(capacity), Self.memory(capacity))
        (g, g1, g2) = (Self.memory(capacity), Self.memory(capacity), Self.memory(capacity))
        (gf, gff, g1f, complement) = (Self.memory(capacity), Self.memory(capacity), Self.memory(capacity), Self.memory(capacity))
    }

    /// - Parameter weights: As many as doses, or none for 1 each.
    func load(
        _ doses: UnsafeBufferPointer<Double>, _ responses: UnsafeBufferPointer<Double>, _ weights: UnsafeBufferPointer<Double>?
    ) {
        reserve(doses.count + 4)
        sort(doses, weights)
        measure(responses, weights)
        merge(doses, responses, weights)
        finish()
    }

    /// The places of points of weight above 0, by dose.
    private func sort(_ doses: UnsafeBufferPointer<Double>, _ weights: UnsafeBufferPointer<Double>?) {
        order.removeAll(keepingCapacity: true)
        var sorted = true
        for i in doses.indices where weights.map({ $0[i] > 0 }) ?? true {
            if let last = order.last, doses[last] > doses[i] { sorted = false }
            order.append(i)
        }
        guard !sorted else { return }
        if order.count > 48 { return order.sort { doses[$0] < doses[$1] } }
        order.withUnsafeMutableBufferPointer { order in
            for i in 1..<order.count {
                let moved = order[i]
                var j = i
                while j > 0, doses[order[j - 1]] > doses[moved] {
                    order[j] = order[j - 1]
                    j -= 1
                }
                order[j] = moved
            }
        }
    }

    /// Shift, scale and what depends on all points.
    private func measure(_ responses: UnsafeBufferPointer<Double>, _ weights: UnsafeBufferPointer<Double>?) {
        points = order.count
        (totalWeight, logWeights, shift, scale, isConstant) = (0, 0, 0, 1, true)
        guard let first = order.first else { return }
        var low = responses[first], high = responses[first], sum = 0.0
        for i in order {
            let weight = weights?[i] ?? 1
            totalWeight += weight
            sum += weight * (responses[i] - responses[first])
            low = min(low, responses[i])
            high = max(high, responses[i])
            if weights != nil { logWeights += Elementary.log(weight) }
        }
        isConstant = low == high
        shift = responses[first] + sum / totalWeight
        let range = high - low
        // A power of two: dividing by it rounds nothing.
        if range > 0, range.isFinite { scale = Double(sign: .plus, exponent: range.exponent, significand: 1) }
    }

    private func merge(
        _ doses: UnsafeBufferPointer<Double>, _ responses: UnsafeBufferPointer<Double>, _ weights: UnsafeBufferPointer<Double>?
    ) {
        (count, zeroWeight, zeroMean, pureError, spread) = (0, 0, 0, 0, 0)
        given.removeAll(keepingCapacity: true)
        var i = 0
        while i < order.count {
            let dose = doses[order[i]]
            var j = i, weight = 0.0, sum = 0.0
            while j < order.count, doses[order[j]] == dose {
                let each = weights?[order[j]] ?? 1
                weight += each
                sum += each * ((responses[order[j]] - shift) / scale)
                j += 1
            }
            let mean = sum / weight
            for k in i..<j {
                let each = weights?[order[k]] ?? 1, value = (responses[order[k]] - shift) / scale
                pureError += each * (value - mean) * (value - mean)
                spread += each * value * value
            }
            if dose == 0 {
                (zeroWeight, zeroMean) = (weight, mean)
            } else {
                (x[count], w[count], y[count]) = (Elementary.log(dose), weight, mean)
                given.append(dose)
                count += 1
            }
            i = j
        }
        self.doses = count + (zeroWeight > 0 ? 1 : 0)
    }

    private func finish() {
        padded = (count + 3) & ~3
        (center, span, gap, lowest, highest) = (0, 0, 0, 0, 0)
        if count > 0 {
            center = 0.5 * (x[0] + x[count - 1])
            span = x[count - 1] - x[0]
            gap = count > 1 ? .infinity : 0
            for i in 0..<count {
                if i > 0 { gap = min(gap, x[i] - (x[i - 1] + center)) }
                x[i] -= center
            }
            (lowest, highest) = (x[0], x[count - 1])
        }
        for i in count..<max(padded, count) { (x[i], w[i], y[i]) = (0, 0, 0) }
        var hash = zeroWeight.bitPattern
        for i in 0..<count {
            hash = (hash ^ x[i].bitPattern) &* 0x9E37_79B9_7F4A_7C15
            hash = ((hash ^ (hash >> 29)) ^ w[i].bitPattern) &* 0xBF58_476D_1CE4_E5B9
        }
        designHash = Int(truncatingIfNeeded: hash >> 40)
    }
}
