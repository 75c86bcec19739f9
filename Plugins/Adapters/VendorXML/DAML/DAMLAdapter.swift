public import IngestCore
import StreamingXML

/// Reads the DAML files of Shimadzu's Open Solution (LabSolutions LC/MS): one injection each, with its chromatograms, spectra,
/// peaks, and the masses that were looked for.
///
///     <DAML version="30" timestamp="3/14/2031 2:03:00 PM">
///       <datafile_attribs><raw_datafile>\\server\ann\EX-1.lcd</raw_datafile><creation_date>3/14/2031 1:58:00 PM</creation_date>
///         <sample_name>EX-1</sample_name><vial>13</vial><method_file_name>C:\LabSolutions\Data\fast.lcm</method_file_name>…
///       <proc_data_options><targets><target><id>3</id><mass>204.11</mass><purity>81.25</purity><confirmed>True</confirmed>
///         <target_ion><adduct_formula>H</adduct_formula><ion_mass>205.118</ion_mass><found_mass>205.1</found_mass>…
///       <results><lc_chros><chro><id>12</id><data>MjU0bm0sNG5tOzI1NG5tLDRubTs7OzA7MDs4MDst…</data>
///           <peak details="ID=13, Peak#=1, ChroID=12, RT=1.095mins …, Area=10434, …"><data>VmVyc2lvbj0yO0lEPTEz…</data></peak>
///           <wavelength>254</wavelength></chro></lc_chros><spectra>…<pda_spectra>…
///
/// - A text in base64 holds each curve: `title;title;;;x;y;x;y …`. Each is a trace. Times are in milliseconds, the wavelengths of
///   UV spectra in hundredths of a nanometre (10 pm), mass to charge in ten-thousandths, as their axis is called; no number is
///   converted, and no intensity has a unit.
/// - Each peak is a ``ResultRecord`` of kind `peak`, from the text in its own `<data>`; its summary (`details`) has to agree.
/// - Each mass looked for is a result of kind `compound`, each of its ions one with the role `qualifier`: once for the injection,
///   and once for each spectrum. Zeros of an ion that was not found are `notFound`.
/// - A spectrum states its base peak and the sum of its intensities: both are compared with its points.
/// - The shape of the rack is ignored; an injected volume of 0 is none, and kept as a text.
///
/// Known from files that the public reader PyParse comes with; the numbers were understood from what the files tell twice.
public struct DAMLAdapter: InstrumentAdapter {
    public init() {}
    public let identity = AdapterIdentity("xml.daml", version: 1, instrument: "Shimadzu Open Solution LC/MS (DAML)")

    public func recognize(_ opening: SourceOpening) -> Recognition {
        guard let start = XMLOpening(opening), start.root.name == "DAML", start.root.namespace == nil else { return .no }
        return .certain(because: "the outermost element is <DAML>")
    }

    public func read(_ source: SourceFile, into output: AdapterOutput) async throws {
        let document = try ElementReader(source)
        let root = document.root
        let version = root.attribute("version")?.string()
        source.account.name(format: "Shimadzu DAML" + (version.map { " \($0)" } ?? ""))
        var injection = DAMLInjection(document, output)
        if let time = injection.time(root.attribute("timestamp")) { injection.run.times.append(.init(.reported, time)) }
        root.keepAttributes(in: &injection.run.extras)
        var results = 0
        let repeats = Repeats("daml.repeated-results")
        while let part = try document.next(in: root) {
            if part.name == "results" {
                results += 1
                repeats.note(["results"], "<results>", at: part.location, output.account)
                try await injection.begin()
                var reading = DAMLResults(injection, document, output)
                try await reading.read(part)
            } else if let element = try document.whole(part) {
                try await injection.take(element)
            }
        }
        if results == 0 { document.tellNoResults("results") }
        try await injection.begin()
        try document.finish()
    }
}

/// What a file tells of its injection before the results.
struct DAMLInjection {
    var run = RunRecord()
    private(set) var sample: Sample?
    private(set) var position: Position?
    private(set) var injection: Injection?
    private let document: ElementReader
    private let output: AdapterOutput
    private var isBegun = false

    init(_ document: ElementReader, _ output: AdapterOutput) {
        self.document = document
        self.output = output
    }

    mutating func begin() async throws {
        guard !isBegun else { return }
        isBegun = true
        run.extras = run.extras.withoutFolders
        try await output.begin(run)
    }

    mutating func take(_ element: Element) async throws {
        guard !isBegun else {
            // The run was begun: what follows the results is told by a finding of its own.
            try await output.emit(record(.sample, element.location, extras: element.unread))
            return
        }
        switch element.name {
        case "app_settings":
            if let name = element.string("app_name") { run.software = .init(name: name) }
            element.keepRest(in: &run.extras)
        case "datafile_attribs": takeAttributes(element)
        case "method": takeMethod(element)
        case "proc_data_options":
            if let name = element["user_name"]?.person("daml") { run.operatorName = name }
            let targets = element.child("targets")
            // What is told of the targets are results, and those come behind the run.
            for part in element.children where !part.isNamed("targets") {
                part.keepRest(in: &run.extras, under: "proc_data_options/" + part.name)
            }
            try await begin()
            if let targets { try await DAMLTargets(targets, self, output).read() }
            // Texts between the elements.
            let rest = element.unread
            if !rest.isEmpty { try await output.emit(record(.sample, element.location, extras: rest)) }
        default: element.keepRest(in: &run.extras, under: element.name)
        }
    }

    private mutating func takeAttributes(_ element: Element) {
        run.name = element["raw_datafile"]?.fileName()
        if let name = element.string("instrument") { run.instrument = .init(name: name, vendor: "Shimadzu") }
        if let name = element["method_file_name"]?.fileName() { run.methods.append(.init(.acquisition, name)) }
        if let name = element["creation_operator"]?.person("daml") { run.operatorName = name }
        if let name = element["mod_operator"]?.person("daml") { run.extras.add("mod_operator", name) }
        var injection = Injection(acquired: time(element["creation_date"]))
        if let time = injection.acquired { run.times.append(.init(.started, time)) }
        if let time = time(element["mod_date"]) { run.times.append(.init(.finished, time)) }
        var sample = Sample(
            name: element.string("sample_name"), id: element.string("sample_id"), barcode: element.string("sample_barcode"))
        if let type = element.string("sample_type") {
            sample.roleWritten = type
            sample.role = Sample.Role(written: type)
        }
        if let vial = element.string("vial") { position = Position(written: vial, vial: vial) }
        if let volume = element["inj_vol"], !volume.isEmpty, volume.peekNumber != 0 {
            do {
                injection.volume = try volume.quantity()
            } catch {
                volume.leaveOut()
                output.report(
                    volume.fault(
                        "xml.not-a-number", "\"\(volume.peek)\" is not a number, in <inj_vol>",
                        hint: "it was left out, the injection was read without it"))
            }
        }
        self.sample = sample == Sample() ? nil : sample
        self.injection = injection == Injection() ? nil : injection
        element.descendant("Plate/Vessels")?.ignore("the shape of the rack")
        element.keepRest(in: &run.extras)
    }

    /// `id;0;StopTime;0;…` in base64: names and values in turn.
    private mutating func takeMethod(_ element: Element) {
        guard let content = element.content else { return }
        do {
            let text = try content.damlText()
            _ = content.extra()
            let parts = text.split(separator: ";", omittingEmptySubsequences: false)
            for place in stride(from: 0, to: parts.count, by: 2) {
                let value = place + 1 < parts.count ? String(parts[place + 1]) : ""
                if !value.isEmpty { run.extras.add("method/" + parts[place], value) }
            }
        } catch let diagnostic as Diagnostic {
            content.leaveOut()
            output.report(diagnostic)
        } catch {}
        element.keepRest(in: &run.extras, under: "method")
    }

    /// A time; what is none is told and left out.
    func time(_ value: XMLValue?) -> Timestamp? {
        guard let value else { return nil }
        do {
            return try value.timestamp()
        } catch {
            value.leaveOut()
            output.report(
                value.fault(
                    "xml.not-a-time", "\"\(value.peek)\" is not a date and time, in \(value.name)",
                    hint: "it was left out, the rest was read without it"))
            return nil
        }
    }

    func record(
        _ kind: ResultRecord.Kind, _ location: SourceLocation, signal: Signal? = nil, extras: Extras = [:]
    ) -> ResultRecord {
        ResultRecord(
            kind: kind, sample: sample, position: position, injection: injection, signal: signal, measurements: [],
            extras: extras.withoutFolders, location: location)
    }
}

extension XMLValue {
    /// The text that this base64 is of; nothing is marked.
    /// - Throws: A ``Diagnostic``.
    func damlText() throws -> String {
        guard let text = String(validating: try base64(), as: UTF8.self) else {
            throw fault(
                "daml.text", "what this base64 is of is no text", hint: "it was left out, the others were read")
        }
        return text
    }
}
