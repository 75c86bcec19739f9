import IngestCore

/// The wells that tell what 0 and 100 % are.
struct ControlWells {
    private struct Key: Hashable { var plate: String, series: String }
    private struct Well {
        var name: String, role: String
        var plate: String
        var values: [(series: String, value: Double)]
    }
    private var wells: [Well] = []

    var count: Int { wells.count }

    static func isMeant(_ well: ObservedWell, by controls: DatasetOptions.Controls) -> Bool {
        let names = [well.roleWritten, well.sample, well.role].compactMap { $0?.lowercased() }
        return names.contains(controls.low.lowercased()) || names.contains(controls.high.lowercased())
    }

    mutating func add(_ well: ObservedWell, _ responses: [ObservedWell.Reading], name: String) {
        wells.append(
            Well(
                name: name.lowercased(), role: (well.roleWritten ?? well.role ?? "").lowercased(), plate: well.plate ?? "",
                values: responses.compactMap { response in
                    response.value.map { (ResponseColumns.heading(of: response, in: well), $0) }
                }))
    }

    /// 100 (y - low)/(high - low), with the means of the controls of the same plate and column.
    func normalize(
        _ curves: inout [DoseResponseSeries], _ controls: DatasetOptions.Controls, file: String, _ faults: inout DatasetFaults
    ) {
        let low = values(controls.low), high = values(controls.high)
        for index in curves.indices {
            var curve = curves[index]
            var plates: Set<String> = []
            for place in curve.points.indices {
                let plate = place < curve.plates.count ? curve.plates[place] : ""
                plates.insert(plate)
                let key = Key(plate: plate, series: curve.series)
                guard let below = low[key], let above = high[key], below.mean != above.mean else {
                    let what =
                        low[key] == nil ? controls.low : high[key] == nil ? controls.high : "difference between the controls"
                    faults.add(
                        "ic50.no-controls",
                        "there is no \(what) for \"\(curve.series)\"" + (plate.isEmpty ? "" : " on plate \(plate)"),
                        at: SourceLocation(file: file), once: plate + curve.series,
                        hint: "controls are named by their role or sample name: --normalize LOW,HIGH" + known)
                    break
                }
                curve.points[place].response = 100 * (curve.points[place].response - below.mean) / (above.mean - below.mean)
            }
            curve.isPercent = true
            curve.responseUnit = "%"
            let quality = plates.compactMap { plate -> Double? in
                let key = Key(plate: plate, series: curve.series)
                guard let below = low[key], let above = high[key] else { return nil }
                return zPrime(below, above)
            }
            // Of several plates the worst.
            curve.zPrime = quality.min()
            curves[index] = curve
        }
    }

    /// The roles there are, for who named another one.
    private var known: String {
        let roles = Set(wells.map(\.role)).subtracting([""]).sorted()
        return roles.isEmpty ? "; no well has a role of a control" : "; there are: " + roles.prefix(10).joined(separator: ", ")
    }

    private struct Moments {
        var count = 0.0, mean = 0.0, squares = 0.0
        mutating func add(_ value: Double) {
            count += 1
            let delta = value - mean
            mean += delta / count
            squares += delta * (value - mean)
        }
        var deviation: Double { count > 1 ? (squares / (count - 1)).squareRoot() : 0 }
    }

    private func values(_ wanted: String) -> [Key: Moments] {
        let wanted = wanted.lowercased()
        var result: [Key: Moments] = [:]
        for well in wells where well.name == wanted || well.role == wanted {
            for value in well.values { result[Key(plate: well.plate, series: value.series), default: Moments()].add(value.value) }
        }
        return result
    }

    /// Z' = 1 - 3 (s_h + s_l)/|m_h - m_l| (Zhang, Chung and Oldenburg 1999).
    private func zPrime(_ low: Moments, _ high: Moments) -> Double? {
        guard low.count > 1, high.count > 1 else { return nil }
        return 1 - 3 * (low.deviation + high.deviation) / Swift.abs(high.mean - low.mean)
    }
}
