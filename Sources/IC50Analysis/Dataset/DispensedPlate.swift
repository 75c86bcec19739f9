import IngestCore

/// What one plate got from a dispenser, well by well.
struct DispensedPlate {
    /// As the dispenser calls it.
    var name: String?
    var file: String
    var wells: [PlateWell: Well] = [:]
    /// The wells in the order of the plate, for whatever depends on an order.
    var places: [PlateWell] { wells.keys.sorted() }

    struct Well {
        /// The dose of each compound, by its name; of two stocks of one compound the sum.
        var doses: [String: Dose] = [:]
        /// Fluids without a compound: what fills up to an equal amount of solvent.
        var vehicles: Set<String> = []
        /// Why the doses of this well are not known.
        var fault: String?
    }

    /// Stock × volume ÷ assay volume, in the unit of the stock.
    struct Dose {
        var value: Double
        var unit: DoseUnit?
    }

    /// The key by which plates are the same: names are compared without regard to case.
    static func key(_ name: String?) -> String? {
        guard let key = name?.trimmed.lowercased(), !key.isEmpty else { return nil }
        return key
    }
}
