import IngestCore
import StreamingXML
import TabularText

/// What a SiriusT3 file tells besides its results: the assay, its settings, and what was entered of the sample.
struct SiriusT3Run {
    var extras = Extras()
    private(set) var version: String?
    private(set) var sample: String?
    private(set) var started: Timestamp?
    private(set) var well: String?
    private(set) var quality: String?
    /// How many titrations were asked for.
    private(set) var sweeps: Int?
    /// Why that is not known, where the file says it.
    private(set) var sweepsFault: Diagnostic?
    /// Of the spectrometer, for each number of a spectrum; `nil` for one that is none.
    private(set) var wavelengths: [Double?] = []
    /// The file has a scale of wavelengths, whether it can be read or not.
    private(set) var hasWavelengths = false
    private var name: String?
    private var assay: String?
    private var finished: Timestamp?
    private var person: String?
    private var instrument = RunRecord.Instrument(name: "SiriusT3", vendor: "Pion")

    var record: RunRecord {
        var times: [RunRecord.Time] = []
        if let started { times.append(.init(.started, started)) }
        if let finished { times.append(.init(.finished, finished)) }
        return RunRecord(
            name: name, instrument: instrument, software: RunRecord.Software(name: "SiriusT3", version: version),
            operatorName: person, methods: assay.map { [RunRecord.Method(.acquisition, $0)] } ?? [], times: times,
            extras: extras.withoutFolders)
    }

    /// Whether a part of the processed data is something found, and not what was entered or set.
    static func isResult(_ name: String) -> Bool { name == "Sweep" || name.hasSuffix("Result") }

    /// - Parameter results: Where faults are told and lists of numbers are written; `nil` while the document is only looked
    ///   through.
    mutating func take(_ element: Element, _ results: SiriusT3Results?) throws {
        switch element.name {
        case "ApplicationVersion": if version == nil { version = element.content?.string() }
        case "Summary":
            sample = element["SampleName"]?.fileName()
            assay = element.string("AssayName")
            started = time(element["StartTime"], results)
            element.child("VisualIdentity")?.ignore("the icon of the assay")
        case "AssayId": name = element.content?.string()
        case "StartWell": well = element.content?.string()
        case "AssayTemplate": take(template: element, results)
        case "InstrumentSetup":
            if let instrument = element.child("Instrument") {
                self.instrument.serial = instrument.string("Id")
                self.instrument.model = instrument.descendant("ConnectionInfo")?.string("Description")
            }
        case "WavelengthScale": return take(wavelengths: element, results)
        case "AssayQuality": quality = element.string("Quality")
        default: break
        }
        try SiriusT3Arrays(element, results).read()
        element.keepRest(in: &extras, under: element.name)
    }

    private mutating func take(wavelengths element: Element, _ results: SiriusT3Results?) {
        do {
            wavelengths = try SiriusT3Array(element).values
            hasWavelengths = hasWavelengths || !wavelengths.isEmpty
            if let results { SiriusT3Scale(element).tell(wavelengths, results.output) }
            element.content?.describe()
            SiriusT3Array.describeShape(of: element)
            element.keepRest(in: &extras, under: element.name)
        } catch {
            hasWavelengths = true
            element.leaveOutAll()
            guard var diagnostic = error as? Diagnostic else { return }
            diagnostic.hint = "the spectra were read by number, and flagged noScale; the file was cut or damaged: export it again"
            results?.output.report(list: diagnostic)
        }
    }

    /// Of each setting the value and its unit; how it is entered is of no use without the dialog.
    private mutating func take(template: Element, _ results: SiriusT3Results?) {
        template.child("VisualIdentity")?.ignore("the icon of the assay")
        for setting in template.child("Settings")?.children ?? template.children where setting.child("DisplayName") != nil {
            if setting.isNamed("NumberOfSweeps"), let value = setting["Value"], !value.isEmpty {
                sweeps = Int(value.peek)
                if sweeps == nil {
                    sweepsFault = value.fault(
                        "siriust3.sweep-count", "\"\(value.peek)\" titrations were asked for, which is no number",
                        hint: "the sweeps that are there were read, but nothing shows that these are all: export the file again")
                }
            }
            if setting.isNamed("AnalystName") { person = setting["Value"]?.person("siriust3") }
            for field in ["Value", "Units"] {
                guard let value = setting.child(field)?.content, value.isUnread, let text = value.extra() else { continue }
                extras.add(field == "Value" ? "Settings/" + setting.name : "Settings/\(setting.name)/Units", text)
            }
            setting.ignore("how a setting is entered")
        }
    }

    /// What happened besides the points of the titration.
    mutating func take(event element: Element, _ results: SiriusT3Results?) {
        results?.note(element)
        switch element.name {
        // The same as in the summary.
        case "StartTime": element.content?.describe()
        case "FinishTime": finished = time(element.content, results)
        default: break
        }
        element.keepRest(in: &extras, under: element.name)
    }

    private func time(_ value: XMLValue?, _ results: SiriusT3Results?) -> Timestamp? {
        guard let value else { return nil }
        do {
            return try value.timestamp()
        } catch {
            value.leaveOut()
            results?.output.report(
                value.fault(
                    "siriust3.time", "\"\(value.peek)\" is not a date and time, in <\(value.name)>",
                    hint: "this time was left out, all else was read"))
            return nil
        }
    }
}
