import IngestCore
import StreamingXML
import TabularText

/// A first look at one or several ACAML documents of one sequence: what the ids in them stand for. References point backwards,
/// forwards and into other documents, so nothing can be read of a peak without it.
final class ACAMLIndex {
    /// What is said of the documents and the sequence, in the order of the file.
    private(set) var extras: Extras = [:]
    private var objects: [String: ACAMLObject] = [:]
    private(set) var injections: [String: ACAMLInjection] = [:]
    /// In the order of the files.
    private(set) var injectionOrder: [String] = []
    private(set) var signals: [String: Signal] = [:]
    private var objectOrder: [String] = []
    /// The samples as they were set up, and where.
    private var setups: [(id: String, place: SourceLocation)] = []
    /// The ids of the sample of an injection, as it was measured, by that of the injection.
    private var samples: [String: [String]] = [:]
    /// The ids of what is said of the results of a sample, by that of the sample as it was measured.
    private var sampleResults: [String: [String]] = [:]
    private var run = RunRecord()
    private var methods: [String: String] = [:]
    private var sequence: String?
    /// The id of the one that the sequence ran on.
    private var instrument: String?
    private var instruments: [String: RunRecord.Instrument] = [:]
    private(set) var format = ""
    /// ChemStation wrote it.
    private(set) var isChemStation = false

    // MARK: Looking

    /// - Parameter isPart: It holds the results of one injection of the sequence; what is said of the document is theirs.
    /// - Throws: A ``Diagnostic`` when the document is refused.
    func look(at file: SourceFile, isPart: Bool = false) throws {
        let document = try ElementReader(file, missing: ACAMLReading.missing, survey: true)
        if format.isEmpty { format = Self.format(of: document.root) }
        var about: Extras = [:]
        var injection: String?
        ACAMLDocumentFacts.takeAttributes(of: document.root, &about)
        while let part = try document.next(in: document.root) {
            guard part.name == "Doc" else {
                try keep(part, in: document, &about)
                continue
            }
            ACAMLDocumentFacts.takeAttributes(of: part, &about)
            while let part = try document.next(in: part) {
                switch part.name {
                case "DocInfo": if let element = try document.whole(part) { takeDocument(element, &about, isPart: isPart) }
                case "Content": injection = try lookAtContent(part, document, &about) ?? injection
                default: try keep(part, in: document, &about)
                }
            }
        }
        try document.finish()
        if isPart, let injection {
            injections[injection, default: ACAMLInjection()].resultExtras.add(about)
        } else {
            extras.add(about)
        }
    }

    /// `ACAML 2.1`
    static func format(of root: OpenElement) -> String {
        let digits = (root.namespace ?? "").reversed().prefix { $0.isNumber }.reversed().map(String.init)
        return digits.isEmpty ? "ACAML" : "ACAML " + digits.joined(separator: ".")
    }

    private func keep(_ part: OpenElement, in document: ElementReader, _ extras: inout Extras) throws {
        guard let element = try document.whole(part) else { return }
        ACAMLDocumentFacts.keep(element, nil, &extras)
    }

    private func takeDocument(_ element: Element, _ extras: inout Extras, isPart: Bool) {
        let app = element.descendant("CreatedByApplication/AgilentApp")
        if !isPart {
            run.software = RunRecord.Software(name: app?.peek("Name"), version: app?.peek("Version"))
            isChemStation = run.software?.name == "ChemStation"
            let person = element.peek("CreatedByUser")
            run.operatorName = person.isEmpty || PrivateText.isAccount(person) ? nil : person
        }
        ACAMLDocumentFacts.takeDocument(element, nil, &extras, isPart: isPart) { id, text in
            injections[id, default: ACAMLInjection()].resultExtras.add(text)
        }
    }

    /// The id of the injection that the results in it are of.
    private func lookAtContent(_ content: OpenElement, _ document: ElementReader, _ extras: inout Extras) throws -> String? {
        var injection: String?
        ACAMLDocumentFacts.takeAttributes(of: content, &extras)
        while let part = try document.next(in: content) {
            if ACAMLDocumentFacts.containers.contains(part.name) { ACAMLDocumentFacts.takeAttributes(of: part, &extras) }
            switch part.name {
            case "Resources":
                while let resource = try document.nextWhole(in: part) {
                    if resource.isNamed("Instrument") { takeInstrument(resource) }
                    ACAMLDocumentFacts.takeResource(resource, nil, &extras)
                }
            case "Method":
                guard let method = try document.whole(part) else { continue }
                methods[method.attribute("id")?.peek ?? method.path.description] = method.peek("Name")
                ACAMLDocumentFacts.takeMethod(method, nil, &extras)
            case "SampleContexts", "SampleContextParams":
                while let context = try document.nextWhole(in: part) {
                    let object = ACAMLObject(context, nil)
                    sequence = sequence ?? object.name
                    if let name = object.name, name != sequence { extras.addNew(["IdentParam/Name": name]) }
                    instrument = instrument ?? object.instrument
                    extras.addNew(object.extras)
                }
            case "Samples", "SampleParams", "InjectionParams":
                let section = part.name
                while let entry = try document.nextWhole(in: part) { takeEntry(entry, in: section) }
            case "Injections":
                while let entry = try document.next(in: part) {
                    if entry.name == "Result" {
                        injection = try lookAtResult(entry, document) ?? injection
                    } else if let element = try document.whole(entry) {
                        if element.isNamed("MeasData") { takeInjection(element) } else { takeEntry(element, in: "Injections") }
                    }
                }
            default: try keep(part, in: document, &extras)
            }
        }
        return injection
    }

    private func takeEntry(_ entry: Element, in section: String) {
        let id = entry.attribute("id")?.peek ?? entry.path.description
        var object = ACAMLObject(entry, nil)
        for reference in entry.children {
            guard let other = reference.attribute("id")?.peek else { continue }
            switch reference.name {
            case "InjectionMeasData_ID" where section == "Samples": samples[other, default: []].append(id)
            case "SampleMeasData_ID": sampleResults[other, default: []].append(id)
            case "InjectionSetup_ID" where section == "Samples": object.references.removeAll { $0 == other }
            default: break
            }
        }
        objects[id] = object
        objectOrder.append(id)
        if section == "Samples", entry.isNamed("Setup") { setups.append((id, entry.location)) }
    }

    private func takeInstrument(_ element: Element) {
        let modules = element.children("Module")
        var instrument = RunRecord.Instrument(name: element.peek("Name"), vendor: "Agilent")
        if modules.count == 1, let module = modules.first {
            instrument.model = module.peek("Name")
            instrument.serial = module.peek("SerialNo")
        }
        instruments[element.attribute("id")?.peek ?? element.path.description] = instrument
    }

    // MARK: Injections

    private func takeInjection(_ element: Element) {
        guard let id = element.attribute("id")?.peek else { return }
        var injection = injections[id] ?? ACAMLInjection()
        injection.take(element)
        if injections[id]?.isMeasured != true { injectionOrder.append(id) }
        for signal in element.children("Signal") {
            if let id = signal.attribute("id")?.peek { signals[id] = ACAMLInjection.signal(signal) }
        }
        var object = ACAMLObject(element, nil)
        object.extras = [:]
        objects[id] = object
        injections[id] = injection
    }

    private func lookAtResult(_ result: OpenElement, _ document: ElementReader) throws -> String? {
        var about = ACAMLResultFacts()
        ACAMLDocumentFacts.takeAttributes(of: result, &about.extras)
        while let part = try document.next(in: result) {
            switch part.name {
            case "SignalResult":
                ACAMLDocumentFacts.takeAttributes(of: part, &about.extras)
                while let child = try document.next(in: part) {
                    switch child.name {
                    case "Peak": about.peaks += 1
                    case "Info": break
                    default: if let element = try document.whole(child) { about.keep(element, nil) }
                    }
                }
            case "InjectionCompound": break
            default: if let element = try document.whole(part) { about.take(element, nil) }
            }
        }
        let id = about.injection ?? ""
        injections[id, default: ACAMLInjection()].resultExtras.add(about.extras)
        let peaks = (injections[id]?.peaks ?? 0) + about.peaks
        injections[id]?.peaks = peaks
        if let method = about.method { injections[id]?.processingMethod = method }
        injections[id]?.references += about.references
        return id
    }

    // MARK: What the ids stand for

    /// The ids of things and of all they refer to, each once.
    private func closure(of ids: [String]) -> [String] {
        var found: [String] = []
        var seen: Set<String> = []
        var open = ids
        var next = 0
        while next < open.count {
            let id = open[next]
            next += 1
            guard let object = objects[id], seen.insert(id).inserted else { continue }
            found.append(id)
            open += object.references
        }
        return found
    }

    private func merged(_ ids: [String]) -> ACAMLObject? {
        var objects = closure(of: ids).compactMap { self.objects[$0] }
        guard !objects.isEmpty else { return nil }
        var merged = objects.removeFirst()
        for object in objects { merged.complete(with: object) }
        return merged
    }

    private func injectionIDs(_ id: String) -> [String] { [id] + (injections[id]?.references ?? []) }

    private func sampleIDs(_ id: String) -> [String] {
        let ids = samples[id] ?? []
        return ids + ids.flatMap { sampleResults[$0] ?? [] }
    }

    /// An injection, with all that the things it refers to say.
    func injection(_ id: String) -> ACAMLObject? { merged(injectionIDs(id)) }

    /// The sample of an injection, as it was set up and measured.
    func sample(of injection: String) -> ACAMLObject? { merged(sampleIDs(injection)) }

    /// The samples that were set up and not injected.
    func samplesNotInjected() -> [(object: ACAMLObject, place: SourceLocation)] {
        let used = Set(closure(of: injections.keys.flatMap { injectionIDs($0) + sampleIDs($0) }))
        return setups.filter { !used.contains($0.id) }.compactMap { setup in merged([setup.id]).map { ($0, setup.place) } }
    }

    /// The run that the documents tell of.
    var finishedRun: RunRecord {
        var run = run
        run.sequence = sequence
        let chosen =
            instrument.flatMap { instruments[$0] == nil ? nil : $0 } ?? (instruments.count == 1 ? instruments.keys.first : nil)
        run.instrument = chosen.flatMap { instruments[$0] }
        for (_, other) in instruments.sorted(by: { $0.key < $1.key }).filter({ $0.key != chosen }) {
            for (heading, text) in [("Name", other.name), ("Module/Name", other.model), ("Module/SerialNo", other.serial)] {
                if let text, !text.isEmpty { run.extras.add("Instrument/" + heading, text) }
            }
        }
        var named: Set<String> = []
        for id in injectionOrder {
            let object = injection(id)
            let processing = injections[id]?.processingMethod ?? object?.processingMethod
            for (role, method) in [(RunRecord.Method.Role.acquisition, object?.acquisitionMethod), (.processing, processing)] {
                guard let method, let name = methods[method], !name.isEmpty, named.insert(role.rawValue + name).inserted else {
                    continue
                }
                run.methods.append(RunRecord.Method(role, PrivateText.fileName(name)))
            }
        }
        let known = Set(run.methods.map(\.name))
        for name in Set(methods.values).sorted() where !known.contains(PrivateText.fileName(name)) {
            run.extras.add("Method/Name", name)
        }
        run.extras.add(extras)
        let used = Set(closure(of: injections.keys.flatMap { injectionIDs($0) + sampleIDs($0) } + setups.map(\.id)))
        for id in objectOrder where !used.contains(id) { run.extras.addNew(objects[id]?.extras ?? [:]) }
        run.extras = run.extras.withoutFolders
        return run
    }
}
