public import IngestCore
import TabularText

/// Reads the tables that MassHunter Quantitative Analysis exports (`Batch Table` to a text file), in both layouts.
///
///     Sample,,,,,,Cortisol Method,,Cortisol Results,,,Qualifier (363.2 -> 97.1) Results,
///     ,,Name,Data File,Type,Acq. Date-Time,Precursor Ion,Product Ion,RT,Area,MI,RT,Area
///     !,,S-01,S-01.d,Sample,26/11/2024 3:05 pm,363.2,121.1,3.456,20115,FALSE,3.455,8004
///
///     Compound Method,,S-01,,S-01,Qualifier 1 Method,Qualifier 1 Results,S-02,,S-02,…
///     Name,Transition,Data File,Acq. Date-Time,Area,Transition,Area,Data File,Acq. Date-Time,Area,…
///
/// - Each compound of each sample becomes one ``ResultRecord`` of kind `compound`, and each qualifier ion one of its
///   own with the role `qualifier`, named `<compound> Qualifier (a -> b)`. The role is `istd` where the name says
///   `(ISTD)`, `(IS)`, `[ISTD]` or `[IS]`, or the compound's type does.
/// - Names repeat, of samples and of compounds: results are told apart by line and column.
/// - Retention times and FWHM are in minutes, as MassHunter reports them; areas and concentrations have no unit unless
///   the method has a column `Units`. An empty cell is a compound that was not detected, or not quantified.
/// - `Final Conc.` is the concentration; `Calc. Conc.` beside it keeps its heading. Of the method, the precursor is the
///   mass to charge; product ion, collision energy and the like are extras.
/// - `!` in front of a sample flags all its results `outlier`: MassHunter marks the sample, not the value.
///
/// Known from exports that the public readers midar and MSOrganiser are tested with; none states its version.
public struct MassHunterAdapter: InstrumentAdapter {
    public init() {}
    public let identity = AdapterIdentity(
        "lc.masshunter", version: 3, instrument: "Agilent MassHunter Quantitative Analysis text export (batch table)")

    public func recognize(_ opening: SourceOpening) -> Recognition {
        guard opening.members.isEmpty else { return .no }
        let dialect = Dialect.sniffed(from: opening)
        let lines = opening.lines.filter { !$0.trimmed.isEmpty && !$0.lowercased().hasPrefix("sep=") }.prefix(2)
            .map { dialect.cells(of: $0) }
        guard let groups = lines.first, groups.count > 2 else { return .no }
        let headings = lines.count > 1 ? lines[1] : []
        guard let evidence = MassHunterQuantTable.evidence(groups: groups, headings: headings) else { return .no }
        return .certain(because: evidence)
    }

    public func read(_ source: SourceFile, into output: AdapterOutput) async throws {
        let text = try DelimitedText(source)
        let table = try Self.table(text, source)
        source.account.name(
            format: "MassHunter Quantitative Analysis, a line per \(table.layout == .wide ? "sample" : "compound")")
        try await output.begin(RunRecord())
        let reader = MassHunterRows(table)
        while let row = try text.next() {
            row.header = table.header
            if row.isBlank { continue }
            if row.repeats(table.header) {
                row.ignore(.repeatedHeading)
            } else if row.count > table.width {
                // However many are empty at its end: all cells behind the one too many are under a wrong heading.
                row.leaveOut(
                    row.fault(
                        "table.long-row", "this row has \(row.count) cells, the header has \(table.width)", at: table.width,
                        hint: "this row was left out, the others were read; perhaps a text with a separator lacks its quotes"))
            } else if row.fits(table.header) {
                try await reader.read(row, into: output)
            }
        }
    }

    /// Reads the two header lines.
    private static func table(_ text: DelimitedText, _ source: SourceFile) throws -> MassHunterQuantTable {
        guard let first = try text.next() else { throw noHeader(source) }
        let groups = first.cells
        let line = first.line
        first.describe()
        var second = try text.next()
        while let row = second, row.isBlank { second = try text.next() }
        guard let second else { throw noHeader(source) }
        let headings = second.cells
        second.describe()
        let dialect = text.dialect
        let rows = source.opening.wholeLines.dropFirst(second.line).map { dialect.cells(of: $0) }.filter { $0 != headings }
        let numeric = NumericColumns.find(rows, columns: headings.count, in: text)
        let table = try MassHunterQuantTable(
            groups: groups, headings: headings, line: line, numeric: numeric, source: source)
        // Of lines that are no header nothing is a heading.
        UnknownHeadings.tell(second, isKnown: MassHunterFields.knows)
        return table
    }

    private static func noHeader(_ source: SourceFile) -> Diagnostic {
        Diagnostic(
            "table.no-header", "the two header lines are not there", at: source.location(),
            hint: "the file is cut, or is another format: try ingest detect")
    }
}

/// Reads the rows of one table.
private final class MassHunterRows {
    let table: MassHunterQuantTable
    private let compound: MassHunterFields
    private let nameColumn: Int?
    private let typeColumn: Int?
    /// How many results each injection has so far, by block; in a wide table the injection is the row.
    private var ordinals: [Int]
    private var rows: Set<UInt64> = []
    /// The blocks whose samples have another name than their group: told once for all lines.
    private var otherNames: Set<Int> = []
    /// What a line of a transposed table tells of its compound, and not of the qualifiers.
    private var told = ResultRecord(kind: .compound, measurements: [], location: SourceLocation(file: ""))

    init(_ table: MassHunterQuantTable) {
        self.table = table
        let isTransposed = table.layout == .transposed
        compound = isTransposed ? MassHunterFields(compound: table.shared, header: table.header) : MassHunterFields()
        nameColumn = isTransposed ? table.shared.first { table.header.names[$0] == "Name" } : nil
        typeColumn = isTransposed ? table.shared.first { table.header.names[$0] == "Type" } : nil
        ordinals = Array(repeating: 0, count: table.blocks.count)
    }

    func read(_ row: Row, into output: AdapterOutput) async throws {
        var base = ResultRecord(kind: .compound, measurements: [], location: row.location)
        do {
            if table.layout == .wide {
                base.take(try MassHunterSample(row, table.shared, table.header))
                for block in ordinals.indices { ordinals[block] = 0 }
            } else {
                try takeCompound(row)
            }
        } catch let diagnostic as Diagnostic {
            row.leaveOut(diagnostic)
            return
        }
        watch(row, &base)
        var ordinal = 0
        for (index, block) in table.blocks.enumerated() {
            var sampled = base
            if table.layout == .transposed {
                row.select(block.columns)
                do {
                    let sample = try MassHunterSample(row, block.sample, table.header, name: block.name)
                    if let column = sample.otherName, otherNames.insert(index).inserted { tellName(row, column, block) }
                    sampled.take(sample)
                } catch let diagnostic as Diagnostic {
                    output.leaveOut(diagnostic)
                    continue
                }
                ordinal = ordinals[index]
            }
            for finding in block.findings {
                // A transposed table has room for as many qualifiers as any compound has.
                if finding.qualifier != nil, table.layout == .transposed, finding.columns.allSatisfy(row.isEmpty) {
                    continue
                }
                ordinal += 1
                row.select(finding.columns)
                try await output.emitResult {
                    var result = try result(row, finding, of: block, from: sampled)
                    result.ordinal = ordinal
                    return result
                }
            }
            ordinals[index] = ordinal
        }
    }

    private func tellName(_ row: Row, _ column: Int, _ block: MassHunterQuantTable.Block) {
        row.source.account.report(
            row.fault(
                "masshunter.other-name", "the group of this sample is named \"\(block.name)\", not \"\(row[column])\"",
                at: column, severity: .warning,
                hint: "the name of the group is used, the other is kept among the extras; compare them with the instrument"))
    }

    /// The name, role and method of the compound of a line. The method is told of the compound, not of its qualifiers.
    private func takeCompound(_ row: Row) throws {
        told = ResultRecord(kind: .compound, measurements: [], location: row.location)
        for column in table.shared where table.header.names[column].isEmpty {
            if row[column] == "!" {
                row.describe(column)
                told.flags.append(Flag("outlier", written: "!"))
            } else if let written = row.extra(column) {
                told.extras.add("column \(column + 1)", written)
            }
        }
        let name = nameColumn.flatMap { row.string($0) }
        let isInternalStandard = name.map(Self.isInternalStandard) ?? false || typeColumn.map { row[$0] } == "ISTD"
        told.analyte = Analyte(name: name, role: isInternalStandard ? .istd : .target)
        try compound.read(row, into: &told)
    }

    private func result(
        _ row: Row, _ finding: MassHunterQuantTable.Finding, of block: MassHunterQuantTable.Block,
        from base: ResultRecord
    ) throws -> ResultRecord {
        var result = base
        let place = row.location(of: finding.columns.lowerBound)
        result.location = SourceLocation(file: place.file, member: place.member, line: place.line, column: place.column)
        result.index = finding.columns.lowerBound + 1
        let name = table.layout == .wide ? block.name : told.analyte?.name
        if let qualifier = finding.qualifier {
            let transition = finding.fields.transitionColumn.map { row[$0] } ?? ""
            let label = transition.isEmpty ? qualifier : "(\(transition))"
            result.analyte = Analyte(name: (name.map { $0 + " " } ?? "") + "Qualifier \(label)", role: .qualifier)
            if let name { result.extras.add("Compound", name) }
            if finding.fields.transitionColumn == nil, let transition = Self.inBrackets(qualifier) {
                result.extras.add("Transition", transition)
            }
        } else if table.layout == .wide {
            result.analyte = Analyte(name: block.name, role: Self.isInternalStandard(block.name) ? .istd : .target)
        } else {
            result.analyte = told.analyte
            result.measurements = told.measurements
            result.flags += told.flags
            result.extras.add(told.extras)
        }
        try finding.fields.read(row, into: &result)
        return result
    }

    private static func inBrackets(_ text: String) -> String? {
        text.hasPrefix("(") && text.hasSuffix(")") ? String(text.dropFirst().dropLast()) : nil
    }

    private static func isInternalStandard(_ name: String) -> Bool {
        guard name.hasASCII("(") || name.hasASCII("[") else { return false }
        let name = name.uppercased()
        return name.hasASCII("(ISTD)") || name.hasASCII("[ISTD]") || name.hasASCII("(IS)") || name.hasASCII("[IS]")
    }

    /// The same line twice is no second injection: the data file would have another name, or the time would.
    private func watch(_ row: Row, _ base: inout ResultRecord) {
        guard !rows.insert(row.fingerprint).inserted else { return }
        base.flags.append(Flag("repeatedRow"))
        row.source.account.report(
            row.fault(
                "table.repeated-row", "this row is the same as one before", at: 0, severity: .warning,
                hint: "it was read; if the instrument wrote it once, the file was damaged"))
    }
}

extension ResultRecord {
    fileprivate mutating func take(_ told: MassHunterSample) {
        sample = told.sample == Sample() ? nil : told.sample
        position = told.position
        injection = told.injection == Injection() ? nil : told.injection
        flags += told.flags
        extras.add(told.extras)
    }
}
