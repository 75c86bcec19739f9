import IngestCore
import StreamingXML
import TabularText

/// One step of an experiment: what was done with which device, and its results.
struct AnIMLStep {
    private let open: OpenElement
    private let document: ElementReader
    private let output: AdapterOutput
    private let samples: AnIMLSamples
    private var run: RunRecord
    private var sample: AnIMLSamples.Entry?
    private var technique: String?
    private var isBegun = false
    private let repeats = Repeats("animl.repeated-result", flag: "repeatedResult")
    /// Of the result at hand.
    private var flags: [Flag] = []

    init(
        _ open: OpenElement, _ document: ElementReader, _ output: AdapterOutput, _ samples: AnIMLSamples, _ about: Extras
    ) {
        self.open = open
        self.document = document
        self.output = output
        self.samples = samples
        run = RunRecord(name: open.attribute("name")?.string(), extras: about)
        if let id = open.attribute("experimentStepID")?.extra() { run.extras.add("experimentStepID", id) }
        open.keepAttributes(in: &run.extras)
    }

    mutating func read() async throws {
        while let part = try document.next(in: open) {
            guard part.name != "Result" else {
                try await begin()
                if let element = try document.whole(part) { try await readResult(element) }
                continue
            }
            guard let element = try document.whole(part) else { break }
            if isBegun {
                // The run was begun: what follows its results is told by a finding of its own.
                try await output.emit(finding(element.unread, element.location))
                continue
            }
            switch element.name {
            case "Technique":
                technique = element.attribute("name")?.extra()
                if let technique { run.extras.add("Technique", technique) }
                element.keepRest(in: &run.extras, under: "Technique")
            case "Infrastructure": takeInfrastructure(element)
            case "Method": takeMethod(element)
            default: element.keepRest(in: &run.extras, under: element.name)
            }
        }
        try await begin()
    }

    private mutating func begin() async throws {
        guard !isBegun else { return }
        isBegun = true
        run.extras = run.extras.withoutFolders
        try await output.begin(run)
    }

    private mutating func takeInfrastructure(_ element: Element) {
        let references = element.child("SampleReferenceSet")?.children("SampleReference") ?? []
        for reference in references {
            guard let id = reference.attribute("sampleID"), let entry = samples.refer(to: id) else { continue }
            if references.count == 1 {
                sample = entry
            } else {
                run.extras.add("SampleReference", entry.sample.id ?? "")
            }
            for field in entry.extras.fields { run.extras.add("Sample/" + field.heading, field.text) }
            reference.keepRest(in: &run.extras, under: "SampleReference")
        }
        if let value = element.child("Timestamp")?.content {
            do {
                if let time = try value.timestamp() { run.times.append(.init(.started, time)) }
            } catch {
                value.leaveOut()
                output.report(
                    value.fault(
                        "xml.not-a-time", "\"\(value.peek)\" is not a date and time, in <Timestamp>",
                        hint: "it was left out, the step was read without it"))
            }
        }
        element.keepRest(in: &run.extras, under: "Infrastructure")
    }

    private mutating func takeMethod(_ element: Element) {
        if let name = element.attribute("name")?.string() { run.methods.append(.init(.acquisition, name)) }
        if let device = element.child("Device") {
            run.instrument = .init(
                name: device.string("Name"), vendor: device.string("Manufacturer"), serial: device.string("SerialNumber"))
        }
        if let software = element.child("Software") {
            run.software = .init(name: software.string("Name"), version: software.string("Version"))
        }
        if let author = element.descendant("Author/Name")?.content { run.operatorName = author.person("animl") }
        for category in element.children("Category") { category.keepAnIMLParameters(in: &run.extras) }
        element.keepRest(in: &run.extras, under: "Method")
    }

    // MARK: Results

    private func record(_ kind: ResultRecord.Kind, _ location: SourceLocation) -> ResultRecord {
        ResultRecord(
            kind: kind, sample: sample?.sample, position: sample?.position, measurements: [], flags: flags, location: location)
    }

    private func finding(_ extras: Extras, _ location: SourceLocation) -> ResultRecord {
        var result = record(.sample, location)
        result.extras = extras.withoutFolders
        return result
    }

    private mutating func readResult(_ element: Element) async throws {
        let name = element.attribute("name")?.string()
        let flag = name.flatMap { repeats.note([$0], "the result \"\($0)\" of a step", at: element.location, output.account) }
        flags = flag.map { [$0] } ?? []
        defer { flags = [] }
        for category in element.children("Category") { try await readFinding(category, name) }
        let beside = element.children("Series")
        let sets = element.children("SeriesSet")
        for set in sets { try await readSet(set, beside, name) }
        if sets.isEmpty {
            for series in beside {
                leaveOut(
                    series, "animl.no-length",
                    "the series \"\(series.peek("name"))\" stands in no set, so its length is not stated",
                    "it was left out, the others were read")
            }
        }
        for steps in element.children("ExperimentStepSet") {
            leaveOut(
                steps, "animl.nested-steps", "steps inside of a result are not read here",
                "they were left out, the results around them were read")
        }
        let rest = element.unread
        if !rest.isEmpty { try await output.emit(finding(rest, element.location)) }
    }

    private func leaveOut(_ element: Element, _ code: String, _ message: String, _ hint: String) {
        element.leaveOutRest()
        output.leaveOut(element.fault(code, message, hint: hint))
    }

    /// A set may state any length: without a series of values as long, nothing in the file bears it out.
    private func leaveOut(_ series: Element, counted name: String?) {
        leaveOut(
            series, "animl.no-values",
            "all that is measured in the set \"\(name ?? "")\" is counted from a start, there are no values",
            "it was left out, the others were read")
    }

    /// The parameters of a category of a result: those that are numbers are measured.
    private func readFinding(_ category: Element, _ signal: String?) async throws {
        try await output.emitResult(of: category) {
            var result = record(.sample, category.location)
            let heading = category.attribute("name")?.string()
            result.signal = Signal(name: signal ?? heading)
            for parameter in category.children("Parameter") {
                let numbers = parameter.children.filter { ["I", "L", "F", "D"].contains($0.name) }
                guard numbers.count == 1, let value = numbers[0].content else { continue }
                let unit = parameter.anIMLUnit.map(StatedUnit.init(written:)) ?? .none
                let name = parameter["name"]?.string() ?? "Parameter"
                parameter.ignoreAnIMLTypes()
                result.measurements.append(AnIMLColumn.measurement(name, try value.quantity(unit)))
            }
            category.keepAnIMLParameters(in: &result.extras)
            return result
        }
    }

    /// A set of series: a table, or curves.
    private func readSet(_ set: Element, _ beside: [Element], _ result: String?) async throws {
        let name = set.attribute("name")?.string() ?? result
        guard let length = try length(set) else { return }
        var columns: [AnIMLColumn] = []
        for series in beside + set.children("Series") {
            do {
                columns.append(try AnIMLColumn(series, length: length))
            } catch let diagnostic as Diagnostic {
                series.leaveOutRest()
                output.leaveOut(diagnostic)
                output.account.contradict("a series of \(name ?? "a set") has not the values that are stated")
            }
        }
        let position = columns.firstIndex { $0.name.lowercased() == "position" }
        if technique?.lowercased() == "microplate read", position == nil {
            let technique = technique ?? ""
            leaveOut(
                set, "animl.no-position",
                "the technique \"\(technique)\" asks for a series \"Position\", and the set \"\(name ?? "")\" has none",
                "its values were left out, for they belong to no well; the file does not follow its technique: write it again")
            output.account.contradict("the set \(name ?? "") of \(run.name ?? "a step") has no positions")
            return
        }
        let isPlotted = (beside + set.children("Series")).contains {
            AnIMLColumn.isPlotted($0) && $0.peek("dependency") != "independent"
        }
        if isPlotted {
            try readCurves(set, columns, length, name)
        } else {
            try await readRows(set, columns, position, length, name)
        }
        let rest = set.unread
        guard !rest.isEmpty else { return }
        var told = finding(rest, set.location)
        // Rows without elements of their own are told at the same place.
        told.index = length + 1
        try await output.emit(told)
    }

    private func length(_ set: Element) throws -> Int? {
        do {
            guard let value = set.attribute("length"), let length = try value.integer(), (0...10_000_000).contains(length) else {
                throw set.fault("animl.no-length", "the set of series does not state its length, or not one that can be")
            }
            return length
        } catch var diagnostic as Diagnostic {
            diagnostic.hint = "its series were left out, the others were read"
            set.leaveOutRest()
            output.leaveOut(diagnostic)
            return nil
        }
    }

    // MARK: Tables

    private func readRows(
        _ set: Element, _ columns: [AnIMLColumn], _ position: Int?, _ length: Int, _ name: String?
    ) async throws {
        // Places alone, without anything that was measured there, are no results.
        let dependent = columns.filter { !$0.isIndependent }
        guard let first = dependent.first else { return }
        guard dependent.contains(where: { !$0.isCounted }) else { return leaveOut(first.series, counted: name) }
        let isPeaks = name?.lowercased().contains("peak") == true
        let kind: ResultRecord.Kind = position != nil ? .well : isPeaks ? .peak : .sample
        var standards: Set<MeasurementName> = []
        let isTaken = columns.enumerated().map { index, column in
            index != position && column.standard.map { !standards.insert($0).inserted } == true
        }
        for row in 0..<length {
            let leftOut = output.resultsLeftOut
            try await output.emitResult {
                let place = columns.lazy.compactMap { $0.place(row) }.first
                var result = record(kind, place ?? set.location)
                // Wells are told apart by their positions.
                if position == nil { result.ordinal = row + 1 }
                result.index = place == nil ? row + 1 : 1
                result.signal = name.map { Signal(name: $0) }
                if let sample { result.position = sample.position }
                for (index, column) in columns.enumerated() {
                    if index == position {
                        let written = try column.text(row)
                        result.position = Position(well: written) ?? Position(written: written)
                        result.position?.plate = sample?.sample.id
                    } else {
                        try column.take(row, kind, isTaken: isTaken[index], into: &result)
                    }
                }
                return result
            }
            if output.resultsLeftOut != leftOut { for column in columns { column.leaveOut(row) } }
        }
    }

    // MARK: Curves

    private func readCurves(_ set: Element, _ columns: [AnIMLColumn], _ length: Int, _ name: String?) throws {
        guard columns.contains(where: { !$0.isIndependent }) else { return }
        let axis = columns.firstIndex { $0.isIndependent && $0.isNumber && $0.isPlotted }
        var places: [Double]?
        do {
            places = try axis.map { try columns[$0].numbers() } ?? (0..<length).map(Double.init)
        } catch let diagnostic as Diagnostic {
            output.leaveOut(diagnostic)
            if let axis { columns[axis].series.leaveOutRest() }
        }
        for (index, column) in columns.enumerated() where index != axis {
            do {
                guard let places else {
                    throw column.series.fault(
                        "animl.no-axis", "the axis of the curve \"\(column.name)\" could not be read",
                        hint: "the curve was left out")
                }
                guard column.isNumber, column.isPlotted else {
                    throw column.series.fault(
                        "animl.not-plotted", "the series \"\(column.name)\" is no curve, and stands among curves",
                        severity: .warning, hint: "it was left out, the curves were read")
                }
                guard !column.isCounted else {
                    leaveOut(column.series, counted: name)
                    continue
                }
                let values = try column.numbers()
                var trace = TraceRecord(
                    sample: sample?.sample, position: sample?.position, signal: Signal(name: column.name),
                    axes: [axis.map { columns[$0].axis } ?? TraceRecord.Axis("index"), column.axis],
                    location: column.series.location)
                if let name { trace.extras.add("SeriesSet", name) }
                let writer = output.trace(trace)
                for (x, y) in zip(places, values) { try writer.append(x, y) }
            } catch let diagnostic as Diagnostic {
                column.series.leaveOutRest()
                output.leaveOut(diagnostic)
            }
        }
    }
}
