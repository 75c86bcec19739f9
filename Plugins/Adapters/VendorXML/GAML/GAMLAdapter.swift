public import IngestCore
import StreamingXML
import TabularText

/// Reads GAML 1.0 to 1.2, the Generalized Analytical Markup Language that converters of Thermo and others write for
/// chromatographs and spectrometers.
///
///     <GAML version="1.20" name="RUN-0417">
///       <parameter name="ninjections" alias="seq.ninjections" label="Injections" group="Sequence">2</parameter>
///       <experiment name="Water"><collectdate>2031-04-17T08:00:00Z</collectdate>
///         <trace name="FID" technique="CHROM"><Xdata label="Minutes" units="MINUTES">
///           <values byteorder="INTEL" format="FLOAT64" numvalues="8">AAAAAAAA…</values>
///           <Ydata label="Signal" units="MILLIVOLTS"><values byteorder="INTEL" format="FLOAT32" numvalues="8">zczMPc…</values>
///             <peaktable><peak name="Ethanol" number="1"><parameter alias="peak.area" label="Peak Area">14.25</parameter>
///               <peakXvalue>1.5</peakXvalue><baseline><startXvalue>1</startXvalue><endXvalue>3</endXvalue></baseline></peak>
///
/// - The file is a ``RunRecord``; each experiment is an injection, and its name the sample's. Each `Ydata` is a trace over its
///   `Xdata`; the number of values is checked. Each peak is a ``ResultRecord`` of kind `peak`.
/// - `units` are the units, `UNKNOWN` is none. Where the label of an axis is itself a unit, and another one (`µRIU` on an axis of
///   `MILLIVOLTS`), no unit is given, and it is told.
/// - A peak's place is its retention time where the axis is a time. Of the parameters of a vendor, areas, heights, widths
///   and amounts have the names of the vocabulary, without a unit; the others are extras, and so are those of experiments and
///   traces, under `group/label`. Turbochrom's `PK_AREA_PCT` is a fraction and its `PK_RET_TIME` not in the unit of the axis:
///   both keep their names. Where a peak has two areas (Chromeleon's own, and the converter's), the own one is the area.
/// - Numbers of peaks are not unique; two of one number at one place are one peak twice. A `<integrity>` digest is kept, not checked: what it is of is not documented.
///
/// Known from files converted from Turbochrom, Chromeleon and Helios UV-Vis that public readers are tested with.
public struct GAMLAdapter: InstrumentAdapter {
    public init() {}
    public let identity = AdapterIdentity("xml.gaml", version: 1, instrument: "GAML 1.0 to 1.2, traces and peaks")

    public func recognize(_ opening: SourceOpening) -> Recognition {
        // X! Tandem writes curves in a vocabulary of the same name, in a namespace, and within a document of its own.
        guard let start = XMLOpening(opening), start.root.name == "GAML", start.root.namespace == nil else { return .no }
        return .certain(because: "the outermost element is <GAML>")
    }

    public func read(_ source: SourceFile, into output: AdapterOutput) async throws {
        let document = try ElementReader(source, missing: ["n.a.": .notReported, "N/A": .notReported])
        let root = document.root
        let version = root.attribute("version")?.string()
        source.account.name(format: "GAML" + (version.map { " \($0)" } ?? ""))
        var run = RunRecord(name: root.attribute("name")?.string())
        root.keepAttributes(in: &run.extras)
        var declared: Int?
        var units = GAMLUnits(output)
        var experiments = 0
        while let part = try document.next(in: root) {
            switch part.name {
            case "experiment":
                if experiments == 0 {
                    run.extras = run.extras.withoutFolders
                    try await output.begin(run)
                }
                experiments += 1
                var experiment = GAMLExperiment(part, document, output, units, injection: experiments)
                try await experiment.read()
                units = experiment.units
            case "parameter" where experiments == 0:
                guard let element = try document.whole(part) else { break }
                if element.peek("alias") == "seq.ninjections" || element.peek("name") == "ninjections" {
                    declared = element.content?.declaredCount("gaml.count")
                }
                element.keepGAMLParameter(in: &run.extras)
            default:
                if experiments == 0 {
                    try document.keep(part, in: &run.extras)
                } else if let element = try document.whole(part) {
                    try await output.emitLate(element.unread, at: element.location)
                }
            }
        }
        if experiments == 0 {
            run.extras = run.extras.withoutFolders
            try await output.begin(run)
        }
        if let declared, !document.isBroken {
            let told = "the sequence states \(declared) injections, there are \(experiments) experiments"
            if declared == experiments {
                output.account.prove(told)
            } else {
                output.report(
                    Diagnostic(
                        "gaml.count", told, at: source.location(),
                        hint: "those that are there were read; the file was edited or not all was converted"))
                output.account.contradict(told)
            }
        }
        try document.finish()
    }
}

extension Element {
    /// A parameter under its group and label.
    func keepGAMLParameter(in extras: inout Extras) {
        let label = gamlLabel
        if let text = content?.extra() { extras.add(label, text) }
        keepRest(in: &extras, under: label)
    }

    /// `Injection/Weight`, or the name of a parameter without a label.
    var gamlLabel: String {
        let label = self["label"]?.string()
        if label == nil { self["name"]?.describe() } else { self["name"]?.ignore("names of parameters that have a label") }
        self["alias"]?.ignore("names of parameters that have a label")
        let name = label ?? peek("name")
        return self["group"]?.string().map { "\($0)/\(name)" } ?? name
    }
}

/// The units of axes.
struct GAMLUnits {
    private let output: AdapterOutput
    /// The labels that contradict their units: told once for all traces.
    private var told: Set<String> = []

    init(_ output: AdapterOutput) { self.output = output }

    /// The axis that an `Xdata` or `Ydata` is.
    mutating func axis(_ open: OpenElement) -> TraceRecord.Axis {
        let label = open.attribute("label")?.string()
        let written = open.attribute("units")?.string()
        let stated = written.flatMap { Self.known[$0.uppercased()] }
        let labelled = label.flatMap(Self.unit(label:))
        var axis = TraceRecord.Axis(label ?? "", unit: stated, unitWritten: written)
        guard let labelled else { return axis }
        if written == nil || written == "UNKNOWN" {
            axis.unit = labelled
            axis.unitWritten = label
        } else if let stated, stated != labelled {
            axis.unit = nil
            if told.insert("\(label ?? "")\n\(written ?? "")").inserted {
                output.report(
                    open.element.fault(
                        "gaml.units",
                        "the axis \"\(label ?? "")\" states the units \(written ?? ""), which its label contradicts",
                        severity: .warning, hint: "its values are without a unit, here and wherever the two stand together"))
            }
        }
        return axis
    }

    private static func unit(label: String) -> Unit? {
        if let unit = Unit(spelling: label) { return unit }
        let folded = label.trimmed.lowercased().replacing("\u{3BC}", with: "u").replacing("\u{B5}", with: "u")
        return folded == "uriu" ? Unit("{uRIU}") : nil
    }

    private static let known: [String: Unit] = [
        "MINUTES": .minute, "SECONDS": .second, "HOURS": .hour, "MILLISECONDS": .millisecond, "NANOMETERS": .nanometre,
        "MICRONS": Unit("um"), "MICROMETERS": Unit("um"), "MILLIMETERS": Unit("mm"), "CENTIMETERS": Unit("cm"),
        "METERS": Unit("m"), "WAVENUMBER": Unit("cm-1"), "CELSIUS": .celsius, "KELVIN": Unit("K"),
        "FAHRENHEIT": Unit("[degF]"), "VOLTS": Unit("V"), "MILLIVOLTS": .millivolt, "MICROVOLTS": .microvolt,
        "AMPERES": Unit("A"), "MILLIAMPERES": Unit("mA"), "ABSORBANCE": Unit("{AU}"), "TRANSMISSIONPERCENT": .percent,
        "REFLECTANCEPERCENT": .percent, "PERCENT": .percent, "COUNTS": .counts, "HERTZ": Unit("Hz"),
        "KILOHERTZ": Unit("kHz"), "MEGAHERTZ": Unit("MHz"), "PPM": Unit("[ppm]"), "PH": .pH,
    ]
}
