import IngestCore
import TabularText

/// Tells the headings of a table that nobody knows: their columns are kept, but what they mean is lost.
enum UnknownHeadings {
    /// Further ones of a line are counted.
    private static let mostTold = 20

    /// Of any table, and kept as they are everywhere; folded (``ColumnHeading/folded(_:)``).
    private static let ordinary: Set<String> = [
        "note", "notes", "comment", "comments", "remark", "remarks", "file", "filename", "datafile",
    ]

    /// A heading close to one that is known is a warning, for it is misspelt or damaged more often than new; any other a note.
    /// - Parameter isKnown: Whether the format, or anybody, knows a heading.
    static func tell(_ heading: Row, isKnown: (String) -> Bool) {
        var told = 0
        var seen: Set<String> = []
        lazy var isDated = heading.cells.contains { ColumnHeading.folded($0) == "date" }
        for column in 0..<heading.count where !heading.isEmpty(column) {
            let name = heading[column]
            guard !isKnown(name), seen.insert(name).inserted else { continue }
            let word = ColumnHeading.folded(name)
            // Beside a date it is a time of day; alone it could be any.
            if ordinary.contains(word) || word == "time" && isDated { continue }
            told += 1
            if told <= mostTold { heading.source.account.report(fault(heading, column, name)) }
        }
        guard told > mostTold else { return }
        heading.source.account.report(
            heading.fault(
                "table.unknown-heading", "\(told - mostTold) more headings of this line are not known", at: 0, severity: .note,
                hint: "their columns are kept under them, as those of the \(mostTold) that are told"))
    }

    private static func fault(_ heading: Row, _ column: Int, _ name: String) -> Diagnostic {
        let hint = "the column is kept under its own heading"
        guard let near = ColumnHeading.nearest(name) else {
            return heading.fault(
                "table.unknown-heading", "\"\(name)\" is no heading that is known", at: column, severity: .note, hint: hint)
        }
        return heading.fault(
            "table.unknown-heading", "\"\(name)\" is no heading that is known; \"\(near)\" is near", at: column,
            severity: .warning, hint: hint + "; if it is that, the heading was changed or damaged: correct it at its source")
    }
}
