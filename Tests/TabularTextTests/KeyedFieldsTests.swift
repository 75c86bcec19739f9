import IngestCore
import IngestTesting
import TabularText
import Testing

/// Takes every line as fields, two to the line where the third cell ends with a colon, and asks at the end of the file.
private struct FieldsAdapter: InstrumentAdapter {
    let identity = AdapterIdentity("fields", version: 1, instrument: "a test")

    func recognize(_ opening: SourceOpening) -> Recognition { .certain(because: "a test") }

    func read(_ source: SourceFile, into output: AdapterOutput) async throws {
        let text = try DelimitedText(source, dialect: .comma)
        let fields = text.keyedFields()
        var run = RunRecord()
        text.atEnd = {
            run.name = fields.text("Name")
            run.extras = fields.unread
        }
        while let row = try text.next() {
            if row.isBlank { continue }
            if row[2].hasSuffix(":") {
                fields.take(row, columns: 0..<2)
                fields.take(row, columns: 2..<row.count)
            } else {
                fields.take(row)
            }
        }
        try await output.begin(run)
    }
}

@Test func `fields asked for at the end of the file are counted once, separators and all`() async throws {
    let reading = try await FieldsAdapter().reading("Name,one, two\nVial:,3,Tray:,4\nLast,5\n")
    #expect(reading.runs.first?.name == "one, two")
    #expect(reading.runs.first?.extras == ["Vial": "3", "Tray": "4", "Last": "5"])
    #expect(reading.diagnostics.isEmpty)
    #expect(reading.end?.coverage == Coverage(values: 9, measured: 0, described: 6, extras: 3))
}
