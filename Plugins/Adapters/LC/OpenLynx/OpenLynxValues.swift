import IngestCore
import TabularText

/// Numbers among the fields of a section that describe its points; they are kept as text too. One that is garbled is told.
struct OpenLynxValues {
    let fields: KeyedFields
    let text: DelimitedText

    init(_ fields: KeyedFields, _ text: DelimitedText) {
        self.fields = fields
        self.text = text
    }

    func number(_ key: String) -> Double? {
        guard fields[key] != nil else { return nil }
        do {
            return try fields.quantity(key)?.value
        } catch {
            if var diagnostic = error as? Diagnostic {
                diagnostic.hint = "it was kept as text, and the points were read; correct the file at its source"
                text.source.account.report(diagnostic)
            }
            text.source.account.contradict("\(key) is \(fields[key] ?? "")")
            return nil
        }
    }
}
