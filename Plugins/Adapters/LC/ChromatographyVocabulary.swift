import IngestCore
import TabularText

/// The words of chromatography: tables of injections, peaks, compounds and samples.
struct ChromatographyVocabulary: TableVocabulary {
    func knows(_ heading: String) -> Bool { ColumnHeading.field(heading) != nil }

    func likeness(_ cells: [String]) -> TableHeading.Likeness { TableHeading.likeness(cells) }

    func areUnits(_ cells: [String], below headings: [String]) -> Bool {
        TableHeading.areUnits(cells, below: headings, field: ColumnHeading.field)
    }

    func namingColumns(_ header: Header) -> [Int] {
        (0..<header.count).filter {
            switch ColumnHeading.field(header.names[$0]) {
            case .sampleName, .sampleID, .sampleRole, .batch, .vial, .well, .position, .injectionNumber, .acquired,
                .acquiredDate, .acquiredTime, .injectionVolume, .analyteName, .analyteID, .peakNumber:
                true
            default: false
            }
        }
    }

    func table(_ header: Header, rows: [[String]], numeric: Set<Int>, missing: Set<String>) -> ResultTable {
        let known = header.names.map(ColumnHeading.field)
        return ResultTable(
            header, fields: Self.fields(header, known: known, rows: rows, numeric: numeric, missing: missing), numeric: numeric)
    }

    /// What columns hold that do not hold what their headings promise: an "Injection ID" of letters, a "Timestamp" of
    /// seconds, a "Response" of words keep their own heading, a "Type" of `BB` and `VB` tells how peaks were integrated, a
    /// date beside a time of day is half of a time. A single garbled cell does not make a column one of these.
    ///
    /// - Parameter known: What the headings promise, column by column.
    static func fields(
        _ header: Header, known: [ColumnField?], rows: [[String]], numeric: Set<Int>, missing: Set<String>
    ) -> [String: ColumnField] {
        var fields: [String: ColumnField] = [:]
        for column in 0..<header.count {
            let name = header.names[column]
            let cells = rows.compactMap { column < $0.count ? $0[column].trimmed : nil }
                .filter { !$0.isEmpty && !missing.contains($0) }
            guard !cells.isEmpty else { continue }
            let otherwise: ColumnField = numeric.contains(column) ? .ownNumber : .extra
            switch known[column] {
            case .injectionNumber where ColumnHeading.folded(name) == "injection" && !known.contains(.sampleName): break
            case .injectionNumber where cells.allSatisfy({ Int($0) == nil }),
                .peakNumber where cells.allSatisfy({ Int($0) == nil }),
                .acquired where cells.allSatisfy({ Timestamp($0) == nil }):
                fields[name] = otherwise
            case .acquired where known.contains(.acquiredTime) && !known.contains(.acquiredDate) && cells.allSatisfy(isDate):
                fields[name] = .acquiredDate
            case .measurement where cells.count >= 3 && cells.allSatisfy({ !$0.contains(where: \.isNumber) }):
                fields[name] = .extra
            case .sampleRole where ColumnHeading.folded(name) == "type" && IntegrationCode.are(cells):
                fields[name] = .integrationCode
            default: break
            }
        }
        return fields
    }

    /// A date without a time of day.
    private static func isDate(_ cell: String) -> Bool {
        [DateOrder.dmy, .mdy].contains { Timestamp(cell, order: $0)?.local.map { $0.hour == nil } ?? false }
    }
}
