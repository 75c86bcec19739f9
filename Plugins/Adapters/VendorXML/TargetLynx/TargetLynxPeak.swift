import IngestCore
import StreamingXML
import TabularText

/// The attributes of a peak.
struct TargetLynxPeak {
    private let peak: Element
    private let output: AdapterOutput
    private let isIon: Bool

    init(_ peak: Element, _ output: AdapterOutput) {
        self.peak = peak
        self.output = output
        isIon = !peak.isNamed("PEAK")
    }

    private static let minute = StatedUnit(ofFormat: .minute)
    private static let vocabulary: [String: (name: MeasurementName, unit: StatedUnit)] = [
        "foundrt": (.retentionTime, minute), "foundrrt": (.relativeRetentionTime, .none),
        "predrt": (.expectedRetentionTime, minute), "area": (.area, .none), "height": (.height, .none),
        "response": (.response, .none), "analconc": (.concentration, .none), "startrt": (.startTime, minute),
        "endrt": (.endTime, minute), "rrf": (.responseFactor, .none),
        // In the export it is 60 × (endrt − startrt) to all digits.
        "baselinewidth": (.baseWidth, StatedUnit(ofFormat: .second)), "signoise": (.signalToNoise, .none),
    ]
    /// Numbers that say something of this peak and have no name of their own in the vocabulary.
    private static let own: [String: StatedUnit] = [
        "absresponse": .none, "empc": .none, "conccalc": .none, "concdevperc": .none, "percrecovery": .none,
        "ionratio": .none, "ionratiopred": .none, "startht": .none, "endht": .none, "heightdivarea": .none,
        "pkwidth": .none, "peakfrontwidth": minute, "peaktailwidth": minute, "peakasymmetryvalue": .none,
        "chromnoise": .none, "detectionthreshold": .none, "quanthreshold": .none,
    ]
    /// What is told of the method also where nothing was found.
    private static let ofMethod: Set<String> = [
        "predrt", "rrf", "ionratiopred", "chromnoise", "detectionthreshold", "quanthreshold",
    ]
    /// Never calculated for an ion.
    private static let emptyInIons: Set<String> = ["analconc", "empc", "detectionthreshold", "quanthreshold"]
    /// A zero of these is a number like others.
    private static let canBeZero: Set<String> = ["foundrt", "startrt", "endrt", "area", "height", "analconc", "signoise"]

    func read(into result: inout ResultRecord) throws {
        let hasFlags = !peak.peek("pkflags").isEmpty
        // What is no number does not show that a peak was found.
        let isFound = hasFlags || (number("area") ?? 0) != 0 || (number("foundrt") ?? 0) != 0
        // Not those alone that nobody took: an ion is read also where its compound was left out, with all that is in it.
        for value in peak.attributes where !(isIon && value.name == "ion") {
            if value.isEmpty {
                takeEmpty(value.name, isFound, &result)
                continue
            }
            try take(value, isFound, &result)
        }
        for child in peak.children where !child.name.hasPrefix("CONFIRMATIONION") {
            child.keepRest(in: &result.extras, under: child.name)
        }
        result.flags += check(isFound, hasFlags)
    }

    /// Said only where a number has to be expected.
    private func takeEmpty(_ name: String, _ isFound: Bool, _ result: inout ResultRecord) {
        guard let unit = Self.vocabulary[name]?.unit ?? Self.own[name], !isIon || !Self.emptyInIons.contains(name) else { return }
        var quantity = Quantity.empty(unit)
        if !isFound, !Self.ofMethod.contains(name) { quantity.absent = .notFound }
        result.measurements.append(
            Self.vocabulary[name].map { Measurement($0.name, quantity) } ?? Measurement(own: name, quantity))
    }

    private func take(_ value: XMLValue, _ isFound: Bool, _ result: inout ResultRecord) throws {
        let name = value.name
        if let unit = Self.vocabulary[name]?.unit ?? Self.own[name] {
            var quantity = try value.quantity(unit)
            if !isFound, !Self.ofMethod.contains(name) {
                quantity = Quantity(
                    written: quantity.written, absent: .notFound, unit: quantity.unit, unitIsFormats: quantity.unitIsFormats)
            } else if quantity.value == 0, !Self.canBeZero.contains(name) {
                keep(value, &result)
                return
            }
            result.measurements.append(
                Self.vocabulary[name].map { Measurement($0.name, quantity) } ?? Measurement(own: name, quantity))
        } else if name == "pkflags" {
            let written = value.peek
            if written.contains("M") {
                value.describe()
                result.flags.append(Flag("manualIntegration", written: written))
            } else {
                keep(value, &result)
            }
        } else if name.lowercased().hasSuffix("flag") || name == "peakmissing" {
            switch value.peek {
            case "0": value.ignore("flags that are not set")
            case "1": result.flags.append(Flag(name, written: value.string()))
            default: keep(value, &result)
            }
        } else if name == "modifieduser" {
            if let person = value.person("targetlynx") { result.extras.add(name, person) }
        } else {
            keep(value, &result)
        }
    }

    private func keep(_ value: XMLValue, _ result: inout ResultRecord) {
        if let text = value.extra() { result.extras.add(value.name, text) }
    }

    private func number(_ name: String) -> Double? { peak.attribute(name)?.peekNumber }

    // MARK: What is told twice

    private func check(_ isFound: Bool, _ hasFlags: Bool) -> [Flag] {
        guard isFound else { return [] }
        var wrong: [(code: String, message: String)] = []
        if !hasFlags, peak.attribute("pkflags") != nil {
            wrong.append(("no-peak-flags", "this peak has an area or a time, and no peak flags, as if it had not been found"))
        }
        let start = number("startrt"), end = number("endrt")
        if let time = number("foundrt"), let start, let end, !(start...max(start, end)).contains(time) {
            wrong.append(
                (
                    "outside-peak",
                    "the peak was found at \(time), which is not between its start at \(start) and its end at \(end)"
                ))
        }
        // Both are written with ten decimals; in the export the difference is below 0.00000001.
        if let start, let end, let width = number("baselinewidth"), abs((end - start) * 60 - width) > 0.01 {
            wrong.append(("width", "the peak is \(width) s wide, and lasts from \(start) to \(end) min"))
        }
        if let area = number("area"), area != 0, let height = number("height"), let ratio = number("heightdivarea"),
            abs(height / area - ratio) > 1e-4 * max(abs(ratio), 1e-4)
        {
            wrong.append(("height-area", "the height \(height) is not \(ratio) times the area \(area), as the file states"))
        }
        for (code, message) in wrong {
            output.report(
                peak.fault(
                    "targetlynx.\(code)", message, severity: .warning,
                    hint: "it was read, with the flag contradiction; the file was edited or damaged: compare it with TargetLynx"))
        }
        return wrong.isEmpty ? [] : [Flag("contradiction")]
    }
}
