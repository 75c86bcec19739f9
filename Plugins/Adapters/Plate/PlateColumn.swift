import IngestCore

/// What a column of a table of wells holds, told by its heading in anybody's words.
enum PlateColumn: Hashable {
    /// A dose; a concentration may also be what was found, and is a dose only beside a response.
    case dose, concentration
    /// The logarithm of a dose, which is none: kept under its own heading.
    case logDose
    /// A response: `effect` where its word says no more, else the quantity that was read.
    case response(MeasurementName)
    /// Numbers headed by a time or a replicate alone (`24 h`, `Rep 2`): a curve each.
    case series
    /// Something else that was measured and has a name in the vocabulary.
    case measurement(MeasurementName)
    /// Kept under its own heading, and no response.
    case weight
    /// What the curve is called, or is of.
    case curve, compound, sample, analyte, cells, identifier, group
    case role, batch, well, position, plate
    case doseUnit, responseUnit, unit
    /// Tells rows apart and is no measurement, though it may be a number: replicates, hours, rows of the plate.
    case label

    /// Whether it holds numbers that are measured.
    var isNumber: Bool {
        switch self {
        case .dose, .concentration, .logDose, .response, .series, .measurement, .weight: true
        default: false
        }
    }

    /// What a unit below its heading is the unit of; a name for what has none, `nil` for what may have any.
    var fieldWithUnit: ColumnField? {
        switch self {
        case .dose, .concentration: .measurement(.dose)
        case .response(let name), .measurement(let name): .measurement(name)
        case .logDose, .series, .weight, .label: nil
        default: .sampleName
        }
    }

    /// Whether it tells whose a row is; see ``SummaryRows``.
    var tellsWhose: Bool {
        switch self {
        case .response, .series, .measurement, .weight, .doseUnit, .responseUnit, .unit, .label: false
        default: true
        }
    }

    /// The order in which columns give the sample its name.
    static let naming: [PlateColumn] = [.curve, .compound, .sample, .analyte, .cells, .identifier, .group]
}
