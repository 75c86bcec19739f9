public import IngestCore
import TabularText

/// Reads a curve of two columns that names no instrument: a chromatogram, a spectrum, anything over a rising axis.
///
///     time (min),signal (mAU)
///     0.00000,0.12
///     0.00833,0.15
///
/// - The file becomes one trace with two axes, named by the heading: `time`, `wavelength`, `absorbance`, `signal` where a
///   heading is one of the words for them, else as the heading is written. A heading that is not known is told.
/// - Units are those in the heading, or in a line of units below it, and only those.
/// - Without a heading the axes are `x` and `y`, which is told.
/// - The first column has to rise. Where it rises evenly, a place where it does not is told with its line, and flags the
///   trace: a row is missing, stands twice or was moved. How many points there should be, no such file states.
/// - Separators are TAB, `;` or a comma; at least a hundred points have to follow, for two columns of numbers are anybody's.
///
/// Known from files that people make of chromatograms for analysis in Python and R.
public struct TraceAdapter: InstrumentAdapter {
    public init() {}
    public let identity = AdapterIdentity(
        "lc.trace", version: 1, instrument: "any trace of two columns: time, signal")

    public func recognize(_ opening: SourceOpening) -> Recognition {
        guard opening.members.isEmpty else { return .no }
        let found = TraceOpening(opening)
        guard let evidence = found.evidence, found.heading.isEmpty ? !opening.isUTF16 : true else { return .no }
        // A table of peaks or wells is read as what it is, unless nothing but a curve is so even.
        guard found.isEvenCurve || TableAdapter.heading(opening) == nil else { return .no }
        let isPlate = [PlateLayout.Shape.long, .wide].contains { PlateReading.recognize($0, opening) != .no }
        return isPlate ? .no : .possible(because: evidence)
    }

    public func read(_ source: SourceFile, into output: AdapterOutput) async throws {
        let found = TraceOpening(source.opening)
        let text = try DelimitedText(source, dialect: found.dialect)
        source.account.name(format: found.heading.isEmpty ? "two columns without a heading" : "two columns")
        try await output.begin(RunRecord())
        var row = try text.nextFilled()
        let location = row?.location ?? source.location(line: 1, column: 1)
        let heading: TraceHeading
        if let names = row, !found.heading.isEmpty {
            let header = Header(found.heading, units: found.units)
            names.header = header
            names.describe()
            heading = try TraceHeading(header, below: names)
            row = try text.nextFilled()
            if let units = row, !found.units.isEmpty {
                units.describe()
                row = try text.nextFilled()
            }
        } else {
            heading = .none
            source.account.report(
                Diagnostic(
                    .warning, "trace.no-heading", "no heading says what the two columns are", at: location,
                    hint: "they were read as x and y, without units; put a line such as \"time (min),signal (mAU)\" above them"))
        }
        var points = TracePoints(text, output.trace(TraceRecord(axes: heading.axes, location: location)), heading.axes)
        try points.read(from: row)
    }
}

extension TableAdapter {
    /// Whether the file has a heading of a table of results.
    static func heading(_ opening: SourceOpening) -> [String]? {
        TableHeading.find(opening, Dialect.sniffed(from: opening))?.cells
    }
}

extension DelimitedText {
    /// The next row with text in it.
    func nextFilled() throws -> Row? {
        while let row = try next() {
            if !row.isBlank { return row }
        }
        return nil
    }
}
