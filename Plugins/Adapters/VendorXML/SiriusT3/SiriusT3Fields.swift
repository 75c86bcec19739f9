import IngestCore
import StreamingXML
import TabularText

/// Collects the numbers of a result under the paths to them, and what the software warns of.
struct SiriusT3Fields {
    private(set) var measurements: [Measurement] = []
    private(set) var flags: [Flag] = []
    private let output: AdapterOutput
    /// The beginning of a path that says nothing.
    private let prefix: String
    /// Elements that are results of their own.
    private let others: Set<String>

    /// What is a number wherever it stands: without one it has no value, and a text that is none is garbled.
    private static let numbers: Set = [
        "AcidTitrant", "AcidityError", "Alpha", "AverageIonicStrength", "AverageTemperature", "BaseTitrant", "Carbonate",
        "CarbonateConcentration", "ChiSquared", "ConcentrationFactor", "Dielectric", "HighGoodPh", "Jh", "Joh", "Logp",
        "LowGoodPh", "MaximumConcentration", "MeanConcentration", "MeanPartitionRatio", "Merit", "MinimumConcentration",
        "NumPkas", "PartitionRatio", "Pka", "Rmsd", "SampleProportion", "SimpleProportion", "Slope", "Solubility",
        "WaterConcentration", "WtFraction",
    ]

    /// Lists that have a number for each pKa, and not for each point.
    static let short: Set = ["Pkas", "Rmsds", "HalfPeakWidth", "ActualPkaShifts"]

    init(_ output: AdapterOutput, prefix: String = "", besides others: Set<String> = []) {
        self.output = output
        self.prefix = prefix
        self.others = others
    }

    mutating func read(_ element: Element) { read(element, "", isExcluded: false) }

    /// - Parameter isExcluded: The user excluded all points of it, and a zero in it is none.
    private mutating func read(_ element: Element, _ path: String, isExcluded: Bool) {
        let isExcluded = isExcluded || element.child("AllPointsExcludedError") != nil
        for child in element.children {
            let name = child.name
            let ordinal = child.ordinal > 1 ? "[\(child.ordinal)]" : ""
            let heading = path + name + ordinal
            if name.hasSuffix("Setting") || name.hasSuffix("Settings") || name == "TurbidityValue" || others.contains(name) {
                continue
            }
            if SiriusT3Array.isArray(child) {
                if Self.short.contains(name) { take(list: child, heading) }
            } else if let content = child.content {
                take(content, name, heading, isExcluded: isExcluded)
            } else if Self.numbers.contains(name), child.first == nil {
                add(.empty(Self.unit(name)), name, heading)
            } else if Self.isWarning(name) {
                flags.append(Flag("warning", written: heading))
            }
            read(child, heading + "/", isExcluded: isExcluded)
        }
    }

    /// Warnings are elements with nothing in them.
    private static func isWarning(_ name: String) -> Bool {
        !numbers.contains(name) && (name.hasSuffix("Warning") || name.hasSuffix("Error"))
    }

    /// Whether there is a warning in an element.
    static func warns(_ element: Element) -> Bool {
        element.children.contains { $0.content == nil && isWarning($0.name) || warns($0) }
    }

    private mutating func take(_ content: XMLValue, _ name: String, _ heading: String, isExcluded: Bool) {
        if name == "Quality" {
            if let quality = content.string() { flags.append(Flag("quality", written: quality)) }
            return
        }
        if name.hasSuffix("Version") || name.hasSuffix("Id") || name.hasSuffix("Timestamp") || name.hasPrefix("When") { return }
        do {
            var quantity = try content.quantity(Self.unit(name))
            if let value = quantity.value, Self.isPlaceholder(value, name) {
                quantity.value = nil
                quantity.absent = .notReported
            }
            if isExcluded, quantity.value == 0 {
                quantity.value = nil
                quantity.absent = .invalid
            }
            add(quantity, name, heading)
        } catch {
            // A text is kept as it is; one that begins as a number was one.
            guard let first = content.peek.utf8.first,
                (48...57).contains(first) || first == 45 || first == 46
                    || Self.numbers.contains(name)
            else { return }
            content.leaveOut()
            if let diagnostic = error as? Diagnostic { output.report(diagnostic) }
        }
    }

    private static func unit(_ name: String) -> StatedUnit {
        name.hasSuffix("Temperature") ? StatedUnit(ofFormat: .celsius) : .none
    }

    /// What the software writes where there is no partition, and where a range of pH has no end.
    private static func isPlaceholder(_ value: Double, _ name: String) -> Bool {
        name == "Logp" && value == -10 || name.hasSuffix("GoodPh") && abs(value) >= 2_147_000_000
    }

    private mutating func take(list: Element, _ heading: String) {
        SiriusT3Array.describeShape(of: list)
        do {
            guard let array = try SiriusT3Array(reading: list), let content = list.content else { return }
            content.measured()
            let texts = content.written.split(whereSeparator: \.isWhitespace).map(String.init)
            for (index, (text, value)) in zip(texts, array.values).enumerated() {
                let quantity =
                    value.map { Quantity(written: text, value: $0) } ?? Quantity(written: text, absent: .invalid)
                add(quantity, list.name, index == 0 ? heading : "\(heading)[\(index + 1)]")
            }
        } catch {
            list.content?.leaveOut()
            if let diagnostic = error as? Diagnostic { output.report(list: diagnostic) }
        }
    }

    private mutating func add(_ quantity: Quantity, _ name: String, _ heading: String) {
        if name == "AverageTemperature", heading == name { return measurements.append(Measurement(.temperature, quantity)) }
        let short = heading.hasPrefix(prefix) ? String(heading.dropFirst(prefix.count)) : heading
        measurements.append(Measurement(own: short, quantity))
    }
}
