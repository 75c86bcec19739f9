import IngestCore

/// Which units a measurement of the vocabulary can be in.
///
/// Areas, heights, responses, amounts and doses depend on the detector or the assay and are not bound. Wide on purpose: a
/// unit is refused only where nobody could mean it.
enum MeasurementDimensions {
    /// One unit for each dimension; `nil` for measurements that are not bound.
    static func units(of name: String) -> [String]? { table[name] }

    static func fits(_ name: String, _ unit: Unit) -> Bool {
        guard let units = table[name] else { return true }
        guard let dimension = try? unit.quantityDimension() else { return false }  // Unknown units were told when it was parsed.
        // What stands for a unit UCUM lacks is the mapping's own business.
        if dimension.exponents.keys.contains(where: { $0.hasPrefix("{") && $0 != "{AU}" }) { return true }
        return units.contains { (try? Unit($0).quantityDimension()) == dimension }  // The table's units are all known: tested.
    }

    static var names: [String] { table.keys.sorted() }

    private static let time = ["min"], ratio = ["%"]
    private static let concentration = ["mg/L", "mol/L", "%", "g/g", "mol/g", "mol/kg"]
    private static let table: [String: [String]] = [
        "retentionTime": time, "startTime": time, "endTime": time, "expectedRetentionTime": time,
        "migration": ["min", "mm", "1"],
        "width": ["min", "mL", "nm"], "baseWidth": ["min", "mL", "nm"], "widthAtHalfHeight": ["min", "mL", "nm"],
        "retentionVolume": ["mL"], "volume": ["uL"], "injection.volume": ["uL"], "flowRate": ["mL/min", "g/min"],
        "relativeRetentionTime": ratio, "areaPercent": ratio, "heightPercent": ratio, "relativeToLargest": ratio,
        "symmetry": ratio, "tailing": ratio, "resolution": ratio, "separationFactor": ratio, "capacityFactor": ratio,
        "signalToNoise": ratio, "coefficientOfVariation": ratio, "integrity": ratio, "plates": ["1", "/m"],
        "concentration": concentration, "expectedConcentration": concentration, "molarity": ["mol/L", "mol/kg"],
        "massToCharge": ["Da", "1", "g/mol"], "size": ["nm", "Da", "g/mol", "1"], "temperature": ["Cel"], "pressure": ["bar"],
        "pH": ["[pH]", "1"],
        "conductivity": ["mS/cm", "mS"], "absorbance": ["{mAU}", "1"], "signal.wavelength": ["nm"], "count": ["1", "/uL"],
    ]
}
