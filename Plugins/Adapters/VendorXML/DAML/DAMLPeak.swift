import IngestCore
import StreamingXML
import TabularText

/// A peak of DAML: a text of keys and values in base64, `ID=13;ChroID=12;PN=1;ApRT=65703;A=10433.96;…`, and its summary.
struct DAMLPeak {
    private let peak: Element
    private let output: AdapterOutput
    private let chromatogram: String

    init(_ peak: Element, _ output: AdapterOutput, chromatogram: String) {
        self.peak = peak
        self.output = output
        self.chromatogram = chromatogram
    }

    private static let names: [String: (MeasurementName, Unit?)] = [
        "ApRT": (.retentionTime, .millisecond), "StRT": (.startTime, .millisecond), "EdRT": (.endTime, .millisecond),
        "Hgt": (.height, nil), "A": (.area, nil), "APc": (.areaPercent, .percent), "HPc": (.heightPercent, .percent),
        "HRelPc": (.relativeToLargest, .percent),
    ]
    private static let own: Set<String> = ["StHgt", "EdHgt"]

    /// The identifier of a peak, whatever else can be read of it.
    static func identifier(_ peak: Element) -> String? {
        (try? peak["data"]?.damlText()).flatMap { pairs($0).first { $0.key == "ID" }?.value }
    }

    private static func pairs(_ text: String) -> [(key: String, value: String)] {
        text.split(separator: ";").map {
            let parts = $0.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return (String(parts[0]), parts.count > 1 ? String(parts[1]) : "")
        }
    }

    /// - Throws: A ``Diagnostic`` for a peak that cannot be read, or is of another chromatogram.
    func result(_ injection: DAMLInjection, _ signal: Signal) throws -> ResultRecord {
        guard let data = peak["data"], !data.isEmpty else {
            throw peak.fault("daml.no-data", "the peak has no <data>", hint: "it was left out, the others were read")
        }
        let fields = Self.pairs(try data.damlText())
        data.measured()
        if let of = fields.first(where: { $0.key == "ChroID" })?.value, of != chromatogram {
            throw data.fault(
                "daml.other-chromatogram", "this peak stands in chromatogram \(chromatogram) and says that it is of \(of)",
                hint: "it was left out, for it could be of either; the others were read")
        }
        var result = injection.record(.peak, peak.location, signal: signal)
        for (key, value) in fields {
            guard let (name, unit) = Self.names[key].map({ (Optional($0), $1) }) ?? (Self.own.contains(key) ? (nil, nil) : nil)
            else {
                result.extras.add(key, value)
                continue
            }
            let quantity: Quantity
            if let number = peak.packedNumber(value) {
                quantity = Quantity(written: value, value: number, unit: unit, unitIsFormats: unit != nil)
            } else if peak.reader.isGivenMissing(value) {
                quantity = Quantity(written: value, absent: .notReported, unit: unit, unitIsFormats: unit != nil)
            } else {
                throw data.fault(
                    "xml.not-a-number", "\"\(value.prefix(40))\" is not a number, in \(key) of the peak",
                    hint: "this peak was left out, the others were read; its text was damaged")
            }
            result.measurements.append(name.map { Measurement($0, quantity) } ?? Measurement(own: key, quantity))
        }
        peak.keepRest(in: &result.extras)
        if let wrong = contradiction(fields) {
            output.report(wrong)
            result.flags.append(Flag("contradiction"))
        }
        return result
    }

    /// What the summary says, where the data say something else.
    private func contradiction(_ fields: [(key: String, value: String)]) -> Diagnostic? {
        func number(_ key: String) -> Double? { fields.first { $0.key == key }.flatMap { peak.packedNumber($0.value) } }
        let hint = "it was read from its data, with the flag contradiction; the file was edited or damaged"
        if let start = number("StRT"), let top = number("ApRT"), let end = number("EdRT"), !(start <= top && top <= end) {
            return peak.fault(
                "daml.outside-peak", "the peak is at \(top), starts at \(start) and ends at \(end)", severity: .warning,
                hint: hint)
        }
        // "ID=13, Peak#=1, ChroID=12, RT=1.095mins (1.064-1.136mins), Area=10434, Area%=0.849, …"
        for part in peak.peek("details").components(of: ", ") {
            guard let equals = part.firstIndex(of: "=") else { continue }
            let text = part[part.index(after: equals)...].prefix { $0.isNumber || ".,-".contains($0) }
            guard let stated = peak.packedNumber(text) else { continue }
            // Minutes and areas are rounded to three decimals and to none.
            let (key, tolerance, factor): (String, Double, Double)
            switch part[..<equals] {
            case "ID": (key, tolerance, factor) = ("ID", 0, 1)
            case "Peak#": (key, tolerance, factor) = ("PN", 0, 1)
            case "ChroID": (key, tolerance, factor) = ("ChroID", 0, 1)
            case "RT": (key, tolerance, factor) = ("ApRT", 31, 60_000)
            case "Area": (key, tolerance, factor) = ("A", 0.51, 1)
            case "Area%": (key, tolerance, factor) = ("APc", 0.00051, 1)
            default: continue
            }
            guard let value = number(key), abs(value - stated * factor) > tolerance else { continue }
            return peak.fault(
                "daml.details", "the summary says \(part), the data \(key)=\(fields.first { $0.key == key }?.value ?? "")",
                severity: .warning, hint: hint)
        }
        return nil
    }
}

extension Element {
    /// A number of a text that is packed in base64, or of a summary; `nil` where it is none, or stands for none (`--missing`).
    /// There are no groups of digits there: whichever mark a number has is its decimal one, also where the elements around
    /// are written with the other.
    func packedNumber(_ text: some StringProtocol) -> Double? {
        if let number = reader.number(in: text) { return number }
        guard !reader.isGivenMissing(text), case .number(let number, .exact) = NumberText.read(text, mark: .point) else {
            return nil
        }
        return number
    }
}

extension String {
    /// The parts between a separator of several characters.
    fileprivate func components(of separator: String) -> [Substring] {
        var parts: [Substring] = []
        var rest = self[...]
        while let found = rest.firstRange(of: separator) {
            parts.append(rest[..<found.lowerBound])
            rest = rest[found.upperBound...]
        }
        return parts + [rest]
    }
}
