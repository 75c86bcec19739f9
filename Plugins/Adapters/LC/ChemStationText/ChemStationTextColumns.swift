import IngestCore
import TabularText

/// The columns of a printed table: what their headings mean, and what is odd about them.
struct ChemStationTextColumns {
    let rule: RuledColumns
    let header: Header
    /// The line of the rule, for what concerns the table as a whole.
    let line: Int

    /// Headings whose meaning here differs from what they mean elsewhere, or has no name in the vocabulary.
    static let fields: [String: ColumnField] = [
        "Type": .integrationCode, "Sig": .extra, "Grp": .extra, "ISTD used": .extra, "Amt/Area ratio": .ownNumber,
        "Amt/Height ratio": .ownNumber, "Amt/Height": .ownNumber, "Norm %": .ownNumber,
    ]

    /// Headings of the format.
    private static let known = [
        "Peak #", "RetTime", "Sig", "Type", "ISTD used", "Width", "Area", "Height", "Area %", "Height %", "Symm.", "Symmetry",
        "Amt/Area", "Amt/Area ratio", "Amt/Height", "Amt/Height ratio", "Amount", "Grp", "Name", "k'", "Plates", "Resol.",
        "Resolution", "Tail", "Selectivity", "Norm %", "#",
    ]

    /// - Parameter lines: The headings as they stand above the rule.
    init(_ rule: RuledColumns, _ lines: [String], line: Int) {
        self.rule = rule
        self.line = line
        var (names, units) = rule.headings(lines)
        for column in names.indices where names[column] == "Amount %" {
            (names[column], units[column]) = ("Amount", "%")
        }
        header = Header(names, units: units)
    }

    /// `Sample ISTD Information:` has a table of its own.
    var isOfStandards: Bool { header.names.contains("ISTD Amount") }
    /// A table of all signals, sorted by time.
    var signalColumn: Int? { header.column("Sig") }

    func field(_ column: Int) -> ColumnField? { Self.fields[header.names[column]] ?? ColumnHeading.field(header.names[column]) }

    /// The measurement of a column that adds up to a total.
    func summed(_ column: Int) -> MeasurementName? {
        guard case .measurement(let name)? = field(column), [.area, .height, .amount].contains(name) else { return nil }
        return name
    }

    /// Reports headings that the format does not have, columns that are missing and units that do not belong together.
    /// - Parameters:
    ///   - title: That of the report, by which it has further columns.
    ///   - signal: The name of the signal.
    func check(title: String, signal: String?, in source: SourceFile) {
        func tell(_ code: String, _ message: String, _ hint: String, _ severity: Diagnostic.Severity = .warning) {
            source.account.report(Diagnostic(severity, code, message, at: source.location(line: line), hint: hint))
        }
        for (column, name) in header.names.enumerated() where !Self.known.contains(name) {
            let near = NearestName.of(name, among: Self.known).map { ", \"\($0)\" is" } ?? ""
            tell(
                "chemstation.unknown-column", "\"\(name)\" is no column of this report\(near), in column \(column + 1)",
                "its cells are kept under that heading; if the file was edited, report the injection again in ChemStation")
        }
        for name in missing(title) {
            tell(
                "chemstation.missing-column", "this table has no column \"\(name)\", which every \(title) has",
                "the other columns were read; the file was edited, or the lines above the rule are damaged: report the injection again in ChemStation"
            )
            source.account.doubt("the table at line \(line) has no column \"\(name)\"")
        }
        for message in oddUnits(signal) {
            tell(
                "chemstation.odd-unit", message,
                "the numbers were read with the units as they stand; compare them with ChemStation")
        }
    }

    private func missing(_ title: String) -> [String] {
        guard !title.contains("Summed") else { return [] }
        var wanted = ["RetTime", "Type"]
        if title.hasPrefix("Height") { wanted.append("Height") } else { wanted.append("Area") }
        if title.hasPrefix("Area Percent") { wanted += ["Peak #", "Width", "Area %"] }
        if title.contains("Standard") || title.contains("STD") { wanted += ["Amount", "Name"] }
        return wanted.filter { !header.names.contains($0) }
    }

    private func oddUnits(_ signal: String?) -> [String] {
        func unit(_ name: String) -> String? { header.column(name).map { header.units[$0].written ?? "" } }
        var odd: [String] = []
        for name in ["RetTime", "Width"] {
            if let unit = unit(name), unit != "min" { odd.append("\"\(name)\" is in \"\(unit)\", and in min in every report") }
        }
        let area = unit("Area"), height = unit("Height")
        if let area, let height, area != height + "*s" {
            odd.append("areas in \"\(area)\" do not belong to heights in \"\(height)\"")
        } else if let area, !area.hasSuffix("*s") {
            odd.append("\"\(area)\" is no unit of an area")
        }
        let measured = height ?? area.map { String($0.dropLast(2)) }
        if let measured, let signal, let (detector, units) = Self.detectors.first(where: { signal.hasPrefix($0.0) }),
            !units.contains(where: measured.hasSuffix)
        {
            odd.append("a signal of \(detector) is not measured in \"\(measured)\"")
        }
        return odd
    }

    /// What the detectors of Agilent measure in; of others nothing is known.
    private static let detectors: [(String, [String])] = [
        ("DAD", ["mAU"]), ("MWD", ["mAU"]), ("VWD", ["mAU"]), ("FLD", ["LU"]), ("RID", ["nRIU"]), ("FID", ["pA", "counts"]),
        ("TCD", ["uV", "µV", "counts"]), ("ECD", ["Hz", "counts"]),
    ]
}
