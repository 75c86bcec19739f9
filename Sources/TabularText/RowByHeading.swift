public import IngestCore

/// Taking cells by the headings of their columns; see ``Row/header``.
extension Row {
    /// The text under a heading.
    /// - Throws: A ``Diagnostic`` when the cell is empty; a ``FileFault`` when there is no such column.
    public func text(_ heading: String) throws -> String {
        let column = try column(heading)
        guard let text = string(column) else {
            throw fault("table.empty-cell", "there is nothing in column \"\(heading)\"", at: column)
        }
        return text
    }

    /// The text under a heading; `nil` when there is none.
    /// - Throws: A ``FileFault`` when there is no such column.
    public func string(_ heading: String) throws -> String? { try string(column(heading)) }

    /// The number under a heading, or why there is none. The unit is the heading's if it has one, else `unit`, as the
    /// format's own.
    /// - Throws: A ``Diagnostic`` at a cell that is neither; a ``FileFault`` when there is no such column.
    public func quantity(_ heading: String, _ unit: Unit? = nil) throws -> Quantity {
        let column = try column(heading)
        let stated = header?.units[column] ?? .none
        return try quantity(column, stated.unit == nil && unit != nil ? StatedUnit(ofFormat: unit!) : stated)
    }

    public func timestamp(_ heading: String) throws -> Timestamp? { try timestamp(column(heading)) }

    private func column(_ heading: String) throws -> Int {
        guard let column = header?.column(heading) else {
            throw FileFault(
                Diagnostic(
                    "table.no-such-column", "the table has no column \"\(heading)\"", at: location,
                    hint: "it has: \(header?.names.joined(separator: ", ") ?? "no header"); nothing of the file was used"))
        }
        return column
    }
}
