import IngestCore
import TabularText

/// Reads the rows of one printed table of peaks, and checks it against what it says of itself: its numbering, the order of
/// its retention times, the area % that add up to 100, the totals below it.
final class ChemStationTextTable {
    /// What the table is about.
    struct Subject {
        var title: String
        var sample: Sample?
        var position: Position?
        var injection: Injection
        /// As written, by number; a table of several has a column with the number.
        var signals: [(number: Int, written: String)]
        /// What stands between the name of the signal and the table.
        var extras: Extras
        /// The report lists peaks as they came out of the column.
        var isByTime: Bool

        /// In words, for diagnostics.
        var name: String { "signal " + signals.map { "\($0.number)" }.joined(separator: ", ") }
    }

    let columns: ChemStationTextColumns
    let subject: Subject
    private let text: DelimitedText
    private let table: ResultTable
    private let shares: AreaShares?
    private var totals = ChemStationTotals()
    private var percents = AreaPercentSum()
    private var lastTime: Double?
    private var rows = 0
    private var leftOut = 0
    private var isTotalled = false

    init(_ columns: ChemStationTextColumns, _ subject: Subject, in text: DelimitedText) {
        self.columns = columns
        self.subject = subject
        self.text = text
        let (signal, extras) = ChemStationHeader.signal(subject.signals.last?.written ?? "")
        let isShared = columns.signalColumn != nil
        var context = ResultTable.Context(
            kind: subject.title.contains("Summed") ? .region : .peak, sample: subject.sample, position: subject.position,
            injection: subject.injection, signal: isShared || subject.signals.isEmpty ? nil : signal,
            extras: isShared ? [:] : extras)
        for field in subject.extras.fields { context.extras.add(field.heading, field.text) }
        if subject.title.contains("Summed") { context.extras.add("Report", subject.title) }
        let below = ChemStationTextTable.rows(below: columns, in: text.source.opening)
        let numeric = NumericColumns.find(below, columns: columns.header.count, in: text).filter { columns.field($0) == nil }
        table = ResultTable(
            columns.header, context: context, fields: ChemStationTextColumns.fields, numeric: numeric, codes: .agilent)
        shares = AreaShares(columns.header, below, mark: text.survey.decimalMark)
        columns.check(title: subject.title, signal: isShared ? nil : signal.name, in: text.source)
    }

    /// The rows below a rule at the beginning of the file.
    private static func rows(below columns: ChemStationTextColumns, in opening: SourceOpening) -> [[String]] {
        opening.wholeLines.dropFirst(columns.line).prefix { !$0.trimmed.isEmpty && !$0.hasPrefix("Total") }.map { line in
            let scalars = Array(line.unicodeScalars)
            return columns.rule.starts.indices.map { column in
                let from = min(scalars.count, columns.rule.starts[column])
                let to = column + 1 < columns.rule.count ? min(scalars.count, columns.rule.starts[column + 1]) : scalars.count
                return String(String.UnicodeScalarView(scalars[from..<max(from, to)]))
            }
        }
    }

    // MARK: Rows

    /// Whether a line may be a row of this table: it has two numbers or more.
    static func mayBeRow(_ line: String) -> Bool {
        line.split(separator: " ").count(where: { $0.first.map { $0.isNumber || $0 == "-" } == true }) > 1
    }

    /// The result of a row, cut here by the columns.
    /// - Throws: A ``Diagnostic`` at the cell that leaves the row out.
    func result(from row: Row) throws -> ResultRecord {
        rows += 1
        do {
            return try peak(row)
        } catch {
            leftOut += 1
            throw error
        }
    }

    private func peak(_ row: Row) throws -> ResultRecord {
        let spilled = row.cut(by: columns.rule)
        row.header = columns.header
        if let spilled {
            table.passOver(row)
            throw row.fault(
                "table.spilled-cell",
                "\"\(row[spilled])\" goes over the border of its column, \"\(columns.header.names[spilled])\"", at: spilled,
                hint:
                    "this row was left out, the others were read; a cell of it was changed, or the rule above it: report the injection again in ChemStation"
            )
        }
        var result = try table.result(from: row)
        if ChemStationTable.isNotFound(result, columns.header), !isEmpty(.area, result) {
            result.flags.append(Flag("notFound"))
            result.makeAbsent(.notFound) { _ in true }
            return result
        }
        try checkFilled(row, &result)
        if result.analyte?.name == "?" {
            result.analyte = nil
            result.flags.append(Flag("unidentified", written: "?"))
        }
        checkDigits(row, result)
        takeSignal(row, &result)
        if columns.header.column("ISTD used") != nil, (result.extras["Type"] ?? "").trimmed.hasSuffix(" I") {
            if result.analyte == nil { result.analyte = Analyte() }
            result.analyte?.role = .istd
        }
        checkOrder(row, &result)
        if header(.areaPercent) != nil {
            percents.take(result.measurements.first { $0.standard == .areaPercent }?.quantity)
            shares?.check(row, &result, text.survey.decimalMark)
        }
        totals.take(result)
        return result
    }

    private func header(_ name: MeasurementName) -> Int? {
        columns.header.names.indices.first { columns.field($0) == .measurement(name) }
    }

    private func isEmpty(_ name: MeasurementName, _ result: ResultRecord) -> Bool {
        result.measurements.first { $0.standard == name }?.quantity.absent == .empty
    }

    /// A peak has a time and an area; and any other number that is gone is told.
    private func checkFilled(_ row: Row, _ result: inout ResultRecord) throws {
        for column in columns.header.names.indices where row.isEmpty(column) {
            guard case .measurement(let name)? = columns.field(column) else { continue }
            let heading = columns.header.names[column]
            let decides = name == .retentionTime || name == .area
            let fault = row.fault(
                "table.empty-cell", "there is nothing in column \"\(heading)\"", at: column,
                severity: decides ? .error : .warning,
                hint: decides
                    ? "this row was left out, the others were read; the line was cut: report the injection again in ChemStation"
                    : "the row was read without it; compare it with ChemStation")
            if decides {
                table.passOver(row)
                throw fault
            }
            row.source.account.report(fault)
        }
    }

    /// Numbers are printed with as many decimals each time, or as a power of ten; one with others has lost or won a digit.
    private func checkDigits(_ row: Row, _ result: ResultRecord) {
        let printed: [MeasurementName: Int] = [.retentionTime: 3, .width: 4, .area: 5, .height: 5]
        for measurement in result.measurements {
            let written = measurement.quantity.written
            guard let name = measurement.standard, let decimals = printed[name], measurement.quantity.value != nil,
                !written.lowercased().contains("e"), LastDigit.decimals(written.trimmed) != decimals,
                let column = header(name)
            else { continue }
            warn(
                row, column, "chemstation.odd-digits",
                "\"\(written.trimmed)\" does not have the \(decimals) decimals that ChemStation prints here",
                "the row was read; a digit was lost or added: compare it with ChemStation")
        }
    }

    /// Of a table of all signals, the one the row names.
    private func takeSignal(_ row: Row, _ result: inout ResultRecord) {
        guard let column = columns.signalColumn else { return }
        if let named = subject.signals.first(where: { row[column] == "\($0.number)" }) {
            let (signal, extras) = ChemStationHeader.signal(named.written)
            result.signal = signal
            for field in extras.fields { result.extras.add(field.heading, field.text) }
            return
        }
        warn(
            row, column, "chemstation.unknown-signal", "the report names no signal \"\(row[column])\"",
            "the row was read without a signal; compare it with ChemStation")
    }

    private func checkOrder(_ row: Row, _ result: inout ResultRecord) {
        guard subject.isByTime, let column = header(.retentionTime),
            let time = result.measurements.first(where: { $0.standard == .retentionTime })?.quantity.value
        else { return }
        if let lastTime, time < lastTime {
            result.flags.append(Flag("order"))
            warn(
                row, column, "chemstation.order", "this peak comes before the one above it",
                "the row was read; rows were moved or a time was changed: compare it with ChemStation")
        }
        lastTime = time
    }

    // MARK: The table as a whole

    /// Compares a line of totals with the sums of the rows.
    /// - Parameter label: `Totals`, or `Totals without ISTD(s)`.
    func takeTotals(_ row: Row, _ line: String, label: String, end: Int) {
        isTotalled = true
        let words = RuledColumns.words(of: line).filter { $0.span.lowerBound >= end }
        row.cut([0..<end] + words.map(\.span))
        row.ignore(.totalRow)
        row.header = nil
        var proved: [String] = []
        for (index, word) in words.enumerated() {
            let column = columns.rule.column(of: word.span)
            let heading = columns.header.names[column]
            guard let total = try? row.quantity(index + 1), total.value != nil, let name = columns.summed(column) else {
                // What it throws is told in better words.
                contradict(
                    row, index + 1, "\"\(word.text)\" is no total of the numbers above, below \"\(heading)\"",
                    "the totals of \(subject.name) cannot be read")
                continue
            }
            row.ignore(index + 1, .totalRow)
            guard leftOut == 0 else { continue }
            guard let sum = totals.misfit(name, total, withoutStandards: label.contains("without")) else {
                proved.append(heading)
                continue
            }
            contradict(
                row, index + 1,
                "the numbers in column \"\(heading)\" add up to \(AreaShares.rounded(sum)), and not to \"\(word.text)\"",
                "the column \"\(heading)\" of \(subject.name) does not add up to its total")
        }
        let place = row.location
        if leftOut > 0 {
            text.source.account.doubt("rows of \(subject.name) were left out")
        } else if !proved.isEmpty {
            text.source.account.prove("the \(proved.joined(separator: " and ")) of \(subject.name) add up to the totals")
        } else if words.isEmpty {
            text.source.account.report(
                Diagnostic(
                    .warning, "chemstation.no-totals", "there are no numbers in the totals of \(subject.name)", at: place,
                    hint: "the rows were read; compare them with ChemStation"))
            text.source.account.doubt("the totals of \(subject.name) have no numbers")
        }
        if leftOut == 0, percents.found > 0 { percents.check(subject.name, at: place, into: text.source.account) }
    }

    /// Tells a table that ended without its totals.
    func close(at line: Int) {
        guard !isTotalled, !subject.title.contains("Summed") else { return }
        isTotalled = true
        text.source.account.report(
            Diagnostic(
                "chemstation.no-totals", "the table of \(subject.name) has no totals below it",
                at: text.source.location(line: line),
                hint:
                    "the rows that are there were read; the file was cut or edited: copy the folder again, or report the injection again in ChemStation"
            ))
        text.source.account.contradict("the table of \(subject.name) has no totals")
    }

    private func contradict(_ row: Row, _ column: Int, _ message: String, _ why: String) {
        text.source.account.report(
            row.fault(
                "chemstation.totals", message, at: column,
                hint:
                    "the rows that are there were read; one is missing, stands twice or was changed: report the injection again in ChemStation"
            ))
        text.source.account.contradict(why)
    }

    private func warn(_ row: Row, _ column: Int, _ code: String, _ message: String, _ hint: String) {
        row.source.account.report(row.fault(code, message, at: column, severity: .warning, hint: hint))
    }
}
