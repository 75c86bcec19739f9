import TabularText

/// What a line of an Empower export is, told by its cells and the line before.
enum EmpowerLine: Hashable {
    case blank, title
    /// Names with their values in the line below; the same line again is no values.
    case labels
    case values
    /// A name with its value beside it.
    case field
    /// The headings of a table of peaks.
    case header
    /// The wavelengths of a PDA export, `Wavelength` in front.
    case wavelengths
    /// The heading of the times below the wavelengths.
    case timeHeading
    /// Two numbers or more, and nothing else.
    case data
    /// A number in front, and other texts: a row of a table, or a garbled point.
    case row
    case other

    /// - Parameters:
    ///   - cells: Without blanks at the ends.
    ///   - labels: The names told last.
    init(_ cells: [String], after previous: EmpowerLine, labels: [String]) {
        let filled = cells.filter { !$0.isEmpty }
        let first = cells.first ?? ""
        let names = filled.count { EmpowerName.isOne($0) }
        if filled.isEmpty {
            self = .blank
        } else if previous == .labels {
            self = cells == labels ? .labels : .values
        } else if first.lowercased().hasPrefix("wavelength"), filled.count > 1, !EmpowerName.isOne(filled[1]) {
            self = .wavelengths
        } else if previous == .wavelengths, first.lowercased().hasPrefix("time") {
            self = .timeHeading
        } else if filled.allSatisfy(Self.isNumber) {
            self = filled.count > 1 ? .data : .other
        } else if filled.count(where: { EmpowerName.isOfPeaks($0) }) >= 2, !filled.contains(where: Self.isNumber) {
            self = .header
        } else if names == filled.count, names > 1 || cells.count == 1 {
            self = .labels
        } else if names > 0, filled.count > 2, !filled.contains(where: Self.isNumber) {
            self = .labels
        } else if filled.count == 2, cells.count > 1, EmpowerName.isOne(cells[1]) {
            self = .labels
        } else if filled.count > 1, names == 0, Self.resemblesNumber(first) {
            self = .row
        } else if !first.isEmpty, filled.count <= 2, cells.count > 1, EmpowerName.isOne(first) || filled.count == 2 {
            self = .field
        } else {
            self = filled.count == 1 ? .title : .other
        }
    }

    /// Unquoted where fields are quoted.
    var isOfSpectra: Bool { self == .wavelengths || self == .timeHeading }

    private static func isNumber(_ text: String) -> Bool {
        var text = text
        return text.withUTF8 { isNumber($0) }
    }

    /// Whether a cell is a number, whatever its decimal mark.
    static func isNumber(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        switch NumberText.read(bytes, mark: nil) {
        case .number, .fault(.openMark), .fault(.otherMark), .fault(.overflow): true
        case .fault(.notANumber): false
        }
    }

    /// Whether a text is a number, or was one before one of its characters was damaged: `O.0`, `0.0O83`, `1.3.5`.
    private static func resemblesNumber(_ text: String) -> Bool {
        let marks: Set<Character> = [".", ",", "+", "-"]
        guard let first = text.first, text.contains(where: { $0.isASCII && $0.isNumber }) else { return false }
        let odd = text.count { !(marks.contains($0) || $0.isASCII && $0.isNumber || $0.lowercased() == "e") }
        return odd <= 1 && (marks.contains(first) || first.isNumber || text.contains { $0 == "." || $0 == "," })
    }
}
