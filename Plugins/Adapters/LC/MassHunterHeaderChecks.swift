import IngestCore
import TabularText

/// What the two header lines of a MassHunter Quantitative Analysis table must have in common. A group that is a column
/// off gives every compound to its right a value of its neighbour, so the file is stopped rather than read.
extension MassHunterQuantTable {
    /// - Throws: A ``Diagnostic`` where the two lines are not of one table.
    static func checkLengths(_ groups: [String], _ headings: [String], _ line: Int, _ source: SourceFile) throws {
        let names = groups.map(\.trimmed)
        guard !hasLostGroups(names) else {
            throw fault("line \(line) has the headings, and the line of groups above them is missing", source, line)
        }
        let count = headings.lastIndex { !$0.trimmed.isEmpty }.map { $0 + 1 } ?? 0
        if let last = names.lastIndex(where: { !$0.isEmpty }), last >= count {
            throw fault(
                "line \(line) names the group \"\(names[last])\" in column \(last + 1), "
                    + "line \(line + 1) has \(count) headings", source, line + 1)
        }
        guard groups.count == headings.count else {
            throw fault(
                "line \(line) has \(groups.count) cells, the headings in line \(line + 1) have \(headings.count): "
                    + "which columns belong to which group is not sure", source, line)
        }
        guard !Set(headings.map(\.trimmed)).isDisjoint(with: ["Data File", "Name", "Acq. Date-Time"]) else {
            throw fault(
                "line \(line + 1) has none of the headings Name, Data File, Acq. Date-Time", source, line + 1)
        }
    }

    /// The headings of several compounds without the groups that tell which are whose.
    static func hasLostGroups(_ names: [String]) -> Bool {
        let names = names.filter { !$0.isEmpty }
        return names.contains("Data File") && names.contains("Acq. Date-Time") && Set(names).count < names.count
    }

    /// A group that has a heading twice has a column of its neighbour.
    func refuseDoubled(_ columns: Range<Int>, _ group: String) throws {
        var seen: Set<String> = []
        guard let column = columns.first(where: { !header.names[$0].isEmpty && !seen.insert(header.names[$0]).inserted })
        else { return }
        throw fault(
            "masshunter.header",
            "the group \"\(group)\" has two columns \"\(header.names[column])\", the second is column \(column + 1)",
            hint: "nothing of the file was used; a separator of line \(groupLine) was lost or moved: export it again")
    }

    /// The method of a compound apart from its results would give two halves of a result.
    func refuseSplitCompounds() throws {
        let halves = blocks.filter { $0.findings.first?.method == nil || $0.findings.first?.results == nil }
        guard layout == .wide,
            let method = halves.first(where: { half in
                half.findings.first?.results == nil
                    && halves.contains { $0.name == half.name && $0.findings.first?.method == nil }
            })
        else { return }
        throw fault(
            "masshunter.split-compound",
            "the groups \"\(method.name) Method\" and \"\(method.name) Results\" stand apart",
            hint:
                "nothing of the file was used; put the columns of a compound side by side in the report and export it again"
        )
    }

    /// A sample of a transposed table has its results beside it, under the same name.
    func refuseSplitSamples() throws {
        let areDescribed = blocks.contains { !$0.sample.isEmpty }
        guard layout == .transposed,
            let block = blocks.first(where: { $0.findings.isEmpty || areDescribed && $0.sample.isEmpty })
        else { return }
        let lacks = block.findings.isEmpty ? "no results" : "nothing that describes the sample, as the others have"
        throw fault(
            "masshunter.split-sample",
            "the group \"\(block.name)\" over column \(block.columns.lowerBound + 1) has \(lacks)",
            hint:
                "nothing of the file was used; all groups of a sample have its name, and one of them results: compare line "
                + "\(groupLine) with the instrument, or export it again with columns of results")
    }

    /// A method without its results is read as a compound of its own; so is the damaged name of one.
    func tellHalves() {
        for block in blocks {
            for finding in block.findings where finding.method != nil && finding.results == nil {
                let name = finding.qualifier.map { "Qualifier \($0)" } ?? block.name
                var warning = fault(
                    "masshunter.no-results", "the group \"\(name) Method\" has no group \"\(name) Results\" beside it",
                    hint: "it was read without results; if the group beside it is the same but for a character, compare line "
                        + "\(groupLine) with the instrument")
                warning.severity = .warning
                source.account.report(warning)
            }
        }
    }

    /// The results of all compounds have the same columns; a group that lacks one of the others', or has one more, has it
    /// under another name, or beside its neighbour's.
    func tellUneven() {
        let groups = blocks.flatMap { block in block.findings.map { (block.name, $0) } }
        for isMethod in [true, false] {
            for isQualifier in [true, false] {
                let alike = groups.compactMap { name, finding -> (String, Range<Int>)? in
                    guard (finding.qualifier != nil) == isQualifier, let columns = isMethod ? finding.method : finding.results
                    else {
                        return nil
                    }
                    return (finding.qualifier.map { "Qualifier \($0)" } ?? name, columns)
                }
                tellUneven(alike.map { ("\($0.0) \(isMethod ? "Method" : "Results")", $0.1) })
            }
        }
    }

    /// A heading of samples among those of a compound, or the other way round, was moved there.
    func tellMisplaced() {
        let ofSamples: Set<String> = ["Name", "Data File", "Level", "Acq. Date-Time", "Pos.", "Vol.", "Sample ID"]
        func isOfCompounds(_ name: String) -> Bool {
            if case .measurement? = ColumnHeading.field(name) { return true }
            return ["Precursor Ion", "Product Ion", "Transition", "MI", "Collision Energy", "Fragmentor"].contains(name)
        }
        for column in 0..<header.count {
            let name = header.names[column]
            let isShared = shared.contains(column)
            let isOdd =
                layout == .wide
                ? isShared ? isOfCompounds(name) : ofSamples.contains(name)
                : isShared && ofSamples.subtracting(["Name"]).contains(name)
            guard isOdd else { continue }
            var warning = fault(
                "masshunter.misplaced-column", "\"\(name)\" stands in the group of another",
                hint: "it was read as it stands; the columns were moved, or the groups above them: export the file again")
            warning.severity = .warning
            warning.location = source.location(line: groupLine + 1, column: 1, field: name)
            source.account.report(warning)
        }
    }

    /// - Parameter groups: Of one kind; two that differ do not tell which of them is right.
    private func tellUneven(_ groups: [(name: String, columns: Range<Int>)]) {
        let described = Set(blocks.flatMap(\.sample))
        func headings(_ columns: Range<Int>) -> Set<String> {
            Set(columns.filter { !described.contains($0) }.map { header.names[$0] })
        }
        let counts = groups.reduce(into: [Set<String>: Int]()) { $0[headings($1.columns), default: 0] += 1 }
        guard let usual = counts.max(by: { ($0.value, $0.key.count) < ($1.value, $1.key.count) }), counts.count > 1 else {
            return
        }
        for (unusual, count) in counts.sorted(by: { $0.key.sorted().joined() < $1.key.sorted().joined() })
        where unusual != usual.key {
            guard let first = groups.first(where: { headings($0.columns) == unusual }) else { continue }
            let lacks = Self.quoted(usual.key.subtracting(unusual)), more = Self.quoted(unusual.subtracting(usual.key))
            var note = fault(
                "masshunter.uneven-groups",
                "the group \"\(first.name)\"" + (count > 1 ? " and \(count - 1) like it" : "")
                    + (lacks.isEmpty ? "" : ": without the column \(lacks) of most others")
                    + (more.isEmpty ? "" : "\(lacks.isEmpty ? ":" : ",") with \(more), which most do not have"),
                hint: "read as it stands; if its headings were renamed or moved, export the file again")
            note.severity = .note
            note.location = source.location(line: groupLine + 1, column: 1)
            source.account.report(note)
        }
    }

    private static func quoted(_ names: Set<String>) -> String { names.sorted().map { "\"\($0)\"" }.joined(separator: ", ") }

    func fault(_ code: String, _ message: String, hint: String) -> Diagnostic {
        Diagnostic(code, message, at: source.location(line: groupLine, column: 1), hint: hint)
    }

    private static func fault(_ message: String, _ source: SourceFile, _ line: Int) -> Diagnostic {
        Diagnostic(
            "masshunter.header", message, at: source.location(line: line, column: 1),
            hint: "nothing of the file was used; it was cut or edited: export it again")
    }
}
