import IngestCore
import StreamingXML

/// The readings of the wells of a `<Data>`, one by one.
struct TecanWells {
    private let data: OpenElement
    private let document: ElementReader
    private let output: AdapterOutput
    private let about: Extras
    private let range: TecanRange?
    /// Of all readings of the section.
    private let sectionFlags: [Flag]
    private var position: Position
    private var isRepeated = false
    private var well: Element?
    /// The ordinals of the first reading of each label, for wells that have several readings.
    private var firstReadings: [String: Int] = [:]
    /// The reading that comes next, while there are more in the well.
    private var upcoming: Element?
    /// Which reading of its well it is.
    private var index = 0
    private var attributes: RepeatedAttributes
    /// How many results were left out before the well.
    private var leftOut = 0
    /// The extras of the reading before were more than its attributes.
    private var hasMore = false
    /// A bit for each well that was read, row by row of 48.
    private var seen: [UInt64] = Array(repeating: 0, count: 32)
    private var others: Set<String> = []
    /// The wells so far, each once.
    private(set) var count = 0

    init(
        _ data: OpenElement, _ document: ElementReader, _ output: AdapterOutput, plate: String?, in range: TecanRange?,
        _ about: Extras, _ flags: [Flag]
    ) {
        self.data = data
        self.document = document
        self.output = output
        self.about = about
        self.range = range
        sectionFlags = flags
        position = Position(written: "", plate: plate)
        attributes = RepeatedAttributes(after: about)
    }

    /// The next reading; a scan goes to `readScan`, in a well or in a reading of it (`<Multiple>`).
    mutating func next(_ readScan: (Element, Position, [Flag], Extras) throws -> Void) throws -> Element? {
        while true {
            if let reading = upcoming {
                upcoming = reading.next
                if reading.isNamed("Scan") { continue }
                index += 1
                guard let well, reading.child(known: "Scan") != nil else { return reading }
                try takeScan(in: reading, of: well, readScan)
                continue
            }
            leaveOutWell()
            guard let well = try document.nextWhole(in: data) else { return nil }
            let place = well.attribute(known: "Pos")
            if let fault = Self.fault(well, at: place) {
                output.leaveOut(fault)
                output.account.contradict(fault.message)
                well.leaveOutAll()
                continue
            }
            begin(well, at: place)
            if well.child(known: "Scan") != nil { try readScan(well, position, flags, scanExtras(of: well)) }
            self.well = well
            upcoming = well.first
            index = 0
            if !firstReadings.isEmpty { firstReadings = [:] }
            leftOut = output.resultsLeftOut
        }
    }

    /// A reading outside a well, and one of a well without a name, are of nobody.
    private static func fault(_ well: Element, at place: XMLValue?) -> Diagnostic? {
        let rest = "what stands in it was left out, the other wells were read; the file was edited or damaged: export it again"
        guard well.isNamed("Well") else {
            return well.fault("tecan.no-well", "<\(well.name)> stands among the wells of <Data>, in none of them", hint: rest)
        }
        guard let place, !place.isEmpty else {
            return well.fault("tecan.position", "this <Well> does not say which one it is", hint: rest)
        }
        guard well.first == nil, well.content == nil else { return nil }
        return well.fault("tecan.no-reading", "there is no reading in the well \(place.peek)", hint: rest)
    }

    private var flags: [Flag] { sectionFlags + (isRepeated ? [Flag("repeatedWell", written: position.written)] : []) }

    private mutating func begin(_ well: Element, at value: XMLValue?) {
        position.written = value?.string() ?? ""
        let place = value?.withBytes { Position.place(well: $0) }
        position.row = place?.row
        position.column = place?.column
        isRepeated = !isNew(place)
        tellStray(well)
        if let range, !range.contains(place) {
            tellOutside(well, range)
        } else if place == nil {
            tellNoPlace(well)
        } else if !isRepeated {
            count += 1
        }
        guard isRepeated else { return }
        output.report(
            well.fault(
                "tecan.repeated-well", "the well \(position.written) was read before in this cycle", severity: .warning,
                hint: "both readings are in the records; compare them with the instrument"))
        output.account.contradict("the well \(position.written) is there twice")
    }

    /// The text of a well belongs to no reading, whether it stands before or behind one.
    private func tellStray(_ well: Element) {
        for text in well.texts where text.isUnread {
            output.report(
                text.fault(
                    "xml.stray-text", "\"\(text.peek.prefix(80))\" stands between the readings of a well",
                    hint: "it was left out, the readings were read; the file was edited or damaged: export it again"))
            text.leaveOut()
        }
    }

    private func tellOutside(_ well: Element, _ range: TecanRange) {
        output.report(
            well.fault(
                "tecan.outside-range", "the well \(position.written) is none of \(range.written), which the section was to read",
                hint: "it is in the records all the same; the file was edited: export it again"))
        output.account.contradict("a well lies outside \(range.written)")
    }

    private func tellNoPlace(_ well: Element) {
        let message = "\"\(position.written)\" is no well of a plate"
        output.report(
            well.fault(
                "tecan.position", message,
                hint: "it is in the records by that name, without row and column; the file was edited or damaged: export it again"
            ))
        output.account.contradict(message)
    }

    private mutating func isNew(_ place: (row: Int, column: Int)?) -> Bool {
        guard let place else { return others.insert(position.written).inserted }
        let bit: UInt64 = 1 << UInt64(place.column - 1)
        defer { seen[place.row - 1] |= bit }
        return seen[place.row - 1] & bit == 0
    }

    mutating func fill(_ result: inout ResultRecord, _ reading: Element) throws {
        result.position = position
        if isRepeated || !result.flags.isEmpty { result.flags = flags }
        result.index = index
        result.ordinal = index
        if let well { result.location.take(well) }
        if let flag = statusFlag(reading) { result.flags.append(flag) }
        if index > 1, let flag = repeatedFlag(reading) { result.flags.append(flag) }
        if let well, attributes.take(well, reading) || hasMore { result.extras = attributes.extras }
        hasMore = false
        if let content = reading.content {
            try content.read(into: &result.measurements[0].quantity)
        } else {
            result.measurements[0].quantity.take(UnsafeBufferPointer(start: nil, count: 0), absent: .empty)
        }
        // A reading holds a number and nothing else, as far as is known.
        guard reading.hasChildren else { return }
        for child in reading.children {
            child.keepRest(in: &result.extras, under: child.name)
            hasMore = true
        }
        tellStray(reading)
    }
}

extension TecanWells {
    private func scanExtras(of well: Element) -> Extras {
        var extras = about
        for value in well.attributes where value.name != "Pos" { value.extra().map { extras.add(value.name, $0) } }
        return extras
    }

    /// The scan of one reading, with what is said of the reading.
    private func takeScan(
        in reading: Element, of well: Element, _ read: (Element, Position, [Flag], Extras) throws -> Void
    ) throws {
        tellStray(reading)
        var flags = flags
        if let flag = statusFlag(reading) { flags.append(flag) }
        var extras = scanExtras(of: well)
        for value in reading.attributes where value.isUnread { value.extra().map { extras.add(value.name, $0) } }
        for child in reading.children where !child.isNamed("Scan") { child.keepRest(in: &extras, under: child.name) }
        try read(reading, position, flags, extras)
    }

    /// What is said of a well is left out with its readings, if none of them could be read.
    private func leaveOutWell() {
        guard let well, index > 0, output.resultsLeftOut == leftOut + index else { return }
        for attribute in well.attributes { attribute.leaveOut() }
    }

    /// A well has one reading of each label; those of `<Multiple>` are at several places of it.
    private mutating func repeatedFlag(_ reading: Element) -> Flag? {
        guard reading.isNamed("Single"), let well else { return nil }
        if firstReadings.isEmpty {
            for single in well.children("Single") where firstReadings[single.peek("LabelId")] == nil {
                firstReadings[single.peek("LabelId")] = single.ordinal
            }
        }
        let label = reading.peek("LabelId")
        guard firstReadings[label] != reading.ordinal else { return nil }
        let message = "the well \(position.written) has two readings of the label \"\(label)\""
        output.report(
            reading.fault(
                "tecan.repeated-reading", message, severity: .warning,
                hint: "both are in the records; the file was edited: export it again"))
        output.account.contradict(message)
        return Flag("repeatedReading", written: label)
    }

    /// A status other than `Measured`.
    private func statusFlag(_ reading: Element) -> Flag? {
        guard let status = reading.attribute(known: "Status") else { return nil }
        if !status.equals("Measured") { return Flag("status", written: status.string()) }
        status.describe()
        return nil
    }
}

/// A rectangle of wells: `A1:H12`, `A5-H6`.
struct TecanRange {
    let written: String
    private let rows: ClosedRange<Int>, columns: ClosedRange<Int>
    var wells: Int { rows.count * columns.count }

    init?(_ written: String) {
        let corners = written.split(whereSeparator: { ":-".contains($0) }).compactMap { Position(well: $0) }
        guard corners.count == 2, let top = corners[0].row, let bottom = corners[1].row, let left = corners[0].column,
            let right = corners[1].column, bottom >= top, right >= left
        else { return nil }
        self.written = written
        rows = top...bottom
        columns = left...right
    }

    func contains(_ place: (row: Int, column: Int)?) -> Bool {
        guard let place else { return false }
        return rows.contains(place.row) && columns.contains(place.column)
    }
}
