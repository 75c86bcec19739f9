/// A number as an instrument stated it: the text of the cell, its value or the reason there is none, and its unit.
///
/// Nothing is converted on the way: `written` is the cell untouched, `value` the nearest double to it, and `unit`
/// what the file says. A missing value is never zero.
public struct Quantity: Sendable, Hashable {
    /// The text of the cell, as it is kept.
    public var text: CellText
    /// The text of the cell.
    public var written: String {
        get { text.string }
        set { text = CellText(newValue) }
    }
    /// Finite; `nil` exactly when `absent` says why.
    public var value: Double?
    /// `nil` when nobody stated one.
    public var unit: Unit?
    /// The unit as the file spells it, when it does.
    public var unitWritten: String?
    /// Set when the unit is the documented one of the export and not in the file.
    public var unitIsFormats: Bool
    public var bound: Bound
    public var absent: Absence?

    public init(
        written: String, value: Double, unit: Unit? = nil, unitWritten: String? = nil, unitIsFormats: Bool = false,
        bound: Bound = .exact
    ) {
        text = CellText(written)
        self.value = value
        self.unit = unit
        self.unitWritten = unitWritten
        self.unitIsFormats = unitIsFormats
        self.bound = bound
        absent = nil
    }

    public init(
        written: String, absent: Absence, unit: Unit? = nil, unitWritten: String? = nil, unitIsFormats: Bool = false
    ) {
        text = CellText(written)
        value = nil
        self.unit = unit
        self.unitWritten = unitWritten
        self.unitIsFormats = unitIsFormats
        bound = .exact
        self.absent = absent
    }

    /// Takes another cell of the same column: its text, which must be valid UTF-8, and value; the unit stays.
    @inlinable
    public mutating func take(_ bytes: UnsafeBufferPointer<UInt8>, _ value: Double, _ bound: Bound) {
        text.take(bytes)
        self.value = value
        self.bound = bound
        absent = nil
    }

    /// As ``take(_:_:_:)``, an exact value whose text has 16 readable bytes from its beginning.
    @inlinable
    @inline(__always)
    public mutating func take(padded start: UnsafePointer<UInt8>, _ length: Int, _ value: Double) {
        text.take(padded: start, length)
        self.value = value
        bound = .exact
        absent = nil
    }

    /// Takes another cell of the same column that has no value.
    public mutating func take(_ bytes: UnsafeBufferPointer<UInt8>, absent reason: Absence) {
        text.take(bytes)
        value = nil
        bound = .exact
        absent = reason
    }

    /// What the value says about the quantity: the quantity itself, or that it lies below (`<0.05`) or above (`>100`).
    public enum Bound: String, Sendable, Hashable { case exact, below, above }

    /// Why there is no value.
    public enum Absence: String, Sendable, Hashable {
        case empty, notReported, notFound, invalid, overflow, belowLimit
    }
}

/// A quantity with the name of what was measured.
public struct Measurement: Sendable, Hashable {
    /// What was measured in the words of the vocabulary; `nil` for a quantity that only the file has a name for.
    public var standard: MeasurementName?
    private(set) var heading: String?
    public var quantity: Quantity

    public init(_ name: MeasurementName, _ quantity: Quantity) {
        standard = name
        self.quantity = quantity
    }

    /// A measurement under the file's own heading.
    public init(own heading: String, _ quantity: Quantity) {
        self.heading = heading
        self.quantity = quantity
    }

    /// The name of the vocabulary, or the file's own heading.
    public var name: String { standard?.rawValue ?? heading ?? "" }
    public var isOwn: Bool { standard == nil }
}

/// The one vocabulary of measurements.
public enum MeasurementName: String, Sendable, Hashable, CaseIterable {
    case retentionTime, startTime, endTime, relativeRetentionTime, retentionVolume, area, height, areaPercent,
        heightPercent, relativeToLargest, baseWidth, width, widthAtHalfHeight, amount, concentration, response,
        responseFactor, expectedRetentionTime, expectedConcentration, symmetry, tailing, plates, resolution,
        separationFactor, capacityFactor, signalToNoise, massToCharge, size, molarity, migration, mobility, integrity,
        absorbance, fluorescence, luminescence, count, median, mean, standardDeviation, coefficientOfVariation,
        temperature, pressure, pH, conductivity, volume, flowRate, dose, effect

    /// The values this quantity can have in nature, in `unit`; a value outside was garbled on its way.
    ///
    /// Wide on purpose: a bound is here only where passing it is impossible, not where it is rare. Areas, heights,
    /// amounts and concentrations may be negative (baseline noise, calibration offsets) and have no bound.
    public var possible: (range: ClosedRange<Double>, unit: Unit?)? {
        switch self {
        case .retentionTime, .startTime, .endTime, .expectedRetentionTime: (-0.1...100_000, nil)
        case .baseWidth, .width, .widthAtHalfHeight, .plates, .symmetry, .tailing, .count, .size, .massToCharge,
            .relativeRetentionTime, .standardDeviation:
            (0...Double.greatestFiniteMagnitude, nil)
        case .areaPercent, .heightPercent, .relativeToLargest: (-100...100.5, .percent)
        case .temperature: (-273.15...5000, .celsius)
        case .pH: (-3...20, .pH)
        default: nil
        }
    }
}
