import IngestCore
import StreamingXML

/// The masses that were looked for in an injection, or in one spectrum of it, and the ions they were looked for as.
struct DAMLTargets {
    private let targets: Element
    private let injection: DAMLInjection
    private let output: AdapterOutput
    private let signal: Signal?

    init(_ targets: Element, _ injection: DAMLInjection, _ output: AdapterOutput, signal: Signal? = nil) {
        self.targets = targets
        self.injection = injection
        self.output = output
        self.signal = signal
    }

    func read() async throws {
        var ordinal = 0
        for target in targets.children("target") {
            let name = [target.peek("name"), target.peek("formula"), target.peek("mass")].first { !$0.isEmpty } ?? ""
            let ions = target.children("target_ion")
            let isFound = ions.contains { Self.isFound($0["intensity"], $0["found_mass"]) }
            ordinal += 1
            let number = ordinal
            let leftOut = output.resultsLeftOut
            try await output.emitResult { try result(target, number, isFound) }
            if output.resultsLeftOut != leftOut {
                // Its ions are results of their own.
                for child in target.children where !child.isNamed("target_ion") {
                    child.content?.leaveOut()
                    child.leaveOutRest()
                }
            }
            for ion in ions {
                ordinal += 1
                let number = ordinal
                try await output.emitResult(of: ion) { try result(ion: ion, of: name, number) }
            }
        }
        // Texts between the elements.
        let rest = targets.unread
        if !rest.isEmpty {
            try await output.emit(injection.record(.sample, targets.location, signal: signal, extras: rest))
        }
    }

    /// Whether any of these is a number that is not zero: what was found has one, and a number that was lost shows nothing.
    private static func isFound(_ values: XMLValue?...) -> Bool {
        values.contains { ($0?.peekNumber ?? 0) != 0 }
    }

    private func result(_ target: Element, _ ordinal: Int, _ isFound: Bool) throws -> ResultRecord {
        var result = injection.record(.compound, target.location, signal: signal)
        result.ordinal = ordinal
        result.analyte = Analyte(name: target.string("name"), id: target.string("id"), role: .target)
        if let mass = try target.measurement(own: "mass") { result.measurements.append(mass) }
        if let purity = try purity(target, isFound) { result.measurements.append(purity) }
        if let confirmed = target["confirmed"] {
            switch confirmed.peek.lowercased() {
            case "true": result.flags.append(Flag("confirmed", written: confirmed.string()))
            case "false", "": break
            default:
                output.report(
                    confirmed.fault(
                        "daml.confirmed", "\"\(confirmed.peek)\" says neither True nor False", severity: .warning,
                        hint: "it was kept as a text, and the target is not flagged as confirmed"))
            }
        }
        for child in target.children where !child.isNamed("target_ion") {
            child.keepRest(in: &result.extras, under: child.name)
        }
        return result
    }

    private func result(ion: Element, of name: String, _ ordinal: Int) throws -> ResultRecord {
        let isFound = Self.isFound(ion["intensity"], ion["found_mass"])
        var result = injection.record(.compound, ion.location, signal: signal)
        result.ordinal = ordinal
        result.analyte = Analyte(
            name: [name, ion.peek("adduct_formula")].filter { !$0.isEmpty }.joined(separator: " "), id: ion.string("id"),
            role: .qualifier)
        if let mass = try ion.quantity("found_mass") {
            result.measurements.append(Measurement(.massToCharge, found(mass, isFound)))
        }
        if let mass = try ion.measurement(own: "ion_mass") { result.measurements.append(mass) }
        for own in ["intensity", "pc_bpi"] {
            guard let quantity = try ion.quantity(own) else { continue }
            result.measurements.append(Measurement(own: own, found(quantity, isFound)))
        }
        if let purity = try purity(ion, isFound) { result.measurements.append(purity) }
        ion.keepRest(in: &result.extras)
        return result
    }

    /// A zero of what was not found is no number.
    private func found(_ quantity: Quantity, _ isFound: Bool) -> Quantity {
        isFound || quantity.value != 0 ? quantity : Quantity(written: quantity.written, absent: .notFound, unit: quantity.unit)
    }

    private func purity(_ element: Element, _ isFound: Bool) throws -> Measurement? {
        guard let value = element["purity"] else { return nil }
        let quantity = try value.quantity()
        if let purity = quantity.value, !(0...100).contains(purity) {
            throw value.fault(
                "daml.purity", "a purity is \(quantity.written), which is not between 0 and 100",
                hint: "this result was left out, the others were read; compare it with the instrument")
        }
        return Measurement(own: "purity", found(quantity, isFound))
    }
}
