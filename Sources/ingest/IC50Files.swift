import IC50Analysis
import IngestCore

/// The files of an analysis, each read: data sets of their own, readings of plates, and the doses dispensed into them.
struct IC50Files {
    struct File {
        var input: IC50Report.Provenance.Input
        /// What the file is by itself.
        var dataset: DoseResponseDataset
        var readings: PlateReadings
        var doses: DispensedDoses
        var leftOut: Int
        /// What its reading warned of, in words.
        var warnings: [String]

        var isDispensed: Bool { !doses.isEmpty }
    }

    let files: [File]
    let options: DatasetOptions
    /// The plate of the dispenser's report that was measured, where it is named by hand.
    let plate: String?

    private var dispensed: [File] { files.filter(\.isDispensed) }

    /// Readings that wait for doses: where there are none, the file is at fault by itself.
    private func isJoined(_ file: File) -> Bool {
        !file.isDispensed && file.readings.isJoinable && !dispensed.isEmpty && (file.leftOut == 0 || options.isLenient)
    }

    /// The data sets, each with the files that it is made of; those that are refused say why.
    func datasets() throws -> [(files: [File], dataset: DoseResponseDataset)] {
        var parts: [(files: [File], dataset: DoseResponseDataset)] = []
        let read = files.filter(isJoined)
        for file in files where !file.isDispensed && !isJoined(file) { parts.append(([file], alone(file))) }
        guard !dispensed.isEmpty else {
            guard let plate else { return parts }
            throw Diagnostic(
                "ic50.no-such-plate", "--plate names \"\(plate)\", and no file says what was dispensed into a plate",
                at: SourceLocation(file: files.first?.input.name ?? ""), hint: "leave it out, or name the dispenser's report too")
        }
        let faults = dispensed.compactMap(fault)
        guard faults.isEmpty else { return parts + [(dispensed + read, DoseResponseDataset(curves: [], diagnostics: faults))] }
        guard !read.isEmpty else {
            return parts + dispensed.map { ([$0], DoseResponseDataset(curves: [], diagnostics: [missingReadings($0)])) }
        }
        var doses = dispensed[0].doses
        for more in dispensed.dropFirst() { doses.take(more.doses) }
        let dataset = try DispensedPlateJoin.dataset(
            doses, read.map(\.readings), plate: plate, options, leftOut: read.reduce(0) { $0 + $1.leftOut })
        return parts + [(files.filter { $0.isDispensed || isJoined($0) }, dataset)]
    }

    private func alone(_ file: File) -> DoseResponseDataset {
        guard file.readings.isJoinable, dispensed.isEmpty else { return file.dataset }
        var dataset = file.dataset
        for place in dataset.diagnostics.indices where dataset.diagnostics[place].code == "ic50.no-dose" {
            dataset.diagnostics[place].hint =
                "its wells are those of a plate reader: name the report of the dispenser too, as in "
                + "ingest ic50 READER.xml DOSES.DATA.xml; in a table, --dose COLUMN names the doses"
        }
        return dataset
    }

    /// A well without one of its entries would pass for an untreated one.
    private func fault(_ file: File) -> Diagnostic? {
        guard file.leftOut > 0 else { return nil }
        return Diagnostic(
            "ic50.unreadable-doses",
            "\(file.leftOut) dispensed \(file.leftOut == 1 ? "volume" : "volumes") could not be read (named above)",
            at: SourceLocation(file: file.input.name),
            hint: "a well without one of its volumes would pass for an untreated one; correct the report; nothing was fitted")
    }

    private func missingReadings(_ file: File) -> Diagnostic {
        Diagnostic(
            "ic50.no-readings", "it says what was dispensed, and no usable file says what was read from the plates",
            at: SourceLocation(file: file.input.name),
            hint: "name the file of the plate reader too: ingest ic50 READER.xml \(file.input.name); nothing was fitted")
    }
}
