import IngestCore
import TabularText

/// What `Report00.CSV` says: the sample and its injection, the signals, and the columns of their tables.
struct ChemStationHeader {
    private(set) var run = RunRecord(software: RunRecord.Software(name: "ChemStation"))
    private(set) var sample: Sample?
    private(set) var position: Position?
    private(set) var injection = Injection()
    /// As written, by number: `FID1 A, Front Signal`.
    private(set) var signals: [Int: String] = [:]
    /// The headings and units of every table.
    private(set) var columns = Header([])
    let dialect: Dialect
    /// The last line has no end: the file may be cut.
    private(set) var isOpen = false

    private let file: SourceFile
    private var named: [Int: (name: String, unit: String)] = [:]
    private var declaredSignals: Int?
    private var declaredColumns: Int?
    private var declaredMessages = 0
    private var messages = 0
    private var injectionDateWritten: String?
    private var seen: Set<String> = []

    /// Reads the file to its end.
    /// - Throws: A ``Diagnostic`` for a file that does not say what its tables are.
    init(_ file: SourceFile) throws {
        self.file = file
        dialect = .sniffed(from: file.opening)
        let text = try DelimitedText(file, dialect: dialect)
        let pair = Header(["key", "value"]), triple = Header(["key", "value", "more"])
        while let row = try text.next() {
            if row.isBlank { continue }
            if row.isOpenEnded { isOpen = true }
            if row.fits(row.count == 2 ? pair : triple) { try take(row) }
        }
        try settleTables()
    }

    /// The keys that are told.
    var keys: Set<String> { seen }

    /// Adds what the printed report of the same injection tells besides.
    mutating func add(_ printed: RunRecord) {
        if run.operatorName == nil { run.operatorName = printed.operatorName }
        if run.instrument == nil { run.instrument = printed.instrument }
        for time in printed.times where !run.times.contains(where: { $0.role == time.role }) { run.times.append(time) }
        for field in printed.extras.fields where run.extras[field.heading] == nil { run.extras.add(field.heading, field.text) }
    }

    /// The signal of a table; its further description, if it has one, is an extra.
    func signal(_ number: Int) -> (signal: Signal, extras: Extras) { Self.signal(signals[number] ?? "") }

    /// As ``signal(_:)``, of a signal as ChemStation writes it: `DAD1 A, Sig=254,4 Ref=360,100`.
    static func signal(_ written: String) -> (signal: Signal, extras: Extras) {
        let parts = written.split(separator: ",", maxSplits: 1, omittingEmptySubsequences: false).map(\.trimmed)
        var signal = Signal(name: parts[0].isEmpty ? nil : parts[0])
        guard parts.count == 2, !parts[1].isEmpty else { return (signal, [:]) }
        signal.wavelength = Quantity(agilentSignal: parts[1])
        return (signal, ["Signal": written.trimmed])
    }

    // MARK: Lines

    private mutating func take(_ row: Row) throws {
        var key = row[0]
        if key.hasSuffix(":") { key = key.dropLast().trimmed }
        row.describe(0)
        if !seen.insert(key).inserted, !key.hasPrefix("Msg") {
            try repeated(key, row)
            return
        }
        switch key {
        case "Sample Name": sample = row.string(1).map { Sample(name: $0) }
        case "Data File": run.name = fileName(row)
        case "Acq. Instrument": run.instrument = row.string(1).map { RunRecord.Instrument(name: $0) }
        case "Acq. Method": if let name = fileName(row) { run.methods.append(RunRecord.Method(.acquisition, name)) }
        case "Analysis Method": if let name = fileName(row) { run.methods.append(RunRecord.Method(.processing, name)) }
        case "Sequence File": run.sequence = fileName(row)
        case "Results Created": if let time = time(key, row) { run.times.append(RunRecord.Time(.processed, time)) }
        case "Results Created by":
            if let name = row.person(1, key, "chemstation") { run.extras.add(key, name) }
        case "Injection Date":
            injectionDateWritten = row[1]
            injection.acquired = time(key, row, joinedTo: 2)
        case "Acq. Operator": takeOperator(key, row)
        case "Location":
            position = Position(agilent: row[1])
            if position == nil { keep(key, row) } else { row.describe(1) }
        case "Inj": takeOrdinal(row)
        case "Inj Volume": takeVolume(row)
        case "Number of Signals": declaredSignals = try declared(key, row)
        case "Number of Columns": declaredColumns = try declared(key, row)
        case "Number of Errors and Warnings":
            declaredMessages = Int(row[1]) ?? 0
            keep(key, row)
        default: try takeNumbered(key, row)
        }
        keepRest(key, row)
    }

    /// What stands behind the value of a key that has but one.
    private mutating func keepRest(_ key: String, _ row: Row) {
        for text in row.unread.fields.map(\.text) {
            let column = (1..<row.count).last { row.text(at: $0) == text } ?? 1
            run.extras.add(key, PrivateText.withoutFolders(text))
            file.account.report(
                row.fault(
                    "chemstation.further-cell", "\"\(text)\" stands beside the value of \"\(key)\"", at: column,
                    severity: .warning,
                    hint: "it is kept in the extras of the run; if the value was cut in two, compare it with ChemStation"))
        }
    }

    /// A count that decides how the tables are read.
    private func declared(_ key: String, _ row: Row) throws -> Int? {
        guard row.isEmpty(1) || Int(row[1]) != nil else {
            throw row.fault(
                "table.not-a-whole-number", "\"\(row[1])\" is not a whole number, in \"\(key)\"", at: 1,
                hint: "nothing was read: without it the tables have no meaning; copy the folder again, or report the injection "
                    + "again in ChemStation")
        }
        return try row.integer(1)
    }

    /// `Signal 1`, `Column 1`, `Msg 1`; anything else is kept as it is.
    private mutating func takeNumbered(_ key: String, _ row: Row) throws {
        let parts = key.split(separator: " ")
        let number = parts.count == 2 ? Int(parts[1]) : nil
        switch (parts.first, number) {
        case ("Signal", let number?):
            signals[number] = row.text(at: 1)
            if row.isEmpty(1) { tell(row, "the signal has no name, in \"\(key)\"") }
            if row[1].contains("Sig="), signal(number).signal.wavelength == nil {
                tell(row, "no wavelength can be read from \"\(row[1])\"")
            }
            // Kept for the run too: a signal may have no peaks to be seen by.
            if let written = row.extra(1) { run.extras.add(key, written) }
        case ("Column", let number?):
            named[number] = (row[1], row[2])
            row.describe(1)
            row.describe(2)
            if ColumnHeading.field(row[1]) == nil, Self.isName(row[1]) { tellUnknownColumn(row) }
            if !Self.isName(row[1]) { throw incomplete("\"\(row[1])\", in \"\(key)\", is no name of a column") }
        case ("Msg", _):
            messages += 1
            keep(key, row)
            file.account.report(
                row.fault(
                    "chemstation.message", "ChemStation warned: \"\(PrivateText.withoutFolders(row[1]))\"", at: 1,
                    severity: .warning, hint: "the peaks were read as they stand"))
        case _ where row.isEmpty(1) && row.isEmpty(2) && !ChemStationFiles.headerKeys.contains(key):
            // A value that has lost its key.
            let line = "line \(row.line)"
            if let text = row.person(0, line, "chemstation") { run.extras.add(line, PrivateText.withoutFolders(text)) }
        default:
            if !ChemStationFiles.knownKeys.contains(key) { tellUnknown(key, row) }
            // So may be a folder in the place of a key.
            keep(PrivateText.withoutFolders(key) == key ? key : "line \(row.line)", row)
        }
    }

    private func tellUnknownColumn(_ row: Row) {
        file.account.report(
            row.fault(
                "table.unknown-heading", "\"\(row[1])\" is no name of a column that is known", at: 1, severity: .note,
                hint: "the column is kept under this name"))
    }

    private func tellUnknown(_ key: String, _ row: Row) {
        // A folder in the place of a key is nobody's business.
        guard PrivateText.withoutFolders(key) == key else { return }
        let near = NearestName.of(key, among: ChemStationFiles.knownKeys.subtracting(seen).sorted())
        file.account.report(
            row.fault(
                "table.unknown-key", "\"\(key)\" is no key that is known" + (near.map { "; \"\($0)\" is near" } ?? ""), at: 0,
                severity: near == nil ? .note : .warning, hint: "it is kept in the extras of the run under its own key"))
    }

    /// A number or a unit is what stands beside the name of a column.
    private static func isName(_ text: String) -> Bool {
        ColumnHeading.field(text) != nil || Unit(spelling: text) == nil && NumberText.read(text, mark: nil) == .fault(.notANumber)
    }

    private mutating func keep(_ key: String, _ row: Row) {
        let separator = String(UnicodeScalar(dialect.separator))
        let texts = [row.extra(1), row.extra(2)].compactMap { $0 }
        if !texts.isEmpty { run.extras.add(key, PrivateText.withoutFolders(texts.joined(separator: separator))) }
    }

    /// The name of a file that is told as one path, or as a directory and a name.
    private func fileName(_ row: Row) -> String? {
        guard !row.isEmpty(2) else { return row.string(1).map(PrivateText.withoutFolders) }
        if row[1].contains("\\") || row[1].contains("/") { row.describe(1) }
        return row.string(2).map(PrivateText.withoutFolders)
    }

    /// A time, which may stand in two cells where the comma between date and time lost its quotes.
    private mutating func time(_ key: String, _ row: Row, joinedTo second: Int? = nil) -> Timestamp? {
        do {
            return try row.timestamp(1, joinedTo: second)
        } catch {
            let written = [row[1], second.map { row[$0] } ?? ""].filter { !$0.isEmpty }.joined(separator: " ")
            unreadable(key, row, "\"\(written)\" is not a date and time")
            return nil
        }
    }

    /// Revisions of ChemStation write the injection date where the operator belongs.
    private mutating func takeOperator(_ key: String, _ row: Row) {
        if row[1] == injectionDateWritten {
            row.describe(1)
        } else if (try? row.timestamp(1)) != nil {
            // Only asked, not read: an operator is no time, which is the usual case.
            keep(key, row)
        } else {
            run.operatorName = row.person(1, key, "chemstation")
        }
    }

    private mutating func takeOrdinal(_ row: Row) {
        injection.ordinal = Int(row[1])
        row.describe(1)
        if injection.ordinal == nil, !row.isEmpty(1) { unreadable("Inj", row, "\"\(row[1])\" is not a whole number") }
    }

    private mutating func takeVolume(_ row: Row) {
        guard !row.isEmpty(1) else { return keep("Inj Volume", row) }
        let unit = row.string(2).map { StatedUnit(written: $0) } ?? .none
        // Where commas set cells apart, none is a decimal mark: `1,000` is no 1, and may be no 1000.
        let isOpen = dialect.separator == UInt8(ascii: ",") && row[1].contains(",")
        if !isOpen, let volume = try? row.quantity(1, unit) {
            injection.volume = volume
            if unit.written != nil, unit.unit == nil { tell(row, "\"\(row[2])\" is no unit, in \"Inj Volume\"") }
            return
        }
        // What is no number is not lost: `No inj` and `Manually` say why there is none, and the rest is told.
        row.describe(1)
        injection.volume = Quantity(written: row.text(at: 1), absent: .notReported, unit: unit.unit, unitWritten: unit.written)
        if NumberText.startsLikeNumber(row[1]) { unreadable("Inj Volume", row, "\"\(row[1])\" is not a number") }
    }

    /// A value that is not used, but kept as it stands.
    private mutating func unreadable(_ key: String, _ row: Row, _ message: String) {
        keep(key, row)
        tell(row, "\(message), in \"\(key)\"")
    }

    private func tell(_ row: Row, _ message: String) {
        file.account.report(
            row.fault(
                "chemstation.unreadable-value", message, at: 1, severity: .warning,
                hint: "the peaks were read without it; the text is kept in the extras of the run"))
    }

    private mutating func repeated(_ key: String, _ row: Row) throws {
        let decides = ["Number of ", "Signal ", "Column "].contains { key.hasPrefix($0) }
        let fault = row.fault(
            "chemstation.repeated-key", "\"\(key)\" stands twice in this file", at: 0, severity: decides ? .error : .warning,
            hint: decides
                ? "nothing was read: the file was edited or put together from two; report the injection again in ChemStation"
                : "the first one is used, the other is kept in the extras of the run; compare it with ChemStation")
        if decides { throw fault }
        file.account.report(fault)
        keep(key, row)
    }

    // MARK: What the lines say together

    private mutating func settleTables() throws {
        guard let declaredSignals, let declaredColumns else {
            throw incomplete("it does not say how many signals and columns the report has")
        }
        for (what, declared, numbers) in [
            ("signal", declaredSignals, Set(signals.keys)), ("column", declaredColumns, Set(named.keys)),
        ] {
            guard (0...1000).contains(declared), numbers == Set(1..<declared + 1) else {
                throw incomplete(
                    "it says that there are \(declared) \(what)s, and names \(numbers.sorted().map(String.init).joined(separator: ", "))"
                )
            }
        }
        let ordered = named.sorted { $0.key < $1.key }.map(\.value)
        guard declaredColumns > 0, ordered.allSatisfy({ !$0.name.isEmpty }) else {
            throw incomplete("a column has no name")
        }
        columns = Header(ordered.map(\.name), units: ordered.map(\.unit))
        let missing = ChemStationFiles.alwaysThere.subtracting(seen).sorted()
        if !missing.isEmpty {
            file.account.report(
                Diagnostic(
                    .warning, "chemstation.missing-key",
                    "this Report00.CSV has no \"\(missing.joined(separator: "\", \""))\", which ChemStation always writes",
                    at: file.location(line: 1), hint: "the peaks were read without it; copy the folder again"))
        }
        if declaredMessages > messages {
            file.account.report(
                Diagnostic(
                    .warning, "chemstation.messages-missing",
                    "ChemStation counts \(declaredMessages) errors and warnings, \(messages) are told", at: file.location(),
                    hint: "look at the printed report for the others"))
        }
    }

    private func incomplete(_ what: String) -> Diagnostic {
        Diagnostic(
            "chemstation.incomplete-header", "this Report00.CSV is not whole: \(what)", at: file.location(),
            hint:
                "nothing was read: without it the tables have no meaning; copy the folder again, or report the injection again in ChemStation"
        )
    }
}

extension NumberText {
    /// Whether a text that is no number was perhaps meant as one.
    fileprivate static func startsLikeNumber(_ text: String) -> Bool {
        text.first.map { $0.isNumber || "+-.,<>".contains($0) } ?? false
    }
}
