import IngestCore
import StreamingXML
import TabularText

/// Reads a sample: its keywords, and the populations gated in it.
struct FlowJoSample {
    let id: String?
    let location: SourceLocation
    /// As many events as `$TOT` says.
    private(set) var isProven = false
    private let element: Element
    private let run: RunRecord
    private let output: AdapterOutput
    private var base: ResultRecord
    private var ordinal = 0
    private var paths: Set<String> = []

    init(_ element: Element, _ run: RunRecord, _ output: AdapterOutput) {
        self.element = element
        self.run = run
        self.output = output
        location = element.location
        let keywords = FlowJoKeywords(element)
        let node = element.child("SampleNode")
        id = node?.string("sampleID") ?? element.child("DataSet")?.string("sampleID")
        base = ResultRecord(
            kind: .gate, sample: Sample(name: node?.string("name"), id: id), measurements: [], location: location)
        if let well = keywords["WELL ID"] {
            base.position = Position(well: well) ?? Position(written: well)
            base.position?.plate = keywords["PLATE NAME"] ?? keywords["PLATE ID"]
        }
        if let date = keywords["$DATE"] {
            let given = element.reader.source.given
            let written = [date, keywords["$BTIM"]].compactMap(\.self).joined(separator: " ")
            let acquired = Timestamp(written, order: given.dateOrder, zone: given.timeZone)
            if let acquired { base.injection = Injection(acquired: acquired) }
        }
    }

    mutating func read() async throws {
        let node = element.child("SampleNode")
        let flags = check(node)
        try await output.emitResult(of: element) {
            var result = base
            result.kind = .sample
            result.flags += flags
            if let count = node?.attribute("count") { result.measurements = [Measurement(.count, try Self.events(count))] }
            keep(in: &result.extras)
            return result
        }
        if let node { try await readPopulations(in: node, path: "") }
        try await output.emitUnknown(in: element)
    }

    /// The events of the data and those of the sample; the number of the data set and that of the sample.
    private mutating func check(_ node: Element?) -> [Flag] {
        var flags: [Flag] = []
        if let data = element.child("DataSet")?.peek("sampleID"), let own = node?.peek("sampleID"), data != own {
            let message = "the data set has the number \(data), its sample \(own)"
            report(element, "flowjo.sample-id", message, .error)
            output.account.contradict(message)
            flags.append(Flag("otherData", written: data))
        }
        guard let total = FlowJoKeywords(element)["$TOT"].flatMap({ Int($0.trimmed) }),
            let count = node.flatMap({ Int($0.peek("count")) }), count >= 0
        else { return flags }
        isProven = total == count
        if !isProven {
            let message = "\"\(base.sample?.name ?? "")\" has \(count) events, its $TOT is \(total)"
            report(node ?? element, "flowjo.count", message, .error)
            output.account.contradict(message)
            flags.append(Flag("eventCount", written: "\(total)"))
        }
        return flags
    }

    private func keep(in extras: inout Extras) {
        for child in element.children {
            switch child.name {
            case "DataSet":
                if let file = child["uri"]?.fileName() { extras.add("DataSet", file) }
                child.describe("sampleID")
            case "spilloverMatrix": FlowJoGates.keep(matrix: child, in: &extras)
            case "Transformations": FlowJoGates.keep(transformations: child, in: &extras)
            case "Keywords": for keyword in child.children { keep(keyword, in: &extras) }
            case "SampleNode":
                keep(node: child, in: &extras)
                continue
            default: break
            }
            child.keepRest(in: &extras, under: child.name)
        }
        element.keepOwnAttributes(in: &extras)
        extras = extras.withoutFolders
    }

    /// A sample or a population, without those in it.
    private func keep(node: Element, in extras: inout Extras) {
        FlowJoGates.ignoreDisplay(node)
        node.keepOwnAttributes(in: &extras)
        for child in node.children where !child.isNamed("Subpopulations") {
            switch child.name {
            case "Graph": child.ignore("how plots are drawn")
            case "Gate": FlowJoGates.keep(child, in: &extras)
            default: child.keepRest(in: &extras, under: child.name)
            }
        }
    }

    private func keep(_ keyword: Element, in extras: inout Extras) {
        let name = keyword.string("name") ?? "keyword"
        guard let value = keyword["value"] else { return }
        switch name {
        case "EXPORT USER NAME": value.ignore("the Windows account of whoever exported the data")
        case "$OP":
            if let person = value.person("flowjo"), person != run.operatorName { extras.add(name, person) }
        default: if let text = value.extra() { extras.add(name, text) }
        }
    }

    /// A number of events; -1 before FlowJo has counted.
    private static func events(_ value: XMLValue) throws -> Quantity {
        let quantity = try value.quantity()
        guard quantity.value != -1 else { return Quantity(written: quantity.written, absent: .notReported) }
        guard quantity.value.map({ $0 == $0.rounded() }) ?? true else {
            throw value.fault(
                "flowjo.events", "\"\(value.peek)\" is no number of events",
                hint: "this population was left out, the others were read; save the workspace again")
        }
        return quantity
    }

    private func report(_ element: Element, _ code: String, _ message: String, _ severity: Diagnostic.Severity) {
        output.report(
            element.fault(code, message, severity: severity, hint: "it was read, and flagged; compare it with FlowJo"))
    }

    // MARK: Populations

    private mutating func readPopulations(in parent: Element, path: String) async throws {
        for node in parent.inside("Subpopulations") {
            if node.isNamed("Statistic") {
                try await emit(statistic: node, of: parent, path)
            } else {
                let path = path.isEmpty ? node.peek("name") : path + "/" + node.peek("name")
                try await emit(node, in: parent, path)
                try await readPopulations(in: node, path: path)
            }
        }
    }

    private mutating func emit(_ node: Element, in parent: Element, _ path: String) async throws {
        let flags = check(node, in: parent, path)
        try await output.emitResult(of: node) {
            ordinal += 1
            var result = base
            result.ordinal = ordinal
            result.location = node.location
            result.analyte = Analyte(name: node.string("name"), id: path)
            result.flags += flags
            if let count = node.attribute("count") { result.measurements = [Measurement(.count, try Self.events(count))] }
            if !node.isNamed("Population") { result.extras.add("node", node.name) }
            keep(node: node, in: &result.extras)
            return result
        }
    }

    private mutating func check(_ node: Element, in parent: Element, _ path: String) -> [Flag] {
        var flags: [Flag] = []
        if !paths.insert(path).inserted {
            flags.append(Flag("repeatedPopulation", written: path))
            report(node, "flowjo.repeated-population", "a population \"\(path)\" stands in this sample before", .warning)
        }
        if let own = Int(node.peek("count")), let around = Int(parent.peek("count")), around >= 0, own > around {
            let message = "\"\(path)\" has \(own) events, \"\(parent.peek("name"))\" around it \(around)"
            report(node, "flowjo.count", message, .error)
            output.account.contradict(message)
            flags.append(Flag("moreThanParent", written: "\(own)"))
        }
        guard let gate = node.child("Gate") else { return flags }
        // Of a rest or a union the gate is another one's, and need not be the one around.
        if node.isNamed("Population"), parent.isNamed("Population"), let around = parent.child("Gate"),
            let stated = gate.attribute(ofAnyNamespace: "parent_id"),
            let own = around.attribute(ofAnyNamespace: "id")?.peek, stated.peek != own
        {
            flags.append(Flag("otherParent", written: stated.peek))
            report(gate, "flowjo.parent", "the gate lies in \"\(stated.peek)\", around it is \"\(own)\"", .warning)
        }
        if let wrong = FlowJoGates.problem(gate) {
            flags.append(Flag("gateRegion"))
            let values = wrong.attributes.map { "\"\($0.peek)\"" }.joined(separator: " to ")
            report(wrong, "flowjo.gate", "\(values) is no limit or coordinate of a gate", .warning)
        }
        return flags
    }

    // MARK: Statistics

    /// `<Statistic name="Median" id="Comp-PE-A" value="812.75"/>`, of the population it stands in.
    private func emit(statistic: Element, of parent: Element, _ path: String) async throws {
        try await output.emitResult(of: statistic) {
            var result = base
            result.location = statistic.location
            if !path.isEmpty { result.analyte = Analyte(name: parent.peek("name"), id: path) }
            result.signal = statistic.string("id").map { Signal(name: $0) }
            let name = statistic.string("name") ?? "Statistic"
            if let value = statistic.attribute("value") {
                let quantity = try value.quantity()
                result.measurements = [
                    Self.names[name].map { Measurement($0, quantity) } ?? Measurement(own: name, quantity)
                ]
            }
            FlowJoGates.ignoreDisplay(statistic)
            statistic.keepRest(in: &result.extras)
            return result
        }
    }

    private static let names: [String: MeasurementName] = [
        "Median": .median, "Mean": .mean, "SD": .standardDeviation, "CV": .coefficientOfVariation, "Count": .count,
    ]
}
