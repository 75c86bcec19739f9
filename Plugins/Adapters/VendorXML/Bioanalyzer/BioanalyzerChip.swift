import IngestCore
import StreamingXML
import TabularText

/// What a Bioanalyzer file tells of a chip besides its signals and samples.
struct BioanalyzerChip {
    var extras = Extras()
    private(set) var size = StatedUnit.none, concentration = StatedUnit.none, molarity = StatedUnit.none
    /// The settings of the analysis, of samples and of the ladder, by path: samples repeat them.
    private(set) var settings: [String: String] = [:], ladderSettings: [String: String] = [:]
    var samplesWithData = 0
    private var acquired: Int?
    private var acquiredPlace: SourceLocation?
    private var name: String?
    private var title: String?
    private var person: String?
    private var software: String?
    private var started: Timestamp?
    private var instrument = RunRecord.Instrument(name: "2100 Bioanalyzer", vendor: "Agilent")

    var record: RunRecord {
        RunRecord(
            name: name, instrument: instrument, software: RunRecord.Software(name: "2100 Expert", version: software),
            operatorName: person, methods: title.map { [RunRecord.Method(.acquisition, $0)] } ?? [],
            times: started.map { [RunRecord.Time(.started, $0)] } ?? [], extras: extras.withoutFolders)
    }

    // MARK: Parts of a chip

    /// - Parameter output: Where faults are told; `nil` while the document is only looked through.
    mutating func take(_ element: Element, _ output: AdapterOutput?) throws {
        switch element.name {
        case "AssayHeader":
            title = element.string("Title")
            element.keepRest(in: &extras, under: element.name)
        case "AssayBody":
            for part in element.children { take(assay: part, output) }
            element.keepRest(in: &extras, under: element.name)
        case "ChipInformation": take(information: element, output)
        case "Instrument":
            instrument.serial = element.string("SerialNumber")
            instrument.model = element.string("InstrumentType")
            element.keepRest(in: &extras, under: element.name)
        case "DataStatus": take(status: element, output)
        case "NumberOfAcquiredSamples":
            acquired = output == nil ? nil : element.content?.declaredCount("bioanalyzer.sample-count")
            if Int(element.content?.peek ?? "") != nil { element.content?.describe() }
            acquiredPlace = element.location
            element.keepRest(in: &extras, under: element.name)
        case "Script": element.ignore("the script that ran the chip")
        case "ComPortSettings": element.ignore("how the instrument is connected")
        case "Diagnostics": element.ignore("the limits of the self test")
        case "Packet": element.ignore("the packet the instrument sent, of which the signals were made")
        default: element.keepRest(in: &extras, under: element.name)
        }
    }

    private mutating func take(assay part: Element, _ output: AdapterOutput?) {
        switch part.name {
        case "DAAssaySetpoints":
            part.child("DAMDefaultAssayInfoMolecular")?.ignore("the settings that the assay began with")
            if let info = part.child("DAMAssayInfoMolecular") { take(units: info, output) }
            part.keepRest(in: &extras)
        case "DASampleSetpoints": settings = Self.settings(part, in: &extras)
        case "DALadderSetpoints": ladderSettings = Self.settings(part, in: &extras)
        case let name where name.hasPrefix("DADefault"): part.ignore("the settings that the assay began with")
        case "UISetpoints", "DefaultUISetPoints": part.ignore("what is shown on the screen")
        case let name where name.hasSuffix("Sequence"): part.ignore("the steps of the analysis, by class identifiers")
        default: part.keepRest(in: &extras, under: part.name)
        }
    }

    private static func settings(_ part: Element, in extras: inout Extras) -> [String: String] {
        var settings: [String: String] = [:]
        BioanalyzerSettings.visit(part) { value, path in settings[path] = value.peek }
        part.keepRest(in: &extras, under: part.name)
        return settings
    }

    private mutating func take(units info: Element, _ output: AdapterOutput?) {
        size = info.string("SizeUnit").map { StatedUnit(written: $0) } ?? .none
        concentration = info.string("ConcentrationUnit").map { StatedUnit(written: $0) } ?? .none
        switch concentration.unit?.code {
        case "ng/uL": molarity = StatedUnit(ofFormat: Unit("nmol/L"))
        case "pg/uL": molarity = StatedUnit(ofFormat: Unit("pmol/L"))
        default: molarity = .none
        }
        for (field, unit) in [("SizeUnit", size), ("ConcentrationUnit", concentration)] where unit.unit == nil {
            guard let value = info[field], !value.isEmpty else { continue }
            output?.report(
                value.fault(
                    "bioanalyzer.unit", "\"\(value.peek)\" is no unit known here", severity: .warning,
                    hint: "the numbers were read without a unit; what the file writes is kept beside them"))
        }
    }

    private mutating func take(information element: Element, _ output: AdapterOutput?) {
        software = element.string("CreationSoftware")
        element["UserName"]?.ignore("the Windows user")
        if let value = element["CreationDate"] {
            do {
                started = try value.timestamp()
            } catch {
                value.leaveOut()
                output?.report(
                    value.fault(
                        "bioanalyzer.time", "\"\(value.peek)\" is not a date and time, in <CreationDate>",
                        hint: "the run has no time, all else was read"))
            }
        }
        element.keepRest(in: &extras, under: element.name)
    }

    private mutating func take(status element: Element, _ output: AdapterOutput?) {
        if let finished = element["FinishedDataAcq"], finished.equals("false"), let output {
            output.report(
                finished.fault(
                    "bioanalyzer.not-finished", "the run of this chip was not finished: \"\(element.peek("Description"))\"",
                    severity: .warning, hint: "what there is was read; look at the run in the software of the instrument"))
            output.account.contradict("the run of the chip was not finished")
        }
        element.keepRest(in: &extras, under: element.name)
    }

    // MARK: Its file

    /// What the file of the chip says besides its samples.
    mutating func take(file element: Element) {
        if element.isNamed("FileInformation") { name = element["FileName"]?.fileName() }
        if element.isNamed("Location") { person = element["Experimenter"]?.person("bioanalyzer") }
        element.keepRest(in: &extras, under: element.name)
    }

    // MARK: Counts

    func compareCounts(_ place: SourceLocation, _ output: AdapterOutput, isBroken: Bool) {
        guard let acquired, !isBroken else { return }
        guard acquired != samplesWithData else {
            return output.account.prove("\(acquired) samples were acquired, \(samplesWithData) have data")
        }
        output.report(
            Diagnostic(
                "bioanalyzer.sample-count", "\(acquired) samples were acquired, \(samplesWithData) have data",
                at: acquiredPlace ?? place,
                hint: "those that are there were read; the file was cut or edited: export it again"))
        output.account.contradict("\(acquired) samples were acquired, \(samplesWithData) have data")
    }
}

/// The settings of an analysis, value by value.
enum BioanalyzerSettings {
    /// Calls `body` with each value and a path that tells it from all others.
    static func visit(_ element: Element, _ path: String = "", _ body: (XMLValue, String) -> Void) {
        if let text = element.content { body(text, path) }
        for attribute in element.attributes { body(attribute, path + "@" + attribute.name) }
        for child in element.children { visit(child, "\(path)/\(child.name)[\(child.ordinal)]", body) }
    }

    /// Keeps the settings that differ from those of the assay.
    static func keepOwn(_ element: Element, besides common: [String: String], in extras: inout Extras) {
        visit(element) { value, path in
            guard value.isUnread else { return }
            if common[path] == value.peek {
                value.ignore("settings that are those of the assay")
            } else if let text = value.extra() {
                extras.add(element.name + path.replacing("[1]", with: ""), text)
            }
        }
    }
}
