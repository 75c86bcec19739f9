import IngestCore
import StreamingXML

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
