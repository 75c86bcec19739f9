import IngestCore
import TabularText

/// The points of all channels, one a line, channel after channel.
struct EZChromPoints {
    private let text: DelimitedText
    private let header: EZChromHeader
    private let output: AdapterOutput
    private var writers: [TraceWriter] = []
    /// Rows that are points, or should be.
    private var rows = 0

    init(_ text: DelimitedText, _ header: EZChromHeader, _ output: AdapterOutput) {
        self.text = text
        self.header = header
        self.output = output
    }

    /// Reads the file to its end.
    mutating func read(from first: Row?) throws {
        var row = first
        for index in header.channels.indices { try readChannel(index, &row) }
        let expected = header.channels.reduce(0) { $0 + $1.points }
        let further = try passRest(row)
        guard rows != expected || further > 0 else {
            return text.source.account.prove("Total Data Points said \(expected) in all, as many lines read")
        }
        let found = rows + further
        output.report(
            header.fields.fault(
                "ezchrom.count", "Total Data Points is \(expected) in all, but \(found) lines follow the fields",
                at: "Total Data Points",
                hint:
                    "what is there was read, but behind a missing or additional line all points are out of place: export the file again"
            ))
        text.source.account.contradict("Total Data Points said \(expected), \(found) lines read")
        for writer in writers { writer.change { $0.flags.append(Flag("pointCount", written: "\(expected)")) } }
    }

    /// - Parameter row: The row at hand; behind the channel, that of the next.
    private mutating func readChannel(_ index: Int, _ row: inout Row?) throws {
        let channel = header.channels[index]
        let line = row?.line ?? 1
        let writer = output.trace(trace(index, channel, at: text.source.location(line: line, column: 1)))
        writers.append(writer)
        let mark = text.survey.decimalMark
        var place = 0
        while place < channel.points, let point = row {
            if !point.isBlank {
                try take(point, at: place, channel, mark, writer)
                place += 1
                rows += 1
            }
            row = try text.next()
        }
    }

    @inline(__always)
    private func take(
        _ row: Row, at place: Int, _ channel: EZChromHeader.Channel, _ mark: DecimalMark?, _ writer: TraceWriter
    ) throws {
        do {
            if row.count != 1 { try checkShape(row) }
            let number = try row.number(0)
            let bytes = row.bytes(at: 0)
            guard EZChromPoints.isWhole(bytes) else { throw notWhole(row) }
            let time = channel.rate.map { Double(place) / $0 } ?? Double(place)
            try writer.append(time, channel.factor.map { $0(bytes, number, mark: mark) } ?? number)
            if row.isOpenEnded { markOpen(writer) }
        } catch let diagnostic as Diagnostic where diagnostic.code.hasPrefix("table.") || diagnostic.code.hasPrefix("ezchrom.") {
            row.leaveOut(diagnostic)
        }
    }

    /// The last line does not end: its number may be the beginning of one. The row itself tells so.
    private func markOpen(_ writer: TraceWriter) {
        writer.change { $0.flags.append(Flag("lastLineOpen")) }
        text.source.account.doubt("the last line does not end")
    }

    /// A sign and digits.
    @inline(__always)
    private static func isWhole(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        bytes.allSatisfy { $0 &- 48 < 10 || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: " ") }
    }

    private func notWhole(_ row: Row) -> Diagnostic {
        row.fault(
            "ezchrom.not-a-whole-number", "\"\(row[0])\" is not a whole number, as the points of this format are", at: 0,
            hint: "this point was left out, the others were read; correct the file at its source")
    }

    private func checkShape(_ row: Row) throws {
        for column in 1..<max(1, row.count) where !row.isEmpty(column) {
            throw row.fault(
                "table.long-row", "a second value stands here, where each line has one number", at: column,
                hint: "this point was left out; a line end was damaged, or a column was inserted")
        }
    }

    /// What follows the points of all channels is left out; how many rows.
    private func passRest(_ first: Row?) throws -> Int {
        var row = first
        var further = 0
        while let next = row {
            if !next.isBlank {
                further += 1
                if further == 1 {
                    next.leaveOut(
                        next.fault(
                            "ezchrom.behind-points", "\"\(next[0])\" stands behind the points of all channels", at: 0,
                            hint: "this line and all that follow were left out"))
                } else {
                    next.leaveOutToo()
                }
            }
            row = try text.next()
        }
        return further
    }

    private func trace(_ index: Int, _ channel: EZChromHeader.Channel, at location: SourceLocation) -> TraceRecord {
        var extras = header.extras
        for key in EZChromHeader.ofChannels where key != "Y Axis Title" {
            if let written = channel.written[key] { extras.add(key, written) }
        }
        let title = channel.written["Y Axis Title"]
        var flags: [Flag] = []
        // Neither a time nor a value stands for what it should without its factor.
        if channel.rate == nil || channel.factor == nil {
            flags.append(Flag("unscaled", written: channel.written["Y Axis Multiplier"]))
        }
        let time = channel.rate == nil ? TraceRecord.Axis("point") : TraceRecord.Axis("time", unit: .second)
        let unit = channel.factor == nil ? nil : title.flatMap { Unit(spelling: $0) }
        return TraceRecord(
            sample: header.sample, position: header.position, injection: header.injection,
            signal: Signal(name: "Channel \(index + 1)"),
            axes: [time, TraceRecord.Axis("signal", unit: unit, unitWritten: title)], flags: flags, extras: extras,
            location: location, index: index + 1)
    }
}
