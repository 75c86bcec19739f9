import IngestCore
import TabularText

/// What `[INLET PARAMETERS]` says again of its sample: names, dates, and how many scans each function has.
struct OpenLynxInlet {
    /// What the sample has, by the key of the inlet parameters.
    private var stated: [String: String] = [:]
    /// The function that the lines at hand are of.
    private var function: Int?
    private var scans: [Int: Int] = [:]
    private var rows: [Int: [Int]] = [:]

    private static let keys = [
        "Acquired File Name": "FileName", "Acquired Date": "Date", "Acquired Time": "Time", "Job Code": "JobCode",
        "Task Code": "TaskCode", "Instrument": "Instrument", "SampleID": "SampleID", "Bottle Number": "Well",
    ]

    init(_ fields: KeyedFields) {
        for (key, field) in OpenLynxInlet.keys { stated[key] = fields.text(field).map { OpenLynxInlet.comparable(field, $0) } }
    }

    /// A file may stand with its folder at one of the two places; which folder it is, is nobody's business.
    private static func comparable(_ field: String, _ text: String) -> String {
        field == "FileName" ? PrivateText.fileName(text) : PrivateText.withoutFolders(text)
    }

    /// Takes a line that repeats something of the sample; false for any other.
    mutating func take(_ row: Row) -> Bool {
        guard row.count == 1, row.bytes(at: 0).count < 200 else { return false }
        let line = row[0]
        let parts = line.split(separator: ":", maxSplits: 1).map { $0.trimmed }
        if parts.count == 1, line.hasPrefix("Function ") { function = Int(line.dropFirst(9).trimmed) }
        guard parts.count == 2 else { return false }
        if parts[0] == "User Name" || parts[0] == "Submitter" { return true }
        if parts[0] == "Scans in function", let function { scans[function] = Int(parts[1]) }
        guard let expected = stated[parts[0]] else { return false }
        let found = OpenLynxInlet.comparable(OpenLynxInlet.keys[parts[0]] ?? "", parts[1])
        if found == expected { return true }
        row.source.account.report(
            row.fault(
                "openlynx.sample-differs",
                "the \(parts[0]) is \"\(found)\" in the inlet parameters, but \"\(expected)\" at the top of the sample", at: 0,
                severity: .warning,
                hint: "the sample has what stands at its top; it was renamed after the run, or a line is garbled"))
        return false
    }

    /// A chromatogram of a function has so many lines of points.
    mutating func curve(of function: Int, rows count: Int) { rows[function, default: []].append(count) }

    func end(_ source: SourceFile, at location: SourceLocation) {
        for (function, counts) in rows.sorted(by: { $0.key < $1.key }) {
            guard let scans = scans[function], let count = counts.first(where: { $0 != scans }) else { continue }
            source.account.report(
                Diagnostic(
                    .warning, "openlynx.scans",
                    "function \(function) of this sample has \(scans) scans, but a trace of \(count) points", at: location,
                    hint: "the points were read; some are missing or stand twice, unless the report has a part of the run"))
            source.account.doubt("function \(function) has \(scans) scans, \(count) points")
        }
    }
}
