import IngestCore
import TabularText

/// What the columns of data cubes in long form hold, by their headings.
struct DataCubeColumns {
    let header: Header
    /// What the others were measured over.
    let over: Int
    let measured: [Int]
    /// All others: what tells one cube from another.
    let describing: [Int]
    let sample: Int?
    let label: Int?
    /// One for each column that has numbers, by column.
    let axes: [Int: TraceRecord.Axis]

    private static let words = (sample: "sample identifier", injection: "injection id", label: "data cube label")

    /// The column of the label, in the format's word for it or one that was garbled beside another of its words.
    static func label(_ cells: [String]) -> Int? {
        let names = cells.map { $0.trimmed.lowercased() }
        if let exact = names.firstIndex(of: words.label) { return names.count > 3 ? exact : nil }
        guard names.contains(words.injection), names.count > 3, let near = NearestName.of(words.label, among: names) else {
            return nil
        }
        return names.firstIndex(of: near)
    }

    /// - Parameter row: The heading.
    /// - Throws: A ``Diagnostic`` where nothing says what was measured, or over what.
    init(_ row: Row, _ text: DelimitedText) throws {
        let header = Header(row.cells)
        row.header = header
        let names = header.names.map { $0.lowercased() }
        let lines = text.source.opening.wholeLines.dropFirst(row.line)
        let rows = text.dialect.records(of: lines).map(\.cells)
        let numeric = NumericColumns.find(rows, columns: header.count, in: text)
        guard
            let over = header.names.indices.first(where: {
                TraceHeading.isKnownAxis(header.names[$0]) && numeric.contains($0)
            })
        else {
            throw row.fault(
                "data-cubes.heading", "no heading is one of a time, a volume or a wavelength", at: 0,
                hint: "nothing was read: the points of the file are over nothing; call that column retention time or retention "
                    + "volume, with its unit")
        }
        self.header = header
        self.over = over
        measured = header.names.indices.filter {
            $0 != over && (numeric.contains($0) || TraceHeading.isKnownSignal(header.names[$0]))
                && !(names[$0] == Self.words.sample || names[$0] == Self.words.injection || names[$0] == Self.words.label)
        }
        let measured = measured
        describing = header.names.indices.filter { $0 != over && !measured.contains($0) }
        sample = names.firstIndex(of: Self.words.sample)
        label = Self.label(row.cells)
        var axes: [Int: TraceRecord.Axis] = [:]
        for column in [over] + measured {
            axes[column] = TraceHeading.axis(
                header.names[column], header.units[column], column, row, isOver: column == over)
        }
        self.axes = axes
        for column in describing { Self.tellUnknown(names[column], column, row) }
        for word in [Self.words.sample, Self.words.injection] where !names.contains(word) {
            row.source.account.report(
                row.fault(
                    "data-cubes.heading", "no heading is \"\(word)\"", at: header.count, severity: .warning,
                    hint: "the traces were read without it; the heading was changed: correct the file at its source"))
        }
    }

    private static func tellUnknown(_ name: String, _ column: Int, _ row: Row) {
        let known = [words.sample, words.injection, words.label]
        guard !known.contains(name) else { return }
        let near = NearestName.of(name, among: known)
        row.source.account.report(
            row.fault(
                "data-cubes.heading", "the heading \"\(row[column])\" is not known", at: column, severity: .warning,
                hint: near.map { "if it is \"\($0)\", call it that; its texts are extras of the traces" }
                    ?? "its texts are extras, and where they change another trace begins"))
    }
}
