/// Something that differs between the layouts of two files of one instrument.
public struct LayoutChange: Sendable, Hashable, Codable {
    /// For people: `unit mAU*s of "Area" is now mAU*min`.
    public var text: String
    /// Numbers may mean something else than before, or are gone: to be agreed to before they are published.
    public var canAlterNumbers: Bool
    /// The heading in the new file, where it is known.
    public var member: String?, line: Int?, column: Int?, field: String?

    init(_ text: String, canAlterNumbers: Bool = false) {
        self.text = text
        self.canAlterNumbers = canAlterNumbers
    }

    init(_ text: String, at table: Layout.Table, _ column: Layout.Column? = nil, canAlterNumbers: Bool = false) {
        self.init(text, canAlterNumbers: canAlterNumbers)
        member = table.member
        line = table.line
        self.column = column?.character
        field = column?.heading
    }
}

extension Layout {
    /// What has changed since an earlier file: what can alter numbers first, then in the order of the file.
    ///
    /// - Parameter isPublished: Whether a value that is not there any more is one that would be published.
    public func changes(since earlier: Layout, isPublished: (Value) -> Bool = { _ in true }) -> [LayoutChange] {
        let ofTables = TableChanges(from: earlier.tables, to: tables)
        let ofValues = ValueChanges(from: earlier, to: self, told: ofTables, isPublished: isPublished)
        let all = ofTables.changes + ofValues.changes + factChanges(since: earlier)
        return all.filter(\.canAlterNumbers) + all.filter { !$0.canAlterNumbers }
    }

    private func factChanges(since earlier: Layout) -> [LayoutChange] {
        Fact.allCases.compactMap { fact in
            guard let old = earlier.facts[fact], let new = facts[fact], old != new else { return nil }
            // Its version changes with the software's, which is told.
            if fact == .format, let oldSoftware = earlier.facts[.software], let software = facts[.software],
                oldSoftware != software
            {
                return nil
            }
            return LayoutChange("\(fact.words) \(old) is now \(new)", canAlterNumbers: fact == .decimalMark)
        }
    }
}

extension Layout.Fact {
    fileprivate var words: String {
        switch self {
        case .format, .software, .encoding: rawValue
        case .dateOrder: "order of dates"
        case .decimalMark: "decimal mark"
        }
    }
}

/// What the results and traces of two files tell differently.
private struct ValueChanges {
    private(set) var changes: [LayoutChange] = []

    init(from earlier: Layout, to later: Layout, told: TableChanges, isPublished: (Layout.Value) -> Bool) {
        let haveHeadings = !earlier.tables.isEmpty && !later.tables.isEmpty
        let kinds = Set(later.values.map(\.kind)), earlierKinds = Set(earlier.values.map(\.kind))
        for old in earlier.values {
            if let new = later.values.first(where: old.isSame) {
                compare(old, new, told)
            } else if old.isConstant, kinds.contains(old.kind), !later.isCut {
                let isMissed = old.place == .measurement && isPublished(old)
                // Of what is not published the headings tell.
                guard isMissed || !haveHeadings else { continue }
                let words = old.words + (isMissed ? ", which is published," : "")
                changes.append(LayoutChange("\(words) is not there any more", canAlterNumbers: isMissed))
            }
        }
        guard !haveHeadings, !earlier.isCut else { return }
        for new in later.values where new.isConstant && earlierKinds.contains(new.kind) {
            if !earlier.values.contains(where: new.isSame) { changes.append(LayoutChange("new: \(new.words)")) }
        }
    }

    private mutating func compare(_ old: Layout.Value, _ new: Layout.Value, _ told: TableChanges) {
        if let before = old.unit, let now = new.unit, before != now, !told.tells(unit: before, now) {
            // Another spelling of the same unit alters nothing.
            let isSame = old.meaning == new.meaning && !(new.meaning ?? "").isEmpty
            changes.append(
                LayoutChange("unit \(unitWords(before)) of \(new.words) is now \(unitWords(now))", canAlterNumbers: !isSame))
        }
        // Whole numbers stay whole by chance too, so that fractions that appear say nothing.
        if let before = old.decimals, let now = new.decimals, before != now, before > 0 {
            let decimals = "\(before) decimal\(before == 1 ? "" : "s")"
            changes.append(LayoutChange("\(new.words) had \(decimals) and now has \(now)", canAlterNumbers: true))
        }
    }
}

/// For people.
func unitWords(_ unit: String?) -> String { unit.flatMap { $0.isEmpty ? nil : $0 } ?? "(none)" }

extension Layout.Value {
    fileprivate var words: String { "\"\(name)\" of \(kind == "trace" ? "traces" : kind + "s")" }
}
