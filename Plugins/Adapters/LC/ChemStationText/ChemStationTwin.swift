import IngestCore
import TabularText

/// The printed report of an injection whose tables are read from CSV files: it has the units of area and height, and the
/// operator, which those lack.
///
/// Nothing is taken from it on trust. It must be of the same injection, and a peak gets its units where the report prints
/// the same numbers; where it prints others, that is told, and the injection contradicts itself.
final class ChemStationTwin: ChemStationTextTaking {
    struct Peak {
        let line: Int
        /// The numbers that both may have, as they are printed.
        let numbers: [(name: MeasurementName, quantity: Quantity)]
        /// The cells of the row that have text.
        let cells: Int

        func quantity(_ name: MeasurementName) -> Quantity? { numbers.first { $0.name == name }?.quantity }
    }

    private let file: SourceFile
    private(set) var header: ChemStationTextHeader?
    private var peaks: [Int: [Peak]] = [:]
    /// The next one of each signal that was not compared yet.
    private var next: [Int: Int] = [:]
    /// Rows that could not be read; there is nothing to compare with.
    private var leftOut: Set<Int> = []
    private var empty: Set<Signal> = []
    /// The signals that have tables, as written.
    private var names: [Int: String] = [:]
    private var count = 0
    private var reports = 0
    private var told = 0
    /// It is of another injection, or too long: nothing is taken from it.
    private var isRefused = false

    /// The most peaks that are kept; a report of more is no report.
    private static let most = 50_000
    private static let mostTold = 5

    init(_ file: SourceFile) { self.file = file }

    var name: String { file.name }

    func begin(_ header: ChemStationTextHeader) {
        reports += 1
        if self.header == nil { self.header = header }
    }

    func takeEmpty(_ result: ResultRecord, _ note: Diagnostic) {
        if let signal = result.signal { empty.insert(signal) }
    }

    /// Whether the report names that signal too, and prints no table of it.
    func isWithoutPeaks(_ signal: Signal?) -> Bool { signal.map { !isRefused && empty.contains($0) } ?? false }

    func take(_ row: Row, of table: ChemStationTextTable, _ make: () throws -> ResultRecord) throws {
        let signal = table.subject.signals.last?.number ?? 0
        if reports == 1, let last = table.subject.signals.last { names[signal] = last.written }
        do {
            let result = try make()
            let cells = row.setAside()
            guard reports == 1, result.kind == .peak, count < Self.most, table.subject.signals.count == 1 else {
                file.account.add(Coverage(values: cells, ignored: cells))
                isRefused = isRefused || count >= Self.most
                return
            }
            count += 1
            let numbers = result.measurements.compactMap { measurement in
                measurement.standard.map { (name: $0, quantity: measurement.quantity) }
            }
            peaks[signal, default: []].append(Peak(line: row.line, numbers: numbers, cells: cells))
        } catch let diagnostic as Diagnostic {
            leftOut.insert(signal)
            row.leaveOut(diagnostic)
        }
    }

    // MARK: The injection as a whole

    /// Reads the report, and compares what it says of the injection.
    /// - Returns: What it adds to the run.
    func read(beside header: ChemStationHeader) async throws -> RunRecord? {
        do {
            try await ChemStationTextReader(file, self, known: header.keys).read()
        } catch let diagnostic as Diagnostic {
            file.account.report(diagnostic)
            file.account.contradict("\(name) cannot be read")
            return nil
        }
        guard let own = self.header else { return nil }
        if reports > 1 { refuse("it reports \(reports) injections, and Report00.CSV one") }
        if let a = own.sample?.name, let b = header.sample?.name, a != b {
            refuse("its sample is \"\(a)\", and \"\(b)\" in Report00.CSV")
        }
        if let a = own.run.name, let b = header.run.name, a != b {
            refuse("its data file is \"\(a)\", and \"\(b)\" in Report00.CSV")
        }
        if let a = own.injection.acquired, let b = header.injection.acquired, let one = a.local, let other = b.local, one != other
        {
            refuse("it was injected on \(a.written), and on \(b.written) in Report00.CSV")
        }
        for (number, name) in names.sorted(by: { $0.key < $1.key }) where name.trimmed != header.signals[number]?.trimmed {
            refuse("its signal \(number) is \"\(name)\", and \"\(header.signals[number] ?? "")\" in Report00.CSV")
        }
        return isRefused ? nil : own.run
    }

    private func refuse(_ why: String) {
        isRefused = true
        file.account.report(
            Diagnostic(
                "chemstation.other-report", "\(name) is not of this injection: \(why)", at: file.location(),
                hint:
                    "the peaks of the tables were read, without units; copy the whole folder again, or report the injection again in ChemStation"
            ))
        file.account.contradict("\(name) is of another injection")
    }

    // MARK: Peaks

    /// Compares a peak of a table with the report, and gives it the units that stand there.
    func complete(_ result: inout ResultRecord, signal: Int, _ row: Row) {
        guard !isRefused, let rows = peaks[signal], let time = result.measurements.first(where: { $0.standard == .retentionTime })
        else { return }
        var index = next[signal] ?? 0
        // Peaks that only the report has come before this one.
        if let value = time.quantity.value {
            while index < rows.count, let other = rows[index].quantity(.retentionTime), let printed = other.value,
                printed + LastDigit.halfOfAny(other.written) * 1.01 < value
            {
                tellAlone(rows[index], signal)
                index += 1
            }
        }
        defer { next[signal] = index }
        guard index < rows.count else {
            return differ(row, 0, "this peak of signal \(signal) does not stand in \(name)")
        }
        let peak = rows[index]
        if !Self.agree(time.quantity, peak.quantity(.retentionTime)) {
            return differ(row, 0, "this peak of signal \(signal) does not stand in \(name)")
        }
        index += 1
        var odd: (written: String, printed: String)?
        for measurement in result.measurements {
            guard let name = measurement.standard, let printed = peak.quantity(name) else { continue }
            if !Self.agree(measurement.quantity, printed) { odd = (measurement.quantity.written, printed.written.trimmed) }
        }
        if let odd {
            file.account.add(Coverage(values: peak.cells, leftOut: peak.cells))
            result.flags.append(Flag("reportDiffers"))
            let column = (0..<row.count).first { row.text(at: $0) == odd.written } ?? 0
            return differ(row, column, "\"\(odd.written.trimmed)\" is \"\(odd.printed)\" in \(name), line \(peak.line)")
        }
        file.account.add(Coverage(values: peak.cells, ignored: peak.cells))
        for index in result.measurements.indices {
            guard let name = result.measurements[index].standard, let printed = peak.quantity(name),
                result.measurements[index].quantity.unit == nil, result.measurements[index].quantity.unitWritten == nil
            else { continue }
            result.measurements[index].quantity.unit = printed.unit
            result.measurements[index].quantity.unitWritten = printed.unitWritten
        }
    }

    /// Tells what stands in the report alone, once all tables were read.
    func finish() {
        for (signal, rows) in peaks.sorted(by: { $0.key < $1.key }) {
            for peak in rows.dropFirst(isRefused ? 0 : next[signal] ?? 0) { tellAlone(peak, signal) }
        }
        if !leftOut.isEmpty { file.account.doubt("rows of \(name) were left out") }
        if told > Self.mostTold {
            file.account.report(
                Diagnostic(
                    "chemstation.report-differs", "\(told - Self.mostTold) more peaks differ from \(name)", at: file.location(),
                    hint: "see those that are told above"))
        }
    }

    private func tellAlone(_ peak: Peak, _ signal: Int) {
        file.account.add(Coverage(values: peak.cells, leftOut: peak.cells))
        guard !isRefused else { return }
        tell(
            Diagnostic(
                "chemstation.report-differs", "this peak of signal \(signal) stands in no table of the folder",
                at: file.location(line: peak.line, column: 1), hint: Self.hint))
    }

    private static let hint =
        "the tables were read as they stand, this peak without the units of the report; one of the two was changed: report the injection again in ChemStation"

    private func differ(_ row: Row, _ column: Int, _ message: String) {
        tell(row.fault("chemstation.report-differs", message, at: column, hint: Self.hint))
    }

    private func tell(_ diagnostic: Diagnostic) {
        told += 1
        if told <= Self.mostTold { file.account.report(diagnostic) }
        if told == 1 { file.account.contradict("the tables and \(name) differ") }
    }

    /// Whether a number is the other one as it is printed, rounded to its last digit; both may have none.
    private static func agree(_ exact: Quantity, _ printed: Quantity?) -> Bool {
        guard let printed else { return true }
        guard let one = exact.value, let other = printed.value else { return exact.value == nil && printed.value == nil }
        return abs(one - other) <= LastDigit.halfOfAny(printed.written) * 1.01 + 1e-6 * abs(one)
    }
}
