import IngestCore
import StreamingXML
import TabularText

/// A first look at `Result.xml`: the list of compounds, which stands behind the peaks it belongs to, and what is said of the
/// signals and the whole run behind its first peak.
final class ChemStationXMLSurvey {
    private(set) var signals: [ChemStationXMLSignal] = []
    /// What belongs to the run and stands behind its first peak.
    private(set) var extras: Extras = [:]
    /// The list of compounds, in its order; `nil` for a row that cannot be read.
    private(set) var rows: [ChemStationXMLRow?] = []
    /// The rows whose numbers a peak has taken.
    private(set) var taken: Set<Int> = []
    /// The rows that have the retention time of a peak and other numbers.
    private(set) var contradicted: Set<Int> = []
    /// The document breaks off: what a peak has no row for may stand behind that.
    private(set) var isBroken = false
    /// The file has such a list at all.
    private(set) var hasList = false
    /// The rows of a signal that no peak has claimed, by retention time.
    private var free: [Key: [Int]] = [:]

    private struct Key: Hashable { let signal: String, time: Double }

    /// One injection: real ones have hundreds.
    static let mostRows = 50_000
    static let mostSignals = 10_000

    /// - Throws: A ``Diagnostic`` when the document is refused, or lists more compounds than one injection can have.
    init(_ source: SourceFile) throws {
        let document = try ElementReader(source, survey: true)
        while let section = try document.next(in: document.root) {
            switch section.name {
            case "Acquisition", "ModuleInformation", "SampleInformation": break
            case "Chromatograms":
                section.keepAttributes(in: &extras)
                while let part = try document.next(in: section) {
                    if part.name == "Signal" {
                        guard signals.count < Self.mostSignals else {
                            throw part.element.fault(
                                "chemstation-xml.too-many-signals", "there are more than \(Self.mostSignals) signals",
                                hint: "nothing was read; no injection has so many")
                        }
                        signals.append(try ChemStationXMLSignal(document, part, number: signals.count + 1, &extras))
                    } else {
                        try document.keep(part, in: &extras)
                    }
                }
            case "Results": try look(at: section, in: document)
            default: try document.keep(section, in: &extras)
            }
        }
        for (index, row) in rows.enumerated().reversed() {
            if let row, let time = row.retentionTime { free[Key(signal: row.signal, time: time), default: []].append(index) }
        }
        try document.finish()
        isBroken = document.isBroken
    }

    private func look(at results: OpenElement, in document: ElementReader) throws {
        results.keepAttributes(in: &extras)
        while let group = try document.next(in: results) {
            guard group.name == "ResultsGroup" else {
                try document.keep(group, in: &extras)
                continue
            }
            hasList = true
            group.keepAttributes(in: &extras)
            while let part = try document.nextWhole(in: group) {
                if part.isNamed("Peak") {
                    guard rows.count < Self.mostRows else {
                        throw part.fault(
                            "chemstation-xml.too-many-peaks", "the list of compounds has more than \(Self.mostRows) rows",
                            hint: "nothing was read; no injection has so many")
                    }
                    rows.append(try? ChemStationXMLRow(part))
                } else {
                    if part.isNamed("ResultsGroupDescription") { part.content?.describe() }
                    part.keepRest(in: &extras, under: "ResultsGroup/" + part.name)
                }
            }
        }
    }

    /// The rows of a signal at a retention time that no peak has taken, in their order.
    func rows(of signal: String, at time: Double) -> [(index: Int, row: ChemStationXMLRow)] {
        (free[Key(signal: signal, time: time)] ?? []).reversed().compactMap { index in rows[index].map { (index, $0) } }
    }

    /// No peak of the retention time of that row has its numbers.
    func contradict(_ index: Int) { contradicted.insert(index) }

    /// A peak has the numbers of that row.
    func take(_ index: Int) {
        guard let row = rows[index], let time = row.retentionTime else { return }
        taken.insert(index)
        free[Key(signal: row.signal, time: time)]?.removeAll { $0 == index }
    }
}

/// What is said of a signal beside its peaks.
struct ChemStationXMLSignal {
    let description: String
    let signal: Signal
    let time: StatedUnit
    let height: StatedUnit
    let area: StatedUnit
    /// What the first peak says of all: the sums of their areas and heights.
    let areaSum: Double?
    let heightSum: Double?

    /// `DAD1 A, Sig=254,4 Ref=360,100`
    init(_ document: ElementReader, _ open: OpenElement, number: Int, _ extras: inout Extras) throws {
        var description = "", x = "", y = "", sums: (area: Double?, height: Double?)?
        var rest: [(String, String)] = []
        open.keepAttributes(in: &extras)
        while let part = try document.nextWhole(in: open) {
            switch part.name {
            case "Description": description = part.content?.string() ?? ""
            case "XUnits": x = part.content?.string() ?? ""
            case "YUnits": y = part.content?.string() ?? ""
            default: break
            }
            switch part.name {
            case "IntegrationResults":
                guard sums == nil else { continue }
                sums = (Self.sum(part["AreaSum"]), Self.sum(part["HeightSum"]))
                for field in Self.sums where !part.peek(field).isEmpty { rest.append((field, part.peek(field))) }
            default:
                for field in ChemStationXMLSignal.kept(part).fields { rest.append((field.heading, field.text)) }
            }
        }
        let parts = description.split(separator: ",", maxSplits: 1).map { $0.trimmed }
        let name = parts.first ?? ""
        if parts.count > 1, !parts[1].isEmpty { rest.insert(("Description", description), at: 0) }
        for (heading, text) in rest { extras.add((name.isEmpty ? "Signal \(number)" : name) + "/" + heading, text) }

        self.description = description
        signal = Signal(
            name: name.isEmpty ? nil : name, wavelength: parts.count > 1 ? Quantity(agilentSignal: parts[1]) : nil)
        time = x.isEmpty ? .none : StatedUnit(written: x)
        height = y.isEmpty ? .none : StatedUnit(written: y)
        // ChemStation integrates over seconds, whatever the axis shows.
        area = Unit(spelling: y + "*s").map { StatedUnit(ofFormat: $0) } ?? .none
        areaSum = sums?.area
        heightSum = sums?.height
    }

    static let sums = ["AreaSum", "HeightSum"]

    private static func sum(_ value: XMLValue?) -> Double? { value.flatMap { try? $0.quantity().value } ?? nil }

    /// Whether it is the operator, and an account of Windows.
    static func isAccount(_ part: Element) -> Bool {
        part.isNamed("Operator") && PrivateText.isAccount(part.content?.peek ?? "")
    }

    /// What is kept of a field of the signal.
    static func kept(_ part: Element) -> Extras {
        var extras: Extras = [:]
        // An account is told and left out when the signal is read.
        if !isAccount(part) { part.keepRest(in: &extras, under: part.name) }
        return extras.withoutFolders
    }
}

/// A row of the list of compounds.
struct ChemStationXMLRow {
    let signal: String
    let analyte: Analyte?
    /// In the order of the file.
    private(set) var measurements: [Measurement] = []
    let flags: [Flag]
    private(set) var extras: Extras = [:]

    /// Takes all of an element.
    /// - Throws: A ``Diagnostic`` at a number that is none.
    init(_ element: Element) throws {
        signal = element.string("SignalDesc") ?? ""
        let name = element.string("Name")
        // ChemStation numbers the compounds from 1.
        let id = element.peek("CompoundID") == "0" ? nil : element.peek("CompoundID")
        element.describe("CompoundID")
        analyte = name == nil && (id ?? "").isEmpty ? nil : Analyte(name: name, id: id)
        flags = IntegrationCode.agilent.flags(element.peek("PeakType"))
        for (standard, field) in Self.fields {
            guard let child = element.child(field), let value = element[field] else { continue }
            let unit = child.attribute("Unit").flatMap { $0.string() }
            var quantity = try value.quantity(unit.map { StatedUnit(written: $0) } ?? .none)
            let isPlaceholder = standard == .expectedRetentionTime || standard == .amount && name == nil
            if isPlaceholder, quantity.value == 0 {
                quantity.value = nil
                quantity.absent = .notReported
            }
            measurements.append(Measurement(standard, quantity))
        }
        element.keepRest(in: &extras)
    }

    private static let fields: [(MeasurementName, String)] = [
        (.expectedRetentionTime, "ExpRetTime"), (.retentionTime, "MeasRetTime"), (.area, "Area"), (.height, "Height"),
        (.width, "Width"), (.symmetry, "Symmetry"), (.amount, "Amount"),
    ]

    subscript(name: MeasurementName) -> Quantity? { measurements.first { $0.standard == name }?.quantity }

    /// `nil` for a compound that was not found.
    var retentionTime: Double? { isNotFound ? nil : self[.retentionTime]?.value }

    /// ChemStation writes zeros where it found no peak; one of them may have been lost.
    var isNotFound: Bool {
        let numbers = [self[.retentionTime]?.value, self[.area]?.value].compactMap { $0 }
        return !numbers.isEmpty && numbers.allSatisfy { $0 == 0 }
    }
}
