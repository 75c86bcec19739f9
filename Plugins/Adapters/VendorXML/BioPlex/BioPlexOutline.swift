import IngestCore
import StreamingXML
import TabularText

/// A well by its row and column, from 1.
struct BioPlexPlace: Hashable {
    var row: Int, column: Int

    /// - Throws: A ``Diagnostic`` when the numbers are none, or no well of the plate has them.
    init(_ element: Element, in outline: BioPlexOutline?) throws {
        let row = try element.integer("RowNo"), column = try element.integer("ColNo")
        guard let row, let column, (1...(outline?.rows ?? 32)).contains(row), (1...(outline?.columns ?? 48)).contains(column)
        else {
            throw element.fault(
                "bioplex.position",
                "row \(row.map(String.init) ?? "?"), column \(column.map(String.init) ?? "?") is no well of this plate",
                hint: "what the file says of this well was left out, the others were read; export the plate again")
        }
        self.row = row
        self.column = column
    }

    /// `A1`.
    var name: String { Position.name(row: row, column: column) }
}

/// What has to be known before the first well is read, and stands behind the last one: samples, analytes, units.
struct BioPlexOutline {
    private(set) var run = RunRecord()
    /// As the first well calls it.
    private(set) var plate: String?
    private(set) var rows: Int?
    private(set) var columns: Int?
    /// By bead region; two names for one region are none.
    private(set) var analytes: [String: String] = [:]
    private var ambiguous: Set<String> = []
    private var units: [String: StatedUnit] = [:]
    private var samples: [BioPlexPlace: [Sample]] = [:]

    /// Looks ahead through the whole document.
    /// - Throws: A ``Diagnostic`` for a piece of an export, and for what is no export.
    init(_ source: SourceFile) throws {
        let document = try ElementReader(source, survey: true)
        guard document.root.name == "BioPlexManager" else {
            throw Self.fragment(document.root.element)
        }
        Self.take(document.root, into: &run, isSurvey: true)
        var isFirst = true
        while let part = try document.next(in: document.root) {
            if ["Wells", "Samples"].contains(part.name) { part.keepAttributes(in: &run.extras) }
            switch part.name {
            case "Wells":
                while isFirst, let well = try document.nextWhole(in: part) {
                    isFirst = false
                    noteRun(well)
                }
            case "Samples":
                while let group = try document.next(in: part) {
                    group.keepAttributes(in: &run.extras)
                    while let sample = try document.nextWhole(in: group) { note(sample, sample: BioPlexSamples.sample(sample)) }
                }
            default:
                guard let element = try document.whole(part) else { break }
                note(element)
                Self.take(element, into: &run, isSurvey: true)
            }
        }
        try document.finish()
    }

    private static func fragment(_ root: Element) -> Diagnostic {
        let isPiece = root.isNamed("Well") || root.isNamed("Samples")
        return root.fault(
            "bioplex.fragment",
            "the outermost element is <\(root.name)>\(isPiece ? ", a piece cut out of an export" : ""), not <BioPlexManager>",
            hint: isPiece
                ? "nothing was read, for a piece does not tell its plate, analytes and samples: export the whole document"
                : "nothing was read; this is no export of Bio-Plex Manager: try ingest detect")
    }

    // MARK: Looked up

    /// The sample in a well; `nil` when none or several say they were there.
    func sample(_ place: BioPlexPlace) -> Sample? {
        guard let here = samples[place], here.count == 1 else { return nil }
        return here[0]
    }

    func isShared(_ place: BioPlexPlace) -> Bool { (samples[place]?.count ?? 0) > 1 }

    /// The document has standard curves with units, and none of them is of that region.
    func lacksUnit(_ region: String) -> Bool { !units.isEmpty && units[region] == nil }

    /// Of the standard curve.
    func unit(_ region: String) -> StatedUnit { units[region] ?? .none }

    // MARK: The run

    /// What the outermost element says. A survey does not tell what is wrong, for the document is read once more.
    static func take(_ root: OpenElement, into run: inout RunRecord, isSurvey: Bool = false) {
        let version = root.attribute("BioPlexManagerVersion")?.string()
        run.software = .init(name: "Bio-Plex Manager", version: version)
        if let written = root.attribute("XmlExportDateTime") {
            let time = isSurvey ? try? written.timestamp() : written.time("bioplex", orKeptIn: &run.extras)
            if let time {
                run.times.append(.init(.reported, time))
            } else if let text = written.extra() {
                run.extras.add(written.name, text)
            }
        }
        root.attribute("XmlExportUser")?.ignore("the Windows account of whoever exported the document")
        root.keepAttributes(in: &run.extras)
    }

    /// What the document says of itself, besides wells and samples.
    static func take(_ element: Element, into run: inout RunRecord, isSurvey: Bool = false) {
        switch element.name {
        case "NativeDocumentName": run.name = element.content?.string()
        case "NativeDocumentLocation":
            if let file = element.content?.fileName() { run.extras.add("NativeDocument", file) }
        case "AuthorName":
            let author = isSurvey ? element.content?.string() : element.content?.person("bioplex")
            if let author, !PrivateText.isAccount(author) { run.extras.add("AuthorName", author) }
        case "StandardCurves":
            for curve in element.inside("Interpolators") {
                let name = curve.string("AnalyteName") ?? "", region = curve.string("RegionNumber") ?? ""
                curve.keepRest(in: &run.extras, under: "Standard curve \(name) (\(region))")
            }
        case "PlateDimensions":
            guard !isSurvey else { break }
            // Without them the numbers of the wells show nothing.
            for field in ["Rows", "Columns"] { _ = element.declaredCount(field, "bioplex.plate") }
        default: break
        }
        element.keepRest(in: &run.extras, under: element.name)
    }

    /// Instrument, operator and protocol, which each well repeats.
    private mutating func noteRun(_ well: Element) {
        run.instrument = .init(vendor: "Bio-Rad", serial: well.descendant("MachineInfo")?.string("SerialNumber"))
        run.operatorName = well["User"]?.string().flatMap { PrivateText.isAccount($0) ? nil : $0 }
        plate = well.string("PlateID")
        if let method = well.string("RunProtocolDocumentName") { run.methods.append(.init(.acquisition, method)) }
    }

    // MARK: Plate, curves and samples

    private mutating func note(_ element: Element) {
        if element.isNamed("PlateDimensions") {
            rows = Int(element.peek("Rows")).flatMap { (1...32).contains($0) ? $0 : nil }
            columns = Int(element.peek("Columns")).flatMap { (1...48).contains($0) ? $0 : nil }
        }
        for curve in element.inside("Interpolators") {
            let unit = curve.peek("ConcentrationUnits")
            if !unit.isEmpty { units[curve.peek("RegionNumber")] = StatedUnit(written: unit) }
        }
    }

    private mutating func note(_ element: Element, sample: Sample) {
        for well in element.inside("MemberWells") {
            if let place = try? BioPlexPlace(well, in: self) { samples[place, default: []].append(sample) }
            for analyte in well.inside("MWAnalytes") {
                let region = analyte.peek("RegionNumber"), name = analyte.peek("AnalyteName")
                guard !name.isEmpty, !ambiguous.contains(region) else { continue }
                if let known = analytes[region], known != name {
                    ambiguous.insert(region)
                    analytes[region] = nil
                } else {
                    analytes[region] = name
                }
            }
        }
    }
}
