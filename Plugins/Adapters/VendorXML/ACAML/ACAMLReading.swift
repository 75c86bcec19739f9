import IngestCore
import StreamingXML
import TabularText

/// Reads an ACAML document from its beginning to its end, once ``ACAMLIndex`` knows what its ids stand for. The run was begun.
final class ACAMLReading {
    private let file: SourceFile
    private let index: ACAMLIndex
    private let output: AdapterOutput
    private let document: ElementReader
    private let findings: ACAMLFindings
    private let isPart: Bool
    private var account: ReadingAccount { file.account }
    /// The index has kept what is read here; it only has to be taken.
    private var kept: Extras = [:]
    private let ahead: ACAMLCompoundsAhead
    /// The compounds so far of the injection at hand.
    private var compound = 0
    /// The results so far of each signal of the injection at hand.
    private var ordinals: [String: Int] = [:]
    /// The ids of the peaks of the injection at hand, and of those that could be read.
    private var peakIDs: Set<String> = []
    private var readIDs: Set<String> = []
    /// The injections that the file does not have, of which it has results.
    private var toldUnknown: Set<String> = []
    private let repeats = Repeats("acaml.repeated-injection", flag: "repeatedInjection")

    /// Numbers of XML Schema that are none; OpenLab writes the first for a time that nobody expects.
    static let missing: [String: Quantity.Absence] = ["-INF": .notReported, "INF": .overflow, "NaN": .invalid]

    /// - Parameter isPart: As for ``ACAMLIndex/look(at:isPart:)``.
    init(_ file: SourceFile, _ index: ACAMLIndex, isPart: Bool = false, _ output: AdapterOutput) throws {
        self.file = file
        self.index = index
        self.output = output
        self.isPart = isPart
        ahead = try ACAMLCompoundsAhead(file)
        findings = ACAMLFindings(index, file.account)
        document = try ElementReader(file, missing: Self.missing)
    }

    func read() async throws {
        ACAMLDocumentFacts.takeAttributes(of: document.root, &kept)
        while let part = try document.next(in: document.root) {
            guard part.name == "Doc" else {
                try keep(part)
                continue
            }
            ACAMLDocumentFacts.takeAttributes(of: part, &kept)
            while let part = try document.next(in: part) {
                switch part.name {
                case "DocInfo":
                    if let element = try document.whole(part) {
                        ACAMLDocumentFacts.takeDocument(element, account, &kept, isPart: isPart)
                    }
                case "Content": try await readContent(part)
                default: try keep(part)
                }
            }
        }
        try document.finish()
    }

    /// A sample that was set up and not injected is a finding too.
    func emitSamplesNotInjected() async throws {
        for (object, place) in index.samplesNotInjected() { try await output.emit(findings.notInjected(object, at: place)) }
    }

    private func keep(_ part: OpenElement) throws {
        if let element = try document.whole(part) { ACAMLDocumentFacts.keep(element, account, &kept) }
    }

    private func readContent(_ content: OpenElement) async throws {
        ACAMLDocumentFacts.takeAttributes(of: content, &kept)
        while let part = try document.next(in: content) {
            if ACAMLDocumentFacts.containers.contains(part.name) { ACAMLDocumentFacts.takeAttributes(of: part, &kept) }
            switch part.name {
            case "Resources":
                while let resource = try document.nextWhole(in: part) {
                    ACAMLDocumentFacts.takeResource(resource, account, &kept)
                }
            case "Method": if let method = try document.whole(part) { ACAMLDocumentFacts.takeMethod(method, account, &kept) }
            case "SampleContexts", "SampleContextParams", "Samples", "SampleParams", "InjectionParams":
                while let entry = try document.nextWhole(in: part) { _ = ACAMLObject(entry, account) }
            case "Injections":
                while let entry = try document.next(in: part) {
                    if entry.name == "Result" {
                        try await readResult(entry)
                    } else if let element = try document.whole(entry) {
                        if element.isNamed("MeasData") {
                            let flag = repeated(element)
                            try await output.emitResult(of: element) {
                                var result = findings.injection(element)
                                if let flag { result.flags.append(flag) }
                                return result
                            }
                        } else {
                            _ = ACAMLObject(element, account)
                        }
                    }
                }
            default: try keep(part)
            }
        }
    }

    private func repeated(_ injection: Element) -> Flag? {
        guard let id = injection.attribute("id")?.peek, !id.isEmpty else { return nil }
        return repeats.note([id], "the injection \"\(id)\"", at: injection.location, account)
    }

    // MARK: Results

    private func readResult(_ open: OpenElement) async throws {
        var about = ACAMLResultFacts()
        let place = open.location
        ACAMLDocumentFacts.takeAttributes(of: open, &kept)
        try ahead.next()
        compound = 0
        ordinals = [:]
        peakIDs = []
        readIDs = []
        while let part = try document.next(in: open) {
            switch part.name {
            case "SignalResult": try await readSignal(part, &about)
            case "InjectionCompound":
                if let element = try document.whole(part) { try await readCompound(element, about.injection) }
            default: if let element = try document.whole(part) { about.take(element, account) }
            }
        }
        guard index.injections[about.injection ?? ""]?.isMeasured != true else { return }
        if !index.injectionOrder.isEmpty {
            account.report(
                Diagnostic(
                    .warning, "acaml.unknown-reference",
                    "these results are of the injection \"\(about.injection ?? "")\", which the file does not have", at: place,
                    hint: "the peaks were read without their sample; the file was edited or is cut: export it again"))
        }
        // Nothing else tells what was said of them: of all results of that injection, once.
        guard toldUnknown.insert(about.injection ?? "").inserted else { return }
        try await output.emit(findings.results(of: about.injection ?? "", at: place))
    }

    private func readSignal(_ open: OpenElement, _ about: inout ACAMLResultFacts) async throws {
        ACAMLDocumentFacts.takeAttributes(of: open, &kept)
        let injection = about.injection
        var signal: Signal?, reference = "", share = 0.0, shares = 0
        let leftOut = output.resultsLeftOut
        let place = open.location
        while let part = try document.nextWhole(in: open) {
            switch part.name {
            case "Signal_ID":
                reference = part.attribute("id")?.peek ?? ""
                signal = index.signals[reference]
                about.keep(part, account)
                if signal == nil { tellUnknownSignal(part, reference) }
            case "Info": part.ignore("when and by whom a part of the document was saved")
            case "Peak":
                let before = output.resultsLeftOut
                var completing: Int?
                try await output.emitResult(of: part) {
                    let result = try peak(part, injection, signal, reference, &completing)
                    if let percent = result.measurements.first(where: { $0.standard == .areaPercent })?.quantity.value {
                        share += percent
                        shares += 1
                    }
                    return result
                }
                guard output.resultsLeftOut == before else { continue }
                if let completing { ahead.take(completing) }
                if let id = part.attribute("id")?.peek { readIDs.insert(id) }
            default: about.keep(part, account)
            }
        }
        guard shares > 0, !document.isBroken else { return }
        let name = signal?.name ?? "a signal"
        if output.resultsLeftOut != leftOut {
            account.doubt("peaks of \(name) were left out")
        } else {
            check(share, shares, name, place)
        }
    }

    /// The area percents are shares of the total of their signal.
    private func check(_ sum: Double, _ peaks: Int, _ name: String, _ place: SourceLocation) {
        guard abs(sum - 100) > 0.1 else { return account.prove("the area % of \(name) add up to 100") }
        account.contradict("the area % of \(name) add up to \(sum)")
        account.report(
            Diagnostic(
                "acaml.area-percent-sum", "the area % of the \(peaks) peaks of \(name) add up to \(sum), not to 100", at: place,
                hint: "the peaks that are there were read; one is missing or was changed: export the file again"))
    }

    private func tellUnknownSignal(_ element: Element, _ reference: String) {
        // A part of a result set has its signals in another file.
        guard !index.injectionOrder.isEmpty else { return }
        account.report(
            element.fault(
                "acaml.unknown-reference", "there is no signal with the id \"\(reference)\"", severity: .warning,
                hint: "its peaks were read without the name of their signal; the file was edited or is cut: export it again"))
    }

    private func peak(
        _ element: Element, _ injection: String?, _ signal: Signal?, _ reference: String, _ completing: inout Int?
    ) throws -> ResultRecord {
        let id = element.attribute("id")?.peek ?? ""
        let ordinal = ordinals[reference, default: 0] + 1
        ordinals[reference] = ordinal
        let isRepeated = !peakIDs.insert(id).inserted
        let peak = try ACAMLPeak(element, isChemStation: index.isChemStation)
        var result = findings.result(.peak, of: injection ?? "", at: element.location)
        result.ordinal = ordinal
        result.signal = signal
        result.measurements = peak.measurements
        result.flags = peak.flags
        result.extras = peak.extras
        if isRepeated {
            result.flags.append(Flag("repeatedID"))
            account.report(
                element.fault(
                    "acaml.repeated-id", "another peak of this injection has the id \"\(id)\" too", severity: .warning,
                    hint: "both were read; the compound of this id went to the first; the file was edited: export it again"))
        } else if let (number, compound) = ahead.compound(ofPeak: id), compound.agrees(with: peak) {
            compound.complete(&result)
            completing = number
        }
        return result
    }

    // MARK: Compounds

    private func readCompound(_ element: Element, _ injection: String?) async throws {
        let number = compound
        compound += 1
        if ahead.isTaken(number) {
            // Its numbers are those of a peak above, with which they were read without fault.
            _ = try? ACAMLCompound(element, account)
            return
        }
        let before = output.resultsLeftOut
        var told: Diagnostic?
        try await output.emitResult(of: element) {
            let compound = try ACAMLCompound(element, account)
            let ordinal = ordinals["compounds", default: 0] + 1
            ordinals["compounds"] = ordinal
            var result = findings.result(.compound, of: injection ?? "", at: element.location)
            result.ordinal = ordinal
            result.analyte = compound.analyte
            result.measurements = compound.measurements
            result.extras = compound.extras
            if !compound.peaks.isEmpty { result.extras.add("Peak_ID", compound.peaks.joined(separator: " ")) }
            told = judge(compound, element, &result)
            return result
        }
        if let told, output.resultsLeftOut == before { account.report(told) }
    }

    /// Why the compound is none of a peak.
    private func judge(_ compound: ACAMLCompound, _ element: Element, _ result: inout ResultRecord) -> Diagnostic? {
        guard let peak = compound.peaks.first else {
            result.flags.append(Flag("notFound"))
            return nil
        }
        if let unknown = compound.peaks.first(where: { !readIDs.contains($0) }) {
            result.flags.append(Flag("unmatched"))
            return element.fault(
                "acaml.unknown-reference", "no peak of this injection that could be read has the id \"\(unknown)\"",
                severity: .warning, hint: "the compound was read by itself; compare the file with the data system")
        }
        guard compound.peaks.count == 1 else { return nil }
        result.flags.append(Flag("contradictory"))
        account.contradict("a compound has other numbers than its peak")
        return element.fault(
            "acaml.peaks-differ", "the compound has other numbers than its peak \"\(peak)\", or shares it with another",
            hint: "both were read; the file was changed: export it again")
    }
}
