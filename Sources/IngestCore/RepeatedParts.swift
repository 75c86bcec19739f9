/// The parts of lines that are the same from result to result, kept as they were written: what a row is about, and
/// what stands around the numbers of a column. In a table of results that is most of every line.
final class RepeatedParts {
    struct Column {
        var standard: MeasurementName?
        var name: String
        var unit: Unit?
        var unitWritten: String?
        var unitIsFormats: Bool
        var before: [UInt8]
        var behind: [UInt8]
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
    @exclusivity(unchecked) private(set) var columns: [Column] = []
    @exclusivity(unchecked) private var words: [Words] = []
    @exclusivity(unchecked) private(set) var subject: [UInt8] = []
    private var sample: Sample?
    private var position: Position?
    private var injection: Injection?
    private var signal: Signal?
    /// The bytes of all texts of the subject: texts that are equal, such as é in one character or in two, may differ in
    /// bytes, and then in their number.
    private var length = -1

    func isSubject(_ sample: Sample?, _ position: Position?, _ injection: Injection?, _ signal: Signal?) -> Bool {
        length >= 0 && sample == self.sample && position == self.position && injection == self.injection
            && signal == self.signal && length == RepeatedParts.length(sample, position, injection, signal)
    }

    func keep(_ sample: Sample?, _ position: Position?, _ injection: Injection?, _ signal: Signal?, _ bytes: [UInt8]) {
        self.sample = sample
        self.position = position
        self.injection = injection
        self.signal = signal
        length = RepeatedParts.length(sample, position, injection, signal)
        subject = bytes
    }

    private static func length(
        _ sample: Sample?, _ position: Position?, _ injection: Injection?, _ signal: Signal?
    ) -> Int {
        func length(_ text: String?) -> Int { text?.utf8.count ?? 0 }
        func length(_ quantity: Quantity?) -> Int {
            quantity.map { length($0.text.long) + length($0.unit?.code) + length($0.unitWritten) } ?? 0
        }
        var sum = length(injection?.acquired?.written) + length(injection?.volume) + length(signal?.name)
        sum += length(signal?.wavelength)
        if let sample {
            sum += length(sample.name) + length(sample.id) + length(sample.barcode) + length(sample.batch)
            sum += length(sample.roleWritten)
        }
        if let position { sum += length(position.written) + length(position.plate) + length(position.vial) }
        return sum
    }

    @inline(__always)
    func isColumn(_ index: Int, _ measurements: UnsafeBufferPointer<Measurement>) -> Bool {
        guard index < columns.count else { return false }
        if words.withUnsafeBufferPointer({ $0[index] == Words(UnsafeRawPointer(measurements.baseAddress! + index), offsets) }) {
            return true
        }
        return isSame(index, measurements)
    }

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
            unitWritten: measurement.quantity.unitWritten, unitIsFormats: measurement.quantity.unitIsFormats, before: before,
            behind: behind)
        // The words are those of the texts kept here, which nobody else can take the place of.
        let kept = withUnsafePointer(to: measurement) { Words(UnsafeRawPointer($0), offsets) }
        if index < columns.count {
            columns[index] = column
            words[index] = kept
        } else {
            columns.append(column)
            words.append(kept)
        }
    }
}
