@testable import DoseResponse
import Glibc
import IC50Analysis

/// Curves whose numbers are invented, with fits made by hand: what is shown of a fit is tested here, not the fit.
enum SampleCurves {
    /// -1 to 1, the same for the same number.
    static func noise(_ seed: Int) -> Double {
        var bits = UInt64(bitPattern: Int64(seed)) &* 0x9E37_79B9_7F4A_7C15
        bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
        bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
        return Double(bits >> 11) / 0x1p52 - 1
    }

    /// - Parameter values: b, c, d and e.
    static func curve(
        _ name: String, series: String = "Viability", unit: String? = "uM", responseUnit: String? = "%",
        doses: [Double], replicates: Int = 3, values: [Double] = [1.2, 4, 98, 3], spread: Double = 5, seed: Int = 1,
        grade: Verdict.Grade = .good, reasons: [Verdict.Reason] = [], bound: Verdict.Bound? = nil, flags: FitFlags = [],
        suspects: [Int] = []
    ) -> ReportedCurve {
        let model = DoseResponseModel.ll4
        let parameters = ParameterValues(slope: values[0], bottom: values[1], top: values[2], location: values[3], asymmetry: 1)
        var points: [ReportedCurve.Point] = []
        for (place, dose) in doses.enumerated() {
            for replicate in 0..<replicates {
                let number = place * replicates + replicate
                let isSuspect = suspects.contains(number)
                let response = model.mean(at: dose, parameters) + spread * noise(seed * 1000 + number) + (isSuspect ? -42 : 0)
                points.append(
                    .init(
                        dose: dose, response: (response * 1000).rounded() / 1000, replicate: "\(replicate + 1)",
                        place: "line \(number + 2)"))
            }
        }
        let verdict = Verdict(grade: grade, reasons: reasons, bound: bound)
        return ReportedCurve(
            name: name, series: series, doseUnit: unit, responseUnit: responseUnit, points: points,
            fit: fit(points, parameters, grade: grade, flags: flags, suspects: suspects), verdict: verdict)
    }

    static func fit(
        _ points: [ReportedCurve.Point], _ values: ParameterValues<Double>, grade: Verdict.Grade = .good,
        flags: FitFlags = [], suspects: [Int] = []
    ) -> CurveFit {
        let model = DoseResponseModel.ll4
        let mean = points.reduce(0) { $0 + $1.response } / Double(max(points.count, 1))
        let residuals = points.map { $0.response - model.mean(at: $0.dose, values) }
        let rss = residuals.reduce(0) { $0 + $1 * $1 }
        let tss = points.reduce(0) { $0 + ($1.response - mean) * ($1.response - mean) }
        let df = Double(max(points.count - 4, 1))
        var fit = CurveFit(
            model: model, status: grade == .refused ? .notIdentifiable : .ok, flags: flags, points: points.count,
            doses: Set(points.map(\.dose)).count, parameterCount: 4, errorKind: .expected)
        fit.parameters = ParameterValues(
            slope: ParameterEstimate(value: values.slope, isFixed: false),
            bottom: ParameterEstimate(value: values.bottom, isFixed: false),
            top: ParameterEstimate(value: values.top, isFixed: false),
            location: ParameterEstimate(value: values.location, isFixed: false),
            asymmetry: ParameterEstimate(value: 1, isFixed: true))
        (fit.rss, fit.tss, fit.residualError) = (rss, tss, (rss / df).squareRoot())
        fit.r2 = tss > 0 ? 1 - rss / tss : nil
        (fit.quantile, fit.suspects) = (2.1, suspects)
        fit.meanResponse = points.isEmpty ? nil : mean
        fit.covariance = covariance(fit, points, values, variance: rss / df)
        var ic50 = DoseEstimate(value: values.location)
        if let covariance = fit.covariance {
            let error = covariance[15].squareRoot()
            ic50.log = Interval(low: values.location * exp(-2.1 * error), high: values.location * exp(2.1 * error))
        }
        fit.ic50 = ic50
        return fit
    }

    /// s² (J'J)^-1 by elimination; `nil` where there is none.
    private static func covariance(
        _ fit: CurveFit, _ points: [ReportedCurve.Point], _ values: ParameterValues<Double>, variance: Double
    ) -> [Double]? {
        var rows = [[Double]](repeating: [Double](repeating: 0, count: 8), count: 4)
        for point in points {
            let gradient = fit.meanGradient(at: point.dose, values)
            for i in 0..<4 { for j in 0..<4 { rows[i][j] += gradient[i] * gradient[j] } }
        }
        for i in 0..<4 { rows[i][4 + i] = variance }
        for i in 0..<4 {
            guard let pivot = (i..<4).max(by: { rows[$0][i].magnitude < rows[$1][i].magnitude }),
                rows[pivot][i].magnitude > 1e-12
            else { return nil }
            rows.swapAt(i, pivot)
            for k in 0..<4 where k != i {
                let factor = rows[k][i] / rows[i][i]
                for j in 0..<8 { rows[k][j] -= factor * rows[i][j] }
            }
        }
        return rows.indices.flatMap { i in (4..<8).map { rows[i][$0] / rows[i][i] } }
    }

    static func refused(_ name: String, doses: [Double] = decades, bound: Verdict.Bound? = nil, seed: Int = 7) -> ReportedCurve {
        curve(
            name, doses: doses, values: [1, 95, 97, 1], spread: 6, seed: seed, grade: .refused,
            reasons: [
                .init("flat", "the responses do not depend on the dose (p = 0.41)"),
                .init("plateau_not_reached", "no dose comes to the lower plateau"),
            ], bound: bound, flags: [.inactive, .bottomNotReached])
    }

    static let decades = [0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100]

    static func report(_ curves: [ReportedCurve]) -> IC50Report {
        IC50Report(
            curves: curves,
            provenance: .init(
                inputs: [
                    .init(
                        name: "mortality.csv", sha256: String(repeating: "5f3a9c01", count: 8), bytes: 716,
                        readBy: "plate.wide, version 1")
                ], ingestVersion: "0.4.0",
                settings: [
                    .init("model", "LL.4"), .init("standard errors", "observed information"), .init("confidence", "95 %"),
                    .init("IC50 interval", "profile likelihood"),
                ]))
    }

    /// A screen: mostly good curves, one in six with cautions, one in six refused.
    static func screen(_ count: Int) -> [ReportedCurve] {
        (0..<count).map { index in
            let name = "CPD-\(String(100_000 + index).dropFirst())"
            let doses = (0..<11).map { 0.001 * pow(3.1622776601683795, Double($0)) }
            if index % 6 == 4 { return refused(name, doses: doses, bound: index % 12 == 4 ? .above(100) : nil, seed: index) }
            let values = [
                1 + 0.6 * noise(index), 5 + 6 * noise(index + 1), 97 + 5 * noise(index + 2), pow(10, 1.4 * noise(index + 3)),
            ]
            let isDoubtful = index % 6 == 2
            return curve(
                name, doses: doses, replicates: 2, values: values, spread: 7, seed: index, grade: isDoubtful ? .caution : .good,
                reasons: isDoubtful ? [.init("bottom_not_reached", "the lower plateau lies beyond the tested doses")] : [],
                flags: isDoubtful ? [.bottomNotReached, .shallow] : [], suspects: index % 17 == 3 ? [8] : [])
        }
    }

    /// The exit status of a program, its output discarded; -1 where it cannot be started.
    static func status(of words: [String]) -> Int32 {
        var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
        defer { for argument in arguments { free(argument) } }
        var process: pid_t = 0, status: Int32 = 0
        guard posix_spawn(&process, words[0], nil, nil, &arguments, environ) == 0 else { return -1 }
        waitpid(process, &status, 0)
        return (status >> 8) & 0xFF
    }

    /// What this thread has worked so far.
    static func cpuSeconds() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
