/// Fits dose-response curves by least squares: globally, verified against the border of the model family.
///
/// Names and conventions are those of R's drc (Ritz, Baty, Streibig and Gerhard, PLoS ONE 2015, 10(12):e0146021); the scheme is variable
/// projection (Golub and Pereyra 1973) from a grid over the design, with exact second derivatives.
public enum DoseResponse {
    /// Fits one curve. A curve that cannot be fitted says so in its status; nothing is thrown.
    /// - Parameter curve: Doses of 0 or above, finite responses, weights of 0 or above: anything else is the caller's to refuse.
    public static func fit(_ curve: DoseResponseCurve, _ options: FitOptions = FitOptions()) -> CurveFit {
        BoundedFitting(options).fit(curve)
    }

    /// Fits many curves, each for itself, on several cores.
    /// - Parameter workers: How many at the same time; one curve never depends on another.
    /// - Returns: In the order of the curves.
    public static func fit(
        _ curves: [DoseResponseCurve], _ options: FitOptions = FitOptions(), workers: Int = 2
    ) async -> [CurveFit] {
        let workers = max(1, min(workers, (curves.count + 63) / 64))
        guard workers > 1 else {
            let fitting = BoundedFitting(options)
            return curves.map(fitting.fit)
        }
        // Shares of equal size in small blocks: hard curves come in runs.
        let block = max(16, curves.count / (workers * 8))
        let starts = Array(stride(from: 0, to: curves.count, by: block))
        return await withTaskGroup(of: (Int, [CurveFit]).self) { group in
            for worker in 0..<workers {
                group.addTask { @concurrent in
                    let fitting = BoundedFitting(options)
                    var own: [CurveFit] = []
                    for place in stride(from: worker, to: starts.count, by: workers) {
                        for curve in curves[starts[place]..<min(starts[place] + block, curves.count)] {
                            own.append(fitting.fit(curve))
                        }
                    }
                    return (worker, own)
                }
            }
            var shares: [Int: [CurveFit]] = [:]
            for await (worker, own) in group { shares[worker] = own }
            var used = [Int](repeating: 0, count: workers)
            var result: [CurveFit] = []
            result.reserveCapacity(curves.count)
            for (place, start) in starts.enumerated() {
                let worker = place % workers, count = min(block, curves.count - start)
                if let share = shares[worker] { result += share[used[worker]..<used[worker] + count] }
                used[worker] += count
            }
            return result
        }
    }
}
