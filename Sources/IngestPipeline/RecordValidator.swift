import IngestCore

/// The last look at a result before it counts: what cannot be is left out, whoever read it.
struct RecordValidator {
    /// - Throws: A ``Diagnostic`` that leaves out the result.
    func check(_ result: borrowing ResultRecord) throws {
        for measurement in result.measurements where !measurement.isOwn {
            guard let value = measurement.quantity.value else {
                guard measurement.quantity.absent != nil else {
                    throw fault(result.location, "the \(measurement.name) has neither a value nor a reason for none")
                }
                continue
            }
            guard value.isFinite else {
                throw fault(result.location, "the \(measurement.name) is \(value), which is no finite number")
            }
            if let problem = PossibleRange.problem(measurement) { throw fault(result.location, problem) }
        }
    }

    private func fault(_ location: SourceLocation, _ message: String) -> Diagnostic {
        Diagnostic(
            "record.impossible-value", message, at: location,
            hint: "this row was left out, the others were read; compare it with the instrument")
    }
}
