import IngestCore
import StreamingXML
import TabularText

/// What a TapeStation file tells before its samples: the run, its tapes and the units.
struct TapeStationRun {
    /// A tape, as far as its samples need it.
    struct Tape {
        var acquired: Timestamp?
        var temperature: Quantity?
    }

    /// What an instrument says of itself, once for each tape.
    private struct Environment: Hashable {
        var serial: String?, model: String?, person: String?, software: String?
    }

    let source: SourceFile
    var extras = Extras()
    private(set) var tapes: [String: Tape] = [:]
    private(set) var concentration = StatedUnit.none, molarity = StatedUnit.none, size = StatedUnit.none
    private var name: String?
    private var assay: String?
    private var finished: Timestamp?
    private var environments: [Environment] = []

    init(_ source: SourceFile) { self.source = source }

    // MARK: Reading

    mutating func readInformation(_ element: Element) {
        name = element["FileName"]?.fileName()
        assay = element.string("Assay")
        finished = time(element["RunEndDate"])
        element.keepRest(in: &extras)
    }

    /// A tape, or the notes in front of one.
    mutating func readTape(_ element: Element) {
        guard element.isNamed("ScreenTape") else { return element.keepRest(in: &extras, under: element.name) }
        var tape = Tape(acquired: time(element["TapeRunDate"]))
        if let value = element["ElectrophoresisTemp"] {
            do {
                // The software shows this temperature in degrees Celsius and has no other unit for it.
                tape.temperature = try value.quantity(StatedUnit(ofFormat: .celsius))
            } catch {
                source.account.report(
                    value.fault(
                        "tapestation.temperature", "\"\(value.peek)\" is not a temperature", severity: .warning,
                        hint: "the samples of this tape have none; the text is kept with the run"))
            }
            // A tape need not have samples in this file, so the text stays with the run as well.
            if let text = value.extra() { extras.add("ScreenTape[\(element.ordinal)]/ElectrophoresisTemp", text) }
        }
        if let id = element.string("ScreenTapeID") {
            extras.add("ScreenTape[\(element.ordinal)]/ScreenTapeID", id)
            if tapes.updateValue(tape, forKey: id) != nil {
                source.account.report(
                    element.fault(
                        "tapestation.repeated-tape", "the tape \"\(id)\" is listed twice", severity: .warning,
                        hint: "its samples have the time and temperature of the last one; compare them with the instrument"))
            }
        }
        if let environment = element.child("Environment") { readEnvironment(environment) }
        if let acquired = tape.acquired { extras.add("ScreenTape[\(element.ordinal)]/TapeRunDate", acquired.written) }
        element.keepRest(in: &extras, under: "ScreenTape[\(element.ordinal)]")
    }

    private mutating func readEnvironment(_ element: Element) {
        let environment = Environment(
            serial: element.string("InstrumentSerialNumber"), model: element.string("InstrumentType"),
            person: element["Experimenter"]?.person("tapestation"), software: element.string("AnalysisVersion"))
        environments.append(environment)
    }

    mutating func readUnits(_ element: Element) {
        if let units = element.child("Units") {
            concentration = unit(units["ConcentrationUnit"])
            molarity = unit(units["MolarityUnit"])
            size = unit(units["MolecularWeightUnit"])
        }
        element.keepRest(in: &extras, under: element.name)
    }

    private func unit(_ value: XMLValue?) -> StatedUnit {
        guard let value, let written = value.string() else { return .none }
        let unit = StatedUnit(written: written)
        if unit.unit == nil {
            source.account.report(
                value.fault(
                    "tapestation.unit", "\"\(written)\" is no unit known here", severity: .warning,
                    hint: "the numbers were read without a unit; what the file writes is kept beside them"))
        }
        return unit
    }

    /// A time that tells of the run or a tape; one that is none is told and left out, and the rest is read.
    private func time(_ value: XMLValue?) -> Timestamp? {
        guard let value else { return nil }
        do {
            return try value.timestamp()
        } catch {
            value.leaveOut()
            source.account.report(
                value.fault(
                    "tapestation.time", "\"\(value.peek)\" is not a date and time, in <\(value.name)>",
                    hint: "this time was left out, all else was read"))
            return nil
        }
    }

    // MARK: The record

    /// What all tapes agree on is told of the run; what they do not is kept for each.
    func record() -> RunRecord {
        source.account.name(format: "TapeStation Analysis" + (common(\.software).map { " \($0)" } ?? ""))
        var extras = extras
        let fields: [(String, KeyPath<Environment, String?>)] = [
            ("InstrumentSerialNumber", \.serial), ("InstrumentType", \.model), ("Experimenter", \.person),
            ("AnalysisVersion", \.software),
        ]
        for (heading, field) in fields where common(field) == nil {
            for (index, environment) in environments.enumerated() {
                guard let text = environment[keyPath: field] else { continue }
                extras.add("ScreenTape[\(index + 1)]/Environment/\(heading)", text)
            }
        }
        return RunRecord(
            name: name,
            instrument: RunRecord.Instrument(
                name: "TapeStation", vendor: "Agilent", model: common(\.model), serial: common(\.serial)),
            software: RunRecord.Software(name: "TapeStation Analysis", version: common(\.software)),
            operatorName: common(\.person),
            methods: assay.map { [RunRecord.Method(.acquisition, $0)] } ?? [],
            times: finished.map { [RunRecord.Time(.finished, $0)] } ?? [],
            extras: extras.withoutFolders)
    }

    /// What is the same for all tapes that tell it.
    private func common(_ field: KeyPath<Environment, String?>) -> String? {
        let all = Set(environments.compactMap { $0[keyPath: field] })
        return all.count == 1 ? all.first : nil
    }
}
