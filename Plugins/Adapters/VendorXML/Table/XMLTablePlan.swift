import IngestCore
import TabularText

/// What the fields of the rows mean: decided once, by their names and by what the rows hold.
struct XMLTablePlan {
    enum Role {
        /// A measurement, by its place among ``numbers``.
        case number(Int)
        case text(ColumnField)
        case date, time, injectionVolume, peakNumber
        /// The unit of a measurement.
        case unit(ofNumber: Int)
        case extra
    }

    struct Number {
        let name: MeasurementName?
        let heading: String
        /// Of the heading.
        let unit: StatedUnit
    }

    let columns: XMLTableColumns
    private(set) var headings: [String] = []
    private(set) var roles: [Role]
    private(set) var numbers: [Number] = []
    /// What the rows tell of sample, position and injection.
    private(set) var fields: Set<ColumnField> = []
    private(set) var kind: ResultRecord.Kind = .sample

    init(_ columns: XMLTableColumns) {
        self.columns = columns
        roles = Array(repeating: .extra, count: columns.columns.count)
        let names = Self.names(columns.columns)
        let isRepeated = columns.columns.map { columns.repeated(around: $0.key) != nil }
        let known = columns.columns.indices.map { column in
            isRepeated[column] || names[column].isApart ? nil : Self.meaning(columns.columns[column])
        }
        let header = Header(
            zip(Self.headings(columns.columns, names.map(\.key), known), zip(names, isRepeated)).map { heading, column in
                column.0.isApart || column.1 ? column.0.key : heading
            })
        headings = header.distinct
        let numeric = Set(columns.columns.indices.filter { columns.columns[$0].isNumeric && !isRepeated[$0] })
        let corrected = ChromatographyVocabulary.fields(
            header, known: known, rows: columns.rows, numeric: numeric, missing: columns.missing)
        var fields: [String: ColumnField] = [:]
        for column in known.indices {
            let heading = header.names[column]
            var field = corrected[heading] ?? known[column] ?? .extra
            // The text of a <Well> may be what was measured in it.
            if field == .well, numeric.contains(column) { field = .ownNumber }
            if fields[heading] == nil { fields[heading] = field }
        }
        let plan = ResultTablePlan(header, fields: fields, units: [:], numeric: numeric, isDated: false)
        sort(plan, header)
        kind = plan.likelyKind
    }

    private mutating func sort(_ plan: ResultTablePlan, _ header: Header) {
        for (slot, number) in plan.numbers.enumerated() {
            roles[number.column] = .number(slot)
            let blank = plan.measurements[slot].quantity
            numbers.append(
                Number(
                    name: number.name, heading: header.distinct[number.column],
                    unit: StatedUnit(unit: blank.unit, written: blank.unitWritten)))
        }
        for (column, field) in plan.texts {
            roles[column] = .text(field)
            fields.insert(field)
        }
        func give(_ role: Role, to field: ColumnField) {
            guard let column = plan.columns[field]?.first else { return }
            roles[column] = role
            fields.insert(field)
        }
        give(.date, to: .acquiredDate)
        give(.time, to: .acquiredTime)
        give(.injectionVolume, to: .injectionVolume)
        give(.peakNumber, to: .peakNumber)
        // One column of units for the whole row is that of its one amount or concentration.
        let amounts = [MeasurementName.amount, .concentration].compactMap(plan.slot)
        if amounts.count == 1 { give(.unit(ofNumber: amounts[0]), to: .unit) }
        if let slot = plan.slot(.amount) { give(.unit(ofNumber: slot), to: .amountUnit) }
        if let slot = plan.slot(.concentration) { give(.unit(ofNumber: slot), to: .concentrationUnit) }
    }

    // MARK: Names

    /// What a column holds by its name: with that of its element before it (`Sample` `Name`), else alone. The text of the row
    /// itself has the name of what it is about, not of what it says.
    private static func meaning(_ column: XMLTableColumns.Column) -> ColumnField? {
        switch column.reach {
        case .own:
            if case .measurement(let name)? = ColumnHeading.field(column.name) { return .measurement(name) }
            return nil
        case .direct: return meaning(column.name, of: column.parent) ?? ColumnHeading.field(column.name)
        case .nested: return meaning(column.name, of: column.parent)
        case .inner: return nil
        }
    }

    /// What a field holds by the name of its element and its own.
    static func meaning(_ name: String, of parent: String) -> ColumnField? {
        if ColumnHeading.folded(parent) == "well", ColumnHeading.field(name) == .position { return .well }
        let field = ColumnHeading.field(parent + name)
        // The id of a compound is not what it is called.
        return field == .analyteName && ColumnHeading.folded(name).hasSuffix("id") ? .analyteID : field
    }

    /// The path of each column, with prefixes only where another namespace has the same. What has one then is set apart: its
    /// name alone does not say what it is.
    private static func names(_ columns: [XMLTableColumns.Column]) -> [(key: String, isApart: Bool)] {
        var keys: [String: Set<String>] = [:]
        for column in columns { keys[column.plainKey, default: []].insert(column.key) }
        return columns.map { column in
            let isApart = column.key != column.plainKey && keys[column.plainKey]?.count != 1
            return (isApart ? column.key : column.plainKey, isApart)
        }
    }

    /// A field's own name where no other has it and where it cannot be mistaken, else its path.
    private static func headings(
        _ columns: [XMLTableColumns.Column], _ keys: [String], _ known: [ColumnField?]
    ) -> [String] {
        var places: [String: Set<String>] = [:]
        for (column, key) in zip(columns, keys) { places[column.name, default: []].insert(key) }
        let all = Set(keys)
        return zip(zip(columns, keys), known).map { place, field in
            let (column, key) = place
            guard places[column.name]?.count == 1 else { return key }
            let isNear = column.reach == .direct || column.reach == .own
            guard field == nil, !isNear else { return column.name }
            // Of another field, such as `Area@Status`.
            let isAside = key.lastIndex(of: "@").map { all.contains(String(key[..<$0])) } == true
            return isAside || ColumnHeading.field(column.name) != nil ? key : column.name
        }
    }
}
