public import IngestCore
import TabularText

/// Reads the CSV that a report template of Agilent OpenLab CDS 2 writes for a sequence.
///
///     Sequence name:,STAB-LOT7 2024-03-20
///     Acquisition date:,2024-03-20 19:02:33+01:00
///
///     Line#,Location,Sample Name,Injection Date,Acq Method Name,Injection DA Method Name
///     2,D1F-A1,LOT7-0412,2024-03-20 19:10:21+01:00,ACIDS.amx,*ACIDS.pmx
///
///     Line#,Compound,Sample Name,Inj#,RT [min],Area,Peak Height,Amount,Concentration
///     2,Formic acid,LOT7-0412,1,15.274,534.849,26.814,0.0643,0.0643
///     Line#,Compound,Sample Name,Inj#,RT [min],Area,Peak Height,Amount,Concentration
///     2,Acetic acid,LOT7-0412,1,16.465,1131.377,50.793,,
///
/// - Each row of a compound's table becomes one ``ResultRecord``, completed by the injection with its `Line#`; where the
///   two rows contradict one another, the result is left out.
/// - An injection without compounds (an equilibration, a blank) becomes a result of kind `sample` without measurements.
/// - Templates differ: the columns are what their headings say. Units are those in the headings, and only those.
/// - A star before a method's name says that it was changed and not saved; such results have the flag `unsavedMethod`.
/// - The injection table is kept in memory, at most 50,000 rows; compounds are read row by row.
/// - Nothing in the file shows that it is whole.
///
/// Known from a report of OpenLab CDS 2 with version 2 of the template, and from the public reader yadg.
public struct OpenLabAdapter: InstrumentAdapter {
    public init() {}
    public let identity = AdapterIdentity("lc.openlab", version: 3, instrument: "Agilent OpenLab CDS 2 report CSV (sequence)")

    static let key = "Line#"
    private static let preambleKeys: Set<String> = [
        "Sequence name:", "Description:", "Acquisition date:", "Acquired by:", "Data path:", "Report version:",
    ]

    public func recognize(_ opening: SourceOpening) -> Recognition {
        guard opening.members.isEmpty else { return .no }
        let dialect = Dialect.sniffed(from: opening)
        let known = Set(opening.lines.prefix(60).map { dialect.cells(of: $0)[0].trimmed }).intersection(Self.preambleKeys)
        if known.count >= 3 { return .certain(because: "the keys \"\(known.sorted().prefix(3).joined(separator: "\", \""))\"") }
        guard !known.isEmpty, let line = Self.injectionHeader(opening, dialect) else { return .no }
        return .certain(because: "the key \"\(known.sorted()[0])\", and line \(line) is a heading with \"\(Self.key)\"")
    }

    /// The line of the first heading.
    private static func injectionHeader(_ opening: SourceOpening, _ dialect: Dialect) -> Int? {
        opening.lines.firstIndex { dialect.cells(of: $0).contains { $0.trimmed == key } }.map { $0 + 1 }
    }

    public func read(_ source: SourceFile, into output: AdapterOutput) async throws {
        let dialect = Dialect.sniffed(from: source.opening)
        guard Self.injectionHeader(source.opening, dialect) != nil else { throw Self.noTable(source) }
        let text = try DelimitedText(source, dialect: dialect)
        let preamble = text.keyedFields()
        // Without a table nobody comes to ask for the lines above it: the error below says all there is to say.
        text.atEnd = { preamble.leaveOut() }
        while let row = try text.next() {
            if row.isBlank { continue }
            if OpenLabReport.isHeading(row) {
                text.atEnd = nil
                let report = try OpenLabReport(text, run: run(from: preamble, source), heading: row)
                return try await report.read(into: output)
            }
            preamble.take(row)
        }
        throw Self.noTable(source)
    }

    private static func noTable(_ source: SourceFile) -> Diagnostic {
        Diagnostic(
            "openlab.no-injection-table", "no line is a heading with \"\(key)\"", at: source.location(),
            hint: "nothing was read; the file was cut, or its template was changed: report the sequence again")
    }

    // MARK: The lines above the tables

    private func run(from fields: KeyedFields, _ source: SourceFile) -> RunRecord {
        var run = RunRecord(sequence: fields["Sequence name"], software: RunRecord.Software(name: "OpenLab CDS 2"))
        do {
            if let started = try fields.timestamp("Acquisition date") { run.times = [RunRecord.Time(.started, started)] }
        } catch {
            let written = fields["Acquisition date"] ?? ""
            run.extras.add("Acquisition date", written)
            source.account.report(
                fields.fault(
                    "table.not-a-time", "\"\(written)\" is not a date and time", at: "Acquisition date", severity: .warning,
                    hint: "the results were read without it; the text is kept in the extras of the run"))
        }
        run.operatorName = fields.person("Acquired by", "openlab", source)
        let version = fields["Report version"]
        source.account.name(format: "OpenLab CDS 2 sequence report" + (version.map { " \($0)" } ?? ""))
        run.extras.add(fields.unread.withoutFolders)
        return run
    }
}
