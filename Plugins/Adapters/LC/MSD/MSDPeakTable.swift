import IngestCore
import TabularText

/// Turns the rows of a table of integrated peaks into results, and watches what the table says of itself: numbers that
/// count on, times and scans that rise, areas that are the shares the row says, shares that add up to 100.
final class MSDPeakTable {
    let columns: [MSDColumn]
    let signal: String
    private let injection: MSDInjection
    private let file: SourceFile
    private let isTwin: Bool
    private let record: ResultRecord
    private let slots: [Int?]

    private struct Held {
        var result: ResultRecord
        var shares: MSDShares.Entry
        /// Of the area, its share of the largest, its share of all.
        var places: [SourceLocation]
    }
    private var held: [Held] = []
    /// Results held until the table is read, or so many of them are.
    private static let mostHeld = 4096

    private var ordinal = 0
    private var lastNumber = 0
    private var isSkipping = false
    private var last: (time: Double, scan: Double)?
    /// Where the peak above ends, and minutes for each scan up to it.
    private var lastEnd: Double?
    private var pace: Double?
    private(set) var leftOut = 0
    private(set) var isOpen = false
    private(set) var count = 0
    private var total = (value: 0.0, half: 0.0, isKnown: false)
    private(set) var areas = (value: 0.0, half: 0.0)

    /// - Parameters:
    ///   - extras: What the file says of the table as a whole.
    ///   - isTwin: The peaks are told again by another table, and only kept to be compared with it.
    init(
        _ columns: [MSDColumn], signal: String, _ injection: MSDInjection, _ file: SourceFile, extras: Extras = [:],
        isTwin: Bool = false
    ) {
        self.columns = columns
        self.isTwin = isTwin
        self.signal = signal
        self.injection = injection
        self.file = file
        var record = injection.result(.peak, signal.isEmpty ? nil : Signal(name: signal), file.location())
        record.extras = extras
        var slots: [Int?] = []
        for column in columns {
            let quantity = Quantity(written: "", absent: .empty)
            switch column.meaning {
            case .measurement(let name):
                slots.append(record.measurements.count)
                record.measurements.append(Measurement(name, quantity))
            case .own:
                slots.append(record.measurements.count)
                record.measurements.append(Measurement(own: column.heading, quantity))
            default: slots.append(nil)
            }
        }
        self.record = record
        self.slots = slots
    }

    // MARK: Rows

    /// Takes a row.
    /// - Parameters:
    ///   - cells: Where in the row the cells of each column are; of a code there may be several, or none.
    ///   - key: The number that stands in front of the row, where there is one.
    func add(_ row: Row, _ cells: [Range<Int>], key: Int?) async throws {
        isOpen = isOpen || row.isUnended
        count += 1
        do {
            let peak = try read(row, cells, key)
            if isTwin { keepTwin(peak.result, row) } else { held.append(peak) }
        } catch let diagnostic as Diagnostic {
            row.leaveOut(diagnostic)
            passOver(key)
        }
        if held.count >= MSDPeakTable.mostHeld { try await flush() }
    }

    /// A row that is left out is told already, and the one below it is not to be told for it.
    func passOver(_ key: Int?) {
        leftOut += 1
        if let key { lastNumber = key } else { isSkipping = true }
    }

    private func read(_ row: Row, _ cells: [Range<Int>], _ key: Int?) throws -> Held {
        var result = record
        result.location = row.location
        result.sample = injection.sample
        result.position = injection.position
        result.injection = injection.injection
        var number = key
        for (index, column) in columns.enumerated() {
            let first = cells[index].lowerBound
            switch column.meaning {
            case .number:
                let own = try row.integer(first)
                if own == nil { tellEmpty(row, first, column) }
                if let own, let key, own != key {
                    flag(
                        &result, "numbering", row, first, "msd.numbering", "peak \(own) stands in row \(key)",
                        "the row was read; a row is missing, stands twice or was moved: report the injection again")
                }
                number = own ?? key
            case .code:
                let code = cells[index].compactMap { row.extra($0) }.joined(separator: " ")
                guard !code.isEmpty else { continue }
                result.extras.add(column.heading, code)
                result.flags += IntegrationCode.agilent.flags(code)
            case .measurement, .own:
                guard let slot = slots[index] else { continue }
                let quantity = try quantity(row, first, column)
                if quantity.absent == .empty { tellEmpty(row, first, column) }
                result.measurements[slot].quantity = quantity
            case .extra:
                if let text = row.extra(first) { result.extras.add(column.heading, PrivateText.withoutFolders(text)) }
            }
        }
        ordinal += 1
        result.ordinal = ordinal
        if let number, number != ordinal, let own = columns.firstIndex(where: { $0.meaning == .number }) {
            result.extras.add(columns[own].heading, "\(number)")
        }
        watch(&result, row, cells, number)
        if !isTwin, let number { compare(result, row, cells, number) }
        let area = quantity(.area, of: result)
        sum(area, quantity(.areaPercent, of: result))
        let places = [MeasurementName.area, .relativeToLargest, .areaPercent].map { name in
            columns.firstIndex { $0.meaning == .measurement(name) }.map { row.location(of: cells[$0].lowerBound) }
                ?? row.location
        }
        let shares = MSDShares.Entry(
            area: MSDShares.Share(area), ofLargest: MSDShares.Share(quantity(.relativeToLargest, of: result)),
            ofAll: MSDShares.Share(quantity(.areaPercent, of: result)))
        return Held(result: result, shares: shares, places: places)
    }

    private func quantity(_ row: Row, _ cell: Int, _ column: MSDColumn) throws -> Quantity {
        let quantity =
            column.unit.written == "%" ? try row.quantity(cell, endingIn: "%", column.unit) : try row.quantity(cell, column.unit)
        if let problem = problem(quantity, column) {
            throw row.fault(
                "record.impossible-value", problem, at: cell,
                hint: "this row was left out, the others were read; compare it with the instrument")
        }
        return quantity
    }

    private func problem(_ quantity: Quantity, _ column: MSDColumn) -> String? {
        if case .measurement(let name) = column.meaning, let problem = PossibleRange.problem(name, quantity) { return problem }
        guard let value = quantity.value else { return nil }
        let isScan = column.meaning == .own, isCount = column.unit.unit == .counts
        if isScan, value < 0 || value != value.rounded() { return "\"\(quantity.written.trimmed)\" is no number of a scan" }
        return isCount && value < 0 ? "\"\(quantity.written.trimmed)\" is no possible count" : nil
    }

    private func quantity(_ name: MeasurementName, of result: ResultRecord) -> Quantity? {
        result.measurements.first { $0.standard == name }?.quantity
    }

    private func scan(_ word: String, of result: ResultRecord) -> Double? {
        guard let index = columns.firstIndex(where: { $0.key == .scan(word) }), let slot = slots[index] else { return nil }
        return result.measurements[slot].quantity.value
    }

    // MARK: What a row says of itself

    private func watch(_ result: inout ResultRecord, _ row: Row, _ cells: [Range<Int>], _ number: Int?) {
        func cell(_ isMeant: (MSDColumn) -> Bool) -> Int {
            columns.firstIndex(where: isMeant).map { cells[$0].lowerBound } ?? 0
        }
        if let number, number != lastNumber + 1, !isSkipping {
            flag(
                &result, "numbering", row, 0, "msd.numbering",
                lastNumber == 0 ? "the first peak has number \(number)" : "peak \(number) follows \(lastNumber)",
                "the row was read; a row is missing, stands twice or was moved: report the injection again")
            file.account.contradict("the numbers of the peaks do not count on in line \(row.line)")
        }
        lastNumber = number ?? lastNumber + 1
        isSkipping = false
        let time = quantity(.retentionTime, of: result)?.value
        let scans = ["first", "max", "last"].map { scan($0, of: result) }
        let bounds = [quantity(.startTime, of: result)?.value, time, quantity(.endTime, of: result)?.value]
        for (values, isMeant) in [
            (scans, { $0.key == .scan("max") }), (bounds, { $0.key == .measurement(.retentionTime) }),
        ] as [([Double?], (MSDColumn) -> Bool)] {
            guard let from = values[0], let at = values[1], let to = values[2], at < from || at > to else { continue }
            flag(
                &result, "outsidePeak", row, cell(isMeant), "record.outside-peak",
                "the top of the peak lies outside its own beginning and end", "the row was read; compare it with the instrument")
        }
        if let time, let last, time < last.time || scans[1].map({ $0 < last.scan }) ?? false {
            flag(
                &result, "timeOrder", row, cell { $0.key == .measurement(.retentionTime) }, "msd.time-order",
                "this peak does not come after the one above it",
                "the row was read; it was moved, or its time or scan is garbled: compare it with the instrument")
        }
        let isScanned = scans[1] != nil
        watchPlace(&result, row, cell { $0.key == .measurement(.retentionTime) }, time, scans[1], isScanned ? scans : bounds)
        if let time {
            last = (time, scans[1] ?? last?.scan ?? 0)
            if scans[1] != nil { injection.latest = max(injection.latest ?? time, time) }
        }
    }

    /// A peak does not reach over the top of the next one, unless that rides on its tail; and scans come at one pace, nearly.
    private func watchPlace(
        _ result: inout ResultRecord, _ row: Row, _ cell: Int, _ time: Double?, _ scan: Double?, _ reach: [Double?]
    ) {
        if let top = reach[1], let lastEnd, lastEnd > top, !result.flags.contains(where: { $0.code == "timeOrder" }) {
            flag(
                &result, "overlap", row, cell, "msd.overlap", "the peak above ends behind the top of this one",
                "both were read; one of their numbers is garbled, unless one rides on the tail of the other: compare them "
                    + "with the instrument")
        }
        lastEnd = reach[2]
        guard let time, let scan, let last, scan - last.scan >= 3, time > last.time else { return }
        let now = (time - last.time) / (scan - last.scan)
        if let pace, now > 5 * pace || now < pace / 5 {
            flag(
                &result, "timeOrder", row, cell, "msd.scan-pace",
                "the scans up to this time do not come as fast as those before",
                "the row was read; its time or scan is garbled, or that of the row above: compare it with the instrument")
        }
        pace = now
    }

    private func tellEmpty(_ row: Row, _ cell: Int, _ column: MSDColumn) {
        file.account.report(
            row.fault(
                "msd.empty-cell", "there is nothing in column \"\(column.heading)\"", at: cell, severity: .warning,
                hint: "the row was read without it; MSD ChemStation leaves no cell empty: report the injection again"))
    }

    private func flag(
        _ result: inout ResultRecord, _ flag: String, _ row: Row, _ cell: Int, _ code: String, _ message: String, _ hint: String
    ) {
        if !result.flags.contains(Flag(flag)) { result.flags.append(Flag(flag)) }
        file.account.report(row.fault(code, message, at: cell, severity: .warning, hint: hint))
    }

    // MARK: What the report beside it says

    /// The values of a result by what they are of.
    func values(of result: ResultRecord) -> [MSDColumn.Key: MSDTwins.Value] {
        var values: [MSDColumn.Key: MSDTwins.Value] = [:]
        for (index, column) in columns.enumerated() {
            guard let key = column.key else { continue }
            if let slot = slots[index] {
                values[key] = result.measurements[slot].quantity.value.map { .number($0) }
            } else {
                values[key] = .text((result.extras[column.heading] ?? "").filter { $0 != " " })
            }
        }
        return values
    }

    private func keepTwin(_ result: ResultRecord, _ row: Row) {
        // What becomes a measurement is the same number in the other table.
        for cell in 0..<row.count { row.describe(cell) }
        let number = Int(result.extras[columns[0].heading] ?? "") ?? result.ordinal ?? 0
        injection.twins.add(MSDTwins.Peak(place: row.location, values: values(of: result)), signal: signal, number: number)
    }

    private func compare(_ result: ResultRecord, _ row: Row, _ cells: [Range<Int>], _ number: Int) {
        guard !injection.twins.isEmpty else { return }
        guard let twin = injection.twins.take(signal: signal, number: number) else {
            guard !injection.twins.isFull else { return }
            tellTwin(row, 0, "peak \(number) of \(signal) is not in \(injection.twins.file?.name ?? "the report")")
            return
        }
        let own = values(of: result)
        for (index, column) in columns.enumerated() {
            guard let key = column.key, let other = twin.values[key], own[key] != other else { continue }
            let written =
                switch other {
                case .number(let value): "\(value)"
                case .text(let text): text
                }
            tellTwin(
                row, cells[index].lowerBound,
                "\(column.heading) of peak \(number) is \(written) in \(injection.twins.file?.name ?? "the report"), "
                    + "line \(twin.place.line ?? 0)")
        }
    }

    private func tellTwin(_ row: Row, _ cell: Int, _ message: String) {
        file.account.report(
            row.fault(
                "msd.files-differ", message, at: cell,
                hint: "what stands here was read; one of the files was edited, or is of another integration: report the "
                    + "injection again"))
        file.account.contradict("the two tables of peaks differ")
    }
}

// MARK: The table as a whole

extension MSDPeakTable {
    private func sum(_ area: Quantity?, _ share: Quantity?) {
        if let area, let value = area.value {
            areas.value += value
            areas.half += LastDigit.half(area.written)
        }
        if let share = MSDShares.Share(share) { total = (total.value + share.value, total.half + share.half, true) }
    }

    /// Emits what is held.
    private func flush() async throws {
        guard !isTwin else { return }
        let shares = MSDShares(held.map(\.shares))
        try await injection.begin()
        for var item in held {
            if let misfit = shares.misfit(item.shares) { tell(misfit, &item) }
            try await injection.output.emit(item.result)
        }
        held.removeAll(keepingCapacity: true)
    }

    private func tell(_ misfit: MSDShares.Misfit, _ item: inout Held) {
        item.result.flags.append(Flag("areaShare"))
        let what =
            switch misfit {
            case .area: (0, "the area is not the share of the largest, nor of all, that this row says")
            case .ofLargest: (1, "the area is not the share of the largest area that this row says")
            case .ofAll: (2, "the area is not the share of all areas that this row says")
            }
        file.account.report(
            Diagnostic(
                .warning, "msd.area-share", what.1, at: item.places[what.0],
                hint: "the row was read; one of the numbers was changed: compare it with the instrument"))
    }

    /// Emits the rest, and says what the table shows of its completeness.
    /// - Parameter name: Of the table, for people.
    func finish(_ name: String) async throws {
        try await flush()
        guard leftOut == 0 else { return file.account.doubt("rows of \(name) were left out") }
        guard !isOpen else { return file.account.doubt("the last line of \(file.name) has no line end") }
        guard count > 0 else { return file.account.doubt("\(name) has no peaks, and nothing else shows that it is whole") }
        guard total.isKnown else { return file.account.doubt("\(name) has no shares that would show a missing peak") }
        let off = abs(total.value - 100), written = AreaShares.rounded(total.value)
        if off <= total.half + 1e-9 { return file.account.prove("the shares of \(name) add up to 100") }
        file.account.contradict("the shares of \(name) add up to \(written)")
        file.account.report(
            Diagnostic(
                "msd.share-sum",
                "the shares of \(name) add up to \(written) %, not to 100: peaks are missing, stand twice or "
                    + "were changed", at: file.location(),
                hint: "the rows that are there were read; the file was cut or edited: report the injection again"))
    }
}
