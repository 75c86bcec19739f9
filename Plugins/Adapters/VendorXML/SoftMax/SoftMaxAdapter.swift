public import IngestCore
import StreamingXML

/// Reads the XML that Molecular Devices SoftMax Pro 6 exports of plates (SpectraMax, FilterMax and other readers).
///
///     <Experiment><PlateSections>
///       <PlateSection Name="Plate1" InstrumentInfo="FilterMax F5&#xA;ROM v1.2" ReadTime="2:05 PM 10/14/2024">
///         <Barcode>n/a</Barcode>
///         <InstrumentSettings ReadMode="Absorbance" ReadType="Endpoint" PlateType="96 Well Standard">
///           <WavelengthSettings NumberOfWavelengths="1"><Wavelength Index="1">595</Wavelength> …
///         <Wavelengths><Wavelength WavelengthIndex="1"><Wells>
///             <Well WellID="1" Name="A1" Row="1" Col="1"><RawData>0.4121</RawData></Well>
///             <Well WellID="2" Name="A2" Row="1" Col="2"><RawData>0.05 0.06</RawData><TimeData>0 30</TimeData></Well>
///         <TemperatureData>25.4</TemperatureData>
///
/// - Each plate section is a ``RunRecord`` with its settings, each well at each wavelength a ``ResultRecord`` of kind `well` with
///   an absorbance, a fluorescence or a luminescence, as the section's read mode says. None has a unit here, and none gets one;
///   wavelengths are in nanometres and temperatures in degrees Celsius, as SoftMax Pro has them.
/// - A well of several numbers is a trace, over the times of its readings where the file has them; their unit is not stated.
///   A reading that is missing among them (`NaN`) is left out of the curve, which is flagged.
/// - An absorbance of 4 is the ceiling that SoftMax Pro writes for whatever lies above: it is read as `above`, and flagged
///   `saturated`.
/// - The temperature stands behind the wells, and is a result of its own: of the plate, without a well.
/// - Where the name of a well contradicts its row and column it cannot be told which well was read: it is left out.
/// - The plate type says how many wells there are at most; a plate of which only a part was read may be whole, or not.
///
/// Known from an export of a FilterMax F5 that the public reader softermax comes with, and from that reader.
public struct SoftMaxAdapter: InstrumentAdapter {
    public init() {}
    public let identity = AdapterIdentity(
        "xml.softmax", version: 1, instrument: "Molecular Devices SoftMax Pro 6 XML export")

    public func recognize(_ opening: SourceOpening) -> Recognition {
        guard let start = XMLOpening(opening), start.root.name == "Experiment", start.root.namespace == nil,
            let section = start.first("/Experiment/PlateSections/PlateSection"),
            section.attributes["ReadTime"] != nil || section.attributes["InstrumentInfo"] != nil
        else { return .no }
        return .certain(because: "the outermost element is <Experiment>, with a <PlateSection> of SoftMax Pro")
    }

    public func read(_ source: SourceFile, into output: AdapterOutput) async throws {
        let document = try ElementReader(
            source,
            missing: [
                "n/a": .notReported, "N/A": .notReported, "NaN": .invalid, "#Sat": .overflow, "#SAT": .overflow,
                "#Low": .belowLimit, "#LOW": .belowLimit,
            ])
        source.account.name(format: "SoftMax Pro XML")
        var about = Extras()
        document.root.keepAttributes(in: &about)
        var isBegun = false
        let repeats = Repeats("softmax.repeated-section", flag: "repeatedSection")
        while let part = try document.next(in: document.root) {
            guard part.name == "PlateSections" else {
                try document.keep(part, in: &about)
                continue
            }
            part.keepAttributes(in: &about)
            while let section = try document.next(in: part) {
                guard section.name == "PlateSection" else {
                    try document.keep(section, in: &about)
                    continue
                }
                let name = section.attribute("Name")?.peek ?? ""
                let flag =
                    name.isEmpty
                    ? nil : repeats.note([name], "the plate section \"\(name)\"", at: section.location, output.account)
                var plate = SoftMaxSection(section, document, output, about, flag.map { [$0] } ?? [])
                about = [:]
                isBegun = true
                try await plate.read()
            }
        }
        if !isBegun {
            try await output.begin(RunRecord(extras: about.withoutFolders))
        } else if !about.isEmpty {
            // The runs were begun: what follows them is told by a finding of its own.
            let extras = about.withoutFolders
            try await output.emit(
                ResultRecord(kind: .sample, measurements: [], extras: extras, location: document.root.location))
        }
        try document.finish()
    }
}
