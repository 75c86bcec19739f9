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

    /// - Returns: `nil` for an element that is no list, or whose numbers or count are not in order.
    init?(_ element: Element) {
        guard let array = try? SiriusT3Array(reading: element) else { return nil }
        self = array
    }

    /// - Throws: A ``Diagnostic`` at the list that is not in order.
    init?(reading element: Element) throws {
        guard SiriusT3Array.isArray(element) else { return nil }
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
            try write(parent, over: [])
            return
        }
        // What is locked or included is a row of 0 and 1 without blanks, kept as it is written.
        if parent.name.hasSuffix("Setting") || parent.name.hasSuffix("Settings") || parent.name.hasSuffix("Locks") { return }
        let lists = parent.children.filter { SiriusT3Array.isArray($0) && !SiriusT3Fields.short.contains($0.name) }
        let scales = lists.filter { $0.name.hasSuffix("Scale") && $0.attribute("size") != nil }
        for list in lists where !scales.contains(where: { $0.location == list.location }) { try write(list, over: scales) }
        // A scale of nothing is a list like others.
        for scale in scales where scale.attribute("size")?.isUnread == true { try write(scale, over: []) }
        for child in parent.children where !SiriusT3Array.isArray(child) { try read(child) }
    }

    private func write(_ list: Element, over scales: [Element]) throws {
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
        } catch let diagnostic as Diagnostic {
            list.content?.leaveOut()
            results.output.report(diagnostic)
            return
        }
        guard !array.values.isEmpty else { return }
        list.content?.measured()
        let direction = Direction(array, scales)
        if let scale = direction.scale {
            scale.element.content?.measured()
            SiriusT3Array.describeShape(of: scale.element)
        }
        var trace = results.trace(list.name, at: list.location)
        let names = direction.columns == 1 ? [list.name] : (1...direction.columns).map { "\(list.name) \($0)" }
        trace.axes = ([direction.scale?.element.name ?? "number"] + names).map { TraceRecord.Axis($0) }
        let undefined = array.values.count - array.numbers.count
        if undefined > 0 { trace.extras.add("Nan", "\(undefined)") }
        let writer = results.output.trace(trace)
        for row in 0..<direction.rows {
            let values = (0..<direction.columns).compactMap { array.values[direction.place(row, $0)] }
            guard values.count == direction.columns else { continue }
            try writer.append([direction.scale?.values[row] ?? Double(row + 1)] + values)
        }
    }

    /// Which way the points of a table go: along a scale beside it, else along the longer side.
    private struct Direction {
        let rows: Int, columns: Int
        let scale: (element: Element, values: [Double])?
        private let isAcross: Bool

        init(_ array: SiriusT3Array, _ scales: [Element]) {
            func scale(_ count: Int) -> (element: Element, values: [Double])? {
                for element in scales {
                    guard let values = SiriusT3Array(element)?.values, values.count == count else { continue }
                    let numbers = values.compactMap { $0 }
                    if numbers.count == count { return (element, numbers) }
                }
                return nil
            }
            let (along, across) = (scale(array.rows), array.columns > 1 ? scale(array.columns) : nil)
            isAcross =
                array.columns > array.rows && (across != nil || along == nil) || along == nil && across != nil
            self.scale = isAcross ? across : along
            (rows, columns) = isAcross ? (array.columns, array.rows) : (array.rows, array.columns)
        }

        /// The place of a number in the table.
        func place(_ row: Int, _ column: Int) -> Int { isAcross ? row * columns + column : column * rows + row }
    }
}
