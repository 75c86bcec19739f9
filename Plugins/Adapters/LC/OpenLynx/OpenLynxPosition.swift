import IngestCore

/// A place in the sample manager: `2:A,5` (well A5 of plate 2), `2:5,A`, `2:17` (the 17th place of plate 2), `17`.
///
/// Row and column are told where a letter and a number stand; two letters, or a running number, can be counted along
/// rows or columns, and stay as written.
enum OpenLynxPosition {
    /// - Parameter plate: The layout, `01TL,XY,LN,1: 8,2:12,…`: its rows and columns are `1:` and `2:`.
    static func position(_ written: String, plate layout: String?) -> Position {
        let parts = written.split(separator: ":", omittingEmptySubsequences: false).map { $0.trimmed }
        guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else { return Position(written: written, vial: written) }
        var position = Position(written: written, plate: parts[0], vial: parts[1])
        let axes = parts[1].split(separator: ",").map { $0.trimmed }
        guard axes.count == 2 else { return position }
        let letterFirst = Position(well: axes[0] + axes[1]), numberFirst = Position(well: axes[1] + axes[0])
        guard let well = letterFirst ?? numberFirst, let row = well.row, let column = well.column else { return position }
        let size = layout.map(size)
        if let rows = size?.rows, row > rows { return position }
        if let columns = size?.columns, column > columns { return position }
        (position.row, position.column, position.vial) = (row, column, nil)
        return position
    }

    /// Whether a text is a place: a number, or one or two letters or numbers on a plate.
    static func isKnown(_ written: String) -> Bool {
        func isNumber(_ text: Substring) -> Bool { !text.isEmpty && text.allSatisfy { $0.isASCII && $0.isNumber } }
        let parts = written.split(separator: ":", omittingEmptySubsequences: false)
        if parts.count == 1 { return isNumber(parts[0]) }
        let axes = parts[1].split(separator: ",", omittingEmptySubsequences: false)
        return parts.count == 2 && (1...2).contains(axes.count)
            && axes.allSatisfy { isNumber($0) || $0.count == 1 && $0.allSatisfy { $0.isASCII && $0.isLetter } }
    }

    private static func size(_ layout: String) -> (rows: Int?, columns: Int?) {
        func value(_ key: String) -> Int? {
            layout.split(separator: ",").first { $0.trimmed.hasPrefix(key) }.flatMap {
                Int($0.trimmed.dropFirst(key.count).trimmed)
            }
        }
        return (value("1:"), value("2:"))
    }
}
