import IngestCore
import StreamingXML
import TabularText

/// Collects the data points of a titration, for they are written as one trace.
struct SiriusT3Titration {
    /// What was recorded besides points, and is in no trace yet.
    var extras = Extras()
    private let output: AdapterOutput
    /// Points with the same fields, behind each other: later versions of the software, and other assays, tell more of some.
    private var parts: [(fields: [String], rows: [[Double]])] = []
    var flags: [Flag] = []
    /// How many traces were written.
    private var written = 0

    private static let units: [String: Unit] = [
        "ElapsedTime": .second, "Ph": .pH, "Temperature": .celsius, "PhMv": .millivolt, "TcMv": .millivolt,
        "CjCelcius": .celsius,
    ]
    /// Other fields of a point that are numbers.
    private static let numbers: Set = [
        "Id", "StirrerPercent", "StirrerRpm", "PhGradient", "CorrelationCoefficient", "StandardDeviation", "TimeBetweenPoints",
        "NumPointsUsed",
    ]
    private static let bounded: [String: MeasurementName] = [
        "Ph": .pH, "Temperature": .temperature, "ElapsedTime": .retentionTime,
    ]

    init(_ output: AdapterOutput) { self.output = output }

    /// Takes a point: every number in it that is no curve of its own. A point without a time, or with something that is no
    /// number, is left out.
    mutating func take(_ point: Element) {
        var names: [String] = []
        var values: [Double] = []
        do {
            try visit(point, of: point, &names, &values)
            guard names.contains("ElapsedTime") else {
                throw point.fault("siriust3.point", "this point has no time", hint: "it was left out, the others were read")
            }
            var distinct: Set<String> = []
            if let twice = names.first(where: { !distinct.insert($0).inserted }) {
                throw point.fault(
                    "siriust3.point", "<\(twice)> stands twice in this point",
                    hint: "it was left out, the others were read; the file was edited or damaged: export it again")
            }
            if parts.last?.fields != names { parts.append((names, [])) }
            parts[parts.count - 1].rows.append(values)
        } catch {
            point.leaveOutAll { SiriusT3Array.isArray($0) && !$0.isNamed("Volumes") }
            if let diagnostic = error as? Diagnostic { output.report(list: diagnostic) }
        }
    }

    private mutating func visit(_ element: Element, of point: Element, _ names: inout [String], _ values: inout [Double]) throws {
        for child in element.children {
            if SiriusT3Array.isArray(child) {
                guard let content = child.content, child.isNamed("Volumes") else { continue }
                guard let array = try SiriusT3Array(reading: child) else { continue }
                guard array.numbers.count == array.values.count else {
                    throw content.fault(
                        "siriust3.point", "one of the volumes \"\(content.peek)\" is none",
                        hint: "this point was left out, the others were read")
                }
                content.measured()
                names += (1...max(1, array.values.count)).map { "Volume \($0)" }
                values += array.numbers
            } else if let content = child.content {
                // A list that is not in order was told already.
                guard content.isUnread else { continue }
                let name = child.name
                let quantity = try content.quantity()
                if let bounded = Self.bounded[name], let problem = PossibleRange.problem(bounded, quantity) {
                    throw content.fault(
                        "siriust3.impossible-value", problem, hint: "this point was left out, the others were read")
                }
                guard let value = quantity.value else {
                    throw content.fault(
                        "siriust3.point", "\"\(content.peek)\" is no value, in <\(name)>",
                        hint: "this point was left out, the others were read")
                }
                names.append(name)
                values.append(value)
            } else if child.first == nil, Self.units[child.name] != nil || Self.numbers.contains(child.name) {
                throw child.fault(
                    "siriust3.point", "there is no value in <\(child.name)>",
                    hint: "this point was left out, the others were read")
            } else if child.name.hasSuffix("Flag") {
                let isTimeout = child.isNamed("TimedoutFlag")
                flags.append(Flag(isTimeout ? "timedOut" : child.name, written: "point \(point.peek("Id"))"))
            } else {
                try visit(child, of: point, &names, &values)
            }
        }
    }

    /// Writes the points that were taken since it was called last.
    mutating func write(_ trace: TraceRecord) throws {
        defer { parts = [] }
        for (index, part) in parts.enumerated() {
            guard let time = part.fields.firstIndex(of: "ElapsedTime") else { continue }
            var trace = trace
            written += 1
            trace.index = written
            if index == 0 {
                trace.flags = flags
                trace.extras.add(extras)
                flags = []
                extras = Extras()
            }
            let order = [time] + part.fields.indices.filter { $0 != time }
            trace.axes = order.map { TraceRecord.Axis(part.fields[$0], unit: Self.units[part.fields[$0]]) }
            trace.axes[0].name = "time"
            let writer = output.trace(trace)
            for row in part.rows { try writer.append(order.map { row[$0] }) }
        }
    }
}
