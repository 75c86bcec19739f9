import IngestCore
import TabularText

/// The fields that an Empower export tells of a whole trace or table: of the sample, its injection, the channel, the
/// methods. What no record has a place for is kept as an extra.
struct EmpowerLegend {
    private(set) var sample = Sample()
    private(set) var position: Position?
    private(set) var injection = Injection()
    private(set) var signal: Signal?
    private(set) var run = RunRecord()
    private(set) var extras = Extras()
    private(set) var isEmpty = true

    var context: ResultTable.Context {
        ResultTable.Context(
            sample: sample == Sample() ? nil : sample, position: position,
            injection: injection == Injection() ? nil : injection, signal: signal, extras: extras)
    }

    /// Takes a line of names with their values beside them, or of several values below `labels`.
    mutating func take(_ row: Row, labels: [String]?) {
        guard let labels else {
            row.describe(0)
            take(EmpowerName.plain(row[0]), row, 1)
            for column in 2..<max(2, row.count) { keep(EmpowerName.plain(row[0]), row, column) }
            return
        }
        for column in 0..<row.count {
            take(column < labels.count ? EmpowerName.plain(labels[column].trimmed) : "", row, column)
        }
    }

    /// Takes a line of which nothing tells whether its second cell is a value or a name.
    mutating func takeOpen(_ row: Row) {
        row.source.account.report(
            row.fault(
                "empower.open-fields",
                "\"\(row[1])\" could be the value of \"\(row[0])\", or a name with its value below",
                at: 1, severity: .warning, hint: "both are kept among the extras; export more fields to settle it"))
        keep(row, as: "line \(row.line)")
    }

    /// Takes a line as it stands: a title, or one that nobody knows.
    mutating func keep(_ row: Row, as heading: String) {
        for column in 0..<row.count { keep(heading, row, column) }
    }

    private mutating func take(_ label: String, _ row: Row, _ column: Int) {
        guard !row.isEmpty(column) else { return }
        isEmpty = false
        switch ColumnHeading.normalized(label) {
        case "samplename": sample.name = row.string(column)
        case "sampletype":
            sample.roleWritten = row.string(column)
            sample.role = sample.roleWritten.map { Sample.Role(written: $0) }
        case "vial": position = row.string(column).map { Position(written: $0, vial: $0) }
        case "injection", "injectionnumber":
            guard let number = Int(row[column]) else { return keep(label, row, column) }
            row.describe(column)
            injection.ordinal = number
        case "injectionvolume":
            guard let volume = try? row.quantity(column, ColumnUnit(heading: label)) else {
                return tell(label, row, column)
            }
            injection.volume = volume
        case "dateacquired":
            guard let time = try? row.timestamp(column) else { return tell(label, row, column) }
            injection.acquired = time
        case "dateprocessed":
            guard let time = try? row.timestamp(column) else { return tell(label, row, column) }
            run.times.append(RunRecord.Time(.processed, time))
        case "channel", "channelname": signal = row.string(column).map { Signal(name: $0) }
        case "samplesetname": run.sequence = row.string(column)
        case "instrumentmethodname", "instrumentmethod", "acqmethodset", "acquisitionmethodset":
            addMethod(.acquisition, row, column)
        case "processingmethod": addMethod(.processing, row, column)
        case "reportmethod": addMethod(.report, row, column)
        case "systemname", "instrumentname":
            run.instrument = row.string(column).map { RunRecord.Instrument(name: $0) }
        case "acquiredby": run.operatorName = row.person(column, label, "empower")
        default: keep(label, row, column)
        }
    }

    private mutating func addMethod(_ role: RunRecord.Method.Role, _ row: Row, _ column: Int) {
        if let name = row.string(column) { run.methods.append(RunRecord.Method(role, PrivateText.withoutFolders(name))) }
    }

    private mutating func keep(_ label: String, _ row: Row, _ column: Int) {
        guard let written = row.extra(column) else { return }
        isEmpty = false
        extras.add(label.isEmpty ? "column \(column + 1)" : label, PrivateText.withoutFolders(written.trimmed))
    }

    /// A field that is garbled stays as it is written: it is told, and the numbers below are not lost for it.
    private mutating func tell(_ label: String, _ row: Row, _ column: Int) {
        row.source.account.report(
            row.fault(
                "empower.field", "the \(label) \"\(row[column])\" cannot be read", at: column, severity: .warning,
                hint: "it is kept among the extras, as written"))
        keep(label, row, column)
    }
}
