import IngestCore
import StreamingXML
import TabularText

/// A list of numbers in a SiriusT3 file: `<Pkas size="2">4.21 8.11</Pkas>`, or a table whose `order="yx"` tells that `y` runs
/// first: `<Ct sizex="2" sizey="3" order="yx">x1y1 x1y2 x1y3 x2y1 …</Ct>`.
struct SiriusT3Array {
    /// `nil` for a `Nan`.
    let values: [Double?]
    /// How many lists of the same length stand behind each other; 1 for a plain list.
    let columns: Int

    /// How long each of them is.
    var rows: Int { columns > 0 ? values.count / columns : 0 }
    /// Without what is none.
    var numbers: [Double] { values.compactMap { $0 } }

    /// - Returns: `nil` for an element that is no list.
    /// - Throws: A ``Diagnostic`` at the list that is not in order.
    init?(reading element: Element) throws {
        guard SiriusT3Array.isArray(element) else { return nil }
        try self.init(element)
    }

    /// - Throws: A ``Diagnostic`` at the list that is not in order, or does not say how long it is.
    init(_ element: Element) throws {
        let declared: Int?
        if let size = element.attribute("size") {
            (declared, columns) = (Int(size.peek), 1)
        } else {
            let (x, y) = (Int(element.peek("sizex")), Int(element.peek("sizey")))
            // Bounded by the text, which a product that overflows is not.
            declared = x.flatMap { x in y.flatMap { x.multipliedReportingOverflow(by: $0).overflow ? nil : x * $0 } }
            columns = x ?? 0
        }
        values = try SiriusT3Array.values(of: element)
        guard let declared, declared == values.count, columns > 0 || declared == 0 else {
            throw element.fault(
                "siriust3.count",
                "\(declared.map(String.init) ?? "no known number of") values are declared for <\(element.name)>, "
                    + "there are \(values.count)",
                hint: "this list was left out, all else was read; the file was cut or edited: export it again")
        }
    }

    static func isArray(_ element: Element) -> Bool {
        element.attribute("size") != nil || element.attribute("order")?.equals("yx") == true
    }

    /// Takes what an array says of its numbers, which show that it is so.
    static func describeShape(of element: Element) { element.describe("size", "sizex", "sizey", "order") }

    private static func values(of element: Element) throws -> [Double?] {
        guard let content = element.content else { return [] }
        var values: [Double?] = []
        for part in content.written.split(whereSeparator: \.isWhitespace) {
            if part == "Nan" || part == "NaN" || element.reader.isGivenMissing(part) {
                values.append(nil)
                continue
            }
            guard let value = element.reader.number(in: part) else {
                throw content.fault(
                    "xml.not-a-number", "value \(values.count + 1), \"\(part)\", is not a number, in <\(element.name)>",
                    hint: "this list was left out, all else was read; the file was damaged: export it again")
            }
            values.append(value)
        }
        return values
    }
}

/// Writes the lists of numbers in an element as traces, each over the scale that stands beside it.
struct SiriusT3Arrays {
    private let element: Element
    private let results: SiriusT3Results?

    /// - Parameter results: Writes them; `nil` while the document is only looked through.
    init(_ element: Element, _ results: SiriusT3Results?) {
        self.element = element
        self.results = results
    }

    func read() throws { try read(element) }

    private func read(_ parent: Element) throws {
        if SiriusT3Array.isArray(parent) {
            return try write(parent, over: [])
        }
        // What is locked or included is a row of 0 and 1 without blanks, kept as it is written.
        if parent.name.hasSuffix("Setting") || parent.name.hasSuffix("Settings") || parent.name.hasSuffix("Locks") { return }
        let lists = parent.children.filter { SiriusT3Array.isArray($0) && !SiriusT3Fields.short.contains($0.name) }
        // Most elements hold no list beside a scale: the numbers of one are looked at once, and only where they are needed.
        let scales = lists.contains { !$0.isScale } ? lists.filter(\.isScale).map(SiriusT3Scale.init) : []
        for list in lists where !list.isScale { try write(list, over: scales) }
        // A scale of nothing is a list like others.
        for scale in lists where scale.isScale && scale.attribute("size")?.isUnread == true { try write(scale, over: []) }
        for child in parent.children where !SiriusT3Array.isArray(child) { try read(child) }
    }

    private func write(_ list: Element, over scales: [SiriusT3Scale]) throws {
        guard list.attribute("size")?.isUnread ?? list.attribute("sizex")?.isUnread ?? false else { return }
        SiriusT3Array.describeShape(of: list)
        guard let results else {
            list.content?.measured()
            return
        }
        let array: SiriusT3Array
        do {
            guard let found = try SiriusT3Array(reading: list) else { return }
            array = found
        } catch var diagnostic as Diagnostic {
            list.content?.leaveOut()
            if list.name.hasSuffix("Scale") {
                diagnostic.hint =
                    "the lists beside it were read by number, and flagged noScale; the file was cut or damaged: export it again"
            }
            results.output.report(list: diagnostic)
            return
        }
        guard !array.values.isEmpty else { return }
        list.content?.measured()
        let direction = Direction(array, scales)
        var trace = results.trace(list.name, at: list.location)
        let names = direction.columns == 1 ? [list.name] : (1...direction.columns).map { "\(list.name) \($0)" }
        let scale = direction.scale?.values
        if let direction = direction.scale {
            if scale == nil {
                trace.flags.append(Flag("noScale", written: direction.element.name))
            } else {
                direction.take(results.output)
            }
        }
        trace.axes = ([scale == nil ? "number" : direction.scale?.element.name ?? "number"] + names).map { TraceRecord.Axis($0) }
        let undefined = array.values.count - array.numbers.count
        if undefined > 0 { trace.extras.add("Nan", "\(undefined)") }
        let writer = results.output.trace(trace)
        var missing = 0
        for row in 0..<direction.rows {
            let values = (0..<direction.columns).compactMap { array.values[direction.place(row, $0)] }
            guard values.count == direction.columns, let x = scale.map({ $0[row] }) ?? Double(row + 1) else {
                missing += 1
                continue
            }
            try writer.append([x] + values)
        }
        if missing > 0 { writer.change { $0.flags.append(Flag("missingPoints", written: "\(missing)")) } }
    }

    /// Which way the points of a table go: along a scale beside it, else along the longer side.
    private struct Direction {
        let rows: Int, columns: Int
        let scale: SiriusT3Scale?
        private let isAcross: Bool

        init(_ array: SiriusT3Array, _ scales: [SiriusT3Scale]) {
            let along = scales.first { $0.canBe(of: array.rows) }
            let across = array.columns > 1 ? scales.first { $0.canBe(of: array.columns) } : nil
            isAcross =
                array.columns > array.rows && (across != nil || along == nil) || along == nil && across != nil
            self.scale = isAcross ? across : along
            (rows, columns) = isAcross ? (array.columns, array.rows) : (array.rows, array.columns)
        }

        /// The place of a number in the table.
        func place(_ row: Int, _ column: Int) -> Int { isAcross ? row * columns + column : column * rows + row }
    }
}

/// A scale that lists stand beside.
struct SiriusT3Scale {
    let element: Element
    /// `nil` for a scale that is not in order: what it was of can only be guessed, and those lists have none.
    let values: [Double?]?
    /// How many it says it has.
    private let declared: Int?

    init(_ element: Element) {
        self.element = element
        declared = Int(element.peek("size"))
        do {
            values = try SiriusT3Array(element).values
        } catch {
            // Told where the scale itself is read.
            values = nil
        }
    }

    /// Whether a list of that length stands over it. One that is not in order may be of any, unless it says otherwise.
    func canBe(of length: Int) -> Bool {
        guard let values else { return declared == nil || declared == length || written == length }
        return values.count == length
    }

    private var written: Int { element.content?.written.split(whereSeparator: \.isWhitespace).count ?? 0 }

    /// Takes its numbers; a place in it that is none is told once.
    func take(_ output: AdapterOutput) {
        if element.content?.isUnread == true, let values { tell(values, output) }
        element.content?.measured()
        SiriusT3Array.describeShape(of: element)
    }

    /// Tells a place that is none: no point can stand there.
    func tell(_ values: [Double?], _ output: AdapterOutput) {
        guard let place = values.firstIndex(of: nil) else { return }
        output.report(
            element.fault(
                "siriust3.scale", "number \(place + 1) of the scale <\(element.name)> is Nan",
                hint: "the points there were left out and counted, in the flag missingPoints; the others were read: "
                    + "the file was damaged, export it again"))
    }
}

extension Element {
    /// A list that the lists beside it stand over.
    fileprivate var isScale: Bool { name.hasSuffix("Scale") && attribute("size") != nil }
}

extension AdapterOutput {
    /// Reports a list that is not in order; one with more or fewer numbers than it says shows that the file is not whole.
    func report(list fault: Diagnostic) {
        report(fault)
        if fault.code == "siriust3.count" { account.contradict(fault.message) }
    }
}
