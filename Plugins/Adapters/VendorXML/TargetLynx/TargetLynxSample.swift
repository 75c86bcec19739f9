import IngestCore
import StreamingXML
import TabularText

/// A sample of TargetLynx, and the results of its compounds.
struct TargetLynxSample {
    let number: String
    var flags: [Flag] = []
    private var sample = Sample()
    private var position: Position?
    private var injection: Injection
    private var extras: Extras = [:]
    private var ordinal = 0
    private var numbers = Numbering("targetlynx.compound-number", of: "compound", from: 1)

    init(_ open: OpenElement, injection ordinal: Int) {
        let element = open.element
        number = element.attribute("id")?.string() ?? "\(ordinal)"
        injection = Injection(ordinal: ordinal, acquired: element.targetLynxTime("createdate", "createtime"))
        sample.name = element.attribute("name")?.string()
        sample.id = element.attribute("sampleid")?.string()
        if let type = element.attribute("type")?.string() {
            sample.roleWritten = type
            sample.role = Sample.Role(written: type)
        }
        if let vial = element.attribute("vial")?.string() { position = Position(written: vial, vial: vial) }
        element.attribute("groupid")?.ignore("numbers repeated from the element around")
        for person in ["user", "submitter"] {
            guard let value = element.attribute(person), let name = value.person("targetlynx") else { continue }
            extras.add(person, name)
        }
        open.keepAttributes(in: &extras)
        extras = extras.withoutFolders
    }

    /// A finding of the sample as a whole.
    func finding(_ rest: Extras, _ location: SourceLocation) -> ResultRecord {
        var result = record(.sample, location)
        result.extras.add(rest.withoutFolders)
        return result
    }

    private func record(_ kind: ResultRecord.Kind, _ location: SourceLocation) -> ResultRecord {
        ResultRecord(
            kind: kind, sample: sample, position: position, injection: injection, measurements: [], flags: flags,
            extras: extras, location: location)
    }

    // MARK: Compounds

    /// Reads a compound: a result for each of its peaks, which tells the compound's method too, and one for each
    /// confirmation ion.
    mutating func read(_ compound: Element, into output: AdapterOutput) async throws {
        let name = compound.peek("name")
        let peaks = compound.children("PEAK")
        var flags: [Flag] = []
        if let flag = numbers.note(compound.attribute("id")) { flags.append(flag) }
        if peaks.isEmpty {
            flags.append(Flag("noPeak"))
            output.report(
                compound.fault(
                    "targetlynx.no-peak", "this compound has no <PEAK>, which TargetLynx writes also where it found none",
                    severity: .warning, hint: "it was read without numbers; the file was edited or damaged: export it again"))
            output.account.contradict("a compound of sample \(number) has no peak")
        }
        ordinal += 1
        let first = ordinal
        try await output.emitResult(of: compound) {
            var result = try self.result(compound, peaks.first, output)
            result.ordinal = first
            result.flags += flags
            return result
        }
        for (index, peak) in peaks.enumerated() {
            if index > 0 {
                ordinal += 1
                let next = ordinal
                try await output.emitResult(of: peak) {
                    var result = record(.compound, peak.location)
                    result.ordinal = next
                    result.analyte = Analyte(name: name, role: .target)
                    result.flags.append(Flag("repeatedPeak"))
                    try TargetLynxPeak(peak, output).read(into: &result)
                    return result
                }
            }
            if index == 1 { tellSecondPeak(peak, of: name, output) }
            var ions: Set<[String]> = []
            for ion in peak.children where ion.name.hasPrefix("CONFIRMATIONION") {
                ordinal += 1
                let isRepeated = !ions.insert([ion.name, ion.peek("ion")]).inserted
                if isRepeated { tellRepeated(ion, output) }
                let next = ordinal
                try await output.emitResult(of: ion) {
                    var result = record(.compound, ion.location)
                    result.ordinal = next
                    let label = ion.attribute("ion")?.string() ?? ion.name
                    result.analyte = Analyte(name: "\(name) confirmation ion \(label)", role: .qualifier)
                    result.extras.add("Compound", name)
                    if isRepeated { result.flags.append(Flag("repeatedIon", written: ion.peek("ion"))) }
                    try belongs(compound)
                    try TargetLynxPeak(ion, output).read(into: &result)
                    return result
                }
            }
        }
        // Texts between the elements, and elements that should be there once.
        let rest = compound.unread
        guard !rest.isEmpty else { return }
        var told = finding(rest, compound.location)
        // A compound without a peak is told at the same place.
        told.index = 2
        try await output.emit(told)
    }

    private func result(_ compound: Element, _ peak: Element?, _ output: AdapterOutput) throws -> ResultRecord {
        try belongs(compound)
        compound.attribute("sampleid")?.ignore("numbers repeated from the element around")
        compound.attribute("groupid")?.ignore("numbers repeated from the element around")
        var result = record(.compound, (peak ?? compound).location)
        let id = compound.attribute("id")?.string()
        let method = compound.child("METHOD")
        result.analyte = Analyte(
            name: compound.attribute("name")?.string(), id: id, role: role(id, method?.attribute("rref"), output))
        if let peak { try TargetLynxPeak(peak, output).read(into: &result) }
        if let standard = compound.attribute("stdconc") {
            let quantity = try standard.quantity()
            // A zero stands for no standard, but where the sample is one: then it is the blank of a series.
            if quantity.value == 0, sample.role != .standard {
                if let text = standard.extra() { result.extras.add("COMPOUND@stdconc", text) }
            } else {
                result.measurements.append(Measurement(.expectedConcentration, quantity))
            }
        }
        for value in compound.attributes where value.isUnread {
            if let text = value.extra() { result.extras.add("COMPOUND@" + value.name, text) }
        }
        method?.keepRest(in: &result.extras, under: "METHOD")
        for other in compound.children where !other.isNamed("PEAK") && !other.isNamed("METHOD") {
            other.attribute("sampleid")?.ignore("numbers repeated from the element around")
            other.attribute("groupid")?.ignore("numbers repeated from the element around")
            other.keepRest(in: &result.extras, under: other.name)
        }
        result.extras = result.extras.withoutFolders
        return result
    }

    private func tellRepeated(_ ion: Element, _ output: AdapterOutput) {
        let message = "the ion \(ion.peek("ion")) stands twice in a peak of sample \(number)"
        output.report(
            ion.fault(
                "targetlynx.repeated-ion", message, severity: .warning,
                hint: "both were read, and this one flagged repeatedIon; the file was edited or damaged: export it again"))
        output.account.contradict(message)
    }

    private func tellSecondPeak(_ peak: Element, of compound: String, _ output: AdapterOutput) {
        let message = "the compound \"\(compound)\" of sample \(number) has more than one <PEAK>"
        output.report(
            peak.fault(
                "targetlynx.repeated-peak", message, severity: .warning,
                hint: "each was read, and all but the first flagged repeatedPeak; TargetLynx writes one: export the file again"))
        output.account.contradict(message)
    }

    /// A compound that is its own reference is a standard. Where one of the two numbers is none it could be either.
    private func role(_ id: String?, _ reference: XMLValue?, _ output: AdapterOutput) -> Analyte.Role? {
        guard let reference else { return .target }
        guard let number = reference.peekNumber else {
            output.report(
                reference.fault(
                    "targetlynx.reference",
                    "\"\(reference.peek)\" is no number of the compound that is the reference of this one",
                    severity: .warning,
                    hint:
                        "the compound was read, neither as a target nor as a standard; the file was edited or damaged: export it again"
                ))
            return nil
        }
        guard let own = id.flatMap({ Double($0) }) else { return nil }
        return number == own ? .istd : .target
    }

    /// A compound that names another sample than the one it stands in could be of either.
    private func belongs(_ compound: Element) throws {
        guard let stated = compound.attribute("sampleid"), !stated.isEmpty, stated.peek != number else { return }
        throw stated.fault(
            "targetlynx.other-sample", "this compound stands in sample \(number) and says that it is of sample \(stated.peek)",
            hint: "its results were left out, the others were read; export the file again")
    }
}

/// The attributes of a peak.
private struct TargetLynxPeak {
    private let peak: Element
    private let output: AdapterOutput
    private let isIon: Bool

    init(_ peak: Element, _ output: AdapterOutput) {
        self.peak = peak
        self.output = output
        isIon = !peak.isNamed("PEAK")
    }

    private static let minute = StatedUnit(ofFormat: .minute)
    private static let vocabulary: [String: (name: MeasurementName, unit: StatedUnit)] = [
        "foundrt": (.retentionTime, minute), "foundrrt": (.relativeRetentionTime, .none),
        "predrt": (.expectedRetentionTime, minute), "area": (.area, .none), "height": (.height, .none),
        "response": (.response, .none), "analconc": (.concentration, .none), "startrt": (.startTime, minute),
        "endrt": (.endTime, minute), "rrf": (.responseFactor, .none),
        // In the export it is 60 × (endrt − startrt) to all digits.
        "baselinewidth": (.baseWidth, StatedUnit(ofFormat: .second)), "signoise": (.signalToNoise, .none),
    ]
    /// Numbers that say something of this peak and have no name of their own in the vocabulary.
    private static let own: [String: StatedUnit] = [
        "absresponse": .none, "empc": .none, "conccalc": .none, "concdevperc": .none, "percrecovery": .none,
        "ionratio": .none, "ionratiopred": .none, "startht": .none, "endht": .none, "heightdivarea": .none,
        "pkwidth": .none, "peakfrontwidth": minute, "peaktailwidth": minute, "peakasymmetryvalue": .none,
        "chromnoise": .none, "detectionthreshold": .none, "quanthreshold": .none,
    ]
    /// What is told of the method also where nothing was found.
    private static let ofMethod: Set<String> = [
        "predrt", "rrf", "ionratiopred", "chromnoise", "detectionthreshold", "quanthreshold",
    ]
    /// Never calculated for an ion.
    private static let emptyInIons: Set<String> = ["analconc", "empc", "detectionthreshold", "quanthreshold"]
    /// A zero of these is a number like others.
    private static let canBeZero: Set<String> = ["foundrt", "startrt", "endrt", "area", "height", "analconc", "signoise"]

    func read(into result: inout ResultRecord) throws {
        let hasFlags = !peak.peek("pkflags").isEmpty
        // What is no number does not show that a peak was found.
        let isFound = hasFlags || (number("area") ?? 0) != 0 || (number("foundrt") ?? 0) != 0
        // Not those alone that nobody took: an ion is read also where its compound was left out, with all that is in it.
        for value in peak.attributes where !(isIon && value.name == "ion") {
            if value.isEmpty {
                takeEmpty(value.name, isFound, &result)
                continue
            }
            try take(value, isFound, &result)
        }
        for child in peak.children where !child.name.hasPrefix("CONFIRMATIONION") {
            child.keepRest(in: &result.extras, under: child.name)
        }
        result.flags += check(isFound, hasFlags)
    }

    /// Said only where a number has to be expected.
    private func takeEmpty(_ name: String, _ isFound: Bool, _ result: inout ResultRecord) {
        guard let unit = Self.vocabulary[name]?.unit ?? Self.own[name], !isIon || !Self.emptyInIons.contains(name) else { return }
        var quantity = Quantity.empty(unit)
        if !isFound, !Self.ofMethod.contains(name) { quantity.absent = .notFound }
        result.measurements.append(
            Self.vocabulary[name].map { Measurement($0.name, quantity) } ?? Measurement(own: name, quantity))
    }

    private func take(_ value: XMLValue, _ isFound: Bool, _ result: inout ResultRecord) throws {
        let name = value.name
        if let unit = Self.vocabulary[name]?.unit ?? Self.own[name] {
            var quantity = try value.quantity(unit)
            if !isFound, !Self.ofMethod.contains(name) {
                quantity = Quantity(
                    written: quantity.written, absent: .notFound, unit: quantity.unit, unitIsFormats: quantity.unitIsFormats)
            } else if quantity.value == 0, !Self.canBeZero.contains(name) {
                keep(value, &result)
                return
            }
            result.measurements.append(
                Self.vocabulary[name].map { Measurement($0.name, quantity) } ?? Measurement(own: name, quantity))
        } else if name == "pkflags" {
            let written = value.peek
            if written.contains("M") {
                value.describe()
                result.flags.append(Flag("manualIntegration", written: written))
            } else {
                keep(value, &result)
            }
        } else if name.lowercased().hasSuffix("flag") || name == "peakmissing" {
            switch value.peek {
            case "0": value.ignore("flags that are not set")
            case "1": result.flags.append(Flag(name, written: value.string()))
            default: keep(value, &result)
            }
        } else if name == "modifieduser" {
            if let person = value.person("targetlynx") { result.extras.add(name, person) }
        } else {
            keep(value, &result)
        }
    }

    private func keep(_ value: XMLValue, _ result: inout ResultRecord) {
        if let text = value.extra() { result.extras.add(value.name, text) }
    }

    private func number(_ name: String) -> Double? { peak.attribute(name)?.peekNumber }

    // MARK: What is told twice

    private func check(_ isFound: Bool, _ hasFlags: Bool) -> [Flag] {
        guard isFound else { return [] }
        var wrong: [(code: String, message: String)] = []
        if !hasFlags, peak.attribute("pkflags") != nil {
            wrong.append(("no-peak-flags", "this peak has an area or a time, and no peak flags, as if it had not been found"))
        }
        let start = number("startrt"), end = number("endrt")
        if let time = number("foundrt"), let start, let end, !(start...max(start, end)).contains(time) {
            wrong.append(
                (
                    "outside-peak",
                    "the peak was found at \(time), which is not between its start at \(start) and its end at \(end)"
                ))
        }
        // Both are written with ten decimals; in the export the difference is below 0.00000001.
        if let start, let end, let width = number("baselinewidth"), abs((end - start) * 60 - width) > 0.01 {
            wrong.append(("width", "the peak is \(width) s wide, and lasts from \(start) to \(end) min"))
        }
        if let area = number("area"), area != 0, let height = number("height"), let ratio = number("heightdivarea"),
            abs(height / area - ratio) > 1e-4 * max(abs(ratio), 1e-4)
        {
            wrong.append(("height-area", "the height \(height) is not \(ratio) times the area \(area), as the file states"))
        }
        for (code, message) in wrong {
            output.report(
                peak.fault(
                    "targetlynx.\(code)", message, severity: .warning,
                    hint: "it was read, with the flag contradiction; the file was edited or damaged: compare it with TargetLynx"))
        }
        return wrong.isEmpty ? [] : [Flag("contradiction")]
    }
}
