import Glibc

/// Some bytes with room for 16 more behind them, so that they can be copied in whole blocks.
struct TextPiece {
    let start: UnsafeMutableRawPointer
    let count: Int

    init(_ bytes: [UInt8]) {
        count = bytes.count
        start = .allocate(byteCount: count + 16, alignment: 16)
        start.initializeMemory(as: UInt8.self, repeating: 0, count: count + 16)
        bytes.withUnsafeBytes { UnsafeMutableRawBufferPointer(start: start, count: count).copyMemory(from: $0) }
    }
}

/// The parts of lines that are the same from result to result, kept as they were written: what a row is about, and
/// what stands around the numbers of a column. In a table of results that is most of every line.
final class RepeatedParts {
    struct Column {
        var standard: MeasurementName?
        var name: String
        var unit: Unit?
        var unitWritten: String?
        var unitIsFormats: Bool
    }

    /// What says of a measurement which column it is of, as it lies in memory. The texts are those of a column that is
    /// kept, so the same words are the same texts; other words may be too, and are then looked at closely.
    private struct Words: Equatable {
        var name: (UInt64, UInt64)
        var unit: (UInt64, UInt64)
        var written: (UInt64, UInt64)
        var standard: UInt16
        var isFormats: UInt8

        @inline(__always)
        init(_ measurement: UnsafeRawPointer, _ at: Offsets) {
            func two(_ offset: Int) -> (UInt64, UInt64) {
                (
                    measurement.loadUnaligned(fromByteOffset: offset, as: UInt64.self),
                    measurement.loadUnaligned(fromByteOffset: offset + 8, as: UInt64.self)
                )
            }
            name = two(at.name)
            unit = two(at.unit)
            written = two(at.written)
            standard = UInt16(measurement.loadUnaligned(fromByteOffset: at.standard, as: UInt8.self))
            isFormats = measurement.loadUnaligned(fromByteOffset: at.isFormats, as: UInt8.self)
        }

        @inline(__always)
        static func == (left: Words, right: Words) -> Bool {
            left.name == right.name && left.unit == right.unit && left.written == right.written
                && left.standard == right.standard && left.isFormats == right.isFormats
        }
    }

    /// Where the words lie in a measurement.
    private struct Offsets {
        let name = MemoryLayout<Measurement>.offset(of: \.heading)!
        let standard = MemoryLayout<Measurement>.offset(of: \.standard)!
        let unit = MemoryLayout<Measurement>.offset(of: \.quantity)! + MemoryLayout<Quantity>.offset(of: \.unit)!
        let written = MemoryLayout<Measurement>.offset(of: \.quantity)! + MemoryLayout<Quantity>.offset(of: \.unitWritten)!
        let isFormats =
            MemoryLayout<Measurement>.offset(of: \.quantity)! + MemoryLayout<Quantity>.offset(of: \.unitIsFormats)!
    }

    private let offsets = Offsets()
    private var columns: [Column] = []
    @exclusivity(unchecked) private var words: UnsafeMutablePointer<Words>
    /// What stands before the text of a measurement, and behind its value.
    @exclusivity(unchecked) private(set) var pieces: UnsafeMutablePointer<(before: TextPiece, behind: TextPiece)>
    /// What the results are about.
    @exclusivity(unchecked) private(set) var subject = TextPiece([])
    @exclusivity(unchecked) private var count = 0
    private var capacity = 32

    init() {
        words = .allocate(capacity: capacity)
        pieces = .allocate(capacity: capacity)
    }

    deinit {
        for index in 0..<count {
            pieces[index].before.start.deallocate()
            pieces[index].behind.start.deallocate()
        }
        words.deallocate()
        pieces.deallocate()
        subject.start.deallocate()
    }

    func keep(subject bytes: [UInt8]) {
        subject.start.deallocate()
        subject = TextPiece(bytes)
    }

    @inline(__always)
    func isColumn(_ index: Int, _ measurements: UnsafeBufferPointer<Measurement>) -> Bool {
        guard index < count else { return false }
        return words[index] == Words(UnsafeRawPointer(measurements.baseAddress! + index), offsets)
            || isSame(index, measurements)
    }

    @inline(never)
    private func isSame(_ index: Int, _ measurements: UnsafeBufferPointer<Measurement>) -> Bool {
        columns.withUnsafeBufferPointer { columns in
            columns[index].standard == measurements[index].standard
                && columns[index].unit == measurements[index].quantity.unit
                && columns[index].unitWritten == measurements[index].quantity.unitWritten
                && columns[index].unitWritten?.utf8.count == measurements[index].quantity.unitWritten?.utf8.count
                && columns[index].unitIsFormats == measurements[index].quantity.unitIsFormats
                && (columns[index].standard != nil
                    || columns[index].name == measurements[index].name
                        && columns[index].name.utf8.count == measurements[index].name.utf8.count)
        }
    }

    func keep(_ index: Int, _ measurement: Measurement, _ before: [UInt8], _ behind: [UInt8]) {
        let column = Column(
            standard: measurement.standard, name: measurement.name, unit: measurement.quantity.unit,
            unitWritten: measurement.quantity.unitWritten, unitIsFormats: measurement.quantity.unitIsFormats)
        // The words are those of the texts kept here, which nobody else can take the place of.
        let kept = withUnsafePointer(to: measurement) { Words(UnsafeRawPointer($0), offsets) }
        if index < count {
            pieces[index].before.start.deallocate()
            pieces[index].behind.start.deallocate()
            columns[index] = column
        } else {
            if count == capacity { grow() }
            columns.append(column)
            count += 1
        }
        words[index] = kept
        pieces[index] = (TextPiece(before), TextPiece(behind))
    }

    private func grow() {
        capacity *= 2
        words = words.moved(count, to: capacity)
        pieces = pieces.moved(count, to: capacity)
    }
}
