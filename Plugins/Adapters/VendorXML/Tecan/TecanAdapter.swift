public import IngestCore
import StreamingXML

/// Reads the XML files that Tecan i-control writes for a plate, also through automation hosts (readers of the Infinite and
/// Safire families).
///
///     <MeasurementResultData Date="2024-03-01T09:14:00.0000000+01:00">
///       <Plate><BC>PL-0042</BC></Plate>
///       <Header><Instrument><Name>infinite M1000 PRO</Name><SerialNumber>100200300</SerialNumber></Instrument></Header>
///       <Section Name="Ex485_Em535">
///         <Time_Start>2024-03-01T09:14:05.1+01:00</Time_Start>
///         <Parameters><Parameter Name="Mode" Value="Fluorescence Top Reading" /></Parameters>
///         <Data Cycle="1" Temperature="25.3">
///           <Well Pos="A1" Type="Single"><Single LabelId="1" Status="Measured">20114</Single></Well>
///
/// - Each section is a ``RunRecord`` with its parameters, named like the section, and each reading of a well a ``ResultRecord``
///   of kind `well` with an absorbance, a fluorescence or a luminescence, as the section's mode says. None of them has a unit
///   here, and none gets one. `OVER` is an overflow, never a number.
/// - The scan of a well (`<Scan WL="…">`, also in `<Multiple>`) is a trace over the wavelength, in nanometres.
/// - The temperature and the cycle of a reading come with each well; a temperature of 0 is what readers without a sensor
///   write, and is kept as a text.
/// - The part of the plate that the section names (`Part of Plate`, `A5-H6`), or else the script (`A1:H12`), says how many wells
///   there have to be.
///
/// Known from files that i-control 1.10 and the host Thermo Automation wrote, and from the public reader assaytools.
public struct TecanAdapter: InstrumentAdapter {
    public init() {}
    public let identity = AdapterIdentity("xml.tecan", version: 1, instrument: "Tecan i-control plate reader XML")

    public func recognize(_ opening: SourceOpening) -> Recognition {
        guard let start = XMLOpening(opening), start.root.name == "MeasurementResultData" else { return .no }
        // Without Tecan's header nothing tells whose file it is; xml.table reads it when it is told what a row is.
        let isTecan = start.first("/MeasurementResultData/Header")?.attributes["Application"]?.contains("Tecan") == true
        return isTecan ? .certain(because: "the outermost element is <MeasurementResultData>, with a <Header> of Tecan") : .no
    }

    public func read(_ source: SourceFile, into output: AdapterOutput) async throws {
        let document = try ElementReader(source, missing: ["OVER": .overflow, "": .empty])
        var plate = TecanPlate()
        plate.date = document.root.attribute("Date")?.time("tecan", orKeptIn: &plate.extras)
        document.root.keepAttributes(in: &plate.extras)
        while let part = try document.next(in: document.root) {
            if part.name == "Section" {
                source.account.name(format: plate.format)
                var section = TecanSection(plate, part, document, output)
                try await section.read()
                plate.extras = [:]
                plate.late = [:]
                plate.sections += 1
            } else if let element = try document.whole(part) {
                plate.take(element)
            }
        }
        if plate.sections == 0 {
            document.tellNoResults("Section")
            plate.run.extras = plate.extras.withoutFolders
            try await output.begin(plate.run)
        } else {
            try await output.emitLate(plate.late, at: document.root.location)
        }
        try document.finish()
    }
}

/// What a file says of the plate and the reader, before its sections.
struct TecanPlate {
    var date: Timestamp?
    var run = RunRecord()
    var barcode: String?
    /// What is told with the next section.
    var extras: Extras = [:]
    /// What was said since the last section, which another one tells, if there is one.
    var late: Extras = [:]
    /// Of the script: `A1:H12`.
    var range: TecanRange?
    var sections = 0
    /// The sections so far, by name and start.
    let repeats = Repeats("tecan.repeated-section", flag: "repeatedSection")
    private var software: String?

    var format: String { "Tecan i-control" + (software.map { " (\($0))" } ?? "") }

    mutating func take(_ element: Element) {
        if sections > 0 { element.note(in: &late, under: element.name) }
        switch element.name {
        case "Plate": takePlate(element)
        case "Header": takeHeader(element)
        case "Script": takeScript(element)
        default: element.keepRest(in: &extras, under: element.name)
        }
    }

    private mutating func takePlate(_ element: Element) {
        barcode = element.string("BC") ?? element.content?.string()
        element.keepRest(in: &extras, under: "Plate")
    }

    private mutating func takeHeader(_ element: Element) {
        let instrument = element.child("Instrument")
        run.instrument = .init(
            name: instrument?.string("Name"), vendor: "Tecan", serial: instrument?.string("SerialNumber"))
        if let version = element.descendant("Software_Versions/Version")?.content?.string() {
            // "Tecan i-control , 1.10.4.0"
            let parts = version.split(separator: ",").map { $0.trimmed }
            run.software = .init(name: parts.first, version: parts.count > 1 ? parts[1] : nil)
            software = parts.joined(separator: " ")
        }
        for parameter in element.child("Parameters")?.children("Parameter") ?? [] {
            if parameter.peek("Name") == "User" {
                parameter["Name"]?.describe()
                run.operatorName = parameter["Value"]?.person("tecan")
            } else {
                Self.keep(parameter, in: &extras)
            }
        }
        element.keepRest(in: &extras, under: "Header")
    }

    private mutating func takeScript(_ element: Element) {
        if let range = element.descendant("TecanMeasurement/MeasurementManualCycle/CyclePlate/PlateRange")?["range"] {
            self.range = TecanRange(range.peek)
        }
        element.keepRest(in: &extras, under: "Script")
    }

    /// A parameter under its own name, with its unit behind: `Gain` is `100 Manual`.
    static func keep(_ parameter: Element, in extras: inout Extras) {
        guard let name = parameter["Name"]?.string(), let value = parameter["Value"]?.extra() else { return }
        extras.add(name, value)
        if let unit = parameter["Unit"]?.extra() { extras.add(name + " unit", unit) }
    }
}
