import IngestCore
import TabularText

/// What a table says of itself.
extension ResultTable {
    func watch(_ row: Row, _ record: inout ResultRecord) throws {
        if lastRow.isRepeated(by: row) {
            flag(
                &record, "repeatedRow", row, 0, "table.repeated-row", "this row is the same as the one before",
                hint: "it was read; if the instrument wrote it once, the file was damaged")
        }
        try count(row, &record)
        if let (time, start, end, column) = retention,
            let at = record.measurements[time].quantity.value, let from = record.measurements[start].quantity.value,
            let to = record.measurements[end].quantity.value, from != to, at < from || at > to
        {
            flag(
                &record, "outsidePeak", row, column, "record.outside-peak",
                "the retention time lies outside the start and end of its own peak",
                hint: "the row was read; compare it with the instrument")
        }
    }

    /// Counts the result. The number that the table gives it is kept where it is another.
    private func count(_ row: Row, _ record: inout ResultRecord) throws {
        state.keepsNumber = false
        guard let column = state.numbers?.column, let number = try row.integer(column) else {
            record.ordinal = state.ordinals.next(begins: false)
            return
        }
        if state.numbers?.isNext(number) == true {
            record.ordinal = state.ordinals.next(begins: false)
        } else if let finding = state.numbers?.take(number) {
            record.ordinal = state.ordinals.next(begins: finding.begins)
            if let message = finding.message {
                flag(&record, "numbering", row, column, "table.numbering", message, hint: finding.hint)
            }
        }
        guard number != record.ordinal, let text = row.extra(column) else { return }
        state.keepsNumber = true
        add(header.distinct[column], text, &record)
    }

    func passOver(_ row: Row) { state.numbers?.passOver(row) }

    private func flag(
        _ record: inout ResultRecord, _ flag: String, _ row: Row, _ column: Int, _ code: String, _ message: String, hint: String
    ) {
        record.flags.append(Flag(flag))
        row.source.account.report(row.fault(code, message, at: column, severity: .warning, hint: hint))
    }
}
