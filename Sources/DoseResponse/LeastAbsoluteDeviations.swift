/// The least sum of absolute residuals of one curve, to full precision.
///
/// The corner of |r| is rounded within a width that shrinks step by step; at a small width the points inside it are those
/// that the optimum interpolates, and their share of the slope are the multipliers (Madsen and Nielsen, SIAM J. Optimization
/// 1993, 3:223). Newton's method on the optimality conditions of that set then gives the last digits.
struct LeastAbsoluteDeviations {
    let layout: JointLayout
    let data: JointLevels

    /// Widths in scaled responses.
    private static let wide: [Double] = [0.1, 0.02]
    private static let narrow: [Double] = [0.01, 3e-3, 1e-3, 2e-4, 4e-5, 8e-6, 1e-6, 1e-7]
    /// How many of the descents at the wide widths are followed to the end.
    private static let followed = 3

    /// - Returns: The best of all starts; `nil` when all run away.
    func fit(from starts: [[Double]]) -> [Double]? {
        var valleys: [(vector: [Double], value: Double)] = []
        for start in starts {
            guard let vector = descend(start, Self.wide), layout.isOrdered(vector) else { continue }
            let value = sum(vector)
            // Several starts end in the same valley.
            if !valleys.contains(where: { Swift.abs($0.value - value) < 1e-9 * value }) { valleys.append((vector, value)) }
        }
        valleys.sort { $0.value < $1.value }
        let found = valleys.prefix(Self.followed).compactMap { follow($0.vector) }.filter(layout.isOrdered)
        return found.map { ($0, sum($0)) }.min { $0.1 < $1.1 }?.0
    }

    private func descend(_ start: [Double], _ widths: [Double]) -> [Double]? {
        var vector = start
        for width in widths {
            let found = JointDescent(objective: rounded(width)).descend(from: vector)
            if found.end == .border { return nil }
            vector = found.vector
        }
        return vector
    }

    private func rounded(_ width: Double) -> JointObjective {
        JointObjective(layout: layout, data: data, loss: .huber(1), lossScale: width)
    }

    private func sum(_ vector: [Double]) -> Double {
        JointObjective(layout: layout, data: data, loss: .leastAbsolute).value(vector)
    }

    private func follow(_ start: [Double]) -> [Double]? {
        var vector = start, corners: [Double] = []
        for width in Self.narrow {
            guard let next = descend(vector, [width]) else { return nil }
            vector = next
            // Where the set is right the corner is exact, whatever the width; the lowest of all widths wins.
            if let corner = interpolate(vector, width), sum(corner) < (corners.isEmpty ? .infinity : sum(corners)) {
                corners = corner
            }
        }
        return !corners.isEmpty && sum(corners) <= sum(vector) * (1 + 1e-12) ? corners : vector
    }

    /// One term of the sum: points with the same dose and response count as one.
    private struct Term {
        var level: JointLevels.Level
        var factor: Double
        /// Whether the curve passes through it; then its multiplier, otherwise the sign of its residual.
        var isActive: Bool, slope: Double
    }

    /// Newton's method on the conditions that the points inside a width are interpolated and the slopes of the sum vanish.
    /// - Returns: `nil` where this set of points is not that of an optimum.
    private func interpolate(_ start: [Double], _ width: Double) -> [Double]? {
        let objective = rounded(width)
        var terms = self.terms(objective, start, width)
        var vector = start
        var last = Double.infinity
        for _ in 0..<30 {
            guard let (step, multipliers) = step(objective, vector, terms) else { return nil }
            let size = step.map { Swift.abs($0) }.max() ?? 0
            guard size.isFinite, size < 3 else { return nil }
            for i in vector.indices { vector[i] += step[i] }
            var next = multipliers.makeIterator()
            let p = objective.parameters(0, vector)
            for i in terms.indices {
                if terms[i].isActive {
                    terms[i].slope = next.next() ?? 0
                } else {
                    terms[i].slope = terms[i].level.y >= objective.mean(terms[i].level, p) ? 1 : -1
                }
            }
            if size < 1e-14 || (size < 1e-10 && size >= last) { break }
            last = size
        }
        return terms.allSatisfy { !$0.isActive || Swift.abs($0.slope) <= 1 + 1e-7 } && last < 1e-8 ? vector : nil
    }

    private func terms(_ objective: JointObjective, _ vector: [Double], _ width: Double) -> [Term] {
        let p = objective.parameters(0, vector)
        var result: [Term] = []
        for level in data.levels {
            let factor = level.w.squareRoot(), residual = level.y - objective.mean(level, p)
            if let same = result.firstIndex(where: { $0.level.x == level.x && $0.level.y == level.y }) {
                result[same].factor += factor
                continue
            }
            let active = factor * Swift.abs(residual) <= width
            let slope = active ? factor * residual / width : residual > 0 ? 1.0 : -1
            result.append(Term(level: level, factor: factor, isActive: active, slope: slope))
        }
        return result
    }

    /// The step and the multipliers after it, from the saddle system of the conditions.
    private func step(_ objective: JointObjective, _ vector: [Double], _ terms: [Term]) -> ([Double], [Double])? {
        let n = vector.count, active = terms.count { $0.isActive }
        guard active <= n else { return nil }
        var rows = [[Double]](repeating: [Double](repeating: 0, count: n + active), count: n + active)
        var right = [Double](repeating: 0, count: n + active), row = n
        let p = objective.parameters(0, vector), places = layout.places[0]
        for term in terms {
            let at = MeanDerivatives(layout.model.family, logDose: term.level.x, p, symmetric: layout.isSymmetric)
            for i in 0..<5 where places[i] >= 0 {
                if term.isActive {
                    rows[places[i]][row] = -term.factor * at.first[i]
                    rows[row][places[i]] = term.factor * at.first[i]
                } else {
                    right[places[i]] += term.factor * term.slope * at.first[i]
                }
                for j in 0..<5 where places[j] >= 0 {
                    rows[places[i]][places[j]] -= term.factor * term.slope * at.second[i * 5 + j]
                }
            }
            if term.isActive {
                right[row] = term.factor * (term.level.y - at.mean)
                row += 1
            }
        }
        guard let solution = LinearSystem.solve(rows, right) else { return nil }
        return (Array(solution[..<n]), Array(solution[n...]))
    }
}
