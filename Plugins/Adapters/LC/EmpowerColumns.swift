import IngestCore
import TabularText

/// What the columns of an Empower table hold, and what their words tell of a row.
struct EmpowerColumns {
    private var header = Header([])
    private var fields: [String: ColumnField] = [:]
    /// Columns of texts that look like numbers.
    private var describing: Set<Int> = []
    /// Where `Missing` and `Group` stand.
    private var peakType: [Int] = []
    private(set) var sequence: Int?
    /// Of the injection: without text in a row of sums or means.
    private var ofInjection: [Int] = []
    /// The names of samples, components and results.
    private var naming: [Int] = []
    private var retentionTime: Int?

    init() {}

    /// - Parameter names: The headings, without empty ones at the end.
    init(_ names: [String]) {
        header = Header(names)
        for (index, name) in names.enumerated() {
            let word = ColumnHeading.normalized(name)
            fields[name] = Self.fields[word]
            // Widths are in seconds, though times are in minutes.
            if word.hasPrefix("width"), header.units[index] == .none {
                header.units[index] = StatedUnit(ofFormat: .second)
            }
            if word.hasSuffix("id") || Self.describing.contains(word) { describing.insert(index) }
            if word == "peaktype" || word == "inttype" { peakType.append(index) }
            if word == "samplesetname" { sequence = index }
            if Self.ofInjection.contains(word) { ofInjection.append(index) }
            if Self.naming.contains(word) { naming.append(index) }
            if word == "rt" || word == "retentiontime" { retentionTime = index }
        }
        if names.contains("Channel") { fields["Channel Description"] = .extra }
    }

    /// Whether a heading means something here, or is a word of Empower's that is kept as it is.
    func knows(_ heading: String) -> Bool {
        let word = ColumnHeading.normalized(heading)
        return fields[heading] != nil || ColumnHeading.field(heading) != nil || Self.describing.contains(word)
            || Self.naming.contains(word) || Self.ofInjection.contains(word)
    }

    /// The table of these columns.
    /// - Parameter numeric: The columns that hold numbers, judged by the first rows.
    func table(numeric: Set<Int>, context: ResultTable.Context) -> ResultTable {
        var fields = fields
        // The number of the row may stand under no heading.
        if header.names.first == "", numeric.contains(0) { fields[""] = .peakNumber }
        return ResultTable(
            header, context: context, fields: fields, units: Self.units, numeric: numeric.subtracting(describing),
            codes: .waters)
    }

    /// Where Empower's words mean something else than those of others.
    private static let fields: [String: ColumnField] = [
        "injection": .injectionNumber, "injectionid": .extra, "vialid": .extra, "peaktype": .extra,
        "samplesetname": .batch,
        "component": .analyteName, "type": .extra, "processed": .extra, "dateprocessed": .extra,
    ]

    /// Texts, whatever they look like.
    private static let describing: Set<String> = [
        "channel", "channelname", "channeldescription", "label", "samplename",
    ]
    private static let ofInjection: Set<String> = ["vial", "injection", "inttype", "#", "dateacquired", "injectionid"]
    private static let naming: Set<String> = ["samplename", "name", "peakname", "component", "componentname", "resultid"]

    /// The documented units of the export, where the headings state none.
    private static let units: [MeasurementName: Unit] = [
        .retentionTime: .minute, .startTime: .minute, .endTime: .minute, .expectedRetentionTime: .minute,
        .area: Unit("uV.s"), .height: Unit("uV"),
    ]

    // MARK: Words

    /// Whether the peak type or the integration type is a word and no code.
    func says(_ word: String, _ row: Row) -> Bool {
        peakType.contains { column in
            column < row.count && row.bytes(at: column).count >= word.utf8.count && row[column].lowercased() == word
        }
    }

    /// A row of sums or means below the peaks: its word stands where a name would, and nothing tells an injection or a
    /// peak. Where all that could tell it is the retention time, `Sum` may be a sample, but not one with a peak.
    func isSummary(_ row: Row) -> Bool {
        if ofInjection.isEmpty {
            guard naming.count(where: { !row.isEmpty($0) }) == 1, peakType.allSatisfy(row.isEmpty),
                naming.count > 1 || retentionTime.map(row.isEmpty) ?? false
            else { return false }
        } else if !ofInjection.allSatisfy(row.isEmpty) {
            return false
        }
        guard let first = (0..<row.count).first(where: { !row.isEmpty($0) }) else { return false }
        return Self.summaries.contains(row[first].lowercased())
    }

    private static let summaries: Set<String> = [
        "sum", "total", "totals", "mean", "average", "std. dev.", "std dev", "std. dev", "% rsd", "%rsd", "rsd", "min",
        "max", "minimum", "maximum", "median", "count",
    ]
}
