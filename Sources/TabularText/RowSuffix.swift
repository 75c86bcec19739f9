public import IngestCore

extension Row {
    /// A number that has its unit behind it in the same cell: `61.453%`.
    /// - Throws: A ``Diagnostic`` at a cell that is no number, or lacks the unit.
    public func quantity(_ column: Int, endingIn suffix: String, _ unit: StatedUnit) throws -> Quantity {
        let text = self[column]
        guard text.hasSuffix(suffix) else {
            throw fault(
                "table.no-unit", "\"\(text)\" does not end in \"\(suffix)\" as all numbers of this column do", at: column,
                hint: "this row was left out, the others were read; the line was cut or damaged")
        }
        switch NumberText.read(text.dropLast(suffix.count), mark: context.mark) {
        case .number(let value, let bound):
            mark(column, .measured)
            return Quantity(
                written: text, value: value, unit: unit.unit, unitWritten: unit.written, unitIsFormats: unit.isFormats,
                bound: bound)
        case .fault(let fault):
            let parts = context.describe(fault, text, field(column))
            throw self.fault(parts.code, parts.message, at: column, hint: parts.hint)
        }
    }
}
