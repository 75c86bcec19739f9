import Foundation
import IngestTesting
import Testing

@testable import DoseResponse

@Suite(.enabled(if: Reference.isThere, "the reference results are not there: set INGEST_IC50"))
struct JointFitTests {
    static let several = Reference.cases {
        $0["type"] as? String == "continuous" && ($0["curves"] as? [String])?.count ?? 0 > 1
    }

    static func fit(_ reference: ReferenceCase) throws -> JointFit {
        let shared = Parameter.allCases.filter { reference.shared.contains($0.description) }
        return try DoseResponse.fitTogether(
            reference.curves().map(\.curve), JointOptions(model: reference.model, shared: Set(shared)))
    }

    @Test(arguments: several.filter { $0.status != "ok" })
    func `one curve without an optimum leaves the others theirs`(reference: ReferenceCase) throws {
        let found = try Self.fit(reference)
        #expect(found.status != .ok && found.parameters.isEmpty)
        for (place, name) in reference.names.enumerated() {
            #expect((found.curveStatus[place] == .ok) == (reference.curveStatus[name] == "ok"), "\(name)")
            #expect((found.curve(place).parameters != nil) == (reference.curveStatus[name] == "ok"), "\(name)")
        }
        if let infimum = reference.infimum, let rss = found.rss { #expect(rss >= infimum * (1 - 1e-9)) }
    }

    @Test(arguments: several.filter { $0.status == "ok" })
    func `estimates, errors and tests over several curves agree with the reference`(reference: ReferenceCase) throws {
        let found = try Self.fit(reference), exact = try #require(reference.exact)
        #expect(found.status == .ok)
        #expect(found.curveStatus.allSatisfy { $0 == .ok })
        #expect(found.degreesOfFreedom == reference.object["df"] as? Int)
        var differences = Differences()
        compareParameters(reference, exact, found, &differences)
        compareQuality(reference, exact, found, &differences)
        compareDoses(reference, exact, found, &differences)
        #expect(differences.lines.isEmpty, "\(differences.lines.joined(separator: "\n"))")
    }

    private func compareParameters(
        _ reference: ReferenceCase, _ exact: Reference.Object, _ found: JointFit, _ differences: inout Differences
    ) {
        let expected = exact["parameters"] as? [Reference.Object] ?? []
        #expect(found.parameters.count == expected.count)
        let fine = reference.tolerance((1e-8, 1e-7, 1e-5))
        for parameter in expected {
            guard let name = parameter["name"] as? String, let curve = parameter["curve"] as? String,
                let estimate = found.parameters.first(where: {
                    $0.parameter.description == name && $0.curve == reference.names.firstIndex(of: curve)
                })
            else {
                differences.lines.append("no \(parameter)")
                continue
            }
            let values = found.values(of: estimate.curve ?? 0)
            let height = values.map { abs($0.top - $0.bottom) } ?? 0
            differences.compare(
                "\(name) of \(curve)", estimate.value, parameter["estimate"], relative: reference.tolerance((1e-9, 1e-8, 1e-6)),
                about: estimate.parameter == .bottom || estimate.parameter == .top ? height : 0, quantity: "estimate")
            differences.compare(
                "dependency of \(name)", estimate.dependency, parameter["dependency"], relative: fine, about: 1,
                quantity: "dependency")
            for kind in [ErrorKind.observed, .expected] {
                guard let those = parameter[kind.rawValue] as? Reference.Object else { continue }
                differences.compare(
                    "SE \(kind) of \(name) of \(curve)", estimate.error(kind), those["se"], relative: fine, quantity: "error")
                // A plateau near 0 has as many digits of t as its estimate has of d - c.
                differences.compare(
                    "t of \(name) of \(curve)", estimate.t(kind), those["t"], relative: fine,
                    about: estimate.error(kind).map { 0.1 * height / $0 } ?? 0, quantity: "t")
                differences.compare(
                    "p of \(name) of \(curve)", found.p(estimate, kind), those["p"],
                    relative: reference.tolerance((1e-7, 1e-6, 1e-4)), quantity: "p")
            }
        }
    }

    private func compareQuality(
        _ reference: ReferenceCase, _ exact: Reference.Object, _ found: JointFit, _ differences: inout Differences
    ) {
        let fine = reference.tolerance((1e-11, 1e-11, 1e-9))
        differences.compare("RSS", found.rss, exact["rss"], relative: fine, quantity: "rss")
        differences.compare("TSS", found.tss, exact["tss"], relative: fine, quantity: "rss")
        differences.compare("residual SE", found.residualError, exact["residual_se"], relative: fine, quantity: "rss")
        differences.compare("R2", found.r2, exact["R2"], relative: fine, about: 1, quantity: "rss")
        differences.compare("adjusted R2", found.adjustedR2, exact["R2_adj"], relative: fine, about: 1, quantity: "rss")
        for (name, value) in [
            ("logLik", found.logLikelihood), ("AIC", found.aic), ("AICc", found.aicc), ("BIC", found.bic),
        ] {
            let absolute = reference.tolerance((1e-8, 1e-8, 1e-6))
            differences.compare(
                name, value, exact[name], relative: absolute / max(abs(value ?? 1), 1e-9), quantity: "likelihood")
        }
    }

    private func compareDoses(
        _ reference: ReferenceCase, _ exact: Reference.Object, _ found: JointFit, _ differences: inout Differences
    ) {
        let fine = reference.tolerance((1e-8, 1e-7, 1e-5)), coarse = reference.tolerance((1e-9, 1e-8, 1e-6))
        for dose in exact["ed"] as? [Reference.Object] ?? [] {
            guard let name = dose["curve"] as? String, let place = reference.names.firstIndex(of: name),
                let level = dose["level"] as? Double
            else { continue }
            let curve = found.curve(place)
            for kind in [ErrorKind.observed, .expected] {
                let estimate =
                    dose["type"] as? String == "relative"
                    ? curve.effectiveDose(level, kind) : curve.dose(atLevel: level, kind)
                let what = "\(level) of \(name)"
                differences.compare(what, estimate?.value, dose["estimate"], relative: coarse, quantity: "dose")
                guard let errors = dose[kind.rawValue] as? Reference.Object else { continue }
                differences.compare("SE of \(what)", estimate?.error, errors["se"], relative: fine, quantity: "dose error")
            }
        }
        for band in exact["band"] as? [Reference.Object] ?? [] {
            guard let name = band["curve"] as? String, let place = reference.names.firstIndex(of: name),
                let dose = band["dose"] as? Double, let errors = band["observed"] as? Reference.Object
            else { continue }
            let curve = found.curve(place)
            differences.compare(
                "SE of the mean at \(dose) of \(name)", curve.meanError(at: dose), errors["se"], relative: fine, quantity: "band")
            differences.compare(
                "prediction SE at \(dose) of \(name)", curve.predictionError(at: dose), errors["se_prediction"], relative: fine,
                quantity: "band")
        }
    }
}

@Suite(.enabled(if: Reference.isThere, "the reference results are not there: set INGEST_IC50"))
struct ComparisonTests {
    struct Comparison: CustomStringConvertible, @unchecked Sendable {
        let object: Reference.Object
        var description: String { "\(object["what"] ?? object["ratio"] ?? "") \(object["simple"] ?? object["case"] ?? "")" }
    }

    static let comparisons = (Reference.document["comparisons"] as? [Reference.Object] ?? []).map(Comparison.init)

    private func reference(_ id: Any?) throws -> ReferenceCase {
        try #require(Reference.cases { $0["id"] as? String == id as? String }.first)
    }

    @Test(arguments: comparisons.filter { $0.object["type"] as? String == "extra_sum_of_squares_F" })
    func `nested fits are told apart as in the reference`(comparison: Comparison) throws {
        let simple = try reference(comparison.object["simple"]), complex = try reference(comparison.object["complex"])
        let found: ModelComparison?
        if simple.names.count > 1 {
            found = try DoseResponse.compare(JointFitTests.fit(simple), with: JointFitTests.fit(complex))
        } else {
            let curve = try #require(simple.curves().first).curve
            found = DoseResponse.compare(
                DoseResponse.fit(curve, FitOptions(model: simple.model)),
                with: DoseResponse.fit(curve, FitOptions(model: complex.model)))
        }
        let result = try #require(found)
        var differences = Differences()
        differences.compare("F", result.test.f, comparison.object["F"], relative: 1e-11, quantity: "F")
        differences.compare("p", result.test.p, comparison.object["p"], relative: 1e-7, quantity: "p")
        #expect(result.test.df1 == comparison.object["df1"] as? Int && result.test.df2 == comparison.object["df2"] as? Int)
        let aicc = try #require(comparison.object["AICc"] as? [Double])
        differences.compare("AICc", result.aicc?.simple, aicc[0], relative: 1e-9, quantity: "likelihood")
        differences.compare("AICc", result.aicc?.complex, aicc[1], relative: 1e-9, quantity: "likelihood")
        #expect(result.byAICc?.rawValue == comparison.object["prefer_AICc"] as? String)
        #expect(differences.lines.isEmpty, "\(differences.lines.joined(separator: "\n"))")
    }

    @Test(arguments: comparisons.filter { $0.object["type"] as? String == "relative_potency" })
    func `relative potencies and their intervals agree with the reference`(comparison: Comparison) throws {
        let reference = try reference(comparison.object["case"]), fit = try JointFitTests.fit(reference)
        let names = try #require(comparison.object["ratio"] as? String).split(separator: "/").map {
            String($0.dropFirst(2).dropLast())
        }
        let places = names.compactMap { reference.names.firstIndex(of: $0) }
        var differences = Differences()
        for kind in [ErrorKind.observed, .expected] {
            let found = fit.relativePotency(places[0], to: places[1], kind)
            differences.compare("ratio", found?.value, comparison.object["estimate"], relative: 2e-9, quantity: "ratio")
            guard let errors = comparison.object[kind.rawValue] as? Reference.Object,
                let wald = errors["ci95"] as? [Double], let log = errors["ci95_log"] as? [Double]
            else { continue }
            differences.compare("SE", found?.error, errors["se"], relative: 1e-8, quantity: "ratio error")
            for (end, expected) in [
                (found?.wald?.low, wald[0]), (found?.wald?.high, wald[1]), (found?.log?.low, log[0]), (found?.log?.high, log[1]),
            ] {
                differences.compare("end", end, expected, relative: 1e-8, quantity: "ratio interval")
            }
        }
        #expect(differences.lines.isEmpty, "\(differences.lines.joined(separator: "\n"))")
    }
}
