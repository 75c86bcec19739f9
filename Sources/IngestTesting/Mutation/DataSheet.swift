/// What the mutants of an adapter's samples came to: its proof that nothing is lost silently.
public struct DataSheet: Sendable {
    public let adapter: String
    /// What the samples are called: the path they were found under.
    public let source: String
    public let outcomes: [MutationProof.Outcome]

    public init(adapter: String, source: String, outcomes: [MutationProof.Outcome]) {
        self.adapter = adapter
        self.source = source
        self.outcomes = outcomes.filter { $0.adapter == adapter }
    }

    public var tallies: [MutationKind: MutationTally] {
        outcomes.reduce(into: [:]) { sums, outcome in
            for (kind, tally) in outcome.tallies { sums[kind, default: MutationTally()] += tally }
        }
    }

    public var silent: [MutationProof.SilentCase] { outcomes.flatMap(\.silent) }

    /// Of all kinds together.
    public var total: MutationTally { tallies.values.reduce(into: MutationTally()) { $0 += $1 } }

    /// The kinds whose share of silent mutants is larger than promised.
    public static func broken(_ tallies: [MutationKind: MutationTally]) -> [MutationKind] {
        MutationKind.allCases.filter { kind in
            guard let promise = kind.promise, let tally = tallies[kind] else { return false }
            return tally.silentShare > promise || promise == 0 && tally.silent > 0
        }
    }

    // MARK: For people

    static let headings = ["broken so", "tried", "intact", "told", "with place", "unknown", "silent", "share", "promised"]

    /// A row for each kind that was tried, and one for all.
    static func rows(_ tallies: [MutationKind: MutationTally]) -> [[String]] {
        let kinds = MutationKind.allCases.compactMap { kind in tallies[kind].map { (kind, $0) } }
        let sum = kinds.reduce(into: MutationTally()) { $0 += $1.1 }
        return kinds.map { row($0.title, $1, promise: $0.promise) } + [row("all", sum, promise: nil)]
    }

    private static func row(_ title: String, _ tally: MutationTally, promise: Double?) -> [String] {
        [
            title, "\(tally.tried)", "\(tally.intact)", "\(tally.told)",
            tally.told == 0 ? "" : share(Double(tally.placed) / Double(tally.told) * 100), "\(tally.unknown)", "\(tally.silent)",
            share(tally.silentShare), promise.map { $0 == 0 ? "none" : "under " + share($0) } ?? "",
        ]
    }

    static func share(_ percent: Double) -> String {
        let tenths = Int((percent * 10).rounded())
        if percent > 0, tenths == 0 { return "<0.1 %" }
        return tenths % 10 == 0 ? "\(tenths / 10) %" : "\(tenths / 10).\(tenths % 10) %"
    }

    /// The sheet for a terminal.
    public var text: String {
        let rows = [Self.headings] + Self.rows(tallies)
        let widths = Self.headings.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        var text = "\(adapter): \(summary)\n"
        for row in rows {
            let cells = row.indices.map { column in
                let blanks = String(repeating: " ", count: widths[column] - row[column].count)
                return column == 0 ? row[column] + blanks : blanks + row[column]
            }
            text += "  " + Self.withoutBlanksAtEnd(cells.joined(separator: "  ")) + "\n"
        }
        return text
    }

    private static func withoutBlanksAtEnd(_ line: String) -> Substring {
        line.lastIndex { $0 != " " }.map { line[...$0] } ?? ""
    }

    private var summary: String {
        let unread = outcomes.filter(\.isUnread).count
        let read = outcomes.count - unread
        return "\(read) sample\(read == 1 ? "" : "s") of \(source)"
            + (unread > 0 ? ", \(unread) more that are broken already" : "") + ", \(total.tried) mutants"
    }

    /// The sheet as Markdown; it quotes nothing of a sample.
    public var markdown: String {
        var text = "## \(source)\n\n\(summary).\n\n" + Self.table(tallies)
        let kinds = MutationKind.allCases.filter { tallies[$0].map { $0.silent > 0 } ?? false }
        if !kinds.isEmpty {
            text += "\nWhat stayed silent:\n\n"
            for kind in kinds {
                text += "- \(kind.title): \(tallies[kind]!.silent). Why: \(kind.excuse).\n"
            }
        }
        return text
    }

    public static func table(_ tallies: [MutationKind: MutationTally]) -> String {
        func line(_ cells: [String]) -> String { "| " + cells.joined(separator: " | ") + " |\n" }
        return line(headings) + line(headings.indices.map { $0 == 0 ? "---" : "---:" }) + rows(tallies).map(line).joined()
    }
}
