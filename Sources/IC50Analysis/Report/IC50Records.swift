import DoseResponse
public import IngestCore

/// The results as a records file, so that they can go to a result schema like any others: one result a curve, refused ones with
/// their reasons.
///
/// `ic50`, `slope`, `bottom` and the like are measurements under their own names. Of a curve whose IC50 lies outside the tested doses
/// `ic50` is a bound (`>300`), of any other refused curve it has no value. `verdict`, `reasons`, `model` and the rest are extras.
public struct IC50Records: Sendable {
    public static let adapter = AdapterIdentity("ic50", version: 1, instrument: "dose-response analysis of ingest")
    private let report: IC50Report

    public init(_ report: IC50Report) { self.report = report }

    /// - Parameters:
    ///   - table: `ic50.csv`, which stands for the source.
    ///   - page: `ic50.html`.
    public func records(table: FileDigest, page: FileDigest) -> [Record] {
        var assumptions = Assumptions()
        assumptions.encoding = Assumptions.Choice("utf-8", why: "written by ingest")
        let source = SourceRecord(
            file: table, members: [], adapter: Self.adapter, format: "ingest ic50", recognized: "written by ingest ic50",
            assumptions: assumptions)
        var extras: Extras = [:]
        for input in report.provenance.inputs { extras.add("input", "\(input.name), sha256 \(input.sha256)") }
        for setting in report.provenance.settings { extras.add(setting.name, setting.value) }
        var run = RunRecord(
            name: "IC50 analysis", software: RunRecord.Software(name: "ingest", version: report.provenance.ingestVersion),
            extras: extras)
        run.id = "r1"
        var list: [Record] = [.source(source), .run(run)]
        for (index, curve) in report.curves.enumerated() {
            list.append(.result(result(curve, line: index + 2, table)))
        }
        for (index, (file, role, type)) in [
            (table, AttachmentRecord.Role.source, "text/csv"), (page, .report, "text/html"),
        ].enumerated() {
            var attachment = AttachmentRecord(file: file, mediaType: type, role: role)
            attachment.id = "a\(index + 1)"
            list.append(.attachment(attachment))
        }
        list.append(
            .end(
                EndRecord(
                    results: report.curves.count, leftOut: 0, traces: 0, points: 0, coverage: Coverage(),
                    completeness: Completeness(.yes, why: "every curve of the analysis has its result"))))
        return list
    }

    private func result(_ curve: ReportedCurve, line: Int, _ table: FileDigest) -> ResultRecord {
        let cells = IC50Row(curve).cells
        var record = ResultRecord(
            kind: .sample, sample: curve.name.isEmpty ? nil : Sample(name: curve.name),
            signal: curve.series.isEmpty ? nil : Signal(name: curve.series),
            measurements: measurements(cells, DoseUnit.shown(curve)),
            flags: [Flag(curve.verdict.grade.rawValue)] + curve.verdict.reasons.map { Flag($0.code, written: $0.text) },
            extras: extras(cells), location: SourceLocation(file: table.name, line: line, column: 1))
        record.file = String(table.sha256.prefix(16))
        record.run = "r1"
        return record
    }

    private static let doses: Set<String> = [
        "ic50_se", "ic50_low", "ic50_high", "abs_ic50", "abs_low", "abs_high", "ed10", "ed90", "ic50_extrapolated",
    ]
    /// Texts, and what is said already.
    private static let aside: Set<String> = ["curve", "series", "IC50", "std", "t_Value", "p_Value", "qualifier", "ic50"]

    private func measurements(_ cells: [String: IC50Cell], _ unit: DoseUnit?) -> [Measurement] {
        var list = [ic50(cells, unit)]
        for column in IC50Row.columns where !Self.aside.contains(column) {
            guard case .number(let value) = cells[column] ?? .empty else { continue }
            let isDose = Self.doses.contains(column)
            list.append(
                Measurement(
                    own: column,
                    Quantity(
                        written: IC50Cell.digits(value), value: value, unit: isDose ? unit?.unit : nil,
                        unitWritten: isDose ? unit?.written : nil)))
        }
        return list
    }

    private func ic50(_ cells: [String: IC50Cell], _ unit: DoseUnit?) -> Measurement {
        guard case .number(let value) = cells["ic50"] ?? .empty else {
            return Measurement(
                own: "ic50", Quantity(written: "", absent: .notReported, unit: unit?.unit, unitWritten: unit?.written))
        }
        var qualifier = "", bound = Quantity.Bound.exact
        if case .text(let text) = cells["qualifier"] ?? .empty { (qualifier, bound) = (text, text == ">" ? .above : .below) }
        return Measurement(
            own: "ic50",
            Quantity(
                written: qualifier + IC50Cell.digits(value), value: value, unit: unit?.unit, unitWritten: unit?.written,
                bound: bound))
    }

    private func extras(_ cells: [String: IC50Cell]) -> Extras {
        var extras: Extras = [:]
        for column in IC50Row.columns where !Self.aside.contains(column) {
            if case .text(let text) = cells[column] ?? .empty { extras.add(column, text) }
        }
        return extras
    }
}

extension DoseUnit {
    /// The unit of a curve's doses, with its UCUM code where it is known.
    static func shown(_ curve: ReportedCurve) -> DoseUnit? {
        curve.doseUnit.map { DoseUnit(written: $0, unit: Unit(spelling: $0)) }
    }
}
