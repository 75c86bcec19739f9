import IngestCore
import TabularText

/// The files of one injection: one data folder, or a file alone.
struct MSDFolder {
    private var files: [MSDFiles.Kind: SourceFile] = [:]
    private var chromatograms: [SourceFile] = []
    private let place: SourceLocation

    /// The folders among `files`, and the names of the files that are none of the format.
    /// - Throws: A ``Diagnostic`` when nothing is, or two files of a folder are the same of the injection.
    static func find(in files: [SourceFile], named source: SourceFile) throws -> (found: [MSDFolder], unread: [String]) {
        var found: [MSDFolder] = []
        var unread: [String] = []
        let grouped = Dictionary(grouping: files) { MSDFiles.folder(of: $0.name) }
        for (_, inside) in grouped.sorted(by: { $0.key < $1.key }) {
            var folder = MSDFolder(place: (inside.first ?? source).location())
            for file in inside.sorted(by: { $0.name < $1.name }) {
                guard let kind = MSDFiles.kind(of: file.opening) else {
                    unread.append(file.name)
                    if MSDFiles.isNamedLikeOne(file.name) { tellDamaged(file) }
                    continue
                }
                try folder.add(file, kind)
            }
            if !folder.files.isEmpty || !folder.chromatograms.isEmpty { found.append(folder) }
        }
        guard !found.isEmpty else {
            throw Diagnostic(
                "msd.not-recognized", "none of the lines that begin these files is here", at: source.location(),
                hint: "nothing was read; the file is cut, or is another format: try ingest detect")
        }
        return (found, unread)
    }

    private static func tellDamaged(_ file: SourceFile) {
        file.account.contradict("\(file.name) has nothing of its format in it")
        file.account.report(
            Diagnostic(
                "msd.damaged-file", "this file is not what its name says: nothing of the format is in it", at: file.location(),
                hint: "the others were read; the file was cut or damaged: copy the folder again"))
    }

    private init(place: SourceLocation) { self.place = place }

    private mutating func add(_ file: SourceFile, _ kind: MSDFiles.Kind) throws {
        guard kind != .chromatograms else { return chromatograms.append(file) }
        if let other = files.updateValue(file, forKey: kind) {
            throw Diagnostic(
                "msd.two-files", "\(other.name) and \(file.name) tell the same of an injection", at: file.location(),
                hint: "nothing was read; keep the one that was written last, or give each alone")
        }
    }

    /// The assumptions stand in the first line of the records, so all files settle them before any is read.
    func survey() throws {
        guard files.count + chromatograms.count > 1 else { return }
        for (kind, file) in files.sorted(by: { $0.value.name < $1.value.name }) where kind != .sampleInfo {
            _ = try TextSurvey(file, kind == .report ? MSDReportLine.dialect : .sniffed(from: file.opening))
        }
        for file in chromatograms { _ = try TextSurvey(file, .sniffed(from: file.opening)) }
    }

    /// Reads what tells of the injection before what it was told of.
    func read(into output: AdapterOutput) async throws {
        let injection = MSDInjection(output)
        let before = output.counts
        var samplePlace: SourceLocation?
        if let file = files[.sampleInfo] { samplePlace = try MSDSampleInfo(file, injection).read() }
        if let file = files[.report] {
            try await MSDReport(file, injection, isTwin: files[.results] != nil).read()
        }
        if let file = files[.results] { try await MSDResults(file, injection).read() }
        tellTwinsLeft(injection)
        let hasTables = files[.results] != nil || files[.report] != nil
        if output.counts.results == before.results, hasTables || files[.trace] == nil && samplePlace != nil {
            try await injection.begin()
            var result = injection.result(.sample, nil, samplePlace ?? place)
            result.ordinal = 1
            if hasTables { result.flags.append(Flag("noPeaks")) }
            try await output.emit(result)
        }
        if let file = files[.trace] { try await MSDTrace(file, injection).read() }
        for file in chromatograms { try await MSDChromatograms(file, output).read() }
    }

    /// Peaks that stand in the report in words alone.
    private func tellTwinsLeft(_ injection: MSDInjection) {
        let rest = injection.twins.rest
        for twin in rest.prefix(20) {
            injection.output.leaveOut(
                Diagnostic(
                    "msd.files-differ",
                    "peak \(twin.number) of \(twin.signal) stands in \(injection.twins.file?.name ?? "the report") alone",
                    at: twin.peak.place,
                    hint: "it was left out, the others were read; one of the files was cut or edited, or is of another "
                        + "integration: report the injection again"))
        }
        if !rest.isEmpty { injection.output.account.contradict("the two tables of peaks differ in \(rest.count) peaks") }
    }
}
