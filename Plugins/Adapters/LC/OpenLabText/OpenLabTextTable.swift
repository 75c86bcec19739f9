import IngestCore
import TabularText

/// A peak table of a report, over as many pages as it has.
final class OpenLabTextTable {
    let columns: OpenLabTextColumns
    private let line: Int
    private let source: SourceFile
    private let mark: DecimalMark?
    private var sums: OpenLabTextSums
    private var ordinal = 0
    private var isTotalled = false
    private var isWrong = false
    private var lastTime: Double?
    private var toldOfOrder = false

    /// Its sum row was met: another heading begins another table.
    var isProved: Bool { isTotalled }

    init(_ columns: OpenLabTextColumns, line: Int, source: SourceFile, mark: DecimalMark?) {
        self.columns = columns
        self.line = line
        self.source = source
        self.mark = mark
        sums = OpenLabTextSums(columns: columns.fields.count)
    }

    func passOver() { sums.passOver() }

    // MARK: Peaks

    /// The result of a row, and what became of its cells.
    /// - Throws: A ``Diagnostic`` at the cell that leaves the row out.
    func result(_ row: BoxRow, in context: OpenLabTextContext, _ fates: inout Coverage) throws -> ResultRecord {
        var result = ResultRecord(
            kind: .peak, sample: context.sample, position: context.position, injection: context.injection,
            signal: context.signal, measurements: [], extras: context.extras,
            location: source.location(line: row.line, column: 1))
        do {
            try read(row, into: &result, &fates)
        } catch {
            sums.passOver()
            throw error
        }
        ordinal += 1
        result.ordinal = ordinal
        return result
    }

    private func read(_ row: BoxRow, into result: inout ResultRecord, _ fates: inout Coverage) throws {
        if isTotalled {
            throw fault(
                "behind-sum", "this row stands below the sum of its table", row.cells.first { !$0.isEmpty },
                "it was left out; the table was put together from two: report it again")
        }
        var numbers: [(column: Int, value: Double, written: String)] = []
        for (index, cell) in row.cells.enumerated() {
            if !cell.isEmpty { fates.values += 1 }
            switch columns.fields[index] {
            case .measurement(let name):
                let quantity = try quantity(cell, index)
                if let problem = PossibleRange.problem(name, quantity) {
                    throw fault(
                        "record.impossible-value", problem, cell,
                        "this row was left out, the others were read; compare it with the instrument")
                }
                result.measurements.append(Measurement(name, quantity))
                if let value = quantity.value {
                    numbers.append((index, value, quantity.written))
                    watch(quantity.written, cell, index, &result)
                }
                if !cell.isEmpty { fates.measured += 1 }
            case .analyteName:
                guard !cell.isEmpty else { continue }
                result.analyte = Analyte(name: cell.text)
                fates.described += 1
            case .code:
                guard !cell.isEmpty else { continue }
                result.extras.add(columns.names[index], cell.text)
                result.flags += IntegrationCode.agilent.flags(cell.text)
                fates.extras += 1
            case .peakNumber, .extra:
                guard !cell.isEmpty else { continue }
                result.extras.add(columns.names[index].isEmpty ? "column \(index + 1)" : columns.names[index], cell.text)
                fates.extras += 1
            }
        }
        guard numbers.contains(where: { columns.fields[$0.column] != .measurement(.retentionTime) }) else {
            throw fault(
                "no-numbers", "this row has no number but perhaps a time", row.cells.first { !$0.isEmpty },
                "it was left out; if it is of a peak, the report was damaged: report it again")
        }
        sums.add(numbers)
        watchOrder(row, &result)
    }

    private func quantity(_ cell: BoxCell, _ index: Int) throws -> Quantity {
        let unit = columns.units[index], written = cell.number
        func absent(_ why: Quantity.Absence) -> Quantity {
            Quantity(written: written, absent: why, unit: unit.unit, unitWritten: unit.written)
        }
        if written.isEmpty { return absent(.empty) }
        if ["-", "N/A", "n.a.", "NaN"].contains(written) || source.given.missing.contains(written) {
            return absent(.notReported)
        }
        let rest = "this row was left out, the others were read; report it again, or correct it at its source"
        let place = "in column \"\(columns.names[index])\""
        switch NumberText.read(written, mark: mark) {
        case .number(let value, let bound):
            return Quantity(written: written, value: value, unit: unit.unit, unitWritten: unit.written, bound: bound)
        case .fault(.notANumber): throw fault("table.not-a-number", "\"\(written)\" is not a number, \(place)", cell, rest)
        case .fault(.otherMark):
            throw fault(
                "table.other-decimal-mark", "\"\(written)\" does not fit the decimal mark of this file, \(place)", cell, rest)
        case .fault(.openMark):
            throw fault(
                "table.open-decimal-mark", "\"\(written)\" could be read in two ways, \(place); the file does not settle it",
                cell,
                "this row was left out; say which with --decimal-mark , or --decimal-mark .")
        case .fault(.overflow):
            throw fault("table.number-out-of-range", "\"\(written)\" is beyond what a number can hold, \(place)", cell, rest)
        }
    }

    private func watch(_ written: String, _ cell: BoxCell, _ index: Int, _ result: inout ResultRecord) {
        guard !written.lowercased().contains("e"), !sums.hasUsualDecimals(written, in: index) else { return }
        isWrong = true
        result.flags.append(Flag("otherDecimals", written: written))
        warn(
            "decimals",
            "\"\(written)\" has \(LastDigit.decimals(written)) decimals, the column \"\(columns.names[index])\" begins with \(sums.usualDecimals(in: index))",
            cell, "the row was read; a line of the cell is missing, stands twice or was edited: compare it with the instrument")
    }

    /// Peaks follow each other in time; those that do not are flagged, and the first one is told.
    private func watchOrder(_ row: BoxRow, _ result: inout ResultRecord) {
        guard let column = columns.column(.retentionTime),
            let time = result.measurements.first(where: { $0.standard == .retentionTime })?.quantity.value
        else { return }
        defer { lastTime = time }
        guard let lastTime, time <= lastTime else { return }
        result.flags.append(Flag("timeOrder"))
        guard !toldOfOrder else { return }
        toldOfOrder = true
        warn(
            "order", "this peak is not behind the one before", row.cells[column],
            "the row was read; it was moved, stands twice, or its time was edited, unless the report sorts by something else")
    }

    // MARK: The sum

    /// A row without a time, with a word for a sum in a column of numbers.
    func isTotal(_ row: BoxRow) -> Bool {
        if let time = columns.column(.retentionTime), !row.cells[time].isEmpty { return Self.isWord(row.cells[time].text) }
        return row.texts.contains(where: Self.isWord)
    }

    private static func isWord(_ text: String) -> Bool {
        ["sum", "sum:", "sums", "total", "totals", "total:", "summe", "summe:", "gesamt", "somme", "suma"].contains(
            text.lowercased())
    }

    /// Compares the sums with those of the rows above.
    func takeTotal(_ row: BoxRow) -> Coverage {
        var fates = Coverage(values: row.count)
        isTotalled = true
        for (index, cell) in row.cells.enumerated() where !cell.isEmpty {
            if Self.isWord(cell.text) || cell.text.isEmpty {
                fates.ignored += 1
                continue
            }
            guard case .measurement(let name) = columns.fields[index], let quantity = try? quantity(cell, index),
                let total = quantity.value
            else {
                // Garbled, which the diagnostic tells: nothing can be compared with it.
                isWrong = true
                fates.leftOut += 1
                source.account.report(
                    fault(
                        "sum", "\"\(cell.text)\" is no sum, in column \"\(columns.names[index])\"", cell,
                        "the rows were read, and nothing proves them; report it again"))
                continue
            }
            fates.ignored += 1
            compare(total, quantity.written, cell, index, name)
        }
        return fates
    }

    private func compare(_ total: Double, _ written: String, _ cell: BoxCell, _ index: Int, _ name: MeasurementName) {
        guard sums.leftOut == 0 else { return }
        guard !sums.meets(total, written: written, in: index) else { return }
        isWrong = true
        source.account.report(
            fault(
                "sum",
                "the sum of \"\(columns.names[index])\" is \(written), the \(sums.rows) rows above add up to \(AreaShares.rounded(sums.sum(index)))",
                cell, "the rows were read; one is missing, stands twice or was edited: report it again"))
        source.account.contradict("the \(name.rawValue) of line \(cell.line) is \(written), the rows add up to something else")
    }

    /// Ends the table.
    /// - Returns: Whether its rows are proved.
    func close() -> Bool {
        var isWhole = isTotalled && !isWrong && sums.leftOut == 0
        if let percent = columns.column(.areaPercent), sums.rows > 0, sums.leftOut == 0, !sums.isWhole(percent) {
            isWhole = false
            warn(
                "area-percent",
                "the \"\(columns.names[percent])\" of this table add up to \(AreaShares.rounded(sums.sum(percent))), not to 100",
                nil,
                "the rows were read; one is missing, stands twice or was edited, unless the report leaves some out")
        }
        return isWhole
    }

    // MARK: Diagnostics

    private func warn(_ code: String, _ message: String, _ cell: BoxCell?, _ hint: String) {
        var warning = fault(code, message, cell, hint)
        warning.severity = .warning
        source.account.report(warning)
    }

    private func fault(_ code: String, _ message: String, _ cell: BoxCell?, _ hint: String) -> Diagnostic {
        Diagnostic(
            code.contains(".") ? code : "openlab-text.\(code)", message,
            at: source.location(line: cell?.line ?? line, column: cell?.column ?? 1), hint: hint)
    }
}
