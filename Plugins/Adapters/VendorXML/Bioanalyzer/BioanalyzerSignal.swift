import IngestCore
import StreamingXML
import TabularText

/// Reads one signal of a Bioanalyzer file, raw and processed, as traces.
///
/// A processed signal begins at `XStart`. The raw one is longer, with what came before and behind, and where it begins is not
/// written: its points are told by their number.
struct BioanalyzerSignal {
    private let element: Element
    private let key: String?
    /// Of which sample; none for a signal of the chip.
    private let sample: ResultRecord?
    private let output: AdapterOutput

    init(_ element: Element, key: String?, of sample: ResultRecord?, _ output: AdapterOutput) {
        self.element = element
        self.key = key
        self.sample = sample
        self.output = output
    }

    /// The signals in an element that nobody took, each with the key of the channel it stands in.
    static func signals(in element: Element, key: String? = nil) -> [(signal: Element, key: String?)] {
        let key = element.attribute("key")?.peek ?? key
        return element.children.flatMap { child -> [(signal: Element, key: String?)] in
            guard child.isNamed("SignalData") else { return signals(in: child, key: key) }
            // Of a copy nothing is left to be taken.
            return child.hasUnread ? [(child, key)] : []
        }
    }

    func read() throws {
        let channel = element.string("ChannelID")
        let curves = ["ProcessedSignal", "RawSignal"].compactMap { element.child($0) }.filter { $0.content != nil }
        guard !curves.isEmpty else { return element.ignore("a signal without values") }
        let declared = element.declaredCount("NumberOfSamples", "bioanalyzer.signal-length")
        let length = declared ?? element.child("ProcessedSignal").flatMap { Int($0.peek("numvalues")) }
        if length == nil { tellNoLength() }
        let clock = clock()
        let units = (x: stated("UnitX"), y: stated("UnitY"))
        if declared != nil { element.describe("NumberOfSamples") }
        let scriptSteps = element.child("ScriptStep")
        // Text that no curve took is told with the first one.
        var extras = Extras()
        for child in element.children where !curves.contains(where: { $0.name == child.name }) && child.name != "ScriptStep" {
            child.keepRest(in: &extras, under: child.name)
        }
        for curve in curves {
            do {
                let values = try values(of: curve, declared)
                if curve.isNamed("ProcessedSignal") { try compareRange(values, curve) }
                var trace = TraceRecord(
                    sample: sample?.sample, position: sample?.position, signal: Signal(name: channel ?? key),
                    axes: [], flags: sample?.flags ?? [], extras: ["signal": curve.name], location: curve.location)
                trace.extras.add(extras)
                extras = Extras()
                let isTimed = length == values.count || curve.isNamed("ProcessedSignal") || length == 0
                if isTimed ? clock == nil : length == nil { trace.flags.append(Flag("noTime", written: curve.name)) }
                trace.axes = [
                    !isTimed || clock == nil
                        ? TraceRecord.Axis("number") : TraceRecord.Axis("time", unit: units.x.unit, unitWritten: units.x.written),
                    TraceRecord.Axis("signal", unit: units.y.unit, unitWritten: units.y.written),
                ]
                let steps = curve.isNamed("RawSignal") ? try self.steps(scriptSteps, count: values.count) : nil
                if steps != nil { trace.axes.append(TraceRecord.Axis("scriptStep")) }
                let writer = output.trace(trace)
                for (index, value) in values.enumerated() {
                    let x = isTimed ? clock.map { $0.start + Double(index) * $0.step } : nil
                    let first = x ?? Double(index + 1)
                    try writer.append(steps.map { [first, value, $0[index]] } ?? [first, value])
                }
            } catch let diagnostic as Diagnostic {
                curve.leaveOutAll()
                output.report(diagnostic)
                if ["xml.number-count", "bioanalyzer.signal-length"].contains(diagnostic.code) {
                    output.account.contradict(diagnostic.message)
                }
            }
        }
        // None of the curves could be read, each of them is told; what is said of them is left out with them.
        if !extras.isEmpty { element.leaveOutAll() }
        scriptSteps?.leaveOutRest()
    }

    /// When a signal begins and how far its points lie apart; `nil`, and told, where the file does not say it.
    private func clock() -> (start: Double, step: Double)? {
        var numbers: [Double] = []
        for field in ["XStart", "XStep"] {
            let number: Double?
            do {
                number = try element.number(field)
            } catch {
                // Told below, with what it does to the signal.
                number = nil
            }
            if let number, field == "XStart" || number > 0 {
                numbers.append(number)
            } else {
                let place = element[field]?.fault ?? element.fault
                output.report(
                    place(
                        "bioanalyzer.signal-time", "\(field) of this signal is \"\(element.peek(field))\"", .error,
                        "its points were read by number and flagged noTime; the file was edited or damaged: export it again"))
            }
        }
        return numbers.count == 2 ? (numbers[0], numbers[1]) : nil
    }

    /// Where a raw signal has as many points as the processed one, it begins with it.
    private func tellNoLength() {
        output.report(
            element.fault(
                "bioanalyzer.signal-length", "nothing says how many samples this signal has",
                hint: "it was read by number and flagged noTime; the file was edited or damaged: export it again"))
    }

    /// `Unknown` is what the software writes for signals whose unit it does not know.
    private func stated(_ field: String) -> StatedUnit {
        guard let written = element.string(field), written != "Unknown" else { return .none }
        return StatedUnit(written: written)
    }

    private func values(of curve: Element, _ declared: Int?) throws -> [Double] {
        let encoding = try encoding(of: curve)
        let count = try curve.integer("numvalues")
        if let count { try compare(count, declared, curve) }
        let values = try curve.content?.numbers(base64: encoding, count: count) ?? []
        try compare(values.count, declared, curve)
        return values
    }

    /// The processed signal has as many values as samples are declared.
    private func compare(_ count: Int, _ declared: Int?, _ curve: Element) throws {
        guard curve.isNamed("ProcessedSignal"), let declared, declared != count else { return }
        throw curve.fault(
            "bioanalyzer.signal-length", "\(declared) samples are declared, this signal has \(count)",
            hint: "this signal was left out, all else was read; the file was edited or damaged: export it again")
    }

    private func encoding(of curve: Element) throws -> NumberEncoding {
        let written = curve.string("vartype") ?? ""
        let parts = written.split(separator: "_")
        let order: NumberEncoding.ByteOrder? = ["LE": .littleEndian, "BE": .bigEndian][parts.first ?? ""]
        let form: NumberEncoding.Form? = ["R4": .float32, "R8": .float64, "I2": .int16, "I4": .int32][parts.last ?? ""]
        guard let order, let form, parts.count == 2 else {
            throw curve.fault(
                "bioanalyzer.signal-type", "this signal is of the type \"\(written)\", which is not known here",
                hint: "this signal was left out, all else was read; known are LE_R4, LE_R8, LE_I2, LE_I4 and the same with BE")
        }
        return NumberEncoding(form, order)
    }

    /// The software writes the lowest and the highest value beside a signal. In the wrong byte order, or with a bit lost, a
    /// signal has others.
    private func compareRange(_ values: [Double], _ curve: Element) throws {
        for field in ["MinValue", "MaxValue"] {
            guard let value = element[field], !value.isEmpty, value.peekNumber == nil else { continue }
            output.report(
                value.fault(
                    "bioanalyzer.signal-range", "\"\(value.peek)\" is no number, in <\(field)>", severity: .warning,
                    hint: "the signal was read without comparing it with that; the file was edited or damaged: export it again"))
        }
        guard let low = element.peekNumber("MinValue"), let high = element.peekNumber("MaxValue"), (low, high) != (0, 0),
            let least = values.min(), let most = values.max()
        else { return }
        // Written with seven digits.
        func differs(_ found: Double, _ stated: Double) -> Bool { abs(found - stated) > 1e-5 * max(abs(low), abs(high)) }
        guard differs(least, low) || differs(most, high) else { return }
        throw curve.fault(
            "bioanalyzer.signal-range",
            "this signal goes from \(least) to \(most), but is said to go from \(element.peek("MinValue")) to "
                + element.peek("MaxValue"),
            hint: "this signal was left out, all else was read; it was damaged, or is in another byte order: export it again")
    }

    /// The step of the script at each point of a raw signal.
    private func steps(_ element: Element?, count: Int) throws -> [Double]? {
        guard let element, let content = element.content else { return nil }
        let encoding = try encoding(of: element)
        element.describe("numvalues")
        return try content.numbers(base64: encoding, count: count)
    }
}
