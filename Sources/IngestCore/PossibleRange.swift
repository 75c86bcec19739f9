/// Tells values that a quantity cannot have in nature; see ``MeasurementName/possible``.
public enum PossibleRange {
    /// What is wrong with a measurement, in words; `nil` when nothing is, or when its unit does not allow to tell.
    @inline(__always)
    public static func problem(_ measurement: Measurement) -> String? {
        guard case .standard(let name) = measurement.label else { return nil }
        return problem(name, measurement.quantity)
    }

    public static func problem(_ name: MeasurementName, _ quantity: Quantity) -> String? {
        guard let (range, unit) = name.possible, var value = quantity.value else { return nil }
        if let unit, let stated = quantity.unit, stated != unit {
            guard let convert = try? UnitConversion(from: stated, to: unit) else { return nil }
            value = convert(value)
        }
        guard !range.contains(value) else { return nil }
        return "\"\(quantity.written.trimmed)\" is no possible \(name.rawValue): it lies outside \(text(range))"
    }

    private static func text(_ range: ClosedRange<Double>) -> String {
        range.upperBound == .greatestFiniteMagnitude
            ? "\(range.lowerBound) and more" : "\(range.lowerBound) to \(range.upperBound)"
    }
}
