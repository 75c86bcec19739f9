import IngestCore

/// What became of the readings of plates that doses were joined to, and of the wells that were dispensed into.
struct JoinedReadings {
    /// Why a reading is a point of no curve.
    enum Reason: Hashable {
        case undispensed, unusedControl
        case combination([String])
        case unknown(String)
    }

    private struct Place: Hashable { var plate: Int, well: PlateWell }
    private struct Read: Hashable { var place: Place, heading: String, file: String }
    private var read: Set<Place> = []
    private var seen: Set<Read> = []
    private var repeated: Set<Place> = []
    private var left: [Reason: (readings: Int, wells: Set<Place>)] = [:]
    private var others: [[String?]: Int] = [:]
    private var count = 0

    mutating func note(_ reading: PlateReadings.Reading, plate: Int, heading: String, file: String) {
        count += 1
        let place = Place(plate: plate, well: reading.well)
        read.insert(place)
        if !seen.insert(Read(place: place, heading: heading, file: file)).inserted { repeated.insert(place) }
    }

    mutating func leave(_ reason: Reason, _ plate: Int, _ well: PlateWell) {
        left[reason, default: (0, [])].readings += 1
        left[reason]?.wells.insert(Place(plate: plate, well: well))
    }

    /// A reading of a plate that is none of the dispensed ones.
    mutating func other(_ plate: String?, _ file: String) {
        count += 1
        others[[plate, file], default: 0] += 1
    }

    private static func counted(_ count: Int, _ one: String, _ many: String) -> String { "\(count) \(count == 1 ? one : many)" }

    private func shown(_ places: Set<Place>, _ plates: [DispensedPlate]) -> String {
        Dictionary(grouping: places, by: \.plate).sorted { $0.key < $1.key }.map { plate, places in
            let name = plates.count > 1 ? " of \(PlateMatching.shown([plates[plate].name]))" : ""
            return places.map(\.well).shown + name
        }.joined(separator: "; ")
    }

    /// What a person should look at.
    func warnings(_ plates: [DispensedPlate]) -> [Diagnostic] {
        var list: [Diagnostic] = []
        for (reason, left) in left.sorted(by: { "\($0.key)" < "\($1.key)" }) {
            guard let first = left.wells.map(\.plate).min() else { continue }
            let wells = "\(Self.counted(left.wells.count, "well", "wells")) (\(shown(left.wells, plates)))"
            let readings = "\(Self.counted(left.readings, "reading", "readings")) of \(wells)"
            switch reason {
            case .combination(let compounds):
                list.append(
                    Diagnostic(
                        .warning, "ic50.combined-compounds",
                        "\(readings) left out: there \(compounds.joined(separator: " and ")) vary together, or none of them does",
                        at: SourceLocation(file: plates[first].file),
                        hint: "a curve is of one compound, over a constant dose of others"))
            case .unknown(let why):
                list.append(
                    Diagnostic(
                        .warning, "ic50.unknown-dose", "\(readings) left out: \(why)",
                        at: SourceLocation(file: plates[first].file),
                        hint: "correct the dispenser's protocol or report, so that every dose can be computed"))
            case .undispensed, .unusedControl: break
            }
        }
        for (key, count) in others.sorted(by: { ($0.key[1] ?? "", $0.key[0] ?? "") < ($1.key[1] ?? "", $1.key[0] ?? "") }) {
            list.append(
                Diagnostic(
                    .warning, "ic50.other-plate",
                    "\(Self.counted(count, "reading", "readings")) left out: of the plate \(PlateMatching.shown([key[0]])), "
                        + "and the dispensed plates are \(PlateMatching.shown(plates.map(\.name)))",
                    at: SourceLocation(file: key[1] ?? ""), hint: "--plate NAME says which dispensed plate was read"))
        }
        return list
    }

    /// What a person is told of the rest, a sentence each.
    func remarks(_ plates: [DispensedPlate], _ treatments: [WellTreatments], _ files: [PlateReadings]) -> [String] {
        let aside = left.values.reduce(0) { $0 + $1.readings } + others.values.reduce(0, +)
        var list = [
            "doses are stock × volume ÷ assay volume; \(count - aside) of \(Self.counted(count, "reading", "readings")) "
                + "\(count - aside == 1 ? "belongs" : "belong") to curves"
        ]
        for (reason, words) in [
            (Reason.undispensed, "nothing was dispensed there"), (.unusedControl, "controls of no compound that was read"),
        ] {
            guard let left = left[reason] else { continue }
            list.append(
                "\(Self.counted(left.readings, "reading", "readings")) of \(Self.counted(left.wells.count, "well", "wells")) "
                    + "(\(shown(left.wells, plates))): \(words)")
        }
        if !repeated.isEmpty {
            list.append(
                "\(Self.counted(repeated.count, "well was", "wells were")) read more than once "
                    + "(\(shown(repeated, plates))): each reading is a point")
        }
        var unread: Set<Place> = []
        for (plate, treatment) in treatments.enumerated() {
            for well in treatment.wells.keys where !read.contains(Place(plate: plate, well: well)) {
                unread.insert(Place(plate: plate, well: well))
            }
        }
        if !unread.isEmpty {
            list.append(
                "\(Self.counted(unread.count, "dispensed well has", "dispensed wells have")) no reading (\(shown(unread, plates)))"
            )
        }
        for file in files where file.homeless > 0 {
            list.append(
                "\(Self.counted(file.homeless, "reading", "readings")) of \(file.file) without a row and column of a plate")
        }
        for file in files where file.traces > 0 {
            list.append("\(Self.counted(file.traces, "spectrum", "spectra")) of \(file.file): no reading of one number")
        }
        return list
    }
}
