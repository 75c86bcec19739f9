import IngestCore
import TabularText

/// The injections of a sequence by their line number, kept while the compounds that refer to them are read.
struct OpenLabInjections {
    /// The most injections of one report that are kept; sequences have hundreds.
    static let most = 50_000

    struct Entry {
        /// What the injection's own row says, as a result of kind `sample`.
        var record: ResultRecord
        /// It has results.
        var isUsed = false
        /// Some row of a compound names it, be it one that was left out.
        var isMentioned = false
        /// How many results it has, by signal.
        var results: [String: Int] = [:]
    }

    /// The injection table has a column for the sample's name: an empty cell says that there was none.
    let namesSamples: Bool
    private(set) var entries: [Entry] = []
    private var byLine: [Int: [Int]] = [:]
    /// The lines whose row was left out.
    private var lost: Set<Int> = []
    private var pool: [String: String] = [:]

    init(namesSamples: Bool) { self.namesSamples = namesSamples }

    /// - Throws: A `FileFault` when there are too many.
    mutating func add(_ record: ResultRecord, line: Int) throws {
        guard entries.count < OpenLabInjections.most else {
            throw FileFault(
                Diagnostic(
                    "openlab.too-many-injections",
                    "this report has more than \(OpenLabInjections.most) injections, the most that is read",
                    at: record.location, hint: "nothing of the file was used; report the sequence in parts"))
        }
        var record = record
        // Method names are the same in most rows: kept once.
        var extras = Extras()
        for field in record.extras.fields { extras.append(distinct: pooled(field.heading), pooled(field.text)) }
        record.extras = extras
        byLine[line, default: []].append(entries.count)
        entries.append(Entry(record: record))
    }

    mutating func lose(line: Int) { lost.insert(line) }

    private mutating func pooled(_ text: String) -> String {
        if let known = pool[text] { return known }
        pool[text] = text
        return text
    }

    func has(line: Int) -> Bool { byLine[line] != nil }

    /// A row of a compound names the line, whatever becomes of the row.
    mutating func mention(line: Int) {
        for index in byLine[line] ?? [] { entries[index].isMentioned = true }
    }

    /// Completes the result of a compound's row by what its injection says.
    ///
    /// The line number decides; what both rows tell besides, such as the sample name, has to agree. Of several
    /// injections with one line number, what they have in common is used, and the result is flagged.
    /// - Throws: Why there is no such injection, in words.
    mutating func complete(_ result: inout ResultRecord, line: Int) throws(Mismatch) {
        guard let known = byLine[line] else {
            throw Mismatch(
                message: "there is no line \(line) in the injection table"
                    + (lost.contains(line) ? ": its row was left out" : ""))
        }
        let written = result
        var conflict: String?
        let fitting = known.filter { index in
            guard let difference = difference(written, entries[index].record) else { return true }
            conflict = conflict ?? difference
            return false
        }
        guard let first = fitting.first else {
            throw Mismatch(message: "line \(line) of the injection table has " + (conflict ?? ""))
        }
        var injection = entries[first].record
        for index in fitting.dropFirst() { Self.keepCommon(&injection, entries[index].record) }
        for index in fitting { entries[index].isUsed = true }
        let signal = result.signal?.name ?? ""
        entries[first].results[signal, default: 0] += 1
        result.ordinal = entries[first].results[signal]
        Self.fill(&result, from: injection)
        if fitting.count > 1 { result.flags.append(Flag("ambiguousInjection")) }
    }

    struct Mismatch: Error { let message: String }

    /// What a compound's row and an injection's row say differently; `nil` when they agree.
    private func difference(_ row: ResultRecord, _ injection: ResultRecord) -> String? {
        let pairs = [
            ("the sample name", row.sample?.name, injection.sample?.name),
            ("the sample id", row.sample?.id, injection.sample?.id),
            ("the location", row.position?.written, injection.position?.written),
            ("the injection date", row.injection?.acquired?.written, injection.injection?.acquired?.written),
            ("the injection number", row.injection?.ordinal.map(String.init), injection.injection?.ordinal.map(String.init)),
        ]
        for (name, inRow, inInjection) in pairs {
            guard let inRow, let inInjection, inRow != inInjection else { continue }
            return "\(name) \"\(inInjection)\", this row \"\(inRow)\""
        }
        // An equilibration has no sample; a compound of a sample is not of it.
        if namesSamples, let name = row.sample?.name, injection.sample?.name == nil { return "no sample, this row \"\(name)\"" }
        return nil
    }

    private static func keepCommon(_ injection: inout ResultRecord, _ other: ResultRecord) {
        if injection.sample != other.sample { injection.sample = nil }
        if injection.position != other.position { injection.position = nil }
        if injection.injection?.acquired != other.injection?.acquired { injection.injection?.acquired = nil }
        if injection.injection?.ordinal != other.injection?.ordinal { injection.injection?.ordinal = nil }
        if injection.injection?.volume != other.injection?.volume { injection.injection?.volume = nil }
        var common = Extras()
        for field in injection.extras.fields where other.extras[field.heading] == field.text {
            common.append(distinct: field.heading, field.text)
        }
        injection.extras = common
    }

    private static func fill(_ result: inout ResultRecord, from injection: ResultRecord) {
        if let sample = injection.sample {
            var merged = sample
            merged.name = sample.name ?? result.sample?.name
            merged.id = sample.id ?? result.sample?.id
            merged.batch = sample.batch ?? result.sample?.batch
            if merged.role == nil { (merged.role, merged.roleWritten) = (result.sample?.role, result.sample?.roleWritten) }
            result.sample = merged
        }
        result.position = injection.position ?? result.position
        let own = result.injection
        let merged = Injection(
            ordinal: own?.ordinal ?? injection.injection?.ordinal, acquired: injection.injection?.acquired ?? own?.acquired,
            volume: injection.injection?.volume ?? own?.volume)
        result.injection = merged == Injection() ? nil : merged
        for field in injection.extras.fields where result.extras[field.heading] != field.text {
            result.extras.add(field.heading, field.text)
        }
        result.flags += injection.flags.filter { $0.code == "unsavedMethod" }
    }
}
