import IngestCore
import StreamingXML
import TabularText

/// The numbers of peaks, regions and channels in a Bioanalyzer file: what they are called, and their units.
struct BioanalyzerFields {
    enum Kind { case plain, time, size, concentration, molarity, percent }

    struct Field {
        var name: MeasurementName?
        var kind: Kind = .plain
        /// The number that is written where nothing was calculated, but for a peak without any area.
        var unset: Double?
    }

    static let peak: [String: Field] = [
        "MigrationTime": Field(name: .migration, kind: .time), "AlignedMigrationTime": Field(kind: .time),
        "StartTime": Field(name: .startTime, kind: .time), "EndTime": Field(name: .endTime, kind: .time),
        "AlignedStartTime": Field(kind: .time), "AlignedEndTime": Field(kind: .time),
        "Area": Field(name: .area), "TimeCorrectedArea": Field(), "Height": Field(name: .height),
        "FragmentSize": Field(name: .size, kind: .size), "PeakWidth": Field(name: .width),
        "PeakAssymmetry": Field(name: .symmetry, unset: 0), "PeakBaseline": Field(), "StartHeight": Field(),
        "StartBaseline": Field(), "EndHeight": Field(), "EndBaseline": Field(),
        "Concentration": Field(name: .concentration, kind: .concentration, unset: 0),
        "CalibratedConcentration": Field(kind: .concentration, unset: 0),
        "Molarity": Field(name: .molarity, kind: .molarity, unset: 0),
        "PercentTotal": Field(name: .areaPercent, kind: .percent, unset: 0), "CoMigrationFactor": Field(unset: 0),
        "DifferenceHeight": Field(unset: 0), "SignalToNoiseRatio": Field(name: .signalToNoise, unset: -1),
        "MolecularWeightResolution": Field(unset: -1), "SizeResolution": Field(unset: -1),
    ]

    static let region: [String: Field] = [
        "StartTime": Field(name: .startTime, kind: .time), "EndTime": Field(name: .endTime, kind: .time),
        "FragmentPeakTime": Field(kind: .time), "PercentTotal": Field(name: .areaPercent, kind: .percent),
        "PercentOfTotal": Field(name: .areaPercent, kind: .percent), "Area": Field(name: .area), "CorrectedArea": Field(),
        "StartSize": Field(kind: .size), "EndSize": Field(kind: .size), "StartBasePair": Field(kind: .size),
        "EndBasePair": Field(kind: .size), "AverageSize": Field(name: .size, kind: .size),
        "SizeDistribution": Field(name: .coefficientOfVariation, kind: .percent),
        "Concentration": Field(name: .concentration, kind: .concentration),
        "Molarity": Field(name: .molarity, kind: .molarity),
    ]

    /// What is told of a channel as a whole, by the structure it stands in.
    static let channel: [String: [String: Field]] = [
        "DARIntegrator": ["TotalArea": Field()],
        "DARConcentration": ["TotalConcentration": Field(name: .concentration, kind: .concentration)],
        "DARRIN": ["RIN": Field(name: .integrity)],
        "DARFragment": ["rRNARatio": Field(), "rRNAContamination": Field(kind: .percent)],
    ]

    let chip: BioanalyzerChip

    /// The fields that hold numbers, in the order of the element.
    func measurements(of item: Element, _ fields: [String: Field]) throws -> [Measurement] {
        var measurements: [Measurement] = []
        // Without an area that is zero, a zero of these was not calculated.
        let isEmpty = item["Area"]?.peekNumber == 0
        for child in item.children where child.ordinal == 1 {
            let name = child.name
            guard let field = fields[name], var quantity = try item.quantity(name, unit(field.kind)) else { continue }
            if !isEmpty, let unset = field.unset, quantity.value == unset {
                quantity.value = nil
                quantity.absent = .notReported
            }
            measurements.append(field.name.map { Measurement($0, quantity) } ?? Measurement(own: name, quantity))
        }
        return measurements
    }

    func unit(_ kind: Kind) -> StatedUnit {
        switch kind {
        case .plain: .none
        case .time: StatedUnit(ofFormat: .second)
        case .size: chip.size
        case .concentration: chip.concentration
        case .molarity: chip.molarity
        case .percent: StatedUnit(ofFormat: .percent)
        }
    }
}
