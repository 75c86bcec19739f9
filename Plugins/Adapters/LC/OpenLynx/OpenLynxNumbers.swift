import IngestCore
import TabularText

/// Watches the numbers of the samples, which follow each other: one that is missing or stands twice is told.
struct OpenLynxNumbers {
    private var last: Int?

    mutating func look(_ fields: KeyedFields, _ source: SourceFile) {
        let number: Int?
        do {
            number = try fields.integer("Sample")
        } catch {
            if let diagnostic = error as? Diagnostic { source.account.report(diagnostic) }
            source.account.contradict("a sample has no number")
            last = nil
            return
        }
        guard let number else { return }
        defer { last = number }
        guard let last, number != last + 1 else { return }
        let isGap = number > last
        source.account.report(
            fields.fault(
                "openlynx.sample-number", "sample \(number) follows sample \(last)", at: "Sample",
                severity: isGap ? .warning : .error,
                hint: isGap
                    ? "it was read; a sample is missing, unless it was not asked for in the report"
                    : "it was read; a sample stands twice, or two reports were put together"))
        isGap
            ? source.account.doubt("sample \(number) follows sample \(last)")
            : source.account.contradict("sample \(number) follows sample \(last)")
    }
}
