import IngestCore
import TabularText

/// What stands above the tables of a printed report: the sample, its injection, and how both were worked on.
///
/// Keys nobody asks for are kept in the extras of the run; one that is not of the format is told, for it may be one of them
/// with a letter changed.
struct ChemStationTextHeader {
    private(set) var run = RunRecord(software: RunRecord.Software(name: "ChemStation"))
    private(set) var sample: Sample?
    private(set) var position: Position?
    private(set) var injection = Injection()

    let fields: KeyedFields
    private let source: SourceFile
    /// Of lines that are no fields.
    private var extras = Extras()
    /// The line below the sample: `Instrument 1 7/24/2023 9:49:13 PM R. Vance`.
    private(set) var stamp: String?
    private var seen: Set<String> = []
    private var method: String?

    /// Keys of the format; those that every report has come first.
    static let required = ["Data File", "Sample Name", "Acq. Operator", "Acq. Instrument", "Injection Date", "Inj", "Inj Volume"]
    static let keys =
        required + [
            "Seq. Line", "Location", "Actual Inj Volume", "Act. Inj Volume", "Sequence File", "Method",
            "Acq. Method", "Analysis Method", "Last changed", "Method Info", "Sample Info", "Additional Info",
            "Sample Operator", "Sorted By", "Multiplier", "Dilution", "Sample Amount", "Calib. Data Modified",
            "Uncalibrated peaks RF", "ISTD for Uncal. peaks", "Uncalibrated peaks", "Calibration Data Modified", "Barcode",
            "unused Loc.",
        ]

    init(_ text: DelimitedText, _ source: SourceFile) {
        fields = text.keyedFields()
        self.source = source
    }

    // MARK: Lines

    /// A line with one key or two.
    mutating func take(_ row: Row, _ line: String, _ found: [ChemStationTextLine.Field]) {
        let cells = found.map { [$0.keySpan] + Self.values($0, in: line) }
        row.cut(cells.flatMap { $0 })
        var first = 0
        for (field, spans) in zip(found, cells) {
            take(row, field.key, columns: first..<first + spans.count)
            first += spans.count
        }
    }

    /// `1000 µl` is a number and its unit; any other value is one text.
    private static func values(_ field: ChemStationTextLine.Field, in line: String) -> [Range<Int>] {
        let words = RuledColumns.words(of: line).map(\.span).filter { field.valueSpan.contains($0.lowerBound) }
        guard let first = words.first else { return [field.valueSpan] }
        guard field.key.hasSuffix("Inj Volume"), words.count == 2 else { return [first.lowerBound..<field.valueSpan.upperBound] }
        return words
    }

    private mutating func take(_ row: Row, _ key: String, columns: Range<Int>) {
        let isMethod = key.hasSuffix("Method")
        // It stands below each of two methods, and means the one above it.
        let section = key == "Last changed" ? method : nil
        if isMethod { method = key }
        fields.take(row, columns: columns, section: section)
        let whole = (section.map { $0 + " " } ?? "") + key
        if !seen.insert(whole).inserted {
            tell(
                row, columns.lowerBound, "chemstation.repeated-key", "\"\(key)\" stands twice in this report",
                "the first one is used, the other is kept in the extras of the run; compare it with ChemStation")
        } else if !Self.keys.contains(key) {
            let near = NearestName.of(key, among: Self.keys)
            tell(
                row, columns.lowerBound, "chemstation.unknown-key",
                "\"\(key)\" is no field of this report" + (near.map { ", \"\($0)\" is" } ?? ""),
                "its value is kept in the extras of the run; if the file was edited, report the injection again in ChemStation")
        }
    }

    /// `Data File …` and `Sample Name: …`, whose keys end where their words do.
    mutating func take(_ row: Row, _ line: String, key: String, ending: String) {
        guard let end = line.firstRange(of: ending)?.upperBound else { return }
        let value = line.unicodeScalars.distance(from: line.startIndex, to: end)
        row.cut([0..<value, value..<Int.max])
        take(row, key, columns: 0..<2)
    }

    /// A line that goes on where the value above it was full.
    func takeFurther(_ row: Row) {
        row.cut(RuledColumns.words(of: row.text(at: 0)).prefix(1).map { $0.span.lowerBound..<Int.max })
        fields.takeFurther(row)
    }

    /// The line of the instrument, the time of the report and who made it.
    mutating func takeStamp(_ row: Row) {
        row.uncut()
        row.describe()
        let line = row[0]
        stamp = line
        let words = line.split(separator: " ", omittingEmptySubsequences: true).map(String.init)
        for (start, length) in (1..<max(1, words.count)).flatMap({ start in [3, 2].map { (start, $0) } })
        where start + length <= words.count {
            let written = words[start..<start + length].joined(separator: " ")
            guard words[start].first?.isNumber == true, let time = row.time(written) else { continue }
            // A damaged AM or PM behind the time is no person, and the time is another without it.
            if start + length < words.count, words[start + length].count == 2, words[start + length].uppercased().hasSuffix("M") {
                continue
            }
            run.times.append(RunRecord.Time(.reported, time))
            let person = words[(start + length)...].joined(separator: " ")
            if PrivateText.isAccount(person) { tellAccount(row) } else if !person.isEmpty { extras.add("Reported by", person) }
            run.instrument = RunRecord.Instrument(name: words[..<start].joined(separator: " "))
            return
        }
        extras.add("line \(row.line)", PrivateText.withoutFolders(line))
        tell(
            row, 0, "chemstation.unreadable-value", "\"\(line)\" does not tell an instrument and the time of the report",
            "the peaks were read without it; the text is kept in the extras of the run")
    }

    /// A remark that is no field: `Use Multiplier & Dilution Factor with ISTDs`.
    mutating func takeRemark(_ row: Row, as key: String) {
        row.uncut()
        if let text = row.extra(0) { extras.add(key, PrivateText.withoutFolders(text.trimmed)) }
    }

    /// A row of `Sample ISTD Information:`, cell by cell.
    mutating func takeStandard(_ row: Row, _ header: Header) {
        let number = row[0]
        row.describe(0)
        for column in 1..<max(1, header.count) {
            guard let text = row.extra(column) else { continue }
            let unit = header.units[column].written.map { " [\($0)]" } ?? ""
            extras.add("ISTD \(number) \(header.names[column])\(unit)", text.trimmed)
        }
    }

    // MARK: What the lines mean

    /// Reads the fields; done once, when the first signal begins.
    /// - Parameters:
    ///   - title: The first title of the report.
    ///   - known: The keys that another file tells, and that go without extras here.
    mutating func settle(title: String?, known: Set<String> = []) {
        for key in fields.keys where known.contains(key) { _ = fields.values(key) }
        sample = fields["Sample Name"].map { Sample(name: $0) }
        run.name = path("Data File").map(PrivateText.fileName)
        run.sequence = path("Sequence File").map(PrivateText.fileName)
        if let name = fields["Acq. Instrument"] { run.instrument = RunRecord.Instrument(name: name) }
        run.operatorName = fields.person("Acq. Operator", "chemstation", source)
        for (key, role) in [
            ("Acq. Method", RunRecord.Method.Role.acquisition), ("Method", .processing), ("Analysis Method", .processing),
        ] { takeMethod(key, role) }
        do {
            injection.acquired = try fields.timestamp("Injection Date")
        } catch {
            unreadable("Injection Date", "is not a date and time")
        }
        if let written = fields["Inj"] {
            injection.ordinal = Int(written)
            if injection.ordinal == nil { unreadable("Inj", "is not a whole number") }
        }
        takeVolume()
        if let written = fields["Location"] {
            let vial = written.hasPrefix("Vial ") ? written.dropFirst(5).trimmed : written
            position = Position(agilent: vial)
            position?.written = written
        }
        if let title { run.extras.add("Report", title) }
        for (heading, text) in (fields.unread.fields + extras.fields).map({ ($0.heading, $0.text) }) {
            run.extras.add(heading, withoutAccount(heading, PrivateText.withoutFolders(text.trimmed)))
        }
        for key in Self.required where !seen.contains(key) {
            source.account.report(
                Diagnostic(
                    .warning, "chemstation.missing-key", "this report has no field \"\(key)\"", at: source.location(),
                    hint: "the peaks were read without it; the file was cut or edited: report the injection again in ChemStation")
            )
        }
    }

    /// Whether the report tells the fields that every report has.
    var isKnown: Bool { !seen.isEmpty }

    /// The whole text of a path, which goes on in the next line where it is long.
    private func path(_ key: String) -> String? {
        guard let values = fields.values(key) else { return nil }
        // The line is full where it is broken; only a remark in brackets is set apart.
        return values.reduce("") { $0.isEmpty ? $1 : $1.hasPrefix("(") ? $0 + " " + $1 : $0 + $1 }
    }

    private mutating func takeMethod(_ key: String, _ role: RunRecord.Method.Role) {
        guard let whole = path(key) else { return }
        var name = PrivateText.fileName(whole)
        // `GC.M (Sequence Method)`
        if name.hasSuffix(")"), let bracket = name.lastIndex(of: "(") {
            extras.add("\(key) is", String(name[name.index(after: bracket)...].dropLast()).trimmed)
            name = name[..<bracket].trimmed
        }
        run.methods.append(RunRecord.Method(role, name))
    }

    private mutating func takeVolume() {
        guard let values = fields.values("Inj Volume"), let first = values.first else { return }
        let written = values.joined(separator: " ")
        // `Manually` and `No inj` say why there is none.
        guard first.first.map({ $0.isNumber || "+-.,".contains($0) }) == true else {
            injection.volume = Quantity(written: written, absent: .notReported)
            return
        }
        do {
            injection.volume = try fields.quantity("Inj Volume")
        } catch {
            injection.volume = Quantity(written: written, absent: .notReported)
            unreadable("Inj Volume", "is not a volume")
        }
    }

    private mutating func unreadable(_ key: String, _ what: String) {
        let written = fields.values(key)?.joined(separator: " ") ?? ""
        extras.add(key, written)
        source.account.report(
            fields.fault(
                "chemstation.unreadable-value", "\"\(written)\" \(what), in \"\(key)\"", at: key, severity: .warning,
                hint: "the peaks were read without it; compare it with ChemStation"))
    }

    /// `7/24/2023 4:35:09 PM by LAB\vance` without the account.
    private func withoutAccount(_ key: String, _ text: String) -> String {
        guard let by = text.firstRange(of: " by "), PrivateText.isAccount(String(text[by.upperBound...])) else { return text }
        source.account.report(
            fields.fault(
                "chemstation.account", "\"\(key)\" holds a Windows account, which does not go into records", at: key,
                severity: .note))
        return String(text[..<by.lowerBound])
    }

    private func tellAccount(_ row: Row) {
        source.account.report(
            row.fault(
                "chemstation.account", "a Windows account stands in this line, which does not go into records", at: 0,
                severity: .note))
    }

    private func tell(_ row: Row, _ column: Int, _ code: String, _ message: String, _ hint: String) {
        source.account.report(row.fault(code, message, at: column, severity: .warning, hint: hint))
    }
}
