/// What has changed between the headings of two files.
struct TableChanges {
    private(set) var changes: [LayoutChange] = []
    private var units: Set<[String]> = []

    /// Whether it tells already that a unit has become another.
    func tells(unit before: String, _ now: String) -> Bool { units.contains([before, now]) }

    init(from earlier: [Layout.Table], to later: [Layout.Table]) {
        guard !earlier.isEmpty, !later.isEmpty else { return }
        var rest = earlier.map(NamedTable.init)
        for table in later.map(NamedTable.init) {
            guard let index = table.nearest(among: rest) else {
                changes.append(LayoutChange("new table of \(table.words)", at: table.table))
                continue
            }
            compare(rest.remove(at: index), table)
        }
        for table in rest { changes.append(LayoutChange("the table of \(table.words) is not there any more")) }
    }

    // MARK: One table

    private mutating func compare(_ old: NamedTable, _ new: NamedTable) {
        let table = new.table
        if let before = old.table.separator, let now = table.separator, before != now {
            changes.append(LayoutChange("separator \(before) is now \(now)", at: table))
        }
        var vanished = old.names.indices.filter { new.places[old.names[$0]] == nil }
        for (index, column) in table.columns.enumerated() {
            if let place = old.places[new.names[index]] {
                compareUnits(old.table.columns[place], column, called: new.names[index], in: table)
            } else if let place = vanished.first(where: { $0 == index }) {
                vanished.removeAll { $0 == place }
                let before = old.table.columns[place].heading
                changes.append(LayoutChange("column \(index + 1) \"\(before)\" is now \"\(column.heading)\"", at: table, column))
            } else {
                changes.append(LayoutChange("new column \(index + 1) \"\(column.heading)\"", at: table, column))
            }
        }
        for place in vanished {
            let heading = old.table.columns[place].heading
            changes.append(LayoutChange("column \(place + 1) \"\(heading)\" is not there any more", at: table))
        }
        tellMoved(old, new)
    }

    private mutating func compareUnits(_ old: Layout.Column, _ new: Layout.Column, called name: String, in table: Layout.Table) {
        guard old.unit != new.unit else { return }
        units.insert([old.unit ?? "", new.unit ?? ""])
        changes.append(
            LayoutChange(
                "unit \(unitWords(old.unit)) of \"\(name)\" is now \(unitWords(new.unit))", at: table, new,
                canAlterNumbers: !TableChanges.areSame(old.unit, new.unit)))
    }

    /// Two spellings of one unit.
    private static func areSame(_ unit: String?, _ other: String?) -> Bool {
        guard let one = unit.flatMap({ Unit(spelling: $0) }) else { return false }
        return other.flatMap { Unit(spelling: $0) } == one
    }

    /// Neighbours that moved together are told together.
    private mutating func tellMoved(_ before: NamedTable, _ now: NamedTable) {
        var index = 0
        while index < now.names.count {
            guard let old = before.places[now.names[index]], old != index else {
                index += 1
                continue
            }
            var end = index
            while end + 1 < now.names.count, before.places[now.names[end + 1]] == old + end + 1 - index { end += 1 }
            let first = "\"\(now.names[index])\"", last = "\"\(now.names[end])\""
            let places =
                end == index
                ? "\(first) moved from \(old + 1) to \(index + 1)"
                : "\(first) to \(last) moved from \(old + 1)-\(old + 1 + end - index) to \(index + 1)-\(end + 1)"
            changes.append(LayoutChange(places, at: now.table, now.table.columns[index]))
            index = end + 1
        }
    }
}

/// A table with a name for each column that stays the same when its unit changes.
private struct NamedTable {
    let table: Layout.Table
    /// The headings without the units in them, where no two are the same then.
    let names: [String]
    let places: [String: Int]

    init(_ table: Layout.Table) {
        self.table = table
        let bare = table.columns.map(NamedTable.bareName)
        let counts = Dictionary(bare.map { ($0, 1) }, uniquingKeysWith: +)
        let names = zip(bare, table.columns).map { counts[$0] == 1 ? $0 : $1.heading }
        self.names = names
        places = Dictionary(names.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// `Area` of `Area (mAU*s)`.
    private static func bareName(_ column: Layout.Column) -> String {
        guard let unit = column.unit, !unit.isEmpty, let last = column.heading.last, last == ")" || last == "]",
            let open = column.heading.lastIndex(of: last == ")" ? "(" : "["), open > column.heading.startIndex
        else { return column.heading }
        let inside = column.heading[column.heading.index(after: open)...].dropLast()
        guard inside.contains(unit) else { return column.heading }
        return String(column.heading[..<open].reversed().drop { $0 == " " }.reversed())
    }

    /// The one with the most names in common, of which at least half are; the first of several.
    func nearest(among others: [NamedTable]) -> Int? {
        let names = Set(names)
        let common = others.map { names.intersection($0.names).count }
        guard let most = common.max(), most > 0, let index = common.firstIndex(of: most),
            most * 2 >= min(names.count, others[index].names.count)
        else { return nil }
        return index
    }

    var words: String {
        let shown = table.columns.prefix(3).map { "\"\($0.heading)\"" }.joined(separator: ", ")
        return table.columns.count > 3 ? "\(shown) … (\(table.columns.count) columns)" : shown
    }
}
