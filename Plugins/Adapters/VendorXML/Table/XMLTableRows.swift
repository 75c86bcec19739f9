import IngestCore
import StreamingXML
import TabularText

/// Turns the rows of a table in XML into results.
final class XMLTableRows {
    let plan: XMLTablePlan
    private let source: SourceFile
    private var ordinals = XMLTableOrdinals()
    /// For the first column of each name, the row that was read last and how many of its columns it filled.
    private var filled: [(row: Int, columns: Int)]
    private var row = 0
    private var units: [String: StatedUnit] = [:]
    private var toldUnits: Set<Int> = []
    private var hasToldTooMany = false
    private var toldOpenUnits: Set<String> = []

    init(_ plan: XMLTablePlan, _ source: SourceFile) {
        self.plan = plan
        self.source = source
        filled = Array(repeating: (0, 0), count: plan.roles.count)
    }

    /// Whether a field is a measurement.
    func isMeasured(_ key: String) -> Bool {
        plan.columns.index[key]?.contains { if case .number = plan.roles[$0] { true } else { false } } ?? false
    }

    /// Whether a field tells of what a row is: a text, whatever it looks like.
    func isMeant(_ key: String) -> Bool {
        plan.columns.index[key]?.contains { if case .extra = plan.roles[$0] { false } else { true } } ?? false
    }

    /// What a row says that is about the whole of it.
    private struct Parts {
        var subject: XMLTableSubject
        var date: XMLValue?, time: (value: XMLValue, heading: String)?, number: (value: XMLValue, heading: String)?
        /// The units of measurements that stand in fields of their own.
        var units: [(number: Int, value: XMLValue, heading: String)] = []
        /// The places of measurements in the result.
        var slots: [Int: Int] = [:]
    }

    /// - Throws: A ``Diagnostic`` at the value that leaves the row out.
    func result(of element: Element, _ level: XMLTableLevel) throws -> ResultRecord {
        row += 1
        var result = ResultRecord(kind: .sample, measurements: [], extras: level.extras, location: element.location)
        var parts = Parts(subject: level.subject)
        for field in XMLTableFields(of: element).fields {
            field.label?.describe()
            if let name = field.openUnitOf {
                tellOpenUnit(field, of: name)
                keep(field, field.plainKey, &result)
                continue
            }
            guard let column = column(field) else {
                tellTooMany(field)
                keep(field, field.plainKey, &result)
                continue
            }
            try take(field, column, &parts, &result)
        }
        try settle(&parts, &result)
        result.sample = parts.subject.sample
        result.position = parts.subject.position
        result.injection = parts.subject.injection
        result.signal = parts.subject.signal
        result.analyte = parts.subject.analyte
        result.kind = kind(element, parts.subject)
        result.ordinal = ordinals.next(parts.subject)
        if let (value, heading) = parts.number, try value.integer() != result.ordinal, let text = value.extra() {
            result.extras.add(heading, text)
        }
        // What has no value has a unit all the same, and a text that names the row may have one.
        var rest = Extras()
        element.keepRest(in: &rest)
        if !rest.isEmpty { result.extras.add(rest.withoutFolders) }
        watch(&result, element)
        return result
    }

    private func column(_ field: XMLTableField) -> Int? {
        guard let columns = plan.columns.index[field.key], let first = columns.first else { return nil }
        if filled[first].row < row { filled[first] = (row, 0) }
        guard filled[first].columns < columns.count else { return nil }
        filled[first].columns += 1
        return columns[filled[first].columns - 1]
    }

    private func take(_ field: XMLTableField, _ column: Int, _ parts: inout Parts, _ result: inout ResultRecord) throws {
        let heading = plan.headings[column]
        switch plan.roles[column] {
        case .number(let slot):
            parts.slots[slot] = result.measurements.count
            result.measurements.append(try measurement(field, slot, heading, &result))
        case .text(let meaning):
            guard let value = field.value else { return }
            let isTaken = try parts.subject.take(meaning, value, unit: nil)
            if !isTaken { keep(field, heading, &result) } else { keepUnit(field, heading, &result) }
        case .injectionVolume:
            if let value = field.value { _ = try parts.subject.take(.injectionVolume, value, unit: field.unit) }
        case .date: parts.date = field.value
        case .time: parts.time = field.value.map { ($0, heading) }
        case .peakNumber: if let value = field.value, !value.isEmpty { parts.number = (value, heading) }
        case .unit(let number): if let value = field.value { parts.units.append((number, value, heading)) }
        case .extra: keep(field, heading, &result)
        }
    }

    private func measurement(
        _ field: XMLTableField, _ slot: Int, _ heading: String, _ result: inout ResultRecord
    ) throws -> Measurement {
        let number = plan.numbers[slot]
        let unit = field.unit.map { stated($0, slot, heading, &result) } ?? number.unit
        let quantity = try field.value?.quantity(unit) ?? .empty(unit)
        return number.name.map { Measurement($0, quantity) } ?? Measurement(own: number.heading, quantity)
    }

    /// The unit of one number. One that cannot be its unit is kept as it stands, and told.
    private func stated(_ value: XMLValue, _ slot: Int, _ heading: String, _ result: inout ResultRecord) -> StatedUnit {
        let number = plan.numbers[slot]
        guard let written = value.string() else { return number.unit }
        let unit: StatedUnit
        if let known = units[written] {
            unit = known
        } else {
            unit = StatedUnit(written: written)
            if units.count < 1000 { units[written] = unit }
        }
        let conflict: String? =
            if let stated = number.unit.written {
                unit.unit == number.unit.unit ? nil : "the name of the field says \"\(stated)\""
            } else if let name = number.name, let meant = unit.unit, !name.canBe(in: meant) {
                "no \(name.rawValue) has such a unit"
            } else {
                nil
            }
        guard let conflict else { return unit }
        if let text = value.extra() { result.extras.add(heading + " unit", text) }
        if toldUnits.insert(slot).inserted {
            source.account.report(
                value.fault(
                    "xml.table.other-unit", "\"\(written)\" is the unit of \"\(heading)\" here, but \(conflict)",
                    severity: .warning,
                    hint: "the rows were read; such units are kept in the extras, further ones without telling"))
        }
        return number.unit
    }

    private func keep(_ field: XMLTableField, _ heading: String, _ result: inout ResultRecord) {
        if let text = field.value?.extra() { result.extras.add(heading, PrivateText.withoutFolders(text)) }
        keepUnit(field, heading, &result)
    }

    private func keepUnit(_ field: XMLTableField, _ heading: String, _ result: inout ResultRecord) {
        if let unit = field.unit?.extra() { result.extras.add(heading + " unit", unit) }
    }

    // MARK: The row as a whole

    private func settle(_ parts: inout Parts, _ result: inout ResultRecord) throws {
        for (number, value, heading) in parts.units {
            if let slot = parts.slots[number], result.measurements[slot].quantity.unitWritten == nil {
                let unit = stated(value, number, heading, &result)
                result.measurements[slot].quantity.unit = unit.unit
                result.measurements[slot].quantity.unitWritten = unit.written
            } else if let text = value.extra() {
                result.extras.add(heading, text)
            }
        }
        guard let date = parts.date, let day = date.string() else {
            // A time of day without its date is no time, but it is there.
            if let time = parts.time, let text = time.value.extra() { result.extras.add(time.heading, text) }
            return
        }
        guard let hour = parts.time?.value.string() else {
            _ = try parts.subject.take(.acquired, date, unit: nil)
            return
        }
        let given = source.given
        guard let acquired = Timestamp("\(day) \(hour)", order: given.dateOrder, zone: given.timeZone) else {
            throw date.fault(
                "xml.not-a-time", "\"\(day) \(hour)\" is not a date and time",
                hint: "this result was left out, the others were read")
        }
        parts.subject.take(acquired: acquired)
    }

    /// As of any table; what an element around the rows tells counts too, and at last the name of the row.
    private func kind(_ element: Element, _ subject: XMLTableSubject) -> ResultRecord.Kind {
        if plan.kind != .sample { return plan.kind }
        if subject.analyte != nil {
            let sizes: Set<MeasurementName?> = [.retentionTime, .retentionVolume, .area, .height, .areaPercent]
            return plan.numbers.contains { $0.name != nil && sizes.contains($0.name) } ? .peak : .compound
        }
        switch ColumnHeading.folded(element.name) {
        case "peak": return .peak
        case "compound", "analyte", "component": return .compound
        case "well": return .well
        default: return subject.position?.row == nil ? .sample : .well
        }
    }

    private func watch(_ result: inout ResultRecord, _ element: Element) {
        func value(_ name: MeasurementName) -> Double? { result.measurements.first { $0.standard == name }?.quantity.value }
        guard let at = value(.retentionTime), let start = value(.startTime), let end = value(.endTime), start < end,
            at < start || at > end
        else { return }
        result.flags.append(Flag("outsidePeak"))
        source.account.report(
            element.fault(
                "record.outside-peak", "the retention time lies outside the start and end of its own peak", severity: .warning,
                hint: "the row was read; compare it with the instrument"))
    }

    /// A unit of one of several numbers.
    private func tellOpenUnit(_ field: XMLTableField, of name: String) {
        guard let value = field.value, toldOpenUnits.insert(field.key).inserted else { return }
        source.account.report(
            value.fault(
                "xml.table.open-unit", "nothing says of which \"\(name)\" the \"\(field.name)\" \"\(value.peek)\" is the unit",
                severity: .warning,
                hint: "the rows were read without it; such units are kept in the extras, further ones without telling"))
    }

    /// A field behind those that were looked at.
    private func tellTooMany(_ field: XMLTableField) {
        // Of a row that holds rows it is told already.
        guard !hasToldTooMany, let value = field.value, !value.isEmpty, plan.columns.repeated(around: field.key) == nil else {
            return
        }
        hasToldTooMany = true
        source.account.report(
            value.fault(
                "xml.table.too-many-fields",
                "the rows have more than \(XMLTableColumns.most) fields, and \"\(field.key)\" is behind these",
                severity: .warning,
                hint: "the row was read; such fields are kept in the extras as text, further ones without telling"))
    }
}
