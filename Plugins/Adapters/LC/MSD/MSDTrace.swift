import IngestCore
import TabularText

/// The first line of `tic_front.csv`: the data file with its folders, and when it was acquired.
struct MSDTraceTitle {
    let path: String
    let written: String
    var fileName: String { PrivateText.fileName(path) }

    init?(_ line: String) {
        let text = line.trimmed
        // The longest end of the line that is a time.
        var rest = text[...]
        while let blank = rest.firstIndex(of: " ") {
            rest = rest[rest.index(after: blank)...]
            guard rest.utf8.count <= 64, rest.contains(":"), Timestamp(rest) != nil else { continue }
            path = text[..<blank].trimmed
            written = rest.trimmed
            if path.isEmpty { return nil }
            return
        }
        return nil
    }
}

/// The points of one trace, as they are read.
struct MSDPoints {
    private let text: DelimitedText
    private let file: SourceFile
    let writer: TraceWriter
    private var clock = TraceClock()
    private var spacing: MSDSpacing
    /// What rounding takes from a time: half of its last digit, for times of so many digits or decimals.
    private let rounding: Rounding
    /// The values are counts, of which none is negative.
    private let isCounted: Bool
    private var negatives = 0
    private var gaps = 0
    private var isOpen = false
    /// Further gaps are counted: a trace with many has one fault, many times.
    private static let mostTold = 3

    enum Rounding {
        case decimals(Int), digits(Int)

        func half(_ time: Double) -> Double {
            var half = 0.5
            switch self {
            case .decimals(let count): for _ in 0..<count { half /= 10 }
            case .digits(let count):
                var whole = 1, magnitude = abs(time)
                while magnitude >= 10 { (whole, magnitude) = (whole + 1, magnitude / 10) }
                for _ in 0..<max(0, count - whole) { half /= 10 }
            }
            return half
        }
    }

    /// - Parameters:
    ///   - isCounted: The values are counts.
    ///   - row: The first point.
    init(_ text: DelimitedText, _ writer: TraceWriter, _ rounding: Rounding, isCounted: Bool, from row: Row) {
        self.isCounted = isCounted
        self.text = text
        file = text.source
        self.writer = writer
        self.rounding = rounding
        // Of the lines that recognition has seen anyway; further traces learn their interval on the way.
        var times: [Double] = []
        for line in file.opening.wholeLines.dropFirst(row.line - 1).prefix(120) {
            let cells = text.dialect.cells(of: line)
            guard cells.count == 2, case .number(let time, .exact) = NumberText.read(cells[0], mark: text.survey.decimalMark)
            else { break }
            times.append(time)
        }
        spacing = MSDSpacing(step: MSDSpacing.step(of: times))
    }

    mutating func read(_ row: Row) throws {
        do {
            let time = try row.number(0), value = try row.number(1)
            for column in 2..<max(2, row.count) where !row.isEmpty(column) {
                throw row.fault(
                    "table.long-row", "this row has more than two numbers", at: column,
                    hint: "this point was left out; a decimal mark or a line end was damaged")
            }
            clock.look(at: time, row, 0, writer)
            if let gap = spacing.look(at: time, line: row.line, half: rounding.half(time)) { tell(gap) }
            if value < 0 { tellNegative(row.line) }
            isOpen = row.isUnended
            try writer.append(time, value)
        } catch let diagnostic as Diagnostic {
            if row.count < 2 { file.account.contradict("line \(row.line) has \(row.count) of 2 numbers") }
            row.leaveOut(diagnostic)
            clock.pass()
            spacing.pass()
            return
        }
        try passPoints(from: row.line)
    }

    /// Points about which there is nothing to say, many at a time.
    private mutating func passPoints(from line: Int) throws {
        var line = line
        while !clock.last.isNaN {
            let points = text.points(of: 2, after: clock.last)
            guard !points.isEmpty else { return }
            for index in stride(from: 0, to: points.count, by: 2) {
                line += 1
                if let gap = spacing.look(at: points[index], line: line, half: rounding.half(points[index])) { tell(gap) }
                if points[index + 1] < 0 { tellNegative(line) }
            }
            clock.pass(to: points[points.count - 2])
            isOpen = false
            try writer.append(points: points)
        }
    }

    private mutating func tellNegative(_ line: Int) {
        guard isCounted else { return }
        negatives += 1
        if negatives == 1 { writer.change { $0.flags.append(Flag("negativeCount")) } }
        guard negatives <= MSDPoints.mostTold else { return }
        file.account.doubt("line \(line) of \(file.name) has a negative count")
        file.account.report(
            Diagnostic(
                .warning, "msd.negative-count", "a spectrometer counts ions, and the count is negative here",
                at: file.location(line: line, column: 1),
                hint: "the point was read; it is garbled: export the file again"))
    }

    private mutating func tell(_ gap: MSDSpacing.Gap) {
        gaps += 1
        if gaps == 1 { writer.change { $0.flags.append(Flag("timeGap")) } }
        file.account.doubt("the times of \(file.name) do not come evenly at line \(gap.line)")
        guard gaps <= MSDPoints.mostTold else { return }
        file.account.report(
            Diagnostic(
                .warning, "msd.uneven-times",
                gap.isExact
                    ? "this time does not come as far behind the one before as the others do"
                    : "near this line the times do not come as evenly as elsewhere", at: file.location(line: gap.line, column: 1),
                hint: "the points were read; one is missing, or a time is garbled, unless the detector paused: export the "
                    + "file again"))
    }

    /// To be called when the last point has been read.
    /// - Returns: The time of the last point.
    @discardableResult
    mutating func finish() -> Double {
        if let gap = spacing.finish() { tell(gap) }
        if isOpen {
            writer.change { $0.flags.append(Flag("lastLineOpen")) }
            file.account.doubt("the last line of \(file.name) has no line end")
        }
        if gaps > MSDPoints.mostTold {
            file.account.report(
                Diagnostic(
                    .warning, "msd.uneven-times", "the times do not come evenly at \(gaps) places", at: file.location(),
                    hint: "only the first \(MSDPoints.mostTold) are told"))
        }
        return clock.last
    }
}

/// Reads `tic_front.csv`: the total ion current of one injection.
struct MSDTrace {
    private let file: SourceFile
    private let injection: MSDInjection
    private let text: DelimitedText

    init(_ file: SourceFile, _ injection: MSDInjection) throws {
        self.file = file
        self.injection = injection
        let sniffed = Dialect.sniffed(from: file.opening)
        text = try DelimitedText(
            file, dialect: Dialect(separator: Character(UnicodeScalar(sniffed.separator)), quoting: false))
    }

    func read() async throws {
        guard let title = try text.next() else { return }
        takeTitle(title)
        var first = try text.next()
        if let row = first, row[0].lowercased() == "start of data points", row.count == 1 {
            row.describe()
            first = try text.next()
        } else if let row = first {
            tell(row, "msd.missing-line", "\"Start of data points\" was expected in line 2")
            if !row.startsLikeNumber(0) {
                row.leaveOut(unknown(row))
                first = try text.next()
            }
        }
        try await injection.begin()
        try readPoints(from: first)
    }

    private func takeTitle(_ row: Row) {
        row.describe()
        let line = row.cells.joined(separator: String(UnicodeScalar(text.dialect.separator)))
        guard let title = MSDTraceTitle(line),
            let time = Timestamp(title.written, order: text.survey.dateOrder, zone: file.given.timeZone)
        else {
            injection.run.extras.add("line 1", PrivateText.withoutFolders(line.trimmed))
            return tell(row, "msd.unreadable-value", "a data file and the time it was acquired were expected here")
        }
        injection.stateDataFile(title.path, at: row.location)
        injection.stateAcquired(time, at: row.location)
        if !title.fileName.lowercased().hasSuffix(".d") {
            tell(row, "msd.unreadable-value", "\"\(title.fileName)\" is no data folder, whose name ends in .D")
        }
    }

    private func readPoints(from first: Row?) throws {
        guard let first else {
            file.account.report(
                Diagnostic(
                    "msd.no-points", "no points follow", at: file.location(line: 2, column: 1),
                    hint: "the file was cut: export it again"))
            return file.account.contradict("\(file.name) has no points")
        }
        let writer = injection.output.trace(
            TraceRecord(
                sample: injection.sample, position: injection.position, injection: injection.injection,
                signal: Signal(name: "TIC"),
                axes: [TraceRecord.Axis("time", unit: .minute), TraceRecord.Axis("signal", unit: .counts)],
                location: first.location))
        var points = MSDPoints(text, writer, .digits(6), isCounted: true, from: first)
        var row: Row? = first
        while let point = row {
            if point.isBlank {
                // A line end too many says nothing.
            } else if MSDTraceTitle(point[0]) != nil, !point.startsLikeNumber(0) || point.count == 1 {
                throw FileFault(
                    point.fault(
                        "msd.second-report", "another trace begins here: two files were put together", at: 0,
                        hint: "nothing was read; export each injection again, or cut the file in two"))
            } else if !point.startsLikeNumber(0), !point.startsLikeNumber(1) {
                point.leaveOut(unknown(point))
                file.account.doubt("line \(point.line) of \(file.name) is no point")
            } else {
                try points.read(point)
            }
            row = try text.next()
        }
        checkEnd(points.finish())
    }

    /// No file says how many points there are; but the peaks of the injection have to lie within.
    private func checkEnd(_ end: Double) {
        file.account.doubt("nothing shows where the trace of \(file.name) ends")
        guard let latest = injection.latest, end < latest else { return }
        file.account.contradict("the trace of \(file.name) ends before the last peak")
        file.account.report(
            Diagnostic(
                "msd.trace-short", "the trace ends at \(end) min, and a peak of this injection stands at \(latest) min",
                at: file.location(), hint: "the points were read; the file was cut: export it again"))
    }

    private func unknown(_ row: Row) -> Diagnostic {
        row.fault(
            "msd.unknown-line", "this line is no point of the trace", at: 0,
            hint: "it was left out, the others were read; the file was edited or damaged")
    }

    private func tell(_ row: Row, _ code: String, _ message: String) {
        file.account.report(
            row.fault(
                code, message, at: 0, severity: .warning,
                hint: "the points were read; the file was edited or damaged: export it again"))
        file.account.contradict("line \(row.line) of \(file.name) is not what the format has there")
    }
}
