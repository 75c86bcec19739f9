import DoseResponse
import IngestCore

/// Which curves the wells of one plate belong to, by what was dispensed into them.
///
/// - A well with one compound is a point of that compound's curve, and one with the vehicle alone its dose 0.
/// - Wells with the same compounds, of which one varies while the others stand at one dose, are a curve of the one that varies; the
///   others are background and named in it: `Bosutinib + Imatinib 10 uM`. Its dose 0 are the wells with the background alone.
/// - Wells in which two compounds vary are no dose-response curve of one, and belong to none.
struct WellTreatments {
    /// A well as a point of a curve.
    struct Point {
        var curve: String
        var dose: Double
        var unit: DoseUnit?
    }

    enum Treatment {
        /// More than one where a well is the dose 0 of several curves.
        case points([Point])
        /// The vehicle alone, on a plate without a compound that could use it.
        case vehicle
        /// Several compounds that vary.
        case combination([String])
        case unknown(String)
    }

    /// The wells into which something was dispensed.
    private(set) var wells: [PlateWell: Treatment] = [:]

    /// - Parameter compounds: In the order in which curves are to appear.
    init(_ plate: DispensedPlate, compounds: [String]) {
        let known = plate.wells.filter { $0.value.fault == nil }
        let sets = Dictionary(grouping: known.keys.sorted()) { place in compounds.filter { known[place]?.doses[$0] != nil } }
        var points: [PlateWell: [Point]] = [:]
        /// Compounds that stand behind others, at these doses.
        var backgrounds: [String: Set<Double>] = [:]
        for (set, places) in sets.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) where set.count > 1 {
            for place in places { wells[place] = .combination(set) }
            guard let curve = Self.curve(of: set, places, known) else { continue }
            for place in places { points[place, default: []].append(Self.point(of: curve, known[place])) }
            for place in sets[set.filter { $0 != curve.compound }] ?? [] where curve.isBackground(alone: known[place]) {
                points[place, default: []].append(Self.zero(of: curve, places, known))
            }
            if curve.background.count == 1, let only = curve.background.first {
                backgrounds[only.key, default: []].insert(only.value)
            }
        }
        let vehicles = (sets[[]] ?? []).filter { known[$0]?.vehicles.isEmpty == false }
        for place in vehicles { wells[place] = .vehicle }
        for compound in compounds {
            guard let places = sets[[compound]] else { continue }
            let doses = Set(places.compactMap { known[$0]?.doses[compound]?.value })
            // A background that stands alone at its one dose is the dose 0 of what varies over it, and no curve of its own.
            guard doses.count > 1 || backgrounds[compound] != doses else { continue }
            let curve = Curve(compound: compound, name: compound)
            for place in places { points[place, default: []].append(Self.point(of: curve, known[place])) }
            for place in vehicles { points[place, default: []].append(Self.zero(of: curve, places, known)) }
        }
        for (place, list) in points { wells[place] = .points(list) }
        for (place, well) in plate.wells { if let fault = well.fault { wells[place] = .unknown(fault) } }
    }

    private struct Curve {
        var compound: String, name: String
        /// The doses of what stands behind it.
        var background: [String: Double] = [:]

        func isBackground(alone well: DispensedPlate.Well?) -> Bool {
            background.allSatisfy { well?.doses[$0.key]?.value == $0.value }
        }
    }

    private static func point(of curve: Curve, _ well: DispensedPlate.Well?) -> Point {
        let dose = well?.doses[curve.compound]
        return Point(curve: curve.name, dose: dose?.value ?? 0, unit: dose?.unit)
    }

    private static func zero(of curve: Curve, _ places: [PlateWell], _ wells: [PlateWell: DispensedPlate.Well]) -> Point {
        Point(curve: curve.name, dose: 0, unit: places.first.flatMap { wells[$0]?.doses[curve.compound]?.unit })
    }

    /// The one compound that varies in wells with these compounds, with what stands behind it; `nil` when there is not one.
    private static func curve(
        of set: [String], _ places: [PlateWell], _ wells: [PlateWell: DispensedPlate.Well]
    ) -> Curve? {
        var varying: [String] = []
        var background: [String: Double] = [:]
        var names: [String] = []
        for compound in set {
            let doses = places.compactMap { wells[$0]?.doses[compound] }
            guard let first = doses.first else { continue }
            if doses.contains(where: { $0.value != first.value }) {
                varying.append(compound)
            } else {
                background[compound] = first.value
                names.append("\(compound) \(SignificantDigits.text(first.value, 4)) \(first.unit?.written ?? "")".trimmed)
            }
        }
        guard varying.count == 1, let compound = varying.first else { return nil }
        return Curve(compound: compound, name: ([compound] + names).joined(separator: " + "), background: background)
    }
}
