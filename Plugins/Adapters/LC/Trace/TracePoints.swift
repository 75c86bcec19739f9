import IngestCore
import Synchronization
import TabularText

/// Reads the points of a trace to the end of the file: a number for each axis in each row. A row that is garbled is left out.
struct TracePoints {
    private let text: DelimitedText
    private let writer: TraceWriter
    private let columns: Int
    private var steps: TraceSteps
    private var values: [Double]
    private var leftOut = 0
    private var isOpen = false

    /// Further rows that are left out are counted: a file with many has one fault, many times.
    private static let mostTold = 20

    init(_ text: DelimitedText, _ writer: TraceWriter, _ axes: [TraceRecord.Axis]) {
        self.text = text
        self.writer = writer
        columns = axes.count
        values = [Double](repeating: 0, count: axes.count)
        // Over a volume, the steps change with the flow.
        let isFree = axes[0].name.lowercased().hasSuffix("volume")
        steps = TraceSteps(text.source, name: axes[0].name, field: nil, isFree: isFree)
    }

    /// - Parameter first: The first row with a point; `nil` where there is none.
    mutating func read(from first: Row?) throws {
        var next = first
        while let row = next {
            try take(row)
            if steps.isSettled { try pass(behind: row) }
            next = try text.nextFilled()
        }
        finish()
    }

    private mutating func take(_ row: Row) throws {
        isOpen = row.isOpenEnded
        do {
            for column in 0..<columns { values[column] = try row.number(column) }
            if row.count > columns { try checkLength(row) }
        } catch let diagnostic as Diagnostic {
            leaveOut(row, diagnostic)
            return
        }
        steps.look(at: values[0], row)
        if columns == 2 { try writer.append(values[0], values[1]) } else { try writer.append(values) }
    }

    /// Points about which there is nothing to say, many at a time.
    private mutating func pass(behind row: Row) throws {
        while let last = steps.last {
            let line = row.line + 1
            let points = text.points(of: columns, after: last)
            guard !points.isEmpty else { return }
            steps.pass(points, every: columns, from: line)
            try writer.append(points: points)
            isOpen = false
        }
    }

    private func checkLength(_ row: Row) throws {
        for column in columns..<row.count where !row.isEmpty(column) {
            throw row.fault(
                "table.long-row", "this row has more than \(columns) numbers", at: column,
                hint: "this point was left out; a decimal mark or a line end was damaged")
        }
    }

    private mutating func leaveOut(_ row: Row, _ diagnostic: Diagnostic) {
        steps.pass()
        leftOut += 1
        if row.count < columns { text.source.account.contradict("line \(row.line) has \(row.count) of \(columns) numbers") }
        if leftOut <= TracePoints.mostTold {
            row.leaveOut(diagnostic)
        } else {
            text.source.account.resultsLeftOut.add(1, ordering: .relaxed)
        }
    }

    private mutating func finish() {
        if leftOut > TracePoints.mostTold {
            text.source.account.report(
                Diagnostic(
                    "trace.left-out", "\(leftOut) rows were left out, of which the first \(TracePoints.mostTold) are told",
                    at: text.source.location(), hint: "the file is damaged, or is no trace: export it again"))
        }
        if writer.count == 0 {
            text.source.account.report(
                Diagnostic(
                    .warning, "trace.no-points", "no row of the file is a point", at: text.source.location(line: 1),
                    hint: "the file is cut, or is no trace: compare it with the instrument"))
        }
        steps.finish(writer)
        let isOpen = isOpen
        writer.change { if isOpen { $0.flags.append(Flag("lastLineOpen")) } }
    }
}
