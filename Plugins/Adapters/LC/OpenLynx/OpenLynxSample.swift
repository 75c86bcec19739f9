import IngestCore
import TabularText

/// One sample of a report: what its peaks and traces share, and what is kept of its other sections.
final class OpenLynxSample {
    let run: RunRecord
    private let source: SourceFile
    private let location: SourceLocation
    private let sample: Sample
    private let position: Position?
    private let injection: Injection?
    private var extras: Extras
    /// What the inlet parameters say again of the sample.
    private var inlet: OpenLynxInlet
    private var header: Header?
    private var compounds = 0
    private var lastCompound: UInt64?

    // The function at hand, and the section in it.
    private var function = Extras()
    private var number: Int?
    private var spectrumName: String?
    private var isDiodeArray = false
    private var draft: TraceRecord?
    private var check = OpenLynxCurveCheck.none
    private var curve: OpenLynxCurve?
    private var peaks: OpenLynxPeaks?

    init(_ fields: KeyedFields, at location: SourceLocation, _ source: SourceFile, _ text: DelimitedText) {
        self.source = source
        self.location = location
        inlet = OpenLynxInlet(fields)
        let file = fields.text("FileName").map(PrivateText.fileName)
        let id = fields.text("SampleID")
        var sample = Sample(name: id ?? file)
        if let role = fields["SampleType"], Int(role) == nil {
            sample.roleWritten = role
            sample.role = Sample.Role(written: role)
            if sample.role == .other {
                source.account.report(
                    fields.fault(
                        "openlynx.sample-type", "\"\(role)\" is no type of a sample that is known", at: "SampleType",
                        severity: .warning,
                        hint: "it was kept; the number or the word for it may be garbled"))
            }
        }
        self.sample = sample
        let plate = fields.text("Plate")
        position = fields.text("Well").map { OpenLynxPosition.position($0, plate: plate) }
        if let well = position?.written, !OpenLynxPosition.isKnown(well) {
            source.account.report(
                fields.fault(
                    "openlynx.well", "\"\(well)\" is no place of the forms that are known (2:17, 2:A,5, 17)", at: "Well",
                    severity: .warning,
                    hint: "it was kept as it stands; compare it with the instrument"))
        }
        injection = OpenLynxSample.injection(fields, source)
        var run = RunRecord(
            name: fields.text("JobCode"), instrument: fields.text("Instrument").map { .init(name: $0, vendor: "Waters") },
            software: .init(name: "MassLynx OpenLynx"), operatorName: OpenLynxPerson.name(fields, "UserName", source))
        for (role, key) in [
            (RunRecord.Method.Role.acquisition, "InletMethod"), (.acquisition, "MSMethod"), (.processing, "Method"),
        ] {
            if let name = fields.text(key) { run.methods.append(.init(role, PrivateText.fileName(name))) }
        }
        self.run = run
        var extras = Extras()
        if let file { extras.add("FileName", file) }
        if let role = fields["SampleType"], Int(role) != nil { extras.add("SampleType", role) }
        if let plate { extras.add("Plate", plate) }
        if let person = OpenLynxPerson.name(fields, "Submitter", source) { extras.add("Submitter", person) }
        extras.add(fields.unread.withoutFolders)
        self.extras = extras
    }

    private static func injection(_ fields: KeyedFields, _ source: SourceFile) -> Injection? {
        var injection = Injection()
        func attempt(_ body: () throws -> Void) {
            do { try body() } catch {
                if let diagnostic = error as? Diagnostic { source.account.report(diagnostic) }
                source.account.contradict("a field of a sample is garbled")
            }
        }
        attempt { injection.acquired = try fields.timestamp("Date", joinedTo: "Time") }
        attempt { injection.volume = try fields.quantity("InjectionVolume", StatedUnit(ofFormat: .microlitre)) }
        if let volume = injection.volume?.value, volume < 0 {
            source.account.report(
                fields.fault(
                    "openlynx.volume", "the injection volume is \(volume), which cannot be", at: "InjectionVolume",
                    hint: "it was kept as it stands; compare it with the instrument"))
            source.account.contradict("an injection volume is negative")
        }
        return injection == Injection() ? nil : injection
    }

    /// The result that keeps what belongs to the sample as a whole.
    func end(_ output: AdapterOutput) async throws {
        inlet.end(source, at: location)
        try await output.emit(
            ResultRecord(
                kind: .sample, sample: sample, position: position, injection: injection, measurements: [], extras: extras,
                location: location))
    }

    // MARK: Functions

    func beginFunction(_ fields: KeyedFields) {
        number = fields["Function"].flatMap { Int($0) }
        let mode = fields.text("IonMode"), type = fields.text("Type")
        isDiodeArray = type == "DAD" || type == "PDA"
        spectrumName = mode ?? type
        function = Extras()
        for (key, value) in [("Function", fields["Function"]), ("IonMode", mode), ("Type", type)] {
            if let value { function.add(key, value) }
        }
        if let range = fields.text("Description") { function.add("Function Description", range) }
        function.add(fields.unread)
    }

    func beginSpectrum(_ fields: KeyedFields, _ text: DelimitedText) {
        let values = OpenLynxValues(fields, text)
        check = .spectrum(
            total: values.number("TIC"), base: values.number("BPI"), mass: values.number("BPM"), massWritten: fields["BPM"] ?? "",
            isContinuum: fields["Continuum"] == "TRUE")
        _ = values.number("Time")
        var extras = function
        for key in ["Time", "TIC", "BPI", "BPM", "Continuum"] { if let text = fields[key] { extras.add(key, text) } }
        extras.add(fields.unread)
        draft = trace(spectrumName, isDiodeArray ? .init("wavelength", unit: .nanometre) : .init("massToCharge"), extras)
    }

    func beginChromatogram(_ fields: KeyedFields, _ text: DelimitedText) {
        let name = fields.text("Description") ?? spectrumName
        check = .chromatogram(maximum: OpenLynxValues(fields, text).number("MaxIntensity"))
        var extras = function
        if let maximum = fields["MaxIntensity"] { extras.add("MaxIntensity", maximum) }
        extras.add(fields.unread)
        draft = trace(name, .init("time", unit: .minute), extras)
        peaks = OpenLynxPeaks(source, text.survey.decimalMark)
    }

    private func trace(_ name: String?, _ axis: TraceRecord.Axis, _ extras: Extras) -> TraceRecord {
        TraceRecord(
            sample: sample, position: position, injection: injection, signal: name.map { Signal(name: $0) },
            axes: [axis, .init("intensity", unit: .percent)], extras: extras, location: location)
    }

    // MARK: Points

    func beginCurve(_ kind: OpenLynxSection, at location: SourceLocation, _ text: DelimitedText, _ output: AdapterOutput) {
        var trace = draft ?? self.trace(spectrumName, .init("axis 1"), function)
        trace.location = location
        if kind == .masses { trace.axes[1].unitWritten = "%" }
        curve = OpenLynxCurve(output.trace(trace), text, check, hasHeading: kind == .masses, at: location)
    }

    func takePoint(_ row: Row) throws { try curve?.take(row) }

    func endCurve() {
        guard let curve else { return }
        curve.end()
        if case .chromatogram = check, let number { inlet.curve(of: number, rows: curve.rows) }
        self.curve = nil
    }

    // MARK: Peaks

    func endPeak(_ fields: KeyedFields, missing: [String], at location: SourceLocation, _ output: AdapterOutput) async throws {
        guard let draft, let peaks else { return }
        var result = ResultRecord(
            kind: .peak, sample: sample, position: position, injection: injection, signal: draft.signal, measurements: [],
            extras: function, location: location)
        if !missing.isEmpty { result.flags.append(Flag("missingField", written: missing.joined(separator: ", "))) }
        let before = output.resultsLeftOut
        try await output.emitResult {
            try peaks.read(fields, into: &result)
            return result
        }
        guard output.resultsLeftOut != before else { return peaks.passed(result, fields) }
        fields.leaveOutAll()
        peaks.leftOut()
    }

    func endChromatogram() {
        peaks?.end(at: draft?.location ?? location)
        peaks = nil
    }

    // MARK: Other sections

    /// A line below `[COMPOUND]`: the headings, or a target.
    func takeCompound(_ row: Row, _ output: AdapterOutput) async throws {
        if row[0].hasPrefix(";") {
            let header = Header(row.cells)
            self.header = header
            if header.names != [";Mono Mass", "", "Formula"] {
                source.account.report(
                    row.fault(
                        "openlynx.unknown-heading", "these headings of compounds are not the known ones (;Mono Mass, Formula)",
                        at: 0, severity: .warning, hint: "the values below them were kept under these headings"))
            }
            return row.describe()
        }
        if header == nil {
            source.account.report(
                row.fault(
                    "openlynx.no-heading", "the headings of the compounds (;Mono Mass, Formula) are missing", at: 0,
                    hint: "what stands below was kept as text; the file was edited: export it again"))
            source.account.contradict("the compounds have no headings")
            header = Header([])
        }
        compounds += 1
        let ordinal = compounds
        row.header = header
        tellRepeated(row)
        try await output.emitResult {
            var analyte = Analyte(role: .target)
            if let column = header?.column("Formula") { analyte.name = row.string(column) }
            return ResultRecord(
                kind: .compound, ordinal: ordinal, sample: sample, position: position, injection: injection, analyte: analyte,
                measurements: try mass(row), extras: row.unread, location: row.location)
        }
    }

    private func mass(_ row: Row) throws -> [Measurement] {
        guard let column = header?.column(";Mono Mass") else { return [] }
        let mass = try row.quantity(column)
        guard mass.value ?? 0 > 0 else {
            throw row.fault(
                "openlynx.mass", "\"\(row[column])\" is no mass of a compound", at: column,
                hint: "this compound was left out, the others were read; compare it with the list of targets")
        }
        return [Measurement(own: "Mono Mass", mass)]
    }

    private func tellRepeated(_ row: Row) {
        let fingerprint = row.fingerprint
        defer { lastCompound = fingerprint }
        guard fingerprint == lastCompound else { return }
        row.source.account.report(
            row.fault(
                "openlynx.repeated-row", "this compound stands twice", at: 0, severity: .warning,
                hint: "both were read; a line was doubled, unless it was asked for twice"))
        row.source.account.doubt("the compound in line \(row.line) stands twice")
    }

    /// A line of a section that holds lines of any kind.
    func takeText(_ row: Row, of title: String) {
        guard extras.hasRoom(for: row.bytes(at: 0).count + 200) else { return row.leaveOutToo() }
        if title == OpenLynxSection.inlet.rawValue, inlet.take(row) { return row.describe() }
        var cells = (0..<row.count).compactMap { row.extra($0)?.trimmed }
        guard let first = cells.first else { return }
        if cells.count == 1, let colon = first.firstIndex(of: ":"), first.index(after: colon) < first.endIndex,
            first[first.index(after: colon)] == " "
        {
            cells = [String(first[..<colon]), first[colon...].dropFirst().trimmed]
        }
        let heading = cells.count > 1 ? cells.removeFirst() : title
        extras.add(heading, PrivateText.withoutFolders(cells.joined(separator: "\t")))
    }
}
