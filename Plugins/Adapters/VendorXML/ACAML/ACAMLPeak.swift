import IngestCore
import StreamingXML
import TabularText

/// A peak of an ACAML document: `<Area val="477.5" unit="mAU·s" />` for each number, a text for anything else.
struct ACAMLPeak {
    private(set) var measurements: [Measurement] = []
    private(set) var flags: [Flag] = []
    private(set) var extras: Extras = [:]

    /// Takes all of an element.
    /// - Throws: A ``Diagnostic`` at a number that is none.
    init(_ element: Element, isChemStation: Bool) throws {
        element.attribute(ofAnyNamespace: "type")?.ignore("the kind of an element in the schema, which its name tells")
        element.attribute("ver")?.ignore("the version of a thing in the document")
        if let id = element.attribute("id")?.extra() { extras.add("id", id) }
        ACAMLBookkeeping.ignoreInfo(element)
        for child in element.children {
            let name = child.name
            if child.attribute("val") == nil {
                if name == "BaselineCode" { flags += IntegrationCode.agilent.flags(child.content?.peek ?? "") }
                if name == "BaselineParameters" { takeParameters(child) }
                continue
            }
            guard var quantity = try child.acamlQuantity(Self.unit(of: name)) else { continue }
            if Self.isNone(name, quantity.value) {
                quantity.value = nil
                quantity.absent = .notReported
            }
            // What ChemStation calls the width at the base is less than the one at half height: it is the `Width` of its reports.
            let standard = isChemStation && name == "WidthBase" ? .width : Self.names[name]
            measurements.append(
                standard.map { Measurement($0, quantity) } ?? Measurement(own: name, quantity))
        }
        element.keepRest(in: &extras)
    }

    private mutating func takeParameters(_ element: Element) {
        let values = element.children("BaselineParameter").compactMap { $0.attribute("val")?.extra() }
        if !values.isEmpty { extras.add("BaselineParameters", values.joined(separator: " ")) }
    }

    subscript(name: MeasurementName) -> Quantity? { measurements.first { $0.standard == name }?.quantity }

    static let names: [String: MeasurementName] = [
        "RetentionTime": .retentionTime, "RelativeRetentionTime": .relativeRetentionTime, "Area": .area,
        "AreaPercent": .areaPercent, "Height": .height, "HeightPercent": .heightPercent, "Symmetry": .symmetry,
        "BeginTime": .startTime, "EndTime": .endTime, "CapacityFactor": .capacityFactor, "Selectivity": .separationFactor,
        "TheoreticalPlates_USP": .plates, "Resolution_USP": .resolution, "TailingFactor": .tailing, "WidthBase": .baseWidth,
        "Width_50Perc": .widthAtHalfHeight, "SignalToNoise": .signalToNoise,
    ]

    /// acaml15 states no units. Times and widths are in minutes there, as ChemStation reports them, and widths in acaml21.
    private static func unit(of name: String) -> StatedUnit {
        if name.hasSuffix("Percent") { return StatedUnit(ofFormat: .percent) }
        let isTime = name.hasPrefix("Width") || name.hasSuffix("Time") && !name.hasPrefix("Relative")
        return isTime || name == "CorrExpRetTime" ? StatedUnit(ofFormat: .minute) : .none
    }

    /// Numbers that stand for none: no reference peak, no expected time, no centroid.
    private static func isNone(_ name: String, _ value: Double?) -> Bool {
        switch name {
        case "RelativeRetentionTime", "RelativeRetentionTime_EP": value == -1
        case "CorrExpRetTime", "CentroidTime": value == 0
        default: false
        }
    }
}

/// An entry of the list of compounds: what a peak was identified as, what was looked for and not found, or a group of peaks.
struct ACAMLCompound {
    let analyte: Analyte?
    /// The ids of its peaks.
    let peaks: [String]
    private(set) var measurements: [Measurement] = []
    private(set) var extras: Extras = [:]

    /// Takes all of an element.
    /// - Throws: A ``Diagnostic`` at a number that is none.
    init(_ element: Element, _ account: ReadingAccount?) throws {
        ACAMLBookkeeping.take(element, account)
        ACAMLBookkeeping.ignoreInfo(element)
        if let id = element.attribute("id")?.extra() { extras.add("InjectionCompound@id", id) }
        let name = (element.descendant("IdentifiedCompound/CompoundName") ?? element.child("CompoundName"))?.content?.string()
        let isStandard = element["IsInternalStandard"]?.equals("true") ?? false
        analyte = name == nil ? nil : Analyte(name: name, role: isStandard ? .istd : nil)
        peaks =
            element.descendant("Identification/Qualified/Peaks")?.children("Peak_ID").compactMap { $0.attribute("id")?.peek }
            ?? []
        for child in element.children {
            if child.isNamed("TimeRange") {
                for time in child.children { try take(time, peaks.isEmpty, isNamed: name != nil) }
            } else {
                try take(child, peaks.isEmpty, isNamed: name != nil)
            }
        }
        element.keepRest(in: &extras, under: "InjectionCompound")
    }

    private mutating func take(_ child: Element, _ isNotFound: Bool, isNamed: Bool) throws {
        guard var quantity = try child.acamlQuantity() else { return }
        let name = child.name
        let standard = Self.names[name]
        let isNone =
            switch name {
            case "ExpectedRetTime", "CorrExpectedRetTime": true
            case "Amount", "Concentration": !isNamed
            // ChemStation writes them for none of its compounds.
            case "Area", "Height": true
            default: false
            }
        let isExpected = name == "ExpectedRetTime" || name == "CorrExpectedRetTime"
        if quantity.value != nil, isNotFound && !isExpected || isNone && quantity.value == 0 {
            quantity.value = nil
            quantity.absent = isExpected || !isNotFound ? .notReported : .notFound
        }
        measurements.append(standard.map { Measurement($0, quantity) } ?? Measurement(own: name, quantity))
    }

    private static let names: [String: MeasurementName] = [
        "Amount": .amount, "Concentration": .concentration, "Area": .area, "Height": .height, "BeginTime": .startTime,
        "EndTime": .endTime, "ExpectedRetTime": .expectedRetentionTime, "RetentionTime": .retentionTime,
        "RelativeRetentionTime": .relativeRetentionTime, "ResponseFactor": .responseFactor,
    ]

    /// Whether it is the compound of that peak: it has no other, and no other numbers.
    func agrees(with peak: ACAMLPeak) -> Bool {
        measurements.allSatisfy { measurement in
            guard let name = measurement.standard, let value = measurement.quantity.value, let other = peak[name]?.value else {
                return true
            }
            return abs(value - other) <= 1e-9 * max(abs(value), abs(other))
        }
    }

    /// Its peak has what it says, in `result`.
    func complete(_ result: inout ResultRecord) {
        result.analyte = analyte
        for measurement in measurements
        where measurement.standard == nil || !result.measurements.contains(where: { $0.standard == measurement.standard }) {
            result.measurements.append(measurement)
        }
        result.extras.add(extras)
    }
}
