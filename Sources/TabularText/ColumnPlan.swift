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
    /// How many cells a row has that has all of them.
    let width: Int
    let names: [MeasurementName?]

    /// - Parameter columns: The column of each measurement, what it measures if that has a name, and its unit.
    public init(_ columns: [(column: Int, name: MeasurementName?, unit: Unit?)]) {
        names = columns.map(\.name)
        width = (columns.map(\.column).max() ?? -1) + 1
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

    /// Whether a text, with 16 readable bytes from its beginning, is the one remembered.
    @inline(__always)
    func repeats(_ index: Int, _ start: UnsafePointer<UInt8>, _ length: Int) -> Bool {
        guard lengths[index] == length else { return false }
        let kept = UnsafeRawPointer(memory + index &* RepeatedCells.longest), text = UnsafeRawPointer(start)
        guard length <= 8 else { return memcmp(kept, text, length) == 0 }
        let different = kept.loadUnaligned(as: UInt64.self) ^ text.loadUnaligned(as: UInt64.self)
        return length == 0 || UInt64(littleEndian: different) &<< UInt64(truncatingIfNeeded: 64 &- 8 &* length) == 0
    }

    func forget(_ index: Int) { lengths[index] = -1 }

    /// - Parameter start: A text with 16 readable bytes from its beginning.
    func remember(_ index: Int, _ start: UnsafePointer<UInt8>, _ length: Int) {
        guard length <= RepeatedCells.longest else {
            forget(index)
            return
        }
        lengths[index] = length
        let kept = UnsafeMutableRawPointer(memory + index &* RepeatedCells.longest)
        guard length <= 16 else {
            kept.copyMemory(from: start, byteCount: length)
            return
        }
        kept.storeBytes(of: UnsafeRawPointer(start).loadUnaligned(as: UInt64.self), as: UInt64.self)
        (kept + 8).storeBytes(of: UnsafeRawPointer(start + 8).loadUnaligned(as: UInt64.self), as: UInt64.self)
    }
}

/// Remembers the text of one row, to tell a row that stands twice.
public final class LastRow {
    private var memory: UnsafeMutablePointer<UInt8>
    @exclusivity(unchecked) private var length = -1
    private var capacity = 256

    public init() { memory = .allocate(capacity: capacity) }

    deinit { memory.deallocate() }

    /// Whether the row is, to the byte, the one this was last asked of.
    public func isRepeated(by row: Row) -> Bool {
        let record = row.scanner.record
        guard let base = record.baseAddress else { return false }
        if record.count == length, memcmp(base, memory, length) == 0 { return true }
        if record.count > capacity {
            memory.deallocate()
            capacity = record.count * 2
            memory = .allocate(capacity: capacity)
        }
        length = record.count
        memory.update(from: base, count: length)
        return false
    }
}

extension Row {
    /// Takes the cells that repeat the row above as descriptions; a bit is set for each of the watched columns, in
    /// their order, that has a new text and has yet to be read and ``remember(_:_:)``ed.
    public func takeRepeated(_ cells: RepeatedCells) -> UInt64 {
        var changed: UInt64 = 0
        let texts = scanner.cells
        let count = count
        cells.columns.withUnsafeBufferPointer { columns in
            for index in columns.indices {
                let column = columns[index]
                guard column < count else { continue }
                if !texts.isEscaped(column), cells.repeats(index, texts.start(column), texts.length(column)) {
                    mark(known: column, .described)
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
        let texts = scanner.cells
        // Doubled quotes and the same bytes without quotes around them are two texts.
        if texts.isEscaped(column) {
            cells.forget(index)
        } else {
            cells.remember(index, texts.start(column), texts.length(column))
        }
    }

    /// Reads the number columns into the measurements that stand in the same order; units stay as they are.
    /// - Throws: A ``Diagnostic`` at the first cell that is no number, or no possible one.
    public func read(_ numbers: NumberColumns, into measurements: inout [Measurement]) throws {
        let cells = scanner.cells
        let mark = numbers.width <= count ? context.plainMark : nil
        try measurements.withUnsafeMutableBufferPointer { measurements in
            try numbers.entries.withUnsafeBufferPointer { entries in
                for slot in entries.indices {
                    let column = entries[slot].column
                    guard let mark else {
                        try read(numbers, slot, into: &measurements[slot].quantity)
                        continue
                    }
                    let start = cells.start(column), length = cells.length(column)
                    if let value = NumberText.padded(start, length, mark), value >= entries[slot].lowest,
                        value <= entries[slot].highest
                    {
                        measurements[slot].quantity.take(padded: start, length, value)
                        self.mark(known: column, .measured)
                    } else {
                        try read(numbers, slot, into: &measurements[slot].quantity)
                    }
                }
            }
        }
    }

    /// Reads a cell that is no plain number, or none that can be.
    @inline(never)
    private func read(_ numbers: NumberColumns, _ slot: Int, into quantity: inout Quantity) throws {
        let entry = numbers.entries[slot]
        try read(entry.column, into: &quantity)
        if let value = quantity.value, value < entry.lowest || value > entry.highest, let name = numbers.names[slot] {
            throw impossible(entry.column, name, quantity)
        }
    }

    private func impossible(_ column: Int, _ name: MeasurementName, _ quantity: Quantity) -> Diagnostic {
        fault(
            "record.impossible-value", PossibleRange.problem(name, quantity) ?? "this is no possible \(name.rawValue)",
            at: column, hint: "this row was left out, the others were read; compare it with the instrument")
    }
}
