import IngestCore
import TabularText

/// Reads the rows of data cubes into traces: one ends where the description changes, or the columns that have values.
struct DataCubeRows {
    private let columns: DataCubeColumns
    private let text: DelimitedText
    private let output: AdapterOutput
    private var trace: (key: Key, writer: TraceWriter, steps: TraceSteps)?
    /// Those of all traces so far.
    private var seen: Set<Key> = []
    private var resumed = 0
    private var isOpen = false

    /// What tells a trace: the texts that describe it, by number, and the columns of its values.
    private struct Key: Hashable {
        var texts: [UInt64]
        var filled: [Int]
    }

    /// Further places are counted.
    private static let mostTold = 5

    init(_ columns: DataCubeColumns, _ text: DelimitedText, _ output: AdapterOutput) {
        self.columns = columns
        self.text = text
        self.output = output
    }

    mutating func take(_ row: Row) throws {
        isOpen = row.isOpenEnded
        do {
            try takePoint(row)
        } catch let diagnostic as Diagnostic {
            trace?.steps.pass()
            if row.count < columns.header.count {
                text.source.account.contradict("line \(row.line) has \(row.count) of \(columns.header.count) cells")
            }
            row.leaveOut(diagnostic)
        }
    }

    private mutating func takePoint(_ row: Row) throws {
        row.header = columns.header
        guard row.count == columns.header.count else {
            throw row.fault(
                row.count < columns.header.count ? "table.short-row" : "table.long-row",
                "this row has \(row.count) cells, the heading \(columns.header.count)",
                at: min(row.count, columns.header.count), hint: "this point was left out; the line was cut, or damaged")
        }
        let filled = columns.measured.filter { !row.isEmpty($0) }
        guard !filled.isEmpty else {
            throw row.fault(
                "table.no-value", "no column of this row has a value", at: columns.measured.first ?? 0,
                hint: "this point was left out; compare it with the instrument")
        }
        let point = try [row.number(columns.over)] + filled.map { try row.number($0) }
        let key = Key(texts: columns.describing.map { row.fingerprint(of: $0) }, filled: filled)
        if trace?.key != key { begin(key, row) }
        for column in columns.describing { row.describe(column) }
        trace?.steps.look(at: point[0], row, column: columns.over)
        try trace?.writer.append(point)
    }

    private mutating func begin(_ key: Key, _ row: Row) {
        finishTrace()
        let isResumed = !seen.insert(key).inserted
        var record = TraceRecord(
            axes: ([columns.over] + key.filled).compactMap { columns.axes[$0] }, location: row.location)
        for column in columns.describing {
            guard let written = row.string(column) else { continue }
            switch column {
            case columns.sample: record.sample = Sample(name: written)
            case columns.label: record.signal = Signal(name: written)
            default: record.extras.add(columns.header.distinct[column], written)
            }
        }
        if isResumed {
            record.flags.append(Flag("resumed"))
            tellResumed(row)
        }
        let name = record.axes[0].name
        trace = (
            key, output.trace(record),
            TraceSteps(text.source, name: name, field: columns.header.names[columns.over], isFree: true)
        )
    }

    private mutating func tellResumed(_ row: Row) {
        resumed += 1
        text.source.account.contradict("in line \(row.line) a trace goes on that had ended")
        guard resumed <= DataCubeRows.mostTold else { return }
        text.source.account.report(
            row.fault(
                "data-cubes.resumed", "here a trace goes on that had ended", at: columns.label ?? 0,
                hint: "its points were read as a trace of their own; a row above was garbled or moved, or two files were put "
                    + "together: export it again"))
    }

    private mutating func finishTrace() {
        guard let writer = trace?.writer, var steps = trace?.steps else { return }
        steps.finish(writer)
        trace = nil
    }

    mutating func finish() {
        if isOpen { trace?.writer.change { $0.flags.append(Flag("lastLineOpen")) } }
        finishTrace()
        if resumed > DataCubeRows.mostTold {
            text.source.account.report(
                Diagnostic(
                    "data-cubes.resumed", "at \(resumed) places a trace goes on that had ended", at: text.source.location(),
                    hint: "only the first \(DataCubeRows.mostTold) are told"))
        }
        if seen.isEmpty {
            text.source.account.report(
                Diagnostic(
                    .warning, "trace.no-points", "no row of the file is a point", at: text.source.location(line: 1),
                    hint: "the file is cut: compare it with the instrument"))
        }
    }
}
