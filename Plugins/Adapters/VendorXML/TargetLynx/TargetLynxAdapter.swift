public import IngestCore
import StreamingXML

/// Reads the results that Waters MassLynx TargetLynx exports as XML.
///
///     <QUANDATASET version="1"><DATASET filename="D:\Bile.PRO\bile.qld" …/><GROUPDATA count="1"><GROUP id="1" name="BILE-7">
///       <SAMPLELISTDATA filename="D:\Bile.PRO\bile.SPL" count="2">
///         <SAMPLE id="1" name="B_01" createdate="14-Mar-31" createtime="10:00:05" type="Standard" vial="1:A,1" …>
///           <COMPOUND id="1" sampleid="1" name="Cholic acid" stdconc="100.0000000000">
///             <PEAK foundrt="3.1010000000" area="1205.8000000000" pkflags="bb" analconc="99.1000000000" signoise="" …>
///               <CONFIRMATIONIONPEAK1 foundrt="3.1020000000" area="410.0000000000" …/><ISPEAK area="2100.0000000000" …/>
///             </PEAK><METHOD rref="2.0000000000" predrt="3.1000000000" …/></COMPOUND>
///       <CALIBRATIONDATA count="1"><COMPOUND name="Cholic acid"><CURVE type="RF">…
///
/// - Each group is a ``RunRecord``, each peak of a compound a ``ResultRecord`` of kind `compound`, and each confirmation ion one
///   of its own with the role `qualifier`. A compound that is its own reference (`rref`) has the role `istd`.
/// - Times are in minutes and the width at the base is in seconds, as TargetLynx writes them; areas, heights and
///   concentrations have no unit in the file, and get none.
/// - A peak that was not found is written as zeros without peak flags: its numbers are `notFound`, never 0. Other numbers that
///   TargetLynx leaves at 0 where it calculates nothing (response factor, ion ratio, a standard's concentration, the
///   injected volume) are kept as texts. `NaN` and `n/a` are no numbers.
/// - `pkflags` with an `M` is a peak integrated by hand; each flag attribute that is `1` is a flag of that name.
/// - The file tells some things twice, and they are compared: the width and the limits of a peak, its height over its area,
///   the samples of compounds, the counts of samples and of calibrations.
/// - A calibration is a result without a sample, with the flag `calibration`.
///
/// Known from an export of MassLynx 4.1 that the public reader TargetLynx_XML_exporter comes with, and from that of nPYc.
public struct TargetLynxAdapter: InstrumentAdapter {
    public init() {}
    public let identity = AdapterIdentity("xml.targetlynx", version: 1, instrument: "Waters MassLynx TargetLynx XML")

    public func recognize(_ opening: SourceOpening) -> Recognition {
        guard let start = XMLOpening(opening), start.root.name == "QUANDATASET", start.root.namespace == nil else { return .no }
        return .certain(because: "the outermost element is <QUANDATASET>")
    }

    public func read(_ source: SourceFile, into output: AdapterOutput) async throws {
        let document = try ElementReader(source, missing: ["NaN": .notReported, "n/a": .notReported, "N/A": .notReported])
        let version = document.root.attribute("version")?.string()
        source.account.name(format: "TargetLynx XML" + (version.map { " \($0)" } ?? ""))
        var dataset = RunRecord()
        document.root.keepAttributes(in: &dataset.extras)
        var groups = 0
        // What was said since the last group, which another one tells, if there is one.
        var late: Extras = [:]
        func take(_ open: OpenElement) throws {
            guard let element = try document.whole(open) else { return }
            if groups > 0 { element.note(in: &late, under: element.name) }
            switch element.name {
            case "XMLFILE": takeFile(element, .reported, &dataset)
            case "DATASET": dataset.name = takeFile(element, .processed, &dataset)
            default: element.keepRest(in: &dataset.extras, under: element.name)
            }
        }
        while let part = try document.next(in: document.root) {
            guard part.name == "GROUPDATA" else {
                try take(part)
                continue
            }
            var count = TargetLynxCount(part, "GROUP")
            if groups > 0 { part.element.noteAttributes(in: &late, under: part.name) }
            part.keepAttributes(in: &dataset.extras)
            while let group = try document.next(in: part) {
                guard group.name == "GROUP" else {
                    try take(group)
                    continue
                }
                count.found += 1
                groups += 1
                var reader = TargetLynxGroup(group, document, output, dataset)
                try await reader.read()
                late = [:]
            }
            count.check(document, output)
        }
        if groups == 0 {
            dataset.extras = dataset.extras.withoutFolders
            try await output.begin(dataset)
        } else {
            try await output.emitLate(late, at: document.root.location)
        }
        try document.finish()
    }

    /// The file that an element names, and when it was changed.
    @discardableResult
    private func takeFile(_ element: Element, _ role: RunRecord.Time.Role, _ run: inout RunRecord) -> String? {
        let name = element["filename"]?.fileName()
        if let time = element.targetLynxTime("modifieddate", "modifiedtime") { run.times.append(.init(role, time)) }
        element.keepRest(in: &run.extras, under: element.name)
        return name
    }
}

/// One group: samples measured with one method, and its calibration.
private struct TargetLynxGroup {
    private let open: OpenElement
    private let document: ElementReader
    private let output: AdapterOutput
    private var run: RunRecord
    private var isBegun = false
    private var numbers = Numbering("targetlynx.sample-number", of: "sample", from: 1)
    private var samples = 0
    /// The compounds of the first sample: each sample has as many.
    private var compounds: Int?

    init(_ open: OpenElement, _ document: ElementReader, _ output: AdapterOutput, _ dataset: RunRecord) {
        self.open = open
        self.document = document
        self.output = output
        run = dataset
        open.attribute("id")?.describe()
        run.name = open.attribute("name")?.string() ?? run.name
        if let name = dataset.name, name != run.name { run.extras.add("DATASET", name) }
        open.keepAttributes(in: &run.extras)
    }

    mutating func read() async throws {
        while let part = try document.next(in: open) {
            switch part.name {
            case "METHODDATA" where !isBegun:
                guard let element = try document.whole(part) else { break }
                if let name = element["filename"]?.fileName() { run.methods.append(.init(.processing, name)) }
                element.keepRest(in: &run.extras, under: "METHODDATA")
            case "SAMPLELISTDATA": try await readSamples(part)
            case "CALIBRATIONDATA": try await readCalibration(part)
            default:
                if !isBegun {
                    try document.keep(part, in: &run.extras)
                } else if let element = try document.whole(part) {
                    try await output.emitLate(element.unread, at: element.location)
                }
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

    private mutating func readSamples(_ list: OpenElement) async throws {
        var count = TargetLynxCount(list, "SAMPLE")
        if !isBegun {
            run.sequence = list.attribute("filename")?.fileName()
            list.keepAttributes(in: &run.extras)
        }
        try await begin()
        while let part = try document.next(in: list) {
            guard part.name == "SAMPLE" else {
                try document.ignore(part, "parts of a sample list that are no samples")
                continue
            }
            count.found += 1
            try await readSample(part)
        }
        count.check(document, output)
    }

    private mutating func readSample(_ open: OpenElement) async throws {
        samples += 1
        var sample = TargetLynxSample(open, injection: samples)
        if let flag = numbers.note(open.attribute("id")) { sample.flags.append(flag) }
        var found = 0
        while let part = try document.next(in: open) {
            guard let element = try document.whole(part) else { break }
            if element.isNamed("COMPOUND") {
                found += 1
                try await sample.read(element, into: output)
            } else {
                element["sampleid"]?.ignore("numbers repeated from the element around")
                element["groupid"]?.ignore("numbers repeated from the element around")
                let rest = element.unread
                guard !rest.isEmpty else { continue }
                try await output.emit(sample.finding(rest, element.location))
            }
        }
        guard !document.isBroken else { return }
        let expected = compounds ?? found
        compounds = expected
        guard expected != found else { return }
        output.report(
            open.element.fault(
                "targetlynx.compounds", "this sample has \(found) compounds, the first one has \(expected)", severity: .warning,
                hint: "those that are there were read; the file was edited, or put together of several"))
        output.account.contradict("sample \(sample.number) has \(found) compounds, the first one has \(expected)")
    }

    private mutating func readCalibration(_ list: OpenElement) async throws {
        var count = TargetLynxCount(list, "COMPOUND")
        var about: Extras = [:]
        list.keepAttributes(in: &about)
        try await begin()
        var ordinal = 0
        var numbers = Numbering("targetlynx.compound-number", of: "compound", from: 1)
        while let element = try document.nextWhole(in: list) {
            ordinal += 1
            var flag: Flag?
            if element.isNamed("COMPOUND") {
                count.found += 1
                flag = numbers.note(element.attribute("id"))
            }
            try await output.emitResult(of: element) {
                var result = ResultRecord(
                    kind: .compound, ordinal: ordinal,
                    analyte: Analyte(name: element.attribute("name")?.string(), id: element.attribute("id")?.string()),
                    measurements: [], location: element.location)
                let curve = element.child("CURVE")
                result.flags.append(Flag("calibration", written: curve?.attribute("type")?.string()))
                if let factor = curve?.child("RESPONSEFACTOR") {
                    if let value = try factor.measurement(.responseFactor, "cc") { result.measurements.append(value) }
                    for own in ["stddev", "percrelsd"] {
                        if let value = try factor.measurement(own: own) { result.measurements.append(value) }
                    }
                }
                if let flag { result.flags.append(flag) }
                element.keepRest(in: &result.extras)
                result.extras.add(about)
                result.extras = result.extras.withoutFolders
                return result
            }
        }
        count.check(document, output)
    }
}

/// A count that an element states of its children.
struct TargetLynxCount {
    private let declared: Int?
    private let list: String
    private let child: String
    private let place: SourceLocation
    var found = 0

    init(_ open: OpenElement, _ child: String) {
        let value = open.attribute("count")
        declared = value?.declaredCount("targetlynx.count")
        if declared != nil { value?.describe() }
        list = open.name
        self.child = child
        place = open.location
    }

    func check(_ document: ElementReader, _ output: AdapterOutput) {
        guard let declared, !document.isBroken else { return }
        let told = "<\(list)> states \(declared) <\(child)>, there are \(found)"
        guard declared != found else { return output.account.prove(told) }
        output.report(
            Diagnostic(
                "targetlynx.count", told, at: place,
                hint: "those that are there were read; the file was edited or is not whole: export it again"))
        output.account.contradict(told)
    }
}

extension Element {
    /// A date and a time of day of two attributes; what is none is told and left out.
    func targetLynxTime(_ date: String, _ time: String) -> Timestamp? {
        guard let date = self[date], !date.isEmpty else { return nil }
        let clock = self[time]
        let written = clock.map { $0.isEmpty ? date.peek : "\(date.peek) \($0.peek)" } ?? date.peek
        if let time = Timestamp(written, order: reader.source.given.dateOrder, zone: reader.source.given.timeZone) {
            date.describe()
            clock?.describe()
            return time
        }
        date.leaveOut()
        clock?.leaveOut()
        reader.source.account.report(
            fault(
                "xml.not-a-time", "\"\(written)\" is not a date and time, in \(date.name) and \(time) of <\(name)>",
                hint: "it was left out, the rest was read without it"))
        return nil
    }
}
