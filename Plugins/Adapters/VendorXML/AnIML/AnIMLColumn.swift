import IngestCore
import StreamingXML
import TabularText

/// A series of AnIML: as many values as its set is long.
struct AnIMLColumn {
    let series: Element
    let name: String
    let isIndependent: Bool
    let isPlotted: Bool
    let isNumber: Bool
    private let type: String
    private let unit: StatedUnit
    private let content: Content

    private enum Content {
        case single([XMLValue?])
        case counted(start: Double, increment: Double, length: Int)
        case encoded([Double])
    }

    /// - Throws: A ``Diagnostic`` for a series that is not as long as its set, or cannot be read.
    init(_ series: Element, length: Int) throws {
        self.series = series
        name = series.attribute("name")?.string() ?? "Series"
        type = series.attribute("seriesType")?.string() ?? ""
        isIndependent = series.attribute("dependency")?.string() == "independent"
        isPlotted = Self.isPlotted(series)
        isNumber = ["Int32", "Int64", "Float32", "Float64"].contains(type)
        unit = series.anIMLUnit.map(StatedUnit.init(written:)) ?? .none
        series.describe("seriesID", "visible", "plotScale")
        let sets = series.children.filter { $0.name.hasSuffix("ValueSet") }
        guard sets.count == 1, let set = sets.first else {
            throw series.fault(
                "animl.value-sets", "the series \"\(name)\" has \(sets.count) sets of values, one is read here",
                hint: "it was left out, the others were read")
        }
        content = try Self.content(set, type, name, length)
    }

    private static func content(_ set: Element, _ type: String, _ name: String, _ length: Int) throws -> Content {
        let first = try set.attribute("startIndex")?.integer() ?? 0
        let last = try set.attribute("endIndex")?.integer() ?? length - 1
        func fault(_ found: Int) -> Diagnostic {
            set.fault(
                "animl.wrong-length", "the series \"\(name)\" has \(found) values, its set states \(length)",
                hint: "it was left out, for nobody can tell which value belongs where; the others were read")
        }
        switch set.name {
        case "IndividualValueSet":
            let values = Array(set.children)
            guard first == 0, last == length - 1, values.count == length else { throw fault(values.count) }
            return .single(values.map(\.content))
        case "AutoIncrementedValueSet":
            guard first == 0, last == length - 1 else { throw fault(last - first + 1) }
            guard let start = try set.child("StartValue")?.firstChild?.content?.number(),
                let increment = try set.child("Increment")?.firstChild?.content?.number(),
                (start + increment * Double(length)).isFinite
            else {
                throw set.fault(
                    "animl.no-start", "the series \"\(name)\" is counted, and states no start or no increment",
                    hint: "it was left out, the others were read")
            }
            return .counted(start: start, increment: increment, length: length)
        default:
            let forms: [String: NumberEncoding.Form] = [
                "Int32": .int32, "Int64": .int64, "Float32": .float32, "Float64": .float64,
            ]
            guard let form = forms[type], let text = set.content else {
                throw set.fault(
                    "animl.encoding", "the values of the series \"\(name)\" are encoded, and of the type \"\(type)\"",
                    hint: "it was left out, the others were read")
            }
            guard first == 0, last == length - 1 else { throw fault(last - first + 1) }
            return .encoded(try text.numbers(base64: NumberEncoding(form), count: length))
        }
    }

    static func isPlotted(_ series: Element) -> Bool { ["linear", "log", "ln"].contains(series.peek("plotScale")) }

    var axis: TraceRecord.Axis { TraceRecord.Axis(name, unit: unit.unit, unitWritten: unit.written) }

    /// A measurement, under the name of the vocabulary where the heading is one.
    static func measurement(_ heading: String, _ quantity: Quantity) -> Measurement {
        if case .measurement(let name)? = ColumnHeading.field(heading) { return Measurement(name, quantity) }
        let readings: [String: MeasurementName] = [
            "absorbance": .absorbance, "fluorescence": .fluorescence, "luminescence": .luminescence,
            "temperature": .temperature, "ph": .pH, "conductivity": .conductivity, "pressure": .pressure,
        ]
        return readings[heading.lowercased()].map { Measurement($0, quantity) } ?? Measurement(own: heading, quantity)
    }

    /// It has no values of its own, but a start and an increment.
    var isCounted: Bool {
        if case .counted = content { true } else { false }
    }

    // MARK: A row

    /// Where the value of a row stands, when it has an element of its own.
    func place(_ row: Int) -> SourceLocation? {
        guard case .single(let values) = content else { return nil }
        return values[row]?.element.location
    }

    func leaveOut(_ row: Int) {
        if case .single(let values) = content { values[row]?.leaveOut() }
    }

    /// The value of a row as a text.
    func text(_ row: Int) throws -> String {
        switch content {
        case .single(let values): values[row]?.string() ?? ""
        case .counted, .encoded: try number(row).written
        }
    }

    private func number(_ row: Int) throws -> Quantity {
        switch content {
        case .single(let values):
            return try values[row]?.quantity(unit) ?? .empty(unit)
        case .counted(let start, let increment, _): return number(start + increment * Double(row))
        case .encoded(let values): return number(values[row])
        }
    }

    /// A number that the document does not write as a text.
    private func number(_ value: Double) -> Quantity {
        let written = Int(exactly: value).map(String.init) ?? "\(value)"
        return Quantity(written: written, value: value, unit: unit.unit, unitWritten: unit.written)
    }

    /// What its numbers are in the vocabulary.
    var standard: MeasurementName? { isNumber ? Self.measurement(name, .empty(unit)).standard : nil }

    /// - Parameter isTaken: A column before it has measured the same.
    func take(_ row: Int, _ kind: ResultRecord.Kind, isTaken: Bool, into result: inout ResultRecord) throws {
        if isNumber {
            let measurement = Self.measurement(name, try number(row))
            result.measurements.append(isTaken ? Measurement(own: name, measurement.quantity) : measurement)
            return
        }
        guard case .single(let values) = content, let value = values[row] else { return }
        if type == "Boolean", value.equals("true") || value.equals("1") {
            result.flags.append(Flag(Self.code(name), written: value.string()))
        } else if kind == .peak, case .analyteName? = ColumnHeading.field(name) {
            result.analyte = Analyte(name: value.string())
        } else if let text = value.extra() {
            result.extras.add(name, text)
        }
    }

    /// `isSaturated` of a heading such as `Is Saturated`.
    private static func code(_ name: String) -> String {
        let words = name.split { !$0.isLetter && !$0.isNumber }
        return words.enumerated().map {
            $0.offset == 0 ? $0.element.lowercased() : $0.element.prefix(1).uppercased() + $0.element.dropFirst()
        }.joined()
    }

    // MARK: A curve

    /// All values, as numbers.
    /// - Throws: A ``Diagnostic`` where one is none.
    func numbers() throws -> [Double] {
        switch content {
        case .counted(let start, let increment, let length):
            return (0..<length).map { start + increment * Double($0) }
        case .encoded(let values): return values
        case .single(let values):
            return try values.enumerated().map { row, value in
                guard let number = try value?.quantity(unit).value else {
                    throw series.fault(
                        "animl.no-value", "value \(row + 1) of the curve \"\(name)\" is missing: \"\(value?.peek ?? "")\"",
                        hint: "the curve was left out, the others were read")
                }
                return number
            }
        }
    }
}

extension Element {
    /// The first element in it, whatever its name.
    fileprivate var firstChild: Element? {
        var children = children
        return children.next()
    }
}
