import IngestCore
import StreamingXML

/// What the files of an injection say of the run, the sample and the injection.
struct ChemStationXMLFacts {
    private(set) var run = RunRecord(software: RunRecord.Software(name: "ChemStation"))
    private(set) var sample: Sample?
    private(set) var position: Position?
    private(set) var injection = Injection()
    private let account: ReadingAccount
    /// As `SampleInformation` writes it; other places repeat it.
    private var version = ""

    init(_ account: ReadingAccount) { self.account = account }

    /// Its extras name no folders.
    var finishedRun: RunRecord {
        var run = run
        run.extras = run.extras.withoutFolders
        return run
    }

    mutating func take(_ survey: ChemStationXMLSurvey) { run.extras.add(survey.extras) }

    // MARK: Result.xml

    mutating func takeRoot(_ root: OpenElement) {
        root.attribute(ofAnyNamespace: "noNamespaceSchemaLocation")?.ignore("where the schema of the file lies")
        root.keepAttributes(in: &run.extras)
    }

    mutating func takeAcquisition(_ element: Element) {
        takeVersion(element["Version"])
        run.instrument = RunRecord.Instrument(name: element.string("InstrumentName"), vendor: "Agilent")
        sample = Sample(barcode: element.string("BarCode"))
        if let person = element["MethodLastModifiedBy"]?.person("chemstation-xml") {
            run.extras.add("Acquisition/MethodLastModifiedBy", person)
        }
        element.keepRest(in: &run.extras, under: "Acquisition")
    }

    mutating func takeModules(_ element: Element) {
        let modules = element.children("Module")
        // Of several modules none is the instrument.
        if modules.count == 1, let module = modules.first {
            run.instrument = run.instrument ?? RunRecord.Instrument(vendor: "Agilent")
            run.instrument?.model = module.string("ModuleName")
            run.instrument?.serial = module.string("SerialNumber")
        }
        element.keepRest(in: &run.extras, under: "ModuleInformation")
    }

    mutating func takeSample(_ element: Element) {
        takeVersion(element["Version"])
        var sample = sample ?? Sample()
        sample.name = element.string("SampleName")
        sample.id = element.string("LimsID")
        self.sample = sample
        if let location = element["Location"] {
            position = Position(agilent: location.peek)
            location.describe()
        }
        takeOrdinal(element["Inj"])
        takeVolume(element["InjVolume"])
        takeAcquired(element)
        run.sequence = element["SequencePath"]?.fileName()
        run.operatorName = element["Operator"]?.person("chemstation-xml")
        takeMethod(.acquisition, element["Method"])
        takeMethod(.processing, element["CalMethod"])
        if let instrument = element["AcqInstName"], instrument.peek == run.instrument?.name { instrument.describe() }
        element.keepRest(in: &run.extras, under: "SampleInformation")
    }

    /// `Rev. C.01.10 [201] Copyright © Agilent Technologies`
    private mutating func takeVersion(_ value: XMLValue?) {
        guard let value, version.isEmpty || version == value.peek, let text = value.string() else { return }
        version = text
        run.software?.version = text.firstRange(of: " Copyright").map { String(text[..<$0.lowerBound]) } ?? text
    }

    private mutating func takeOrdinal(_ value: XMLValue?) {
        guard let value, !value.isEmpty else { return }
        guard let ordinal = Int(value.peek) else { return unreadable(value, "a whole number") }
        value.describe()
        injection.ordinal = ordinal
    }

    private mutating func takeVolume(_ value: XMLValue?) {
        guard let value, !value.isEmpty else { return }
        do {
            injection.volume = try value.quantity()
        } catch {
            // `No inj` says why there is none; the text is kept either way.
            let written = value.string() ?? ""
            injection.volume = Quantity(written: written, absent: .notReported)
            if written.first.map({ $0.isNumber || "+-.,".contains($0) }) == true { unreadable(value, "a number") }
        }
    }

    private mutating func takeAcquired(_ element: Element) {
        guard let value = element["InjectionDateTime"], !value.isEmpty else { return }
        do {
            injection.acquired = try value.timestamp()
        } catch {
            unreadable(value, "a date and time")
        }
    }

    /// A value that is not used, but kept as it stands.
    private mutating func unreadable(_ value: XMLValue, _ what: String) {
        let text = value.peek
        run.extras.add("SampleInformation/" + value.name, value.extra() ?? text)
        account.report(
            value.fault(
                "chemstation-xml.unreadable-value", "\"\(text)\" is not \(what), in <\(value.name)>", severity: .warning,
                hint: "the peaks were read without it; the text is kept in the extras of the run"))
    }

    private mutating func takeMethod(_ role: RunRecord.Method.Role, _ value: XMLValue?) {
        guard let name = value?.fileName() else { return }
        let method = RunRecord.Method(role, name)
        if !run.methods.contains(method) { run.methods.append(method) }
    }

    // MARK: The other files

    /// `SAMPLE.XML`: what was typed in of the sample. It repeats much of `Result.xml`, which is the later word.
    ///
    /// - Returns: Where it begins.
    @discardableResult
    mutating func readSample(_ file: SourceFile) throws -> SourceLocation {
        let document = try ElementReader(file)
        let place = document.root.location
        if let root = try document.wholeRoot() {
            let written = root.peek("Name")
            if sample == nil {
                sample = Sample(name: root.string("Name"))
            } else if written == sample?.name ?? "" {
                root.describe("Name")
            } else if !written.isEmpty, let name = root["Name"] {
                account.report(
                    name.fault(
                        "chemstation-xml.other-sample",
                        "this is of the sample \"\(written)\", Result.xml of \"\(sample?.name ?? "")\"", severity: .warning,
                        hint: "the name in Result.xml is used; the sample was renamed, or the file is of another injection"))
            }
            takeMethod(.acquisition, root["ACQMethodPath"])
            takeMethod(.processing, root["DAMethodPath"])
            root.keepRest(in: &run.extras, under: "Sample")
        }
        try document.finish()
        return place
    }

    /// `Limsinf.xml`: fields for a laboratory's own system.
    ///
    /// - Returns: Where it begins.
    @discardableResult
    mutating func readLims(_ file: SourceFile) throws -> SourceLocation {
        let document = try ElementReader(file)
        let place = document.root.location
        try document.wholeRoot()?.keepRest(in: &run.extras, under: "SampleLimsInfo")
        try document.finish()
        return place
    }
}
