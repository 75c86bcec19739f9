import IngestCore
import StreamingXML

/// One chromatogram of a result: a run with its curves, events and peaks.
struct UNICORNChromatogram {
    private let file: SourceFile
    private let files: UNICORNFiles
    private let output: AdapterOutput
    private var run: RunRecord
    private let sample: Sample?

    init(_ file: SourceFile, _ files: UNICORNFiles, _ about: UNICORNRunInformation, _ output: AdapterOutput) {
        self.file = file
        self.files = files
        self.output = output
        run = about.run
        sample = about.sample
    }

    mutating func read() async throws {
        let document = try ElementReader(file, missing: ["NaN": .notReported])
        guard let root = try document.wholeRoot() else {
            try await output.begin(run)
            try document.finish()
            return
        }
        takeRun(root)
        try await output.begin(run)
        var signals: [String: Signal] = [:]
        var repeated: Set<String> = []
        let curves = root.child("Curves")?.children("Curve") ?? []
        for curve in curves {
            let signal = Self.signal(curve)
            let number = curve.peek("CurveNumber")
            // Of two curves of one number nobody can tell which one its peaks are of.
            if signals.updateValue(signal, forKey: number) != nil { repeated.insert(number) }
            if repeated.contains(number) { tellRepeated(curve, number) }
            if file.isMember { try UNICORNCurve(curve, signal, sample, files, output).read() }
        }
        if !file.isMember { tellAlone(curves) }
        for number in repeated { signals[number] = nil }
        for events in root.child("EventCurves")?.children("EventCurve") ?? [] {
            try await UNICORNEvents(events, sample, output).read()
        }
        var ordinals: [String: Int] = [:]
        for table in root.child("PeakTables")?.children("PeakTable") ?? [] {
            let number = table.descendant("DataCurve/CurveNumber")?.content?.peek ?? ""
            let peaks = UNICORNPeaks(table, signals[number], number, sample, output)
            try await peaks.read(&ordinals[number, default: 0])
        }
        try document.finish()
    }

    private func tellRepeated(_ curve: Element, _ number: String) {
        let message = "two curves have the number \"\(number)\""
        output.report(
            curve.fault(
                "unicorn.repeated-curve", message,
                hint: "both were read, and their peaks without the name of a curve; the file was edited: export the result again")
        )
        output.account.contradict(message)
    }

    private func tellAlone(_ curves: [Element]) {
        for curve in curves { curve.leaveOutRest() }
        output.report(
            Diagnostic(
                "unicorn.alone", "the points of the \(curves.count) curves are in other files of the export",
                at: file.location(),
                hint: "the peaks and events of this file were read; give the zip or the folder that UNICORN exported"))
        output.account.doubt("the curves are in other files of the export")
    }

    private mutating func takeRun(_ root: Element) {
        run.software?.version = root.string("UNICORNVersion")
        file.account.name(format: ["Cytiva UNICORN", run.software?.version].compactMap(\.self).joined(separator: " "))
        for attribute in root.attributes where attribute.isUnread {
            if let text = attribute.extra() { run.extras.add("Chromatogram@" + attribute.name, text) }
        }
        for child in root.children {
            switch child.name {
            case "Curves", "EventCurves", "PeakTables": break
            case "ChromatogramLayoutXml", "VisualAppearance", "UISettings": child.ignore("the look of the chromatogram")
            default: child.keepRest(in: &run.extras, under: child.name)
            }
        }
    }

    /// UNICORN writes the wavelength into the name of a curve: `UV 1_280`, and `UV 3_0` for one that is off.
    private static func signal(_ curve: Element) -> Signal {
        var signal = Signal(name: curve["Name"]?.string())
        guard curve.peek("CurveDataType") == "UV", let name = signal.name, let mark = name.firstIndex(of: "_") else {
            return signal
        }
        let digits = String(name[name.index(after: mark)...].prefix { $0.isASCII && $0.isNumber })
        if digits.count == 3, let value = Double(digits) {
            signal.wavelength = Quantity(written: digits, value: value, unit: .nanometre, unitIsFormats: true)
        }
        return signal
    }
}
