public import IngestCore
import StreamingXML

/// Reads AnIML, the Analytical Information Markup Language of ASTM E13.15 (core 0.90).
///
///     <AnIML xmlns="urn:org:astm:animl:schema:core:draft:0.90" version="0.90">
///       <SampleSet><Sample sampleID="plate_7" name="Plate seven" barcode="P0007"/></SampleSet>
///       <ExperimentStepSet><ExperimentStep name="absorbance" experimentStepID="step_1"><Technique name="Microplate Read" uri=""/>
///         <Infrastructure><SampleReferenceSet><SampleReference sampleID="plate_7" role="Test Sample"/>…
///         <Method><Device><Name>Reader 9</Name><SerialNumber>R9-0007</SerialNumber></Device>…
///         <Result name="Read"><SeriesSet name="Read" length="4">
///           <Series name="Position" seriesType="Int32" dependency="independent" plotScale="none"><AutoIncrementedValueSet>…
///           <Series name="Absorbance" seriesType="Float32" dependency="dependent" plotScale="none">
///             <IndividualValueSet><F>0.101</F><F>0.204</F>…</IndividualValueSet><Unit label="AU"/></Series>
///
/// - Each experiment step is a ``RunRecord``, with its device, its author and the parameters of its method.
/// - Series that are not plotted are the columns of a table: each row is a ``ResultRecord``, of kind `well` where there is a
///   series `Position`, of kind `peak` where the table says so in its name. Where positions are only counted, they are
///   kept as the numbers they are: AnIML does not say whether a plate is counted by rows or by columns.
/// - Plotted series are traces over the first independent one. Values are given one by one, counted from a start by an
///   increment, or in base64, then in little-endian order.
/// - Series beside a set, in the same result, belong to it. A set states its length; a series of another length is left out,
///   for nobody could tell which of its values is missing. So is a read of a microplate without positions: its
///   technique asks for them, and without them no value belongs to a well.
/// - Units are the labels the file gives; a series without one has none. An author whose name is a Windows account is left out.
///
/// Known from the schema's documentation and the files that the public reader pyAnIML comes with.
public struct AnIMLAdapter: InstrumentAdapter {
    public init() {}
    public let identity = AdapterIdentity("xml.animl", version: 1, instrument: "AnIML core 0.90")

    public func recognize(_ opening: SourceOpening) -> Recognition {
        guard let start = XMLOpening(opening), start.root.name == "AnIML" else { return .no }
        guard let namespace = start.root.namespace else {
            return .possible(because: "the outermost element is <AnIML>, without its namespace")
        }
        guard namespace.hasPrefix("urn:org:astm:animl:schema:core:") else { return .no }
        return .certain(because: "the outermost element is <AnIML> of \(namespace)")
    }

    public func read(_ source: SourceFile, into output: AdapterOutput) async throws {
        // What xs:float writes besides numbers.
        let document = try ElementReader(source, missing: ["NaN": .notReported, "INF": .overflow, "-INF": .overflow])
        let version = document.root.attribute("version")?.string()
        source.account.name(format: "AnIML core" + (version.map { " \($0)" } ?? ""))
        let samples = AnIMLSamples(output)
        var about: Extras = [:]
        var steps: Set<String> = []
        var runs = 0
        let place = document.root.location
        document.root.keepAttributes(in: &about)
        while let part = try document.next(in: document.root) {
            switch part.name {
            case "SampleSet":
                part.keepAttributes(in: &about)
                while let element = try document.nextWhole(in: part) { samples.add(element) }
            case "ExperimentStepSet":
                part.keepAttributes(in: &about)
                while let open = try document.next(in: part) {
                    guard open.name == "ExperimentStep" else {
                        try document.keep(open, in: &about)
                        continue
                    }
                    runs += 1
                    let id = open.attribute("experimentStepID")?.peek ?? ""
                    if !id.isEmpty, !steps.insert(id).inserted {
                        output.report(
                            open.element.fault(
                                "animl.repeated-step", "a step before has the identifier \"\(id)\" too", severity: .warning,
                                hint: "both were read; references to it could mean either"))
                        output.account.contradict("two steps have the identifier \"\(id)\"")
                    }
                    var step = AnIMLStep(open, document, output, samples, about)
                    about = [:]
                    try await step.read()
                }
            case "AuditTrailEntrySet": try document.ignore(part, "the history of the document")
            case "SignatureSet", "Signature": try document.ignore(part, "signatures of the document")
            default: try document.keep(part, in: &about)
            }
        }
        if runs == 0 {
            try await output.begin(RunRecord(extras: about.withoutFolders))
        } else if !about.isEmpty {
            try await output.emit(
                ResultRecord(kind: .sample, measurements: [], extras: about.withoutFolders, location: place))
        }
        for finding in samples.untold { try await output.emit(finding) }
        try document.finish()
    }
}

/// The samples that a document declares, by their identifiers.
final class AnIMLSamples {
    struct Entry {
        var sample: Sample
        var position: Position?
        var extras: Extras
        var location: SourceLocation
        var isTold = false
    }

    private let output: AdapterOutput
    private var entries: [Entry] = []
    private var places: [String: [Int]] = [:]

    init(_ output: AdapterOutput) { self.output = output }

    func add(_ element: Element) {
        let id = element.attribute("sampleID")?.string()
        if let id, places[id] != nil {
            output.report(
                element.fault(
                    "animl.repeated-sample", "a sample before has the identifier \"\(id)\" too", severity: .warning,
                    hint: "results that refer to it have the identifier, and no name"))
        }
        var entry = Entry(
            sample: Sample(
                name: element.attribute("name")?.string(), id: id, barcode: element.attribute("barcode")?.string()),
            extras: [:], location: element.location)
        if let written = element.attribute("locationInContainer")?.string() {
            entry.position = Position(well: written) ?? Position(written: written)
            entry.position?.plate = element.attribute("containerID")?.string()
        }
        for category in element.children("Category") { category.keepAnIMLParameters(in: &entry.extras) }
        element.keepRest(in: &entry.extras)
        if let id { places[id, default: []].append(entries.count) }
        entries.append(entry)
    }

    /// The sample of that identifier; one that is not declared, or declared twice, has its identifier alone.
    func refer(to id: XMLValue) -> Entry? {
        guard let name = id.string() else { return nil }
        let found = places[name] ?? []
        guard found.count == 1, let place = found.first else {
            if found.isEmpty {
                output.report(
                    id.fault(
                        "animl.unknown-sample", "no sample of the document has the identifier \"\(name)\"", severity: .warning,
                        hint: "the results were read with the identifier, and no name; compare the file with its source"))
            }
            return Entry(sample: Sample(id: name), extras: [:], location: id.location)
        }
        entries[place].isTold = true
        return entries[place]
    }

    /// What is told of samples that no step refers to.
    var untold: [ResultRecord] {
        entries.filter { !$0.isTold }.map {
            ResultRecord(
                kind: .sample, sample: $0.sample, position: $0.position, measurements: [], extras: $0.extras.withoutFolders,
                location: $0.location)
        }
    }
}

extension Element {
    /// The parameters of a category, and of the categories in it: `Labware/Rows`.
    func keepAnIMLParameters(in extras: inout Extras, under outer: String = "") {
        let name = self["name"]?.string() ?? self.name
        let path = outer.isEmpty ? name : outer + "/" + name
        for child in children {
            if child.isNamed("Category") {
                child.keepAnIMLParameters(in: &extras, under: path)
            } else if child.isNamed("Parameter") {
                let heading = path + "/" + (child["name"]?.string() ?? "Parameter")
                child.ignoreAnIMLTypes()
                for value in child.children where !value.isNamed("Unit") {
                    if let text = value.content?.extra() { extras.add(heading, text) }
                }
                if let unit = child.child("Unit")?["label"]?.extra() { extras.add(heading + " unit", unit) }
                child.child("Unit")?.ignore("what a unit is made of")
                child.keepRest(in: &extras, under: heading)
            }
        }
        keepRest(in: &extras, under: path)
    }

    func ignoreAnIMLTypes() { self["parameterType"]?.ignore("types of values, which the elements of the values repeat") }

    /// The unit that an element states by its label.
    var anIMLUnit: String? {
        guard let unit = child("Unit") else { return nil }
        let label = unit["label"]?.string()
        unit.ignore("what a unit is made of")
        return label
    }
}
