import IngestCore
import TabularText

/// Reads the peak table of one signal, `REPORT01.CSV`, by the columns that the header names, and checks it against what
/// it says of itself: its numbering, and the area % that add up to 100 when no peak is missing.
final class ChemStationTable {
    private let file: SourceFile
    private let text: DelimitedText
    private let table: ResultTable
    private let header: ChemStationHeader
    private let number: Int
    private let template: ResultRecord
    private let shares: AreaShares?
    private let twin: ChemStationTwin?
    private var rows = 0
    private var isOpen = false
    private var percents = AreaPercentSum()
    private var lastTime = -Double.infinity

    init(_ file: SourceFile, number: Int, header: ChemStationHeader, twin: ChemStationTwin? = nil) throws {
        self.file = file
        self.twin = twin
        self.header = header
        self.number = number
        text = try DelimitedText(file, dialect: header.dialect, missing: ["-"])
        let (signal, extras) = header.signal(number)
        let context = ResultTable.Context(
            kind: .peak, sample: header.sample, position: header.position, injection: header.injection, signal: signal,
            extras: extras)
        let opening = file.opening.wholeLines.map { header.dialect.cells(of: $0) }
        let numeric = NumericColumns.find(opening, columns: header.columns.count, in: text)
        table = ResultTable(header.columns, context: context, numeric: numeric, codes: .agilent)
        template = ResultRecord(
            kind: .sample, sample: header.sample, position: header.position, injection: header.injection, signal: signal,
            measurements: [], extras: extras, location: file.location())
        shares = AreaShares(header.columns, opening, mark: text.survey.decimalMark)
    }

    /// Reads the table to its end, and tells the account whether it shows that it is whole.
    func read(into output: AdapterOutput) async throws {
        let leftOut = output.resultsLeftOut
        while let row = try text.next() {
            if row.isBlank { continue }
            rows += 1
            row.header = table.header
            isOpen = row.isUnended
            if table.fits(row) { try await output.emitResult { try peak(from: row) } }
        }
        guard rows > 0 else { return try await noPeaks(into: output) }
        if output.resultsLeftOut > leftOut {
            // The sum of the others says nothing more.
            file.account.doubt("rows of \(file.name) were left out")
        } else if isOpen {
            file.account.doubt("the last line of \(file.name) has no line end")
        } else {
            checkSum()
        }
    }

    // MARK: Peaks

    private func peak(from row: Row) throws -> ResultRecord {
        var result = try tablePeak(from: row)
        twin?.complete(&result, signal: number, row)
        return result
    }

    private func tablePeak(from row: Row) throws -> ResultRecord {
        var result = try table.result(from: row)
        if row.isUnended, !row.isOpenEnded {
            // ChemStation ends every line, also where there is only one.
            result.flags.append(Flag("lastLineOpen"))
            warn(
                row, row.count - 1, "text.last-line-open", "the only line has no line end",
                "if the file was cut here, the last cell is not whole: compare it with ChemStation")
        }
        // `?` stands where a compound is not known.
        if result.analyte?.name == "?" {
            result.analyte = nil
            result.flags.append(Flag("unidentified", written: "?"))
        }
        if Self.isNotFound(result, table.header) {
            // The retention time is where the peak was expected, the others are placeholders.
            result.flags.append(Flag("notFound"))
            result.makeAbsent(.notFound) { _ in true }
            return result
        }
        watchTime(&result, row)
        let share = result.measurements.first { $0.standard == .areaPercent }?.quantity
        percents.take(share)
        shares?.check(row, &result, text.survey.decimalMark)
        return result
    }

    /// The rows are in the order of time. One that is not was moved, or the columns have changed places: no heading shows it.
    private func watchTime(_ result: inout ResultRecord, _ row: Row) {
        guard let column = table.header.names.firstIndex(where: { ColumnHeading.field($0) == .measurement(.retentionTime) }),
            let time = result.measurements.first(where: { $0.standard == .retentionTime })?.quantity.value
        else { return }
        if time < lastTime {
            result.flags.append(Flag("timeOrder"))
            warn(
                row, column, "chemstation.time-order", "the retention time \"\(row[column])\" comes before that of the row above",
                "the row was read; if ChemStation sorted the peaks by time, a row was moved or the columns have changed places")
        }
        lastTime = time
    }

    /// A calibrated compound without a peak stands in the table with the area 0, or a dash, and no peak type. An area that
    /// is gone does not make a peak of it.
    static func isNotFound(_ result: ResultRecord, _ header: Header) -> Bool {
        guard let area = result.measurements.first(where: { $0.standard == .area })?.quantity,
            let type = header.names.firstIndex(where: { $0 == "Type" || ColumnHeading.field($0) == .integrationCode })
        else { return false }
        return (area.value ?? 0) == 0 && (result.extras[header.distinct[type]] ?? "").trimmed.isEmpty
    }

    // MARK: The table as a whole

    /// A signal in which ChemStation found no peak is a finding too.
    private func noPeaks(into output: AdapterOutput) async throws {
        guard file.size > 0 else {
            file.account.report(
                Diagnostic(
                    "chemstation.empty-table", "this table is empty, without even a byte order mark", at: file.location(),
                    hint:
                        "the other tables were read; ChemStation writes a byte order mark when there are no peaks, so this file was cut: copy the folder again"
                ))
            file.account.contradict("\(file.name) is empty")
            return
        }
        var result = template
        result.flags = [Flag("noPeaks")]
        try await output.emit(result)
        if let twin, twin.isWithoutPeaks(result.signal) {
            return file.account.prove("\(twin.name) has no peaks of signal \(number) either")
        }
        file.account.report(
            Diagnostic(
                .note, "chemstation.no-peaks",
                "there are no peaks in this table, of signal \(number) (\(header.signals[number] ?? ""))",
                at: file.location(),
                hint: "one result without measurements says so; a file cut at its beginning would look the same"))
        file.account.doubt("\(file.name) has no peaks, and nothing else to show that it is whole")
    }

    /// Area % are shares of the total of their own signal, so they add up to 100 but for rounding.
    private func checkSum() {
        guard percents.found > 0, table.header.names.contains(where: { ColumnHeading.field($0) == .measurement(.areaPercent) })
        else {
            file.account.doubt("\(file.name) has no area % that would show a missing peak")
            return
        }
        percents.check(file.name, at: file.location(), into: file.account)
    }

    private func warn(_ row: Row, _ column: Int, _ code: String, _ message: String, _ hint: String) {
        file.account.report(row.fault(code, message, at: column, severity: .warning, hint: hint))
    }
}
