/// Tells values that a quantity cannot have in nature; see ``MeasurementName/possible``.
public enum PossibleRange {
    /// What is wrong with a measurement, in words; `nil` when nothing is, or when its unit does not allow to tell.
    public static func problem(_ measurement: borrowing Measurement) -> String? {
        guard let name = measurement.standard else { return nil }
        return problem(name, measurement.quantity)
    }

    public static func problem(_ name: MeasurementName, _ quantity: Quantity) -> String? {
        guard let value = quantity.value, let range = bounds(of: name, in: quantity.unit), !range.contains(value) else {
            return nil
        }
        return "\"\(quantity.written.trimmed)\" is no possible \(name.rawValue): it lies outside \(text(range))"
    }

    /// The bounds of a quantity in a unit; `nil` when it has none there.
    public static func bounds(of name: MeasurementName, in stated: Unit?) -> ClosedRange<Double>? {
        guard let (range, unit) = name.possible else { return nil }
        // Times are bounded in whatever unit they have; milliseconds are so many that the bounds of seconds are too narrow.
        if unit == nil, stated == .millisecond, range.upperBound < .greatestFiniteMagnitude {
            return range.lowerBound * 1000...range.upperBound * 1000
        }
        guard let unit, let stated, stated != unit else { return range }
        // In a unit of something else, or one nobody knows, there are no bounds to check.
        guard let convert = try? UnitConversion(from: unit, to: stated) else { return nil }
        return convert(range.lowerBound)...convert(range.upperBound)
    }

    private static func text(_ range: ClosedRange<Double>) -> String {
        range.upperBound >= .greatestFiniteMagnitude
            ? "\(range.lowerBound) and more" : "\(range.lowerBound) to \(range.upperBound)"
    }
}
