import IngestCore
import TabularText

/// Reads `CHROMTAB.CSV`: runs one after another, each with the chromatograms of its detectors.
final class MSDChromatograms {
    static let headings = ["Path", "File", "Date Acquired", "Sample", "Misc"]

    private let file: SourceFile
    private let output: AdapterOutput
    private let text: DelimitedText
    /// The run at hand.
    private var injection: MSDInjection
    private var header: Header?
    /// A line of headings was read, and the values below it have not come.
    private var awaitsValues = false
    private var points: MSDPoints?
    private var signal: Signal?
    private var isSpectrometer = false
    private var traces = 0
    /// The runs so far, by data file and time; further ones are not compared.
    private var runs: Set<String> = []
    private static let mostRuns = 10_000

    init(_ file: SourceFile, _ output: AdapterOutput) throws {
        self.file = file
        self.output = output
        injection = MSDInjection(output)
        text = try DelimitedText(file)
    }

    func read() async throws {
        while let row = try text.next() {
            if row.isBlank { continue }
            if points != nil, !awaitsValues, row.count < 4, row.startsLikeNumber(0) || row.startsLikeNumber(1) {
                try points?.read(row)
            } else {
                try await take(row)
            }
        }
        endTrace()
        if traces == 0 {
            file.account.report(
                Diagnostic(
                    "msd.no-points", "no chromatogram follows the headings", at: file.location(line: 1, column: 1),
                    hint: "the file was cut: export it again"))
            file.account.contradict("\(file.name) has no chromatogram")
        }
        file.account.doubt("nothing shows where the chromatograms of \(file.name) end")
        try await injection.begin()
    }

    private func take(_ row: Row) async throws {
        let known = row.cells.count { Self.headings.contains($0.trimmed) }
        if known >= 3 {
            takeHeadings(row)
        } else if awaitsValues, row.count > 1 {
            takeValues(row)
        } else if row.count == 1, let title = MSDSignalTitle(row[0]) {
            try await begin(title, row)
        } else if row.count == 2, row.startsLikeNumber(0) {
            try await beginUntitled(row)
        } else {
            try await takeUnknown(row)
        }
    }

    // MARK: A run

    private func takeHeadings(_ row: Row) {
        endTrace()
        row.describe()
        let header = Header(row.cells)
        self.header = header
        injection = MSDInjection(output)
        awaitsValues = true
        for (index, name) in header.names.enumerated() where !Self.headings.contains(name) {
            let near = NearestName.of(name, among: Self.headings).map { ", the nearest is \"\($0)\"" } ?? ""
            tell(row, index, "msd.unknown-heading", "\"\(name)\" is no heading of this format\(near)")
        }
        let missing = Self.headings.filter { header.column($0) == nil }
        if !missing.isEmpty {
            tell(
                row, 0, "msd.missing-column", "the columns \(missing.map { "\"\($0)\"" }.joined(separator: ", ")) are missing")
        }
    }

    private func takeValues(_ row: Row) {
        guard let header else { return }
        awaitsValues = false
        row.header = header
        if row.count != header.count {
            tell(row, min(row.count, header.count) - 1, "msd.unknown-line", "\(header.count) values were expected here")
            file.account.contradict("line \(row.line) has \(row.count) of \(header.count) values")
        }
        for column in 0..<min(row.count, header.count) where !row.isEmpty(column) {
            let place = row.location(of: column)
            switch header.names[column] {
            // Where the data lay means nothing elsewhere.
            case "Path": row.describe(column)
            case "File": if let name = row.string(column) { injection.stateDataFile(name, at: place) }
            case "Sample": if let name = row.string(column) { injection.stateSample(name, at: place) }
            case "Date Acquired":
                do {
                    if let time = try row.timestamp(column) { injection.stateAcquired(time, at: place) }
                } catch {
                    keep(row, column)
                    tell(row, column, "msd.unreadable-value", "\"\(row[column])\" is not a date and time")
                }
            default: keep(row, column)
            }
        }
        for column in 0..<row.count where row[column].contains("\"") {
            tell(
                row, column, "msd.unreadable-value", "a quote stands in this value: another one is lost, or this one is too many")
        }
        for column in min(row.count, header.count)..<max(row.count, header.count) where !row.isEmpty(column) {
            keep(row, column)
        }
        if injection.run.name?.lowercased().hasSuffix(".d") != true {
            tell(row, 0, "msd.unreadable-value", "these values tell no data folder, whose name ends in .D")
        }
        let run = (injection.run.name ?? "") + "\n" + (injection.injection?.acquired?.written ?? "")
        if runs.count < Self.mostRuns, !runs.insert(run).inserted {
            tell(row, 0, "msd.repeated-run", "this run stands in the file already")
            file.account.contradict("a run of \(file.name) stands twice")
        }
    }

    private func keep(_ row: Row, _ column: Int) {
        guard let text = row.extra(column) else { return }
        let heading = header.flatMap { column < $0.count ? $0.distinct[column] : nil } ?? "column \(column + 1)"
        injection.run.extras.add(heading, text)
    }

    // MARK: A chromatogram

    private func begin(_ title: MSDSignalTitle, _ row: Row) async throws {
        endTrace()
        row.describe()
        if injection.run.name == nil || awaitsValues {
            tell(row, 0, "msd.missing-line", "no line above says which run this chromatogram is of")
            file.account.contradict("a run of \(file.name) is not told")
        }
        injection.stateDataFile(title.dataFile, at: row.location)
        signal = Signal(name: title.name)
        isSpectrometer = title.isOfSpectrometer
        try await beginPoints()
    }

    /// Points whose title is missing: of a run perhaps, of no known signal.
    private func beginUntitled(_ row: Row) async throws {
        tell(row, 0, "msd.missing-line", "no line above says which signal these points are of")
        file.account.contradict("a signal of \(file.name) is not told")
        (signal, isSpectrometer) = (nil, false)
        try await beginPoints(row)
    }

    private func beginPoints(_ row: Row? = nil) async throws {
        try await injection.begin()
        awaitsValues = false
        guard let first = try row ?? text.next(), first.startsLikeNumber(0) else {
            file.account.report(
                Diagnostic(
                    "msd.no-points", "no points follow the title of this chromatogram", at: file.location(),
                    hint: "the others were read; the file was cut: export it again"))
            file.account.contradict("a chromatogram of \(file.name) has no points")
            return
        }
        traces += 1
        let writer = output.trace(
            TraceRecord(
                sample: injection.sample, injection: injection.injection, signal: signal,
                axes: [
                    TraceRecord.Axis("time", unit: .minute), TraceRecord.Axis("signal", unit: isSpectrometer ? .counts : nil),
                ], location: first.location))
        points = MSDPoints(
            text, writer, .decimals(LastDigit.decimals(first[0])), isCounted: isSpectrometer, from: first)
        try points?.read(first)
    }

    private func endTrace() {
        _ = points?.finish()
        points = nil
    }

    // MARK: What is told

    /// A line that is none of the format. What follows is of nobody knows which run.
    private func takeUnknown(_ row: Row) async throws {
        endTrace()
        row.leaveOut(
            row.fault(
                "msd.unknown-line", "this line is no point, no title and no heading of this format", at: 0,
                hint: "it was left out; chromatograms below it are told without sample and signal: export the file again"))
        file.account.contradict("line \(row.line) of \(file.name) is not understood")
        injection = MSDInjection(output)
        awaitsValues = false
    }

    private func tell(_ row: Row, _ column: Int, _ code: String, _ message: String) {
        file.account.report(
            row.fault(
                code, message, at: max(0, column), severity: .warning,
                hint: "the rest was read; the file was edited or damaged: export it again"))
    }
}
