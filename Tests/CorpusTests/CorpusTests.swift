import FoundationEssentials
import IngestCore
import IngestPipeline
import IngestTesting
import InstrumentAdapters
import Testing

/// Real files, read where they lie: `INGEST_CORPUS`, by default `../shared/corpus` beside the project. None of them is
/// in the repository; without the folder these tests say that they were skipped.
enum Corpus {
    static let root: String? = {
        let project = #filePath.split(separator: "/").dropLast(3).reduce("") { $0 + "/" + $1 }
        let path = ProcessInfo.processInfo.environment["INGEST_CORPUS"] ?? project + "/../shared/corpus"
        return FileManager.default.fileExists(atPath: path + "/INDEX.tsv") ? path : nil
    }()

    /// One line of `INDEX.tsv`.
    struct Entry: Sendable, CustomTestStringConvertible {
        let path: String, kind: String, contents: String
        var testDescription: String { path }
        var file: String { (Corpus.root ?? "") + "/" + path }
        var adapter: String? {
            Corpus.adapters[kind] ?? Corpus.adaptersByFolder[path.split(separator: "/").dropLast().joined(separator: "/")]
        }
    }

    static let entries: [Entry] = {
        guard let root, let index = try? String(contentsOfFile: root + "/INDEX.tsv", encoding: .utf8) else { return [] }
        return index.split(separator: "\n").dropFirst().compactMap { line in
            let cells = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            return cells.count > 11 ? Entry(path: cells[0], kind: cells[2], contents: cells[11]) : nil
        }
    }()

    /// The adapter that reads each kind of file, as far as there are some.
    static let adapters: [String: String] = [
        "chemstation-report-table": "lc.chemstation", "chemstation-report-header": "lc.chemstation",
        "chemstation-report-text": "lc.chemstation-text",
        "openlab-sequence-report-csv": "lc.openlab", "shimadzu-ascii": "lc.labsolutions",
        "chromeleon-trace-txt": "lc.chromeleon", "mhquant-compound-csv": "lc.masshunter",
        "mhquant-wide-csv": "lc.masshunter", "empower-arw": "lc.empower", "delimited-csv": "lc.table",
        "benchling-results-csv": "lc.table", "benchling-trace-csv": "lc.data-cubes",
        "sciex-quant-txt": "lc.sciex", "skyline-csv": "lc.skyline", "openlab-rdl-report-text": "lc.openlab-text",
        "tapestation-xml": "xml.tapestation", "bioanalyzer-xml": "xml.bioanalyzer", "siriust3-xml": "xml.siriust3",
        "chemstation-result-xml": "xml.chemstation", "chemstation-sample-xml": "xml.chemstation",
        "chemstation-lims-xml": "xml.chemstation", "acaml-xml": "xml.acaml", "openlab-rslt-zip": "xml.openlab",
        "bioplex-xml": "xml.bioplex", "softmax-xml": "xml.softmax", "facsdiva-xml": "xml.facsdiva", "flowjo-wsp": "xml.flowjo",
        "targetlynx-xml": "xml.targetlynx", "shimadzu-daml": "xml.daml", "gaml-xml": "xml.gaml", "animl-xml": "xml.animl",
        "unicorn-result-zip": "xml.unicorn", "tecan-icontrol-xml": "xml.tecan", "d300-xml": "xml.d300",
        "openlynx-rpt": "lc.openlynx", "ezchrom-asc": "lc.ezchrom", "unicorn-csv": "lc.unicorn", "unicorn-asc": "lc.unicorn",
        "fusion-csv": "lc.fusion", "msd-results-csv": "lc.msd", "msd-report-text": "lc.msd",
        "masshunter-sample-xml": "lc.msd",
    ]

    /// The same by folder, for a kind that several adapters read.
    static let adaptersByFolder: [String: String] = [
        "lc-csv/agilent-chemstation/traces": "lc.chemstation-signal", "lc-csv/generic-trace": "lc.trace",
        "lc-csv/agilent-masshunter-gcms": "lc.msd",
    ]

    /// Files that are broken, by their publisher's hand or by accident, with the code that says how: they end with status 1
    /// where something of them can be used, else with 2.
    static let broken: [String: (status: Int32, code: String)] = [
        // Ten of 3241 points.
        "chromeleon7_period.txt": (2, "chromeleon.count"),
        // Samples of a tape that the file does not list; the second was made so on purpose.
        "D1000-Tubes-16-D1000.xml.gz": (2, "tapestation.unknown-tape"),
        "agilent_tapestation_analysis_example_02_error.xml": (2, "tapestation.unknown-tape"),
        // Breaks the schema on purpose: values without the positions they are of.
        "non_valid.animl": (2, "animl.no-position"),
        // Its publisher took values out of its curves, and left the counts.
        "unicorn_1.zip": (2, "unicorn.points-missing"),
    ]

    /// Files that are no report of their kind at all, with the code that says so: nothing of them is read.
    static let refused: [String: String] = [
        "sample_xml_example.xml": "bioplex.fragment", "well_xml_example.xml": "bioplex.fragment",
        // With a DOCTYPE, by which a document can ask for other files.
        "specs_iss_sample.xml": "xml.doctype",
    ]

    static let readable = entries.filter { $0.adapter != nil }

    static func reading(_ entry: Entry) async throws -> AdapterReading {
        try await IngestRun(adapters: AdapterRoster.all).reading(SourceOpener.open(entry.file))
    }
}

@Suite(.enabled(if: Corpus.root != nil, "skipped: there is no corpus of real files beside the project"))
struct CorpusTests {
    @Test(arguments: Corpus.readable)
    func `a real file is recognised by its own adapter`(entry: Corpus.Entry) throws {
        let opened = try SourceOpener.open(entry.file)
        let detection = try Detection(opened.opening, among: AdapterRoster.all)
        #expect(detection.chosen.adapter.identity.name == entry.adapter)
    }

    @Test(arguments: Corpus.readable)
    func `every cell of a real file is accounted for`(entry: Corpus.Entry) async throws {
        let reading = try await Corpus.reading(entry)
        let end = try #require(reading.end, "\(reading.diagnostics)")
        #expect(end.coverage.addsUp)
        #expect(end.coverage.values > 0 || entry.contents.hasPrefix("0 peaks"))
        #expect(!reading.codes.contains { $0.hasPrefix("adapter.") })
        guard let broken = Corpus.broken.first(where: { entry.path.hasSuffix($0.key) })?.value else {
            #expect(reading.status == 0, "\(reading.diagnostics.filter { $0.severity == .error }.prefix(5))")
            #expect(end.leftOut == 0)
            return
        }
        #expect(reading.status == broken.status)
        #expect(reading.codes.contains(broken.code), "\(reading.diagnostics.prefix(5))")
    }

    @Test(arguments: Corpus.readable)
    func `a real file is read alike however it is cut into chunks`(entry: Corpus.Entry) async throws {
        let opened = try SourceOpener.open(entry.file)
        let whole = try await IngestRun(adapters: AdapterRoster.all).reading(opened)
        var run = IngestRun(adapters: AdapterRoster.all)
        run.chunkLength = 4093
        #expect(try await run.reading(opened).lines == whole.lines)
    }

    @Test(arguments: Corpus.refused.keys.sorted())
    func `a file that is no report is refused by name and place`(name: String) async throws {
        let entry = try #require(Corpus.entries.first { $0.path.hasSuffix("/" + name) })
        let reading = try await Corpus.reading(entry)
        #expect(reading.end == nil)
        #expect(reading.status == 2)
        let refusal = try #require(reading.diagnostics.last)
        #expect(refusal.code == Corpus.refused[name])
        #expect(refusal.location.line != nil)
    }

    @Test func `the corpus was read`() {
        print(
            "corpus: \(Corpus.readable.count) real files read, \(Corpus.entries.count - Corpus.readable.count) of formats without an adapter yet"
        )
        #expect(!Corpus.readable.isEmpty)
    }
}
