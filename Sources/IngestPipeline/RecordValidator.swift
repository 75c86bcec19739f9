import IngestCore

/// The last look at a result before it counts: what cannot be is left out, whoever read it.
///
/// The results of a table have the same measurements in the same order, so the bounds of each are kept for the next.
final class RecordValidator {
    private struct Bounds {
        var name: MeasurementName
        var unit: Unit?
        var possible: ClosedRange<Double>
    }

    /// By the place of the measurement in its result.
    @exclusivity(unchecked) private var bounds: UnsafeMutablePointer<Bounds>
    @exclusivity(unchecked) private var known = 0
    private var capacity = 32

    private static let finite = -Double.greatestFiniteMagnitude...Double.greatestFiniteMagnitude

    init() { bounds = .allocate(capacity: capacity) }

    deinit {
        bounds.deinitialize(count: known)
        bounds.deallocate()
    }

    /// - Throws: A ``Diagnostic`` that leaves out the result.
    func check(_ result: inout ResultRecord) throws {
        var index = 0
        while let unclear = firstUnclear(result.measurements, from: index) {
            if let problem = problem(result.measurements[unclear], unclear) { throw fault(result.location, problem) }
            index = unclear + 1
        }
    }

    /// The next measurement that is not simply a value within the bounds known for its place.
    @inline(__always)
    private func firstUnclear(_ measurements: [Measurement], from start: Int) -> Int? {
        let bounds = bounds, known = known
        return measurements.withUnsafeBufferPointer { measurements in
            var index = start
            while index < measurements.count {
                guard index < known, let value = measurements[index].quantity.value,
                    bounds[index].possible.contains(value), bounds[index].name == measurements[index].standard,
                    bounds[index].unit == measurements[index].quantity.unit
                else { return index }
                index &+= 1
            }
            return nil
        }
    }

    /// What is wrong with a measurement; nothing, and its bounds are known from now on, when it can be.
    private func problem(_ measurement: Measurement, _ index: Int) -> String? {
        guard let value = measurement.quantity.value else {
            return measurement.quantity.absent == nil ? "the \(measurement.name) has neither a value nor a reason for none" : nil
        }
        guard value.isFinite else { return "the \(measurement.name) is \(value), which is no finite number" }
        guard let name = measurement.standard else { return nil }
        if let problem = PossibleRange.problem(measurement) { return problem }
        let unit = measurement.quantity.unit
        let new = Bounds(name: name, unit: unit, possible: PossibleRange.bounds(of: name, in: unit) ?? Self.finite)
        while known <= index { append(new) }
        bounds[index] = new
        return nil
    }

    private func append(_ new: Bounds) {
        if known == capacity {
            capacity *= 2
            bounds = bounds.moved(known, to: capacity)
        }
        (bounds + known).initialize(to: new)
        known += 1
    }

    private func fault(_ location: SourceLocation, _ message: String) -> Diagnostic {
        Diagnostic(
            "record.impossible-value", message, at: location,
            hint: "this row was left out, the others were read; compare it with the instrument")
    }
}
