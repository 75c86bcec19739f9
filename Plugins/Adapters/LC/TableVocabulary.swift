import TabularText

/// What the headings of a kind of table mean; by it ``TableRows`` tells headings and units from rows, and what their
/// columns hold.
protocol TableVocabulary {
    /// Whether a heading is one of its words.
    func knows(_ heading: String) -> Bool
    /// Whether a row that does not fit the table above it is the heading of another.
    func likeness(_ cells: [String]) -> TableHeading.Likeness
    /// Whether a row below a heading has the units of its columns.
    func areUnits(_ cells: [String], below headings: [String]) -> Bool
    /// The columns that tell whose a row is; see ``SummaryRows``.
    func namingColumns(_ header: Header) -> [Int]
    /// The table below a heading.
    /// - Parameters:
    ///   - rows: Those that can be seen, without the heading and its units.
    ///   - numeric: The columns that hold numbers, by the decimal mark of the file.
    ///   - missing: The texts that mean "no value".
    func table(_ header: Header, rows: [[String]], numeric: Set<Int>, missing: Set<String>) -> ResultTable
}
