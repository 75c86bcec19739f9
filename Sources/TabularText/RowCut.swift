import IngestCore

/// Lines of printed text, whose cells are told by where they stand and not by a separator: read as any row, and cut anew.
extension Row {
    /// Makes the line one cell.
    public func uncut() { recut([0..<scanner.length]) }

    /// Cuts the line at some places, in characters from 0: a cell for each of them, and nothing in between is a cell.
    public func cut(_ spans: [Range<Int>]) {
        let offsets = byteOffsets(spans.flatMap { [$0.lowerBound, $0.upperBound] })
        recut(spans.indices.map { offsets[2 * $0]..<max(offsets[2 * $0], offsets[2 * $0 + 1]) })
    }

    /// Cuts the line by the columns of its table. What stands on a border goes with the column before it, so nothing is
    /// lost.
    /// - Returns: A column whose text goes over its border, which then is not safe, nor the one beside it; `nil` where all
    ///   texts stand in their columns.
    public func cut(by columns: RuledColumns) -> Int? {
        let borders = columns.starts.dropFirst().map { $0 - 1 }
        let offsets = byteOffsets(borders.flatMap { [$0, $0 + 1] } + [columns.end ?? Int.max])
        let starts = [0] + borders.indices.map { offsets[2 * $0 + 1] }
        recut(starts.indices.map { starts[$0]..<($0 + 1 < starts.count ? starts[$0 + 1] : scanner.length) })
        let record = scanner.record
        if let tab = record.firstIndex(of: 9) { return starts.lastIndex { $0 <= tab } }
        for index in borders.indices {
            let border = offsets[2 * index]
            guard border < record.count, record[border] > 32 else { continue }
            return border > 0 && record[border - 1] <= 32 ? index + 1 : index
        }
        let end = offsets[offsets.count - 1]
        return end < record.count && record[end...].contains { $0 > 32 } ? columns.count - 1 : nil
    }

    /// Takes all cells out of the account of the row: whoever knows later what became of them adds them to it.
    /// - Returns: How many have text.
    public func setAside() -> Int {
        for column in 0..<count { fates[column] = Fate.deferred.rawValue }
        return (0..<count).count { !isEmpty($0) }
    }

    private func recut(_ cells: [Range<Int>]) {
        scanner.recut(cells)
        begin()
    }

    /// The bytes at which characters of the line begin, in ascending order as they are; its length for those beyond its end.
    private func byteOffsets(_ characters: [Int]) -> [Int] {
        let record = scanner.record
        var offsets: [Int] = []
        var character = 0, byte = 0
        for wanted in characters {
            while character < wanted, byte < record.count {
                byte += 1
                while byte < record.count, record[byte] & 0xC0 == 0x80 { byte += 1 }
                character += 1
            }
            offsets.append(byte)
        }
        return offsets
    }
}
