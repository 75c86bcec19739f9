/// What was worked out of the headings of the last few tables: a file repeats a handful of them, section after section.
struct KnownColumns<Columns> {
    private var last: [Columns] = []
    /// The most that are kept.
    private static var most: Int { 8 }

    /// Those of before that are meant, or new ones in place of the oldest.
    mutating func columns(like isMeant: (Columns) -> Bool, or make: () -> Columns) -> Columns {
        if let known = last.first(where: isMeant) { return known }
        let columns = make()
        if last.count == Self.most { last.removeFirst() }
        last.append(columns)
        return columns
    }
}
