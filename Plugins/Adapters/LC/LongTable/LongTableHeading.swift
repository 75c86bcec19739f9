import IngestCore
import TabularText

/// The heading of a long table, word by word: what its columns hold, and what about it has to be told.
struct LongTableHeading {
    let header: Header
    /// By heading as written, for ``ResultTable``.
    private(set) var fields: [String: ColumnField] = [:]
    private(set) var numeric: Set<Int> = []
    private(set) var injectionColumns: [Int] = []
    private(set) var componentColumns: [Int] = []
    private(set) var marks: [(column: Int, mark: LongTableFormat.Mark)] = []
    private let format: LongTableFormat
    private let words: [String?]

    /// - Parameter numbers: The columns that hold numbers, judged by the rows at the beginning.
    init(_ cells: [String], format: LongTableFormat, numbers: Set<Int>) {
        header = Header(cells)
        self.format = format
        words = header.names.map(format.word)
        var later: Set<String> = []
        for candidates in format.preferred {
            later.formUnion(candidates.filter(words.contains).dropFirst())
        }
        var seen: Set<String> = []
        for (index, word) in words.enumerated() {
            let name = header.names[index]
            guard let word, let column = format.columns[word] else {
                fields[name] = numbers.contains(index) ? .ownNumber : .extra
                if numbers.contains(index) { numeric.insert(index) }
                continue
            }
            let isFirst = seen.insert(word).inserted
            add(index, column, yields: later.contains(word) || !isFirst || hasMisfit(index, column))
        }
    }

    private mutating func add(_ index: Int, _ column: LongTableFormat.Column, yields: Bool) {
        var field: ColumnField
        switch column {
        case .injection(let its):
            injectionColumns.append(index)
            field = yields ? .extra : its
        case .component(let its):
            componentColumns.append(index)
            field = yields ? .extra : its
        case .componentNumber(let name):
            componentColumns.append(index)
            field = yields ? .ownNumber : name.map(ColumnField.measurement) ?? .ownNumber
        case .number(let name): field = yields ? .ownNumber : name.map(ColumnField.measurement) ?? .ownNumber
        case .field(let its): field = yields ? .extra : its
        case .text: field = .extra
        case .mark(let mark):
            if !yields { marks.append((index, mark)) }
            field = .extra
        }
        if field == .ownNumber { numeric.insert(index) }
        if case .measurement = field { numeric.insert(index) }
        // Of two columns of one heading the first counts.
        if fields[header.names[index]] == nil { fields[header.names[index]] = field }
    }

    /// A unit in the heading that no such measurement has.
    private func hasMisfit(_ index: Int, _ column: LongTableFormat.Column) -> Bool {
        guard let unit = header.units[index].unit else { return false }
        switch column {
        case .number(let name?), .componentNumber(let name?): return !name.canBe(in: unit)
        default: return false
        }
    }

    /// Tells headings that are not the program's, that stand twice, and those that are missing.
    /// - Throws: A ``Diagnostic`` that stops the file where nobody could tell what the rows are of.
    func check(_ row: Row) throws {
        guard !row.isUnended else {
            throw row.fault(
                "\(format.family).cut-heading", "the file ends in the heading", at: row.count - 1,
                hint: "nothing of the file was used; it was cut: export it again")
        }
        for column in 0..<header.count { tell(column, row) }
        guard !injectionColumns.isEmpty, !componentColumns.isEmpty else {
            let lacks = injectionColumns.isEmpty ? "sample" : "component"
            throw row.fault(
                "\(format.family).missing-column", "no column tells which \(lacks) a row is of", at: 0,
                hint: "nothing of the file was used; correct the heading at its source, or export it with that column")
        }
        let has = Set(words.compactMap(\.self))
        for headings in format.required where has.isDisjoint(with: headings.map(ColumnHeading.folded)) {
            report(
                row, 0, "missing-column",
                "there is no column \"\(headings[0])\"" + headings.dropFirst().map { ", nor \"\($0)\"" }.joined(),
                "the rows were read without; if a heading was renamed, correct it at its source")
        }
    }

    private func tell(_ column: Int, _ row: Row) {
        let name = header.names[column]
        guard let word = words[column], let known = format.columns[word] else {
            guard !name.isEmpty else { return }
            let nearest = NearestName.of(name, among: format.headings).map { "; the nearest one is \"\($0)\"" } ?? ""
            report(
                row, column, "unknown-heading", "\"\(name)\" is no heading of \(format.program) that is known\(nearest)",
                "the column was kept under its own heading; if it is one of the others, correct it at its source")
            return
        }
        if let first = words.firstIndex(of: word), first < column {
            report(
                row, column, "repeated-column", "the heading \"\(name)\" stands twice",
                "the first column was read as what it says, this one was kept under its own heading")
        } else if hasMisfit(column, known) {
            report(
                row, column, "other-unit", "\"\(header.units[column].written ?? "")\" is no unit of this column",
                "the column was kept under its own heading; compare it with the instrument")
        } else if ColumnHeading.folded(name) != word, header.units[column].unit != usualUnit(known) {
            report(
                row, column, "unit",
                "\(format.program) writes no unit in this heading, here it has \"\(header.units[column].written ?? "")\"",
                "the unit was taken as it stands; compare it with the instrument")
        }
    }

    private func usualUnit(_ column: LongTableFormat.Column) -> Unit? {
        switch column {
        case .number(let name?), .componentNumber(let name?): format.units[name]
        default: nil
        }
    }

    private func report(_ row: Row, _ column: Int, _ code: String, _ message: String, _ hint: String) {
        row.source.account.report(
            row.fault("\(format.family).\(code)", message, at: column, severity: .warning, hint: hint))
    }

    /// The columns people call a sample by, and a component: a name, then the masses of its transition.
    var injectionNames: [Int] {
        let named = injectionColumns.filter { fields[header.names[$0]] == .sampleName }
        return named.isEmpty ? Array(injectionColumns.prefix(1)) : named
    }
    var componentNames: [Int] {
        let named = componentColumns.filter { fields[header.names[$0]] == .analyteName }
        let masses = componentColumns.filter { ["precursormz", "productmz"].contains(words[$0]) }
        return named.isEmpty && masses.isEmpty ? Array(componentColumns.prefix(1)) : named + masses
    }

    /// The column that a measurement is of.
    func column(of measurement: Measurement) -> Int? {
        header.names.indices.first { index in
            guard let name = measurement.standard else { return header.distinct[index] == measurement.name }
            return fields[header.names[index]] == .measurement(name)
        }
    }

    /// Whether a measurement is a size, a mass or a time, which is not negative.
    func isSize(_ measurement: Measurement) -> Bool {
        guard let column = column(of: measurement), let word = words[column] else { return false }
        return !format.signed.contains(word)
    }

    var kind: ResultRecord.Kind { format.kind(Set(words.compactMap(\.self))) }

    func column(of mark: LongTableFormat.Mark) -> Int? { marks.first { $0.mark == mark }?.column }
}
