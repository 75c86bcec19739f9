import IngestCore
import StreamingXML

/// What a workspace says of itself, besides its samples.
struct FlowJoWorkspace {
    private(set) var run = RunRecord()
    /// The samples that groups list.
    private var listed: Set<String> = []
    private var seen: Set<String> = []
    private var samples = 0
    /// Samples whose events are as many as their data say.
    private var proven = 0

    /// Looks ahead through the whole document.
    init(_ source: SourceFile) throws {
        let document = try ElementReader(source, survey: true)
        Self.take(document.root, into: &run)
        while let part = try document.next(in: document.root) {
            guard part.name == "SampleList" else {
                guard let element = try document.whole(part) else { continue }
                if element.isNamed("Groups") { noteGroups(element) }
                Self.take(element, into: &run)
                continue
            }
            part.keepAttributes(in: &run.extras)
            while run.instrument == nil, let sample = try document.nextWhole(in: part) { note(sample) }
        }
        try document.finish()
    }

    // MARK: The run

    static func take(_ root: OpenElement, into run: inout RunRecord) {
        run.software = .init(name: "FlowJo", version: root.attribute("flowJoVersion")?.string())
        run.name = root.attribute("nonAutoSaveFileName")?.fileName()
        if let written = root.attribute("modDate")?.extra() {
            run.extras.add("modDate", written)
            if let time = time(written) { run.times.append(.init(.processed, time)) }
        }
        let element = root.element
        for name in ["drawRowBorders", "drawColumnBorders", "hideCompNodes", "curGroup", "groupPaneHeight", "schemaLocation"] {
            element.attribute(name)?.ignore("how the workspace is shown")
        }
        root.keepAttributes(in: &run.extras)
    }

    /// `Fri Mar 14 08:24:55 PDT 2025`: what zone three letters are is not settled by them.
    private static func time(_ written: String) -> Timestamp? {
        var parts = written.split(separator: " ")
        if parts.count == 6, parts[4].allSatisfy(\.isLetter) { parts.remove(at: 4) }
        var time = Timestamp(parts.joined(separator: " "))
        time?.written = written
        return time
    }

    static func take(_ element: Element, into run: inout RunRecord) {
        switch element.name {
        case "WindowPosition", "TextTraits", "Columns": element.ignore("how the workspace is shown")
        case "TableEditor", "LayoutEditor": element.ignore("how tables and layouts of reports are drawn")
        case "Matrices": for matrix in element.children { FlowJoGates.keep(matrix: matrix, in: &run.extras) }
        case "Groups": for group in element.children { take(group: group, into: &run) }
        case "Cytometers":
            for cytometer in element.children {
                cytometer.keepRest(in: &run.extras, under: "cytometer \(cytometer.peek("cyt"))")
            }
        default: break
        }
        element.keepRest(in: &run.extras, under: element.name)
    }

    private static func take(group: Element, into run: inout RunRecord) {
        let name = group.string("name") ?? ""
        group.child("Graph")?.ignore("how plots are drawn")
        group.child("Subpopulations")?.ignore("populations of a group, which are a template")
        let references = group.inside("Group/SampleRefs").compactMap { $0.string("sampleID") }
        if !references.isEmpty { run.extras.add("group \(name)", references.joined(separator: " ")) }
        FlowJoGates.ignoreDisplay(group)
        group.keepRest(in: &run.extras, under: "group \(name)")
    }

    /// Instrument and operator of the first sample.
    private mutating func note(_ sample: Element) {
        let keywords = FlowJoKeywords(sample)
        run.instrument = .init(name: keywords["$CYT"], serial: keywords["CYTNUM"])
        run.operatorName = keywords["$OP"].flatMap { PrivateText.isAccount($0) ? nil : $0 }
    }

    // MARK: Samples

    private mutating func noteGroups(_ groups: Element) {
        for group in groups.children {
            for reference in group.inside("Group/SampleRefs") { listed.insert(reference.peek("sampleID")) }
        }
    }

    mutating func note(_ sample: FlowJoSample, _ output: AdapterOutput) {
        samples += 1
        if sample.isProven { proven += 1 }
        guard let id = sample.id, !seen.insert(id).inserted else { return }
        output.report(
            Diagnostic(
                .warning, "flowjo.repeated-sample", "a sample with the number \(id) stands in the workspace before",
                at: sample.location, hint: "both were read; compare them with FlowJo"))
    }

    func tellSamples(_ output: AdapterOutput, at place: SourceLocation) {
        let missing = listed.subtracting(seen)
        if !missing.isEmpty {
            let message = "groups list \(listed.count) samples, \(missing.count) of them are not in the workspace"
            output.report(
                Diagnostic(
                    .warning, "flowjo.samples", message, at: place,
                    hint: "the samples that are there were read; were others taken out of the file, save the workspace again"))
            output.account.doubt(message)
        }
        if samples > 0, proven == samples { output.account.prove("\(samples) samples have the events their $TOT says") }
    }
}

/// The keywords of a sample by name, looked at without taking them.
struct FlowJoKeywords {
    private var values: [String: String] = [:]

    init(_ sample: Element) {
        for keyword in sample.inside("Keywords") where !keyword.peek("value").isEmpty {
            values[keyword.peek("name")] = keyword.peek("value")
        }
    }

    subscript(name: String) -> String? { values[name] }
}
