import IngestCore

/// Which plate of the dispenser a plate of the reader is.
///
/// - One dispensed plate: every plate of the reader is it, unless both have names and these differ in more than their case. One plate on
///   either side is still joined then, for readers often name a plate by a running number; it is told.
/// - Several dispensed plates: by name alone.
/// - A plate named by hand is every plate of the reader.
struct PlateMatching {
    /// By the key of the reader's plate, where its name is one of the dispenser's or stands for one.
    private(set) var places: [String?: Int] = [:]
    /// Plates of the reader that none of the dispenser's is.
    private(set) var others: [String?] = []
    private(set) var faults = DatasetFaults()
    private(set) var remarks: [String] = []

    init(_ dispensed: [DispensedPlate], read: [(plate: String?, file: String)], asked: String?) {
        var names: [String?: (plate: String?, file: String)] = [:]
        var order: [String?] = []
        for one in read where names.updateValue(one, forKey: DispensedPlate.key(one.plate)) == nil {
            order.append(DispensedPlate.key(one.plate))
        }
        refuseRepeated(dispensed)
        if let asked {
            guard let place = dispensed.firstIndex(where: { DispensedPlate.key($0.name) == DispensedPlate.key(asked) }) else {
                faults.add(
                    "ic50.no-such-plate", "no dispensed plate is named \"\(asked)\"; there are: \(Self.shown(dispensed))",
                    at: SourceLocation(file: dispensed.first?.file ?? ""), hint: "nothing was fitted")
                return
            }
            for key in order { places[key] = place }
            for key in order where key != DispensedPlate.key(asked) {
                guard let one = names[key] else { continue }
                remarks.append(
                    "the plate \(Self.shown([one.plate])) of \(one.file) was taken for the dispensed plate "
                        + "\(Self.shown([dispensed[place].name])), as --plate says")
            }
            return
        }
        for key in order {
            if let place = dispensed.firstIndex(where: { key != nil && DispensedPlate.key($0.name) == key }) {
                places[key] = place
            } else if dispensed.count == 1, key == nil || DispensedPlate.key(dispensed[0].name) == nil {
                places[key] = 0
            } else {
                others.append(names[key]?.plate)
            }
        }
        guard !others.isEmpty else { return }
        if dispensed.count == 1, order.count == 1, let one = names[order[0]] {
            (places[order[0]], others) = (0, [])
            remarks.append(
                "the plate \"\(one.plate ?? "")\" of \(one.file) was taken for the plate \"\(dispensed[0].name ?? "")\" of "
                    + "\(dispensed[0].file): there is one of each, and their names differ")
        } else if places.isEmpty {
            faults.add(
                "ic50.which-plate",
                "which dispensed plate was read is not told: the reader names \(Self.shown(others)), "
                    + "the dispenser \(Self.shown(dispensed))", at: SourceLocation(file: read.first?.file ?? ""),
                hint: "name the dispensed plate with --plate NAME; nothing was fitted")
        }
    }

    /// Two reports of one plate: the second may be more of it, or the first again.
    private mutating func refuseRepeated(_ dispensed: [DispensedPlate]) {
        var files: [String: String] = [:]
        for plate in dispensed {
            guard let key = DispensedPlate.key(plate.name) ?? (dispensed.count > 1 ? "" : nil) else { continue }
            guard let other = files.updateValue(plate.file, forKey: key) else { continue }
            faults.add(
                "ic50.plate-dispensed-twice",
                "the plate \(Self.shown([plate.name])) stands in \(other) and in \(plate.file)"
                    + (other == plate.file ? " (the same name twice)" : ""), at: SourceLocation(file: plate.file),
                hint: "give one report of each plate; nothing was fitted")
        }
    }

    private static func shown(_ plates: [DispensedPlate]) -> String { shown(plates.map(\.name)) }

    static func shown(_ names: [String?]) -> String {
        names.isEmpty ? "none" : names.map { $0.map { "\"\($0)\"" } ?? "one without a name" }.joined(separator: ", ")
    }
}
