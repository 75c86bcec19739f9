import IngestCore

/// What a plate reader measured, well by well, kept until the doses are known: they may stand in a file that is read later.
public struct PlateReadings {
    public private(set) var file = ""
    private(set) var list: [Reading] = []
    private(set) var plates: [String?] = []
    private(set) var series: [Series] = []
    private(set) var names: [Names] = []
    private var plateIndex: [String?: Int] = [:]
    private var seriesIndex: [Series: Int] = [:]
    private var nameIndex: [Names: Int] = [:]
    /// Some well tells a dose itself: the file is a data set of its own.
    public private(set) var hasDoses = false
    /// Readings that no row and column are told for.
    private(set) var homeless = 0
    /// Curves of points in the file, spectra for example, which are no reading of one number.
    public var traces = 0
    private let options: DatasetOptions

    public init(_ options: DatasetOptions) { self.options = options }

    /// One number of one well.
    struct Reading {
        var well: PlateWell
        var written: String
        var plate: Int, series: Int, names: Int
        var quantity: Double?
        var bound: Quantity.Bound
        var text: String
        var line: Int?
    }

    /// What makes readings of one well different ones.
    struct Series: Hashable {
        var heading: String
        var run: String, cycle: String
        var unit: Unit?, unitWritten: String?
        /// Of cell lines, times and replicates.
        var extras: [[String]]
    }

    /// How the reader itself calls a well, where it does.
    struct Names: Hashable {
        var sample: String?, role: String?, roleWritten: String?
    }

    /// Whether doses from another file can be joined to it.
    public var isJoinable: Bool { !hasDoses && !list.isEmpty }

    public mutating func begin(file: String) { self.file = file }

    /// - Throws: ``Diagnostic`` when there are more readings than an analysis takes.
    public mutating func add(_ well: ObservedWell) throws {
        guard !hasDoses else { return }
        if well.readings.contains(where: { !$0.isOwn && $0.name == MeasurementName.dose.rawValue }) {
            hasDoses = true
            list = []
            return
        }
        let responses = ResponseColumns.responses(well.readings, named: options.responses)
        guard !responses.isEmpty else { return }
        guard let row = well.row, let column = well.column else {
            homeless += responses.count
            return
        }
        for response in responses { try add(response, well, PlateWell(row: row, column: column), isOne: responses.count == 1) }
    }

    private mutating func add(
        _ response: ObservedWell.Reading, _ well: ObservedWell, _ place: PlateWell, isOne: Bool
    ) throws {
        guard list.count < options.mostPoints else {
            throw Diagnostic(
                "ic50.too-many-points", "there are more than \(options.mostPoints) readings", at: well.location,
                hint: "analyse the plates in several commands")
        }
        let series = Series(
            heading: Self.heading(of: response, in: well, isOne: isOne), run: well.run,
            cycle: well.extras.first { Self.isCycle($0.heading) }?.text ?? "",
            unit: response.unit, unitWritten: response.unitWritten,
            extras: well.extras.filter { Self.isCarried($0.heading, $0.text) }.map { [$0.heading, $0.text] })
        list.append(
            Reading(
                well: place, written: well.well ?? place.name, plate: Self.index(well.plate, &plateIndex, &plates),
                series: Self.index(series, &seriesIndex, &self.series),
                names: Self.index(
                    Names(sample: well.sample, role: well.role, roleWritten: well.roleWritten), &nameIndex, &names),
                quantity: response.value, bound: response.bound, text: response.written, line: well.location.line))
    }

    /// `Ex485_Em535`, `absorbance 450 nm`, `IL-6 median`.
    private static func heading(of response: ObservedWell.Reading, in well: ObservedWell, isOne: Bool) -> String {
        let name = response.name == "effect" ? "response" : response.name
        guard let signal = well.signal else {
            return [well.analyte, name, well.wavelength].compactMap { $0 }.joined(separator: " ")
        }
        return [well.analyte, signal, isOne ? nil : name].compactMap { $0 }.joined(separator: " ")
    }

    private static func index<Value: Hashable>(_ value: Value, _ known: inout [Value: Int], _ list: inout [Value]) -> Int {
        if let index = known[value] { return index }
        list.append(value)
        known[value] = list.count - 1
        return list.count - 1
    }

    private static func isCycle(_ heading: String) -> Bool { heading.lowercased() == "cycle" }

    private static func isCarried(_ heading: String, _ text: String) -> Bool {
        ResponseColumns.isCellLine(heading) || ResponseColumns.isReplicate(heading)
            || (ResponseColumns.isTime(heading) && ResponseColumns.hours(text, heading: heading) != nil)
    }

    /// What each series is called. Where one well was read several times under one heading, in several cycles or runs, these are
    /// told apart: they are no replicates.
    func headings() -> [String] {
        struct Place: Hashable { var heading: String, extras: [[String]], plate: Int, well: PlateWell }
        var seen: [Place: Int] = [:]
        var byCycle: Set<String> = [], byRun: Set<String> = []
        for reading in list {
            let one = series[reading.series]
            let place = Place(heading: one.heading, extras: one.extras, plate: reading.plate, well: reading.well)
            guard let other = seen.updateValue(reading.series, forKey: place).map({ series[$0] }), other != one else { continue }
            if other.cycle != one.cycle { byCycle.insert(one.heading) }
            if other.run != one.run { byRun.insert(one.heading) }
        }
        var runs: [String: [String]] = [:]
        for one in series where runs[one.heading]?.contains(one.run) != true { runs[one.heading, default: []].append(one.run) }
        return series.map { one in
            var name = one.heading
            if byRun.contains(name), let number = runs[one.heading]?.firstIndex(of: one.run), number > 0 {
                name += " (\(number + 1))"
            }
            if byCycle.contains(one.heading), !one.cycle.isEmpty { name += ", cycle \(one.cycle)" }
            return name
        }
    }
}
