import IngestCore

/// The last look at a result before it counts: what cannot be is left out, whoever read it.
struct RecordValidator {
    /// - Throws: A ``Diagnostic`` that leaves out the result.
    func check(_ result: borrowing ResultRecord) throws {
        try result.measurements.withUnsafeBufferPointer { measurements in
            for index in measurements.indices {
                if let value = measurements[index].quantity.value {
                    guard value.isFinite else { throw fault(result.location, describe(measurements[index])) }
                    guard let name = measurements[index].standard, !name.isSurelyPossible(value) else { continue }
                    if let problem = PossibleRange.problem(name, measurements[index].quantity) {
                        throw fault(result.location, problem)
                    }
                } else if measurements[index].quantity.absent == nil {
                    throw fault(result.location, describe(measurements[index]))
                }
            }
        }
    }

    private func describe(_ measurement: Measurement) -> String {
        measurement.quantity.value.map { "the \(measurement.name) is \($0), which is no finite number" }
            ?? "the \(measurement.name) has neither a value nor a reason for none"
    }

    private func fault(_ location: SourceLocation, _ message: String) -> Diagnostic {
        Diagnostic(
            "record.impossible-value", message, at: location,
            hint: "this row was left out, the others were read; compare it with the instrument")
    }
}
