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

    @exclusivity(unchecked) private(set) var columns: [Column] = []
    @exclusivity(unchecked) private(set) var subject: [UInt8] = []
    private var sample: Sample?
    private var position: Position?
    private var injection: Injection?
    private var signal: Signal?
    private var hasSubject = false

    func isSubject(_ sample: Sample?, _ position: Position?, _ injection: Injection?, _ signal: Signal?) -> Bool {
        hasSubject && sample == self.sample && position == self.position && injection == self.injection
            && signal == self.signal
    }

    func keep(_ sample: Sample?, _ position: Position?, _ injection: Injection?, _ signal: Signal?, _ bytes: [UInt8]) {
        self.sample = sample
        self.position = position
        self.injection = injection
        self.signal = signal
        hasSubject = true
        subject = bytes
    }

    @inline(__always)
    func isColumn(_ index: Int, _ measurements: UnsafeBufferPointer<Measurement>) -> Bool {
        guard index < columns.count else { return false }
        return columns.withUnsafeBufferPointer { columns in
            columns[index].standard == measurements[index].standard
                && columns[index].unit == measurements[index].quantity.unit
                && columns[index].unitWritten == measurements[index].quantity.unitWritten
                && columns[index].unitIsFormats == measurements[index].quantity.unitIsFormats
                && (columns[index].standard != nil || columns[index].name == measurements[index].name)
        }
    }

    func keep(_ index: Int, _ measurement: Measurement, _ before: [UInt8], _ behind: [UInt8]) {
        let column = Column(
            standard: measurement.standard, name: measurement.name, unit: measurement.quantity.unit,
            unitWritten: measurement.quantity.unitWritten, unitIsFormats: measurement.quantity.unitIsFormats, before: before,
            behind: behind)
        if index < columns.count { columns[index] = column } else { columns.append(column) }
    }
}
