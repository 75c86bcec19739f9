/// A well of a plate by its row and column, from 1.
struct PlateWell: Hashable, Comparable {
    var row: Int, column: Int

    static func < (left: PlateWell, right: PlateWell) -> Bool {
        left.row != right.row ? left.row < right.row : left.column < right.column
    }

    /// `A5`, `AF48`.
    var name: String {
        let letters = row <= 26 ? [row] : [(row - 1) / 26, (row - 1) % 26 + 1]
        return letters.map { String(UnicodeScalar(UInt8(64 + $0))) }.joined() + "\(column)"
    }
}

extension [PlateWell] {
    /// The first few by name, in the order of the plate: `A1, A2, A3 and 9 more`.
    var shown: String {
        let names = sorted().prefix(5).map(\.name)
        return names.joined(separator: ", ") + (count > names.count ? " and \(count - names.count) more" : "")
    }
}
