import IngestCore
import StreamingXML
import TabularText

/// The place, the baseline and the parameters of a peak.
struct GAMLPeak {
    private let peak: Element
    private let output: AdapterOutput
    private let x: StatedUnit
    private let y: StatedUnit

    init(_ peak: Element, _ output: AdapterOutput, _ xAxis: TraceRecord.Axis, _ yAxis: TraceRecord.Axis) {
        self.peak = peak
        self.output = output
        x = StatedUnit(unit: xAxis.unit, written: xAxis.unitWritten)
        y = StatedUnit(unit: yAxis.unit, written: yAxis.unitWritten)
    }

    /// Parameters by alias or name: those of the chromatography data systems themselves.
    private static let vocabulary: [String: MeasurementName] = [
        "peak.area": .area, "peak.height": .height, "peak.amount": .amount, "peak.width(0)": .baseWidth,
        "peak.width(50)": .widthAtHalfHeight, "PK_AREA": .area, "PK_HEIGHT": .height, "PK_RESULT": .amount,
        "PK_REL_RET_TIME": .relativeRetentionTime,
    ]
    /// What the converter worked out; taken where the data system tells nothing.
    private static let converters: [String: MeasurementName] = ["PeakArea": .area, "PeakHeight": .height]
    private static let own: Set<String> = ["PK_RET_TIME", "PK_AREA_PCT", "PK_RAW_AMOUNT", "peak.width(10)"]

    func read(into result: inout ResultRecord) throws {
        if let name = peak.attribute("name")?.string() { result.analyte = Analyte(name: name) }
        let isTime = [Unit.minute, .second, .hour, .millisecond].contains { $0 == x.unit }
        let baseline = peak.child("baseline")
        let places: [(Element?, String, MeasurementName)] = [
            (peak, "peakXvalue", .retentionTime), (baseline, "startXvalue", .startTime), (baseline, "endXvalue", .endTime),
        ]
        for (element, field, name) in places {
            guard let quantity = try element?.quantity(field, x) else { continue }
            result.measurements.append(isTime ? Measurement(name, quantity) : Measurement(own: field, quantity))
        }
        for (element, field) in [(peak, "peakYvalue"), (baseline, "startYvalue"), (baseline, "endYvalue")] {
            if let measurement = try element?.measurement(own: field, y) { result.measurements.append(measurement) }
        }
        let parameters = peak.children("parameter")
        let names = parameters.compactMap { Self.vocabulary[Self.name($0)] }
        for parameter in parameters {
            let name = Self.name(parameter)
            let converted = Self.converters[name].flatMap { names.contains($0) ? nil : $0 }
            let isNumber = Self.vocabulary[name] != nil || Self.converters[name] != nil || Self.own.contains(name)
            guard isNumber else {
                parameter.keepGAMLParameter(in: &result.extras)
                continue
            }
            let quantity = try parameter.ownQuantity()
            // A name stands once in a record; of two parameters of one name the second keeps its label.
            if let standard = Self.vocabulary[name] ?? converted,
                !result.measurements.contains(where: { $0.standard == standard })
            {
                parameter["label"]?.describe()
                parameter["name"]?.describe()
                result.measurements.append(Measurement(standard, quantity))
            } else {
                let label = parameter["label"]?.string() ?? parameter.peek("name")
                parameter["name"]?.describe()
                result.measurements.append(Measurement(own: label, quantity))
            }
            parameter.describe("group", "alias")
        }
        peak.keepRest(in: &result.extras)
        result.extras = result.extras.withoutFolders
        check(&result)
    }

    private static func name(_ parameter: Element) -> String {
        let alias = parameter.peek("alias")
        return alias.isEmpty ? parameter.peek("name") : alias
    }

    private func check(_ result: inout ResultRecord) {
        func value(_ field: String) -> Double? {
            result.measurements.first { $0.name == field }?.quantity.value
        }
        let isTime = result.measurements.contains { $0.standard == .retentionTime }
        guard let place = value(isTime ? "retentionTime" : "peakXvalue"), let start = value(isTime ? "startTime" : "startXvalue"),
            let end = value(isTime ? "endTime" : "endXvalue"),
            !(min(start, end)...max(start, end)).contains(place) || isTime && start > end
        else { return }
        result.flags.append(Flag("contradiction"))
        output.report(
            peak.fault(
                "gaml.outside-peak", "the peak is at \(place), and its baseline goes from \(start) to \(end)", severity: .warning,
                hint: "it was read, with the flag contradiction; the file was edited or damaged: compare it with its source"))
    }
}
