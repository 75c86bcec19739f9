import IngestCore
import TabularText

/// Reads the points of an Empower raw-data export: time and signal, or time and a signal for each wavelength.
struct EmpowerTrace {
    private let text: DelimitedText
    private let source: SourceFile
    private let layout: EmpowerLayout
    private var legend = EmpowerLegend()
    private var wavelengths: [String] = []
    private var wavelengthHeading = ""

    init(_ text: DelimitedText, _ source: SourceFile, _ layout: EmpowerLayout) {
        self.text = text
        self.source = source
        self.layout = layout
    }

    /// Reads the file to its end.
    mutating func read(into output: AdapterOutput) async throws {
        var row = try readLegend()
        source.account.name(format: "Empower raw data (.arw), \(wavelengths.isEmpty ? "one channel" : "3D")")
        try await output.begin(legend.run)
        if row == nil {
            output.report(
                Diagnostic(
                    .warning, "empower.no-points", "no line of numbers follows the fields",
                    at: source.location(line: 1),
                    hint: "the file is cut, or the channel was empty: compare it with the instrument"))
        }
        let writer = output.trace(trace(at: row?.location ?? source.location(line: 1, column: 1)))
        var clock = Clock(source)
        if wavelengths.isEmpty {
            while let point = row {
                try readPoint(point, writer, &clock)
                try passPoints(of: 2, writer, &clock)
                row = try text.next()
            }
        } else {
            var values = [Double](repeating: 0, count: wavelengths.count + 1)
            while let point = row {
                try readSpectrum(point, &values, writer, &clock)
                try passPoints(of: values.count, writer, &clock)
                row = try text.next()
            }
        }
        clock.finish(writer)
    }

    /// Reads up to the first line of numbers, whole or garbled; that line, or `nil` at the end.
    private mutating func readLegend() throws -> Row? {
        var previous = EmpowerLine.blank
        var labels: [String] = []
        while let row = try text.next() {
            let cells = row.cells.map(\.trimmed)
            let kind = EmpowerLine(cells, after: previous, labels: labels)
            if kind == .blank { continue }
            let isPoint = kind == .data || kind == .row || !wavelengths.isEmpty && kind != .timeHeading
            if isPoint || row.line >= layout.firstPoint ?? .max {
                if previous == .labels { tellNoValues(row) }
                return row
            }
            switch kind {
            case .labels:
                row.describe()
                labels = cells
            case .values: legend.take(row, below: labels)
            case .wavelengths: try takeWavelengths(row)
            case .timeHeading where cells.dropFirst().allSatisfy(\.isEmpty): row.describe()
            case .field where layout.legendIsOpen: legend.takeOpen(row)
            case .field: legend.take(row)
            default: legend.takeUnknown(row)
            }
            previous = kind
        }
        return nil
    }

    private func tellNoValues(_ row: Row) {
        source.account.report(
            row.fault(
                "empower.fields", "here the points begin, and the names in the line above have no values", at: 0,
                hint: "the points were read without them; the file was cut or edited: export it again"))
        source.account.contradict("the names above line \(row.line) have no values")
    }

    private mutating func takeWavelengths(_ row: Row) throws {
        row.describe(0)
        wavelengthHeading = row[0]
        for column in 1..<row.count where column < row.count - 1 || !row.isEmpty(column) {
            // Garbled, it would put a spectrum's value under another wavelength: nothing can be read without it.
            _ = try row.number(column)
            row.describe(column)
            wavelengths.append(row[column])
        }
    }

    private func trace(at location: SourceLocation) -> TraceRecord {
        let context = legend.context
        // Times are in minutes, as the format has it; the unit of the signal depends on the detector and is not told.
        let signals = wavelengths.isEmpty ? ["signal"] : wavelengths.map { "\(wavelengthHeading) \($0)" }
        return TraceRecord(
            sample: context.sample, position: context.position, injection: context.injection, signal: context.signal,
            axes: [TraceRecord.Axis("time", unit: .minute)] + signals.map { TraceRecord.Axis($0) },
            extras: context.extras, location: location)
    }

    // MARK: Points

    @inline(__always)
    private func readPoint(_ row: Row, _ writer: TraceWriter, _ clock: inout Clock) throws {
        let time: Double
        let signal: Double
        do {
            time = try row.number(0)
            signal = try row.number(1)
            if row.count != 2 { try checkLength(row, 2) }
        } catch let diagnostic as Diagnostic {
            leaveOut(row, diagnostic, of: 2)
            return
        }
        clock.look(at: time, row)
        try writer.append(time, signal)
    }

    /// Points about which there is nothing to say, many at a time.
    private func passPoints(of coordinates: Int, _ writer: TraceWriter, _ clock: inout Clock) throws {
        while let last = clock.last {
            let points = text.points(of: coordinates, after: last)
            guard !points.isEmpty else { return }
            clock.pass(to: points[points.count - coordinates])
            try writer.append(points: points)
        }
    }

    private func readSpectrum(_ row: Row, _ values: inout [Double], _ writer: TraceWriter, _ clock: inout Clock) throws {
        do {
            for column in values.indices { values[column] = try row.number(column) }
            if row.count != values.count { try checkLength(row, values.count) }
        } catch let diagnostic as Diagnostic {
            leaveOut(row, diagnostic, of: values.count)
            return
        }
        clock.look(at: values[0], row)
        try writer.append(values)
    }

    private func checkLength(_ row: Row, _ count: Int) throws {
        for column in count..<row.count where !row.isEmpty(column) {
            throw row.fault(
                "table.long-row", "this row has more than \(count) numbers", at: column,
                hint: "this point was left out; a decimal mark or a line end was damaged")
        }
    }

    private func leaveOut(_ row: Row, _ diagnostic: Diagnostic, of count: Int) {
        if row.isBlank { return }
        if row.count < count { source.account.contradict("line \(row.line) has \(row.count) of \(count) numbers") }
        row.leaveOut(diagnostic)
    }

    /// Time only rises in a chromatogram.
    private struct Clock {
        private let source: SourceFile
        private(set) var last: Double?
        private var repeats = 0
        private var falls = 0
        private var isOpen = false
        /// Further places are counted: a file with many has one fault, many times.
        private static let mostTold = 5

        init(_ source: SourceFile) { self.source = source }

        @inline(__always)
        mutating func look(at time: Double, _ row: Row) {
            if let last, time <= last { tell(time, row) }
            last = time
            isOpen = row.isOpenEnded
        }

        /// Time rose up to here, and each line ended.
        mutating func pass(to time: Double) {
            last = time
            isOpen = false
        }

        @inline(never)
        private mutating func tell(_ time: Double, _ row: Row) {
            let isRepeat = time == last
            if isRepeat { repeats += 1 } else { falls += 1 }
            if !isRepeat { source.account.contradict("the time falls in line \(row.line)") }
            guard (isRepeat ? repeats : falls) <= Clock.mostTold else { return }
            source.account.report(
                isRepeat
                    ? row.fault(
                        "trace.time-repeats", "the time \(row[0]) stands twice", at: 0, severity: .warning,
                        hint: "the point was read; long runs are written with few digits, else a line was doubled")
                    : row.fault(
                        "trace.time-falls", "the time falls to \(row[0])", at: 0,
                        hint: "the points were read as they stand, but nothing will be published: lines were moved, or "
                            + "two files put together; export it again"))
        }

        func finish(_ writer: TraceWriter) {
            if repeats > Clock.mostTold || falls > Clock.mostTold {
                source.account.report(
                    Diagnostic(
                        .warning, "trace.time-repeats", "the time repeats at \(repeats) places and falls at \(falls)",
                        at: source.location(), hint: "only the first \(Clock.mostTold) of each are told"))
            }
            writer.change { trace in
                if repeats > 0 { trace.flags.append(Flag("timeRepeats")) }
                if falls > 0 { trace.flags.append(Flag("timeFalls")) }
                if isOpen { trace.flags.append(Flag("lastLineOpen")) }
            }
        }
    }
}
