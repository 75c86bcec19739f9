import IngestCore
import Synchronization
import TabularText

/// Reads the rows of a Fusion: an injection each, and the deviations of all below them.
final class FusionReader {
    private let text: DelimitedText
    private let headings: FusionHeadings
    private let output: AdapterOutput
    private var spreads: [FusionSpread]
    /// What each row makes, but for its numbers, sample and time.
    private let drafts: [ResultRecord]
    private let concentration: Int?, normalized: Int?, retention: Int?
    private var rows = 0, leftOut = 0
    private var lastTime: String?
    private var rises: Bool?
    private var toldOrder = false
    private var shares = 0
    private var lastLine = 1
    private var sawDeviations = false
    private var account: ReadingAccount { text.source.account }

    init(_ text: DelimitedText, _ headings: FusionHeadings, _ output: AdapterOutput) {
        self.text = text
        self.headings = headings
        self.output = output
        spreads = Array(repeating: FusionSpread(), count: headings.header.count)
        drafts = headings.components.map { component in
            ResultRecord(
                kind: .peak, ordinal: component.ordinal, signal: component.detector.map { Signal(name: $0) },
                analyte: Analyte(name: component.name), measurements: [], location: text.source.location(),
                index: (component.columns.first?.column ?? 0) + 1)
        }
        func group(_ name: String) -> Int? { headings.groups.firstIndex { $0.name == name } }
        concentration = group("Concentration")
        normalized = group("NormalizedConcentration")
        retention = group("RT(s)")
    }

    func read() async throws {
        while let row = try text.next() {
            row.header = headings.header
            if row.isBlank { continue }
            if sawDeviations {
                try leaveOutRest(row)
                break
            }
            lastLine = row.line
            guard row.fits(headings.header) else {
                leftOut += 1
                continue
            }
            if row[0].uppercased().filter({ $0 != " " }) == "%RSD" {
                checkDeviations(row)
                continue
            }
            do {
                for result in try results(of: row) { try await output.emit(result) }
                watchTime(row)
            } catch let fault as Diagnostic {
                leftOut += 1
                row.leaveOut(fault)
            }
        }
        guard !sawDeviations else { return }
        output.report(
            Diagnostic(
                .warning, "fusion.no-deviations", "no row \"% RSD\" stands below the injections",
                at: text.source.location(line: lastLine, column: 1),
                hint: "the rows were read; a Fusion ends its table so: if the file was cut, export it again"))
        account.doubt("no row \"% RSD\" stands below the injections")
    }

    // MARK: Rows

    /// All results of a row or none: which of its cells are right cannot be told when one is not.
    private func results(of row: Row) throws -> [ResultRecord] {
        var acquired = try row.timestamp(0)
        guard acquired != nil else {
            throw row.fault(
                "fusion.no-time", "this injection has no time", at: 0,
                hint: "this row was left out, the others were read; a cell was emptied: export the file again")
        }
        if let offset = headings.offset, acquired?.offsetSource != .stated {
            acquired?.offset = offset
            acquired?.offsetSource = .stated
            acquired?.unsettled.removeAll { $0 == .zone }
        }
        let sample = row.string(1).map { Sample(name: $0) }
        var results = drafts
        var values = [Double?](repeating: nil, count: row.count)
        for (index, component) in headings.components.enumerated() {
            results[index].sample = sample
            results[index].injection = Injection(acquired: acquired)
            results[index].location = row.location(of: component.columns.first?.column ?? 0)
            for (number, column) in component.columns {
                let group = headings.groups[number]
                let quantity = try row.quantity(column, group.unit)
                if let name = group.measurement, let problem = PossibleRange.problem(name, quantity) {
                    throw row.fault(
                        "record.impossible-value", problem, at: column,
                        hint: "this row was left out, the others were read; compare it with the instrument")
                }
                values[column] = quantity.value
                if quantity.value == nil { tellEmpty(row, column) }
                results[index].measurements.append(
                    group.measurement.map { Measurement($0, quantity) } ?? Measurement(own: group.name, quantity))
            }
        }
        // Columns in no group.
        row.addUnread(to: &results[0].extras)
        rows += 1
        for (column, value) in values.enumerated() {
            if let value { spreads[column].add(value, written: row[column]) }
        }
        checkShares(row, values, &results)
        checkOrder(row, values)
        return results
    }

    private func tellEmpty(_ row: Row, _ column: Int) {
        account.report(
            row.fault(
                "fusion.empty", "a number is missing here", at: column, severity: .warning,
                hint: "the rest of the row was read; a Fusion writes one in every column: export the file again"))
        account.doubt("a number is missing in line \(row.line)")
    }

    /// Each normalized concentration is the share of its concentration, in percent.
    private func checkShares(_ row: Row, _ values: [Double?], _ results: inout [ResultRecord]) {
        let columns = headings.components.map { ($0.column(of: concentration), $0.column(of: normalized)) }
        let components = columns.count
        let sum = columns.reduce(0) { $0 + ($1.0.flatMap { values[$0] } ?? 0) }
        for (index, columns) in columns.enumerated() {
            guard let concentration = columns.0, let normalized = columns.1, let part = values[concentration],
                let share = values[normalized]
            else { continue }
            let half = LastDigit.half(row[concentration])
            let rounding = 100 * half / abs(sum) * (1 + abs(part / sum) * Double(components)) + LastDigit.half(row[normalized])
            let expected = sum == 0 ? 0 : 100 * part / sum
            guard abs(share - expected) > 1.5 * rounding, sum == 0 || abs(sum) > Double(components) * half else { continue }
            results[index].flags.append(Flag("share", written: row[normalized]))
            shares += 1
            guard shares <= 3 else { continue }
            account.report(
                row.fault(
                    "fusion.share",
                    "\(row[normalized]) % is not the share of the concentration \(row[concentration]): that is \(expected)",
                    at: normalized, severity: .warning,
                    hint: "the numbers were read as they stand, but one of the row is garbled or stands under a wrong heading; "
                        + "export the file again"))
            account.doubt("normalized concentrations in line \(row.line) are not those of the row")
        }
    }

    /// Components stand in the order in which a detector sees them.
    private func checkOrder(_ row: Row, _ values: [Double?]) {
        guard !toldOrder, let retention else { return }
        var last: [String: (time: Double, name: String)] = [:]
        for component in headings.components {
            guard let column = component.column(of: retention), let time = values[column], let detector = component.detector
            else { continue }
            if let before = last[detector], time <= before.time {
                toldOrder = true
                account.report(
                    row.fault(
                        "fusion.retention-order",
                        "\"\(component.name ?? "")\" comes at \(row[column]) s, before \"\(before.name)\" at \(before.time) s",
                        at: column, severity: .warning,
                        hint: "it was read as it stands; components stand in the order of their times: a time is garbled, or "
                            + "columns were exchanged, unless the method has another order"))
                return
            }
            last[detector] = (time, component.name ?? "")
        }
    }

    /// Injections follow each other, the latest first as a rule.
    private func watchTime(_ row: Row) {
        let time = row[0]
        defer { lastTime = time }
        // Of times written alike the texts have their order.
        guard let lastTime, lastTime.utf8.count == time.utf8.count, time.contains("-") else { return }
        let isRise = time > lastTime
        if time == lastTime || rises != nil && isRise != rises {
            account.report(
                row.fault(
                    "fusion.time-order",
                    time == lastTime
                        ? "two injections have the time \(time)" : "\(time) does not follow \(lastTime) as the rows above do",
                    at: 0, severity: .warning,
                    hint: "the row was read; it stands twice, was moved, or its time is garbled: export the file again"))
            account.doubt("the times of injections are not in order")
        } else {
            rises = isRise
        }
    }

    // MARK: Below the rows

    private func checkDeviations(_ row: Row) {
        sawDeviations = true
        var agreeing = 0
        var differing: [(column: Int, computed: Double)] = []
        var isReadable = true
        for component in headings.components {
            for (_, column) in component.columns {
                guard case .number(let stated, .exact) = NumberText.read(row.bytes(at: column), mark: text.survey.decimalMark)
                else {
                    isReadable = false
                    tellUnreadable(row, column)
                    continue
                }
                switch spreads[column].compare(stated) {
                case .agrees: agreeing += spreads[column].isConstant ? 0 : 1
                case .differs(let computed): differing.append((column, computed))
                case .open: break
                }
            }
        }
        row.ignore(.summaryRow)
        if leftOut > 0 || !isReadable { return account.doubt("rows were left out, so \"% RSD\" cannot be compared") }
        if let first = differing.first {
            tellDifference(row, first.column, first.computed, differing.count)
            let why = "\"% RSD\" of \(differing.count) columns is not that of the \(rows) rows read"
            return agreeing > 0 ? account.contradict(why) : account.doubt(why)
        }
        if agreeing > 0 {
            account.prove("\"% RSD\" of \(agreeing) columns is that of the \(rows) rows read")
        } else {
            account.doubt("\"% RSD\" of so few rows shows nothing")
        }
    }

    private func tellUnreadable(_ row: Row, _ column: Int) {
        account.report(
            row.fault(
                "fusion.deviation", "\"\(row[column])\" is no deviation to compare the rows with", at: column, severity: .warning,
                hint: "the rows were read; the cell was garbled: export the file again"))
    }

    private func tellDifference(_ row: Row, _ column: Int, _ computed: Double, _ count: Int) {
        account.report(
            row.fault(
                "fusion.deviation",
                "the relative standard deviation is stated as \(row[column]), that of the \(rows) rows read is \(computed)"
                    + (count > 1 ? "; \(count) columns differ" : ""), at: column, severity: .warning,
                hint: "the rows were read as they stand, but one is missing, stands twice, or has a garbled number: export the "
                    + "file again"))
    }

    private func leaveOutRest(_ row: Row) throws {
        row.leaveOut(
            row.fault(
                "fusion.second-table", "something follows the row \"% RSD\", which ends the table", at: 0,
                hint: "it was left out, as all that follows; two files were put together, or text was added: export it again"))
        account.contradict("something follows the row \"% RSD\"")
        while let row = try text.next() {
            // Told once for all of them.
            if !row.isBlank { account.resultsLeftOut.add(1, ordering: .relaxed) }
        }
    }
}
