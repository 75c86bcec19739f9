import IngestCore
import TabularText

/// What the keys and values of a Chromeleon export say of a run, its sample and its signal.
struct ChromeleonRun {
    let fields: KeyedFields
    let text: DelimitedText
    let draft: InjectionDraft

    /// The keys that name a sample.
    static let names: Set<String> = ["Injection", "Injection Name", "Sample", "Sample Name", "Sample ID"]
    /// The keys that tell whose results these are: the sample, where it stood, and when it was injected.
    static let subject: Set<String> = names.union([
        "Type", "Sample Type", "Position", "Sample Position", "Vial Number", "Vial", "Injection Number", "Sample Number",
        "Injection Date", "Injection Time", "Date", "Time", "Recording Time", "Injection Date/Time",
    ])

    /// Fills the draft with what is known; what has no place of its own goes to the extras of the run.
    func describe(isFirst: Bool) {
        fields.known = Self.known
        describeRun(isFirst)
        let role = first("Type", "Sample Type")
        let sample = Sample(
            name: first("Injection", "Injection Name", "Sample", "Sample Name"), id: first("Sample ID"),
            role: role.map { Sample.Role(written: $0) }, roleWritten: role)
        if sample != Sample() { draft.sample = sample }
        if sample.name == nil, sample.id == nil { tellNo("sample", "Injection or Sample Name") }
        if let position = first("Position", "Sample Position", "Vial Number", "Vial") {
            draft.position =
                Position(well: position) ?? Position(written: position, vial: Int(position) == nil ? nil : position)
        }
        var injection = Injection()
        if let number = first("Injection Number", "Sample Number") {
            injection.ordinal = Int(number)
            if injection.ordinal == nil { draft.run.extras.add("Injection Number", number) }
        }
        injection.acquired = acquired()
        if injection.acquired == nil, !Self.dates.contains(where: fields.keys.contains) {
            tellNo("time of injection", "Injection Date")
        }
        if let acquired = injection.acquired { draft.run.times.append(.init(.started, acquired)) }
        if let key = fields.keys.first(where: {
            ["injectionvolume", "injvolume", "injvol"].contains(ColumnHeading.normalized($0))
        }) {
            do {
                injection.volume = try fields.quantity(key, StatedUnit(heading: key))
            } catch {
                draft.keep(key, of: fields, for: error, text.source)
            }
        }
        if injection != Injection() { draft.injection = injection }
        draft.run.extras.add(fields.unread.withoutFolders)
    }

    /// Chromeleon writes it always; a report that was edited, or damaged, may have lost it.
    private func tellNo(_ what: String, _ key: String) {
        // Of a report with few fields its template leaves out the others.
        guard fields.keys.count >= 8 else { return }
        text.source.account.report(
            Diagnostic(
                .note, "chromeleon.no-field", "no field tells the \(what) (\(key))", at: text.source.location(line: 1, column: 1),
                hint: "what was measured is read without it; if the report has it, a line is missing or damaged"))
    }

    private static let dates = ["Injection Date", "Date", "Recording Time", "Injection Date/Time"]

    /// What Chromeleon writes besides what is asked for; kept in the extras.
    private static let known: Set<String> = subject.union([
        "Data Vault", "Description", "Comment", "Channel", "Level", "Dilution Factor", "Weight", "Sample Weight",
        "Status", "Replicate ID", "ISTD Factor", "Sample Amount", "Channel Type", "Bandwidth", "Run Time (min)", "Run Time",
        "Created", "Created By", "Last Update", "Last Update By", "Modified", "Operator", "Run Operator", "Signal Quantity",
        "Time Min. (min)", "Time Max. (min)", "Data Points", "Detector", "Driver Name", "Generating Data System",
        "Exporting Data System", "Max. (mAU)", "Min. (mAU)", "Number of Points", "Signal Min.", "Signal Max.",
        "Raw Data", "Acquisition Time", "Data Collection Rate", "Sampling Rate", "Signal Address", "Sequence",
        "Signal Unit", "Signal Info", "Signal Parameter Information", "Wavelength", "Injection Volume", "Recording Time",
        // Of versions 6 and 7.
        "Min. Step (s)", "Max. Step (s)", "Average Step (s)", "Signal Factor", "Signal Dimension", "Datasource",
        "Channel Name", "Amount", "Write Mode", "Raw-Time Min. (min)", "Raw-Time Max. (min)", "Preferred Read Mode",
        "Min. Step", "Max. Step", "Generation Type", "GUID", "File Status", "File ID", "File Format Version",
        "Average Step",
    ])

    private func describeRun(_ isFirst: Bool) {
        if let system = first("Generating Data System", "Exporting Data System") {
            let words = system.split(separator: " ", maxSplits: 1).map(String.init)
            draft.run.software = .init(name: words.first, version: words.count > 1 ? words[1] : nil)
        } else if let system = first("Data System") {
            // "06" is version 6. Without it, the other two say nothing.
            let version = first("Version High").map { high in
                let low = first("Version Low").map { "." + $0 } ?? ""
                let build = first("Build No.").map { " build " + $0 } ?? ""
                return (Int(high).map(String.init) ?? high) + low + build
            }
            draft.run.software = .init(name: system, version: version)
        }
        if isFirst {
            let version = draft.run.software?.version.map { " " + $0 } ?? ""
            text.source.account.name(format: "Chromeleon\(version) text export")
        }
        if let path = first("File Path", "Filepath") {
            draft.run.extras.add("File Path", PrivateText.fileName(path))
            let folders = path.split(whereSeparator: { $0 == "/" || $0 == "\\" })
            draft.run.sequence = folders.first { $0.lowercased().hasSuffix(".seq") }.map(String.init)
        }
        if let sequence = first("Sequence", "Sequence Name") { draft.run.sequence = PrivateText.fileName(sequence) }
        draft.run.operatorName =
            fields.person("Operator", "chromeleon", text.source) ?? fields.person("Run Operator", "chromeleon", text.source)
        if let name = first("Instrument Name", "Instrument", "Timebase") { draft.run.instrument = .init(name: name) }
        for (role, method) in [
            (RunRecord.Method.Role.acquisition, first("Instrument Method", "PGM file", "Program", "Control Program")),
            (.processing, first("Processing Method", "QNT method", "Quantif. Method", "Quantification Method")),
            (.report, first("Report Template")),
        ] {
            if let method { draft.run.methods.append(.init(role, PrivateText.fileName(method))) }
        }
    }

    private func acquired() -> Timestamp? {
        for (date, time) in [
            ("Injection Date", "Injection Time"), ("Date", "Time"), ("Recording Time", ""), ("Injection Date/Time", ""),
        ]
        where fields.keys.contains(date) {
            do {
                return try fields.timestamp(date, joinedTo: time.isEmpty ? nil : time)
            } catch {
                draft.keep(date, of: fields, for: error, text.source)
                if let rest = fields.text(time) { draft.run.extras.add(time, rest) }
            }
        }
        return nil
    }

    /// The signal that the keys tell so far.
    func signal() -> Signal? {
        guard let name = first("Channel", "Channel Name", "Signal") else { return nil }
        let key = "Wavelength"
        let written = fields.text(key)
        var wavelength = written.flatMap(quantity)
        if let written, wavelength == nil, draft.run.extras[key] == nil {
            if text.missing.contains(written) {
                draft.run.extras.add(key, written)
            } else {
                let fault = fields.fault("chromeleon.wavelength", "\"\(written)\" is no wavelength with its unit", at: key)
                draft.keep(key, of: fields, for: fault, text.source)
            }
        }
        if let info = fields.text("Signal Info") {
            // Kept as it stands besides; version 6 writes "WVL:254 nm".
            if draft.run.extras["Signal Info"] == nil { draft.run.extras.add("Signal Info", info) }
            if wavelength == nil, info.hasPrefix("WVL:") { wavelength = quantity(String(info.dropFirst(4))) }
        }
        return Signal(name: name, wavelength: wavelength)
    }

    /// `254 nm` as a number with its unit.
    private func quantity(_ written: String) -> Quantity? {
        let parts = written.split(separator: " ")
        guard parts.count == 2, let unit = Unit(spelling: parts[1]),
            case .number(let value, let bound) = NumberText.read(parts[0], mark: text.survey.decimalMark)
        else { return nil }
        return Quantity(written: written.trimmed, value: value, unit: unit, unitWritten: String(parts[1]), bound: bound)
    }

    /// The first of these keys that has a value.
    private func first(_ keys: String...) -> String? {
        for key in keys {
            if let text = fields.text(key) { return text }
        }
        return nil
    }
}
