import IngestCore
import TabularText

/// What the columns of a table of doses and responses hold: told by their headings, and where those leave it open by what
/// stands below them.
struct PlateLayout {
    enum Shape { case long, wide }

    let shape: Shape
    /// No other kind of table is like it.
    let isCertain: Bool
    /// What the columns hold, by heading as written.
    private(set) var fields: [String: ColumnField] = [:]
    private let units: [StatedUnit]
    /// What the one response is, where its heading says more than that it is one.
    let signal: Signal?
    /// The columns that are read as numbers.
    private(set) var numbers: Set<Int>
    private let dose: Int?

    private let names: [String]
    private let columns: [PlateColumn?]
    private let named: PlateNames

    /// - Parameters:
    ///   - rows: Those that can be seen below the headings; with none, a column holds what its heading says.
    ///   - missing: The texts that mean "no value".
    ///   - named: The columns that somebody named; they hold what they were named as, whatever their headings say.
    /// - Returns: `nil` for a table without a dose or without a response, and for one of chromatography.
    init?(_ headings: [String], rows: [[String]], missing: Set<String>, named: PlateNames = PlateNames()) {
        let parts = headings.indices.map { PlateHeading(headings[$0], named: named.column($0)) }
        guard !named.isEmpty || !headings.contains(where: Self.isChromatographic) else { return nil }
        let numeric = NumericColumns.find(rows, columns: headings.count, missing: missing, isNumber: TableHeading.isNumber)
        let texts = Set(headings.indices.filter { Self.holdsText(rows, $0, missing) })
        let columns: [PlateColumn?] = headings.indices.map { index in
            if let column = named.column(index) { return column }
            switch parts[index].column {
            case .dose, .concentration, .logDose, .response, .weight, .measurement:
                return texts.contains(index) ? nil : parts[index].column
            case .series: return rows.isEmpty || numeric.contains(index) ? .series : nil
            // A group of controls under its name, as a curve of the table.
            case .role: return numeric.contains(index) ? nil : .role
            // Beside those that were named, another one tells rows apart.
            case .curve where !named.curves.isEmpty: return .label
            default: return parts[index].column
            }
        }
        let dose =
            named.dose ?? columns.firstIndex(of: .dose) ?? columns.firstIndex(of: .concentration)
            ?? Self.prefixedDose(parts, numeric)
        guard dose != nil || columns.contains(.logDose) else { return nil }
        let curves = PlateCurves(columns, numeric: numeric, except: dose)
        guard let shape = named.responses.isEmpty ? curves.shape : .wide else { return nil }
        let isDose = dose.map { columns[$0] == .dose } ?? true
        isCertain = !curves.areUnknown || isDose || !named.isEmpty
        // A concentration beside numbers of any kind is not enough where chromatography has a say.
        if !isCertain, ResultTable.recognizedColumns(headings) >= 2 || numeric.min() != dose { return nil }
        self.shape = shape
        self.columns = columns
        self.dose = dose
        self.named = named
        names = headings.map(\.trimmed)
        units = parts.map(\.unit)
        numbers = numeric.filter { columns[$0]?.isNumber ?? true }
        let main = curves.main(of: columns).map { parts[$0] }
        signal = shape == .long && main?.isSpecific == true ? Signal(name: main?.name) : nil
        settle(rows, missing)
        if !named.responses.isEmpty { numbers = numbers.filter { fields[names[$0]] != .extra } }
    }

    /// Whether a column has texts and none of them has a digit: `high`, `low`. A few garbled numbers do not make it one.
    private static func holdsText(_ rows: [[String]], _ column: Int, _ missing: Set<String>) -> Bool {
        let cells = rows.compactMap { column < $0.count ? $0[column].trimmed : nil }.filter {
            !$0.isEmpty && !missing.contains($0)
        }
        return cells.count >= 3
            && cells.allSatisfy { cell in
                !cell.contains(where: \.isNumber)
                    && !["inf", "+inf", "-inf", "infinity", "-infinity"].contains(cell.lowercased())
            }
    }

    /// `Cell mortality concentration` beside `Cell mortality 24h`: the words in front of the dose are those of its responses.
    private static func prefixedDose(_ parts: [PlateHeading], _ numeric: Set<Int>) -> Int? {
        parts.indices.first { index in
            let words = parts[index].words
            guard numeric.contains(index), words.count > 1, let last = words.last, parts[index].column == nil,
                PlateWords.found.isDisjoint(with: words)
            else { return false }
            switch PlateWords.columns[last] {
            case .dose, .concentration: break
            default: return false
            }
            return parts.indices.contains {
                $0 != index && numeric.contains($0) && parts[$0].words.starts(with: words.dropLast())
            }
        }
    }

    private static func isChromatographic(_ heading: String) -> Bool {
        switch ColumnHeading.field(heading) {
        case .measurement(let name): chromatographic.contains(name)
        case .injectionNumber: ColumnHeading.folded(heading) != "injection"
        case .peakNumber: ColumnHeading.folded(heading).hasPrefix("peak")
        case .vial: ColumnHeading.folded(heading).contains("vial")
        case .injectionVolume, .analyteID: true
        default: false
        }
    }

    private static let chromatographic: Set<MeasurementName> = [
        .retentionTime, .relativeRetentionTime, .expectedRetentionTime, .retentionVolume, .area, .areaPercent, .heightPercent,
        .relativeToLargest, .baseWidth, .widthAtHalfHeight, .responseFactor, .tailing, .symmetry, .plates, .separationFactor,
        .capacityFactor, .signalToNoise, .massToCharge,
    ]

    // MARK: Columns

    private mutating func settle(_ rows: [[String]], _ missing: Set<String>) {
        let naming = PlateColumn.naming.first { columns.contains($0) }
        let hasWell = columns.contains(.well) || columns.contains(.position)
        for index in columns.indices where fields[names[index]] == nil {
            fields[names[index]] = field(index, naming, hasWell)
        }
        if naming == nil, let index = lastResort(rows, missing) { fields[names[index]] = .sampleName }
    }

    private func field(_ index: Int, _ naming: PlateColumn?, _ hasWell: Bool) -> ColumnField {
        if index == dose { return .measurement(.dose) }
        if named.responses.contains(index) { return .ownNumber }
        if named.curves.count > 1, let part = named.curves.firstIndex(of: index) { return .samplePart(part) }
        if !named.responses.isEmpty, mayBeResponse(index) { return .extra }
        switch columns[index] {
        case .response(let name): return shape == .long ? .measurement(name) : .ownNumber
        case .measurement(let name): return .measurement(name)
        case .dose, .concentration, .logDose, .series, .weight: return .ownNumber
        case .role: return .sampleRole
        case .batch: return .batch
        case .well: return .well
        case .position: return .position
        case .plate: return hasWell ? .plate : .extra
        case .doseUnit: return .doseUnit
        case .responseUnit: return .effectUnit
        case .unit: return .unit
        case .label: return .extra
        case .curve, .compound, .sample, .analyte, .cells, .identifier, .group: return name(columns[index], naming)
        case nil: return numbers.contains(index) ? .ownNumber : .extra
        }
    }

    /// Beside named responses, such a column is none, and a text in it costs no row.
    private func mayBeResponse(_ index: Int) -> Bool {
        switch columns[index] {
        case .response, .series, .dose, .concentration, nil: true
        default: false
        }
    }

    /// What a column of names is to the result when another gives the sample its name.
    private func name(_ column: PlateColumn?, _ naming: PlateColumn?) -> ColumnField {
        if column == naming { return .sampleName }
        let isCompoundAnalyte = naming == .curve && column == .compound
        if column == .analyte && !(naming == .curve && columns.contains(.compound)) || isCompoundAnalyte { return .analyteName }
        return column == .identifier ? .sampleID : .extra
    }

    /// A column of texts whose heading ends as names do (`Toxin Name`, `Tumour line`), else the first in front of the dose.
    private func lastResort(_ rows: [[String]], _ missing: Set<String>) -> Int? {
        let texts = columns.indices.filter { index in
            columns[index] == nil && index != dose && !numbers.contains(index)
                && rows.contains { index < $0.count && !$0[index].trimmed.isEmpty && !missing.contains($0[index].trimmed) }
        }
        let words = texts.map { PlateHeading(names[$0]).words }
        let endings = ["name", "line", "compound", "drug", "treatment", "sample", "id"]
        if let index = words.firstIndex(where: { $0.count > 1 && endings.contains($0[$0.count - 1]) }) { return texts[index] }
        let first = zip(texts, words).first { PlateWords.notes.isDisjoint(with: $0.1) }
        guard let first, first.0 < dose ?? columns.firstIndex(of: .logDose) ?? 0 else { return nil }
        return first.0
    }

    /// The unit of a column: that of a line of units, else that in its heading. A logarithm has none.
    func unit(_ index: Int, below header: Header) -> StatedUnit {
        if columns[index] == .logDose { return .none }
        return header.units[index] == StatedUnit(heading: header.names[index]) ? units[index] : header.units[index]
    }

    /// How many columns have a meaning by their headings.
    var known: Int { columns.filter { $0 != nil }.count }

    /// The headings that show what the table is.
    var evidence: [String] {
        columns.indices.filter { index in
            switch columns[index] {
            case .dose, .concentration, .logDose, .response, .series: true
            default: index == dose || shape == .wide && fields[names[index]] == .ownNumber
            }
        }.map { names[$0] }
    }
}
