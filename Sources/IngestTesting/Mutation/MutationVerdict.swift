import IngestCore

/// What became of a mutant's numbers.
public enum MutationVerdict: Sendable, Hashable {
    /// The numbers are the same, and of the same samples and substances.
    case intact
    /// The numbers are the same; they are of what the changed words say now.
    case otherWords
    /// Numbers are gone or changed, and it is said; with `placed`, where it is.
    case told(placed: Bool)
    /// Rows are gone or too many, and all that is said is that the file cannot show whether it is whole
    /// (`complete: unknown`): `ingest publish` asks before it takes such a file.
    case unknown(difference: String)
    /// Numbers are gone or changed and nothing is said; in words, which.
    case silent(difference: String)
}

/// Judges readings of mutants by the reading of the sample they were made of.
struct MutationJudge: Sendable {
    private let numbers: NumbersRead
    private let codes: [String: Int]
    private let texts: Set<String>
    private let flags: [String: Int]
    /// Lines with the codes and flags they have.
    private let places: Set<String>
    private let leftOut: Int
    private let completeness: Completeness.Verdict

    /// `nil` when nothing of the sample could be read: there are no numbers to lose.
    init?(_ original: AdapterReading) {
        guard let end = original.end else { return nil }
        numbers = NumbersRead(original)
        codes = Self.codes(original)
        texts = Set(original.diagnostics.filter { $0.severity > .note }.map(Self.text))
        flags = Self.flags(original)
        places = Self.places(original, nil)
        leftOut = end.leftOut
        completeness = end.completeness.verdict
    }

    func verdict(on mutant: Mutant, _ reading: AdapterReading) -> MutationVerdict {
        guard let end = reading.end else { return .told(placed: reading.diagnostics.contains(where: Self.isPlaced)) }
        let difference: String
        switch numbers.difference(to: NumbersRead(reading), mayAdd: mutant.kind.mayAdd) {
        case .none: return .intact
        case .subjects(_, of: let subject) where mutant.word.map({ subject.isNamed(by: $0) }) ?? (mutant.kind == .brokenQuotes):
            return .otherWords
        case .names where mutant.word != nil || [.brokenQuotes, .swappedDecimalMark].contains(mutant.kind): return .otherWords
        case .subjects(let text, of: _), .names(let text), .numbers(let text): difference = text
        }
        let new = newDiagnostics(reading, mutant.line)
        if !new.isEmpty { return .told(placed: new.contains(where: Self.isPlaced)) }
        let hasNewFlags =
            Self.flags(reading).contains { $0.value > flags[$0.key, default: 0] }
            || !Self.places(reading, mutant.line).isSubset(of: places)
        if end.leftOut > leftOut || hasNewFlags || isWorse(end.completeness.verdict) { return .told(placed: false) }
        if mutant.kind.isOfCompleteness, end.completeness.verdict != .yes { return .unknown(difference: difference) }
        return .silent(difference: difference)
    }

    /// Those of a code that came less often before, or not in the line that changed, and errors and warnings in other words.
    private func newDiagnostics(_ reading: AdapterReading, _ line: Int?) -> [Diagnostic] {
        let now = Self.codes(reading)
        return reading.diagnostics.filter { diagnostic in
            now[diagnostic.code, default: 0] > codes[diagnostic.code, default: 0]
                || diagnostic.severity > .note && !texts.contains(Self.text(diagnostic))
                || line != nil && diagnostic.location.line == line && !places.contains(Self.place(diagnostic.code, line))
        }
    }

    private func isWorse(_ verdict: Completeness.Verdict) -> Bool {
        switch (completeness, verdict) {
        // What contradicts itself is never published, whatever the sample was.
        case (_, .no), (.yes, .unknown): true
        default: false
        }
    }

    /// The codes and flags of a line, or of all lines.
    private static func places(_ reading: AdapterReading, _ line: Int?) -> Set<String> {
        let told = reading.diagnostics.map { ($0.code, $0.location.line) }
        let flagged = reading.results.flatMap { result in result.flags.map { ($0.code, result.location.line) } }
        let all = line == nil ? told + flagged : flagged
        return Set(all.filter { $0.1 != nil && (line == nil || $0.1 == line) }.map { place($0.0, $0.1) })
    }

    private static func place(_ code: String, _ line: Int?) -> String { "\(line ?? 0) \(code)" }

    private static func isPlaced(_ diagnostic: Diagnostic) -> Bool {
        diagnostic.location.line != nil && (diagnostic.location.column != nil || diagnostic.location.path != nil)
    }

    private static func text(_ diagnostic: Diagnostic) -> String { diagnostic.code + ": " + diagnostic.message }

    private static func codes(_ reading: AdapterReading) -> [String: Int] {
        reading.diagnostics.reduce(into: [:]) { $0[$1.code, default: 0] += 1 }
    }

    private static func flags(_ reading: AdapterReading) -> [String: Int] {
        (reading.results.flatMap(\.flags) + reading.traces.flatMap(\.flags)).reduce(into: [:]) { $0[$1.code, default: 0] += 1 }
    }
}
