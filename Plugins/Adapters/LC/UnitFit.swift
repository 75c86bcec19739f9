import IngestCore

extension MeasurementName {
    /// Whether this can be measured in a unit, by what the unit measures. `MS`, `UV`, `A` in the brackets of a heading are
    /// detectors and channels more often than units, and so are the letters of a unit that does not fit.
    ///
    /// A unit that is not understood fits, as does any for a quantity that is stated in whatever the user calibrated with.
    func canBe(in unit: Unit) -> Bool {
        // A unit that is not understood throws.
        guard let dimension = try? unit.quantityDimension().exponents else { return true }
        let isVolume = dimension == ["length": 3] || dimension == ["{CV}": 1]
        switch self {
        case .retentionTime, .startTime, .endTime, .expectedRetentionTime, .baseWidth, .width, .widthAtHalfHeight, .migration:
            return dimension == ["time": 1] || isVolume || dimension == ["{counts}": 1] || dimension == ["{bp}": 1]
        case .retentionVolume, .volume: return isVolume
        case .area:
            let heights = [("time", 1), ("length", 3), ("{CV}", 1), ("", 0)].map { Self.over($0.0, $0.1, dimension) }
            return unit.code.count > 1 && heights.contains(where: Self.isSignal)
        case .height, .absorbance, .fluorescence, .luminescence: return unit.code.count > 1 && Self.isSignal(dimension)
        case .amount, .concentration, .expectedConcentration:
            return dimension["time"] == nil && dimension["current"] == nil && dimension["temperature"] == nil
                && dimension["{AU}"] == nil && dimension != ["length": 1]
        case .dose:
            // Also in grays and units of activity, which are not understood; `A` and `C` are detectors and names.
            return dimension["current"] == nil && dimension != ["length": 1] && dimension["temperature"] == nil
                && !Self.isSignal(dimension)
        case .areaPercent, .heightPercent, .relativeToLargest, .coefficientOfVariation, .relativeRetentionTime, .symmetry,
            .tailing, .resolution, .separationFactor, .capacityFactor, .signalToNoise:
            return dimension.isEmpty
        case .massToCharge: return dimension.isEmpty || dimension == ["Da": 1]
        case .temperature: return dimension == ["temperature": 1]
        case .pressure: return dimension == ["mass": 1, "length": -1, "time": -2]
        case .pH: return dimension.isEmpty || dimension == ["[pH]": 1]
        case .flowRate: return dimension == ["length": 3, "time": -1]
        default: return true
        }
    }

    private static func over(_ name: String, _ power: Int, _ dimension: [String: Int]) -> [String: Int] {
        dimension.merging([name: -power], uniquingKeysWith: +).filter { $0.value != 0 }
    }

    /// What detectors give: absorbance, voltage, current, charge, counts and the like, also counts a second.
    private static func isSignal(_ dimension: [String: Int]) -> Bool {
        if dimension == ["current": 1] || dimension == ["current": 1, "time": 1]
            || dimension == ["mass": 1, "length": 2, "time": -3, "current": -1]
        {
            return true
        }
        return [dimension, over("time", -1, dimension)].contains {
            $0.count == 1 && $0.first!.key.hasPrefix("{") && $0.first!.value == 1
        }
    }
}
