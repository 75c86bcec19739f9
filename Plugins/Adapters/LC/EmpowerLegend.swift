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
    /// The fields so far, with or without a value: the same again is a contradiction, or of another injection.
    private var told: [String: String] = [:]

    var context: ResultTable.Context {
        ResultTable.Context(
            sample: sample == Sample() ? nil : sample, position: position,
            injection: injection == Injection() ? nil : injection, signal: signal, extras: extras)
    }

    /// Whether these names begin the fields of another injection: one of those that tell injections apart is told already.
    func isOfAnother(_ labels: [String]) -> Bool {
        labels.contains { label in
            let word = ColumnHeading.normalized(label)
            return Self.ofInjection.contains(word) && told[word] != nil
        }
    }

    private static let ofInjection: Set<String> = [
        "samplename", "vial", "injection", "injectionnumber", "injectionid", "dateacquired",
    ]

    /// Takes a line of a name with its value beside it.
    mutating func take(_ row: Row) {
        let label = EmpowerName.plain(row[0])
        row.describe(0)
        take(label, row, 1)
        for column in 2..<max(2, row.count) { keep(label, row, column) }
    }

    /// Takes a line of values below their names. Where there are more or fewer, none is taken for what it may not be.
    mutating func take(_ row: Row, below labels: [String]) {
        let count = (labels.lastIndex { !$0.isEmpty } ?? -1) + 1
        guard row.count >= count, (count..<row.count).allSatisfy(row.isEmpty) else {
            row.source.account.report(
                row.fault(
                    "empower.fields", "there are \(row.count) values for \(count) names in the line above",
                    at: min(row.count - 1, count),
                    hint: "they are kept among the extras, without their names; the file was cut or edited: export it again"))
            row.source.account.contradict("line \(row.line) has \(row.count) values for \(count) names")
            return keep(row, as: "line \(row.line)")
        }
        for column in 0..<count { take(EmpowerName.plain(labels[column]), row, column) }
    }

    /// Takes a line that is neither a field nor a row.
    mutating func takeUnknown(_ row: Row) {
        row.source.account.report(
            row.fault(
                "empower.unknown-line", "this line is neither a field nor a row", at: 0, severity: .warning,
                hint: "it is kept among the extras; if the instrument wrote it otherwise, the file was damaged"))
        keep(row, as: "line \(row.line)")
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
        let word = ColumnHeading.normalized(label)
        let first = told[word] ?? ""
        if first.isEmpty { told[word] = row[column] }
        guard !row.isEmpty(column) else { return }
        isEmpty = false
        guard first.isEmpty || word.isEmpty else {
            return first == row[column] ? row.describe(column) : tellAgain(label, first, row, column)
        }
        switch word {
        case "samplename": sample.name = row.string(column)
        case "sampletype":
            sample.roleWritten = row.string(column)
            sample.role = sample.roleWritten.map { Sample.Role(written: $0) }
        case "vial": position = row.string(column).map { Position(written: $0, vial: $0) }
        case "injection", "injectionnumber":
            guard injection.ordinal == nil, let number = Int(row[column]) else { return keep(label, row, column) }
            row.describe(column)
            injection.ordinal = number
        // What is no number or time is told and kept as it stands.
        case "injectionvolume":
            guard let volume = try? row.quantity(column, StatedUnit(heading: label)) else {
                return tell(label, row, column)
            }
            injection.volume = volume
        case "dateacquired":
            guard let time = try? row.timestamp(column) else { return tell(label, row, column) }
            injection.acquired = time
        case "dateprocessed":
            guard let time = try? row.timestamp(column) else { return tell(label, row, column) }
            run.times.append(RunRecord.Time(.processed, time))
        case "channel" where signal == nil, "channelname" where signal == nil:
            signal = row.string(column).map { Signal(name: $0) }
        case "samplesetname": run.sequence = row.string(column)
        case "instrumentmethodname", "instrumentmethod", "acqmethodset", "acquisitionmethodset":
            addMethod(.acquisition, row, column)
        case "processingmethod": addMethod(.processing, row, column)
        case "reportmethod": addMethod(.report, row, column)
        case "systemname" where run.instrument == nil, "instrumentname" where run.instrument == nil:
            run.instrument = row.string(column).map { RunRecord.Instrument(name: $0) }
        case "acquiredby": run.operatorName = row.person(column, label, "empower")
        default:
            tellUnknown(label, row, column)
            keep(label, row, column)
        }
    }

    /// The same field with another value: the first one stands, unless it tells which injection this is.
    private mutating func tellAgain(_ label: String, _ first: String, _ row: Row, _ column: Int) {
        let decides = Self.ofInjection.contains(ColumnHeading.normalized(label))
        row.source.account.report(
            row.fault(
                "empower.repeated-field", "\"\(label)\" stands twice, as \"\(first)\" and as \"\(row[column])\"", at: column,
                severity: decides ? .error : .warning,
                hint: "the first one is used, the other is kept among the extras; "
                    + (decides ? "nothing will be published: two files were put together" : "compare them with the instrument")))
        if decides { row.source.account.contradict("\(label) is \"\(first)\" and \"\(row[column])\"") }
        keep(label, row, column)
    }

    /// A name that Empower is not known to give to a field.
    private func tellUnknown(_ label: String, _ row: Row, _ column: Int) {
        guard !EmpowerName.isOne(label) else { return }
        row.source.account.report(
            row.fault(
                "table.unknown-key", "\"\(label)\" is no field that is known", at: column, severity: .note,
                hint: "it is kept among the extras under its own name"))
    }

    private mutating func addMethod(_ role: RunRecord.Method.Role, _ row: Row, _ column: Int) {
        if let name = row.string(column) { run.methods.append(RunRecord.Method(role, PrivateText.withoutFolders(name))) }
    }

    private mutating func keep(_ label: String, _ row: Row, _ column: Int) {
        guard let written = row.extra(column) else { return }
        isEmpty = false
        let heading = PrivateText.withoutFolders(label)
        extras.add(heading.isEmpty ? "column \(column + 1)" : heading, PrivateText.withoutFolders(written.trimmed))
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
