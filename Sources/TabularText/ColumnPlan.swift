import Glibc
public import IngestCore

/// The number columns of a table, in the order of its measurements: read together, in one go a row.
public struct NumberColumns: Sendable {
    struct Entry {
        var column: Int
        /// What the value can be in nature; see ``MeasurementName/possible``.
        var lowest: Double
        var highest: Double
    }

    let entries: [Entry]
    let names: [MeasurementName?]

    /// - Parameter columns: The column of each measurement, what it measures if that has a name, and its unit.
    public init(_ columns: [(column: Int, name: MeasurementName?, unit: Unit?)]) {
        names = columns.map(\.name)
        entries = columns.map { column in
            var entry = Entry(column: column.column, lowest: -.infinity, highest: .infinity)
            if let range = column.name.flatMap({ PossibleRange.bounds(of: $0, in: column.unit) }) {
                entry.lowest = range.lowerBound
                entry.highest = range.upperBound
            }
            return entry
        }
    }
}

/// Remembers the text of some columns, to tell cells that repeat the one above: samples, dates, methods.
public final class RepeatedCells {
    /// Longer texts are not remembered and count as new each time.
    private static let longest = 96
    /// The most columns that are watched; further ones count as new each time.
    public static let mostColumns = 64

    let columns: [Int]
    private let memory: UnsafeMutablePointer<UInt8>
    private let lengths: UnsafeMutablePointer<Int>

    public init(_ columns: [Int]) {
        self.columns = Array(columns.prefix(RepeatedCells.mostColumns))
        memory = .allocate(capacity: max(1, self.columns.count) * RepeatedCells.longest)
        lengths = .allocate(capacity: max(1, self.columns.count))
        lengths.initialize(repeating: -1, count: max(1, self.columns.count))
    }

    deinit {
        memory.deallocate()
        lengths.deallocate()
    }

    @inline(__always)
    func repeats(_ index: Int, _ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        lengths[index] == bytes.count
            && (bytes.isEmpty || memcmp(memory + index &* RepeatedCells.longest, bytes.baseAddress!, bytes.count) == 0)
    }

    func forget(_ index: Int) { lengths[index] = -1 }

    func remember(_ index: Int, _ bytes: UnsafeBufferPointer<UInt8>) {
        guard bytes.count <= RepeatedCells.longest else {
            forget(index)
            return
        }
        lengths[index] = bytes.count
        if let base = bytes.baseAddress { (memory + index * RepeatedCells.longest).update(from: base, count: bytes.count) }
    }
}

extension Row {
    /// Takes the cells that repeat the row above as descriptions; a bit is set for each of the watched columns, in
    /// their order, that has a new text and has yet to be read and ``remember(_:_:)``ed.
    public func takeRepeated(_ cells: RepeatedCells) -> UInt64 {
        var changed: UInt64 = 0
        cells.columns.withUnsafeBufferPointer { columns in
            for index in columns.indices {
                let column = columns[index]
                guard column < count else { continue }
                if !isEscaped(column), cells.repeats(index, bytes(at: column)) {
                    describe(column)
                } else {
                    changed |= 1 << UInt64(index)
                }
            }
        }
        return changed
    }

    /// The text of a watched column was read without fault: the next cell is compared with it.
    public func remember(_ index: Int, in cells: RepeatedCells) {
        let column = cells.columns[index]
        guard column < count else { return }
        // Doubled quotes and the same bytes without quotes around them are two texts.
        if isEscaped(column) { cells.forget(index) } else { cells.remember(index, bytes(at: column)) }
    }

    /// Reads the number columns into the measurements that stand in the same order; units stay as they are.
    /// - Throws: A ``Diagnostic`` at the first cell that is no number, or no possible one.
    public func read(_ numbers: NumberColumns, into measurements: inout [Measurement]) throws {
        try measurements.withUnsafeMutableBufferPointer { measurements in
            try numbers.entries.withUnsafeBufferPointer { entries in
                for slot in entries.indices {
                    let entry = entries[slot]
                    try read(entry.column, into: &measurements[slot].quantity)
                    if let value = measurements[slot].quantity.value, value < entry.lowest || value > entry.highest,
                        let name = numbers.names[slot]
                    {
                        throw impossible(entry.column, name, measurements[slot].quantity)
                    }
                }
            }
        }
    }

    private func impossible(_ column: Int, _ name: MeasurementName, _ quantity: Quantity) -> Diagnostic {
        fault(
            "record.impossible-value", PossibleRange.problem(name, quantity) ?? "this is no possible \(name.rawValue)",
            at: column, hint: "this row was left out, the others were read; compare it with the instrument")
    }
}
