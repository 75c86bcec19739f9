import IngestCore

/// An element around rows, and what it tells of them.
final class XMLTableLevel {
    let parent: XMLTableLevel?
    let name: String
    let location: SourceLocation
    /// There is but one such element: what it tells is told of the run.
    let isUnique: Bool
    /// What the rows inside are about.
    var subject: XMLTableSubject
    /// What else is told of the rows inside.
    private(set) var extras: Extras
    /// Those of these that stand in this element.
    private(set) var ownExtras: Extras = [:]
    /// What stands in it and is told of no row.
    var late: Extras = [:]
    /// A row was met in it: what is told from here on is not told of all rows.
    private(set) var isPastFirstRow = false
    /// A row was read in it, and not left out, so that what is told around it stands in the records.
    private(set) var hasRows = false
    /// What of ``subject`` was told here.
    private(set) var told: [ColumnField: (heading: String, text: String)] = [:]
    /// The findings about itself.
    var findings = 0

    init(_ name: String, in parent: XMLTableLevel?, isUnique: Bool, at location: SourceLocation) {
        self.parent = parent
        self.name = name
        self.isUnique = isUnique && parent?.isUnique != false
        self.location = location
        subject = parent?.subject ?? XMLTableSubject()
        extras = parent?.extras ?? [:]
    }

    func add(_ heading: String, _ text: String) {
        extras.add(heading, text)
        ownExtras.add(heading, text)
    }

    /// Notes that something of ``subject`` was told here. What an element further out told of it is then an extra of the rows.
    func tell(_ field: ColumnField, _ heading: String, _ text: String) {
        var outer = parent
        while let level = outer {
            if let before = level.told[field] {
                extras.add(before.heading, before.text)
                break
            }
            outer = level.parent
        }
        told[field] = (heading, text)
    }

    func noteRow(isRead: Bool) {
        guard !hasRows else { return }
        isPastFirstRow = true
        hasRows = isRead
        parent?.noteRow(isRead: isRead)
    }

    /// What stands before the names of fields in it; nothing for the outermost element.
    var heading: String { parent == nil ? "" : name + "/" }
}
