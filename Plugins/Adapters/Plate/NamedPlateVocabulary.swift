import IngestCore
import TabularText

/// The words of a table of doses and responses of which somebody named columns, and those of such tables for the rest.
struct NamedPlateVocabulary: TableVocabulary {
    let columns: PlateColumns
    /// The headings of the named columns as they are written.
    let written: PlateColumns
    private let plate = PlateVocabulary()

    init(_ columns: PlateColumns, _ table: NamedPlateTable) {
        self.columns = columns
        written = Self.written(table.names, in: table.headings)
    }

    /// The headings of named columns, as the records have them.
    static func written(_ names: PlateNames, in headings: [String]) -> PlateColumns {
        let headings = Header(headings).distinct
        return PlateColumns(
            dose: names.dose.map { headings[$0] }, responses: names.responses.map { headings[$0] },
            curves: names.curves.map { headings[$0] })
    }

    func knows(_ heading: String) -> Bool { written.all.contains(heading) || plate.knows(heading) }

    /// Another table is read only below the same names; below others, nobody said which of its columns are which.
    func likeness(_ cells: [String]) -> TableHeading.Likeness {
        if let names = named(cells), Self.written(names, in: cells) == written,
            // A number that was named as a heading may stand in any row.
            names.dose != nil || PlateLayout(cells, rows: [], missing: [], named: names) != nil
        {
            return .sure
        }
        return plate.likeness(cells) == .none ? .none : .doubtful
    }

    func areUnits(_ cells: [String], below headings: [String]) -> Bool {
        TableHeading.areUnits(cells, below: headings) {
            let heading = $0.trimmed
            if heading == written.dose { return .measurement(.dose) }
            if written.responses.contains(heading) { return nil }
            return written.curves.contains(heading) ? .sampleName : PlateHeading(heading).column?.fieldWithUnit
        }
    }

    func namingColumns(_ header: Header) -> [Int] {
        let names = named(header.names)
        return header.names.indices.filter {
            (names?.column($0) ?? PlateHeading(header.names[$0]).column)?.tellsWhose ?? false
        }
    }

    func table(_ header: Header, rows: [[String]], numeric: Set<Int>, missing: Set<String>) -> ResultTable {
        guard let names = named(header.names),
            let layout = PlateLayout(header.names, rows: rows, missing: missing, named: names)
                ?? PlateLayout(header.names, rows: [], missing: missing, named: names)
        else { return plate.table(header, rows: rows, numeric: numeric, missing: missing) }
        return layout.table(header)
    }

    private func named(_ headings: [String]) -> PlateNames? {
        do throws(PlateNames.Failure) { return try PlateNames(columns, in: headings) } catch { return nil }
    }
}
