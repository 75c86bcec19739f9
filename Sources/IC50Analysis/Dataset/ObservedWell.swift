public import IngestCore
public import RecordReading

/// What an analysis takes from one result of a records file.
public struct ObservedWell: Sendable {
    public var sample: String?
    public var role: String?, roleWritten: String?
    public var analyte: String?
    /// What the one response is, where the records say.
    public var signal: String?
    /// Of the signal, with its unit: `450 nm`.
    public var wavelength: String?
    public var well: String?, plate: String?
    /// From 1; `nil` where the file tells no wells of a plate.
    public var row: Int?, column: Int?
    /// A result of kind `well`: not a peak of what stood there, nor a row of a table.
    public var isWell: Bool
    /// The run of the records that it belongs to.
    public var run: String
    /// The codes of its flags.
    public var flags: [String]
    public var readings: [Reading]
    public var extras: [(heading: String, text: String)]
    public var location: SourceLocation

    public struct Reading: Sendable {
        public var name: String, isOwn: Bool
        /// `nil` where the cell has no value.
        public var value: Double?
        public var bound: Quantity.Bound
        public var written: String
        public var unit: Unit?, unitWritten: String?
    }

    /// From a result as it is read.
    public init(_ record: borrowing ResultRecord) {
        sample = record.sample?.name ?? record.sample?.id
        role = record.sample?.role?.rawValue
        roleWritten = record.sample?.roleWritten
        analyte = record.analyte?.name ?? record.analyte?.id
        signal = record.signal?.name
        wavelength = (record.signal?.wavelength).map { Self.shown($0.written, $0.unitWritten ?? $0.unit?.code) }
        well = record.position?.written
        plate = record.position?.plate
        row = record.position?.row
        column = record.position?.column
        isWell = record.kind == .well
        run = record.run
        flags = record.flags.map(\.code)
        readings = record.measurements.map { measurement in
            let quantity = measurement.quantity
            return Reading(
                name: measurement.name, isOwn: measurement.isOwn, value: quantity.value, bound: quantity.bound,
                written: quantity.written, unit: quantity.unit, unitWritten: quantity.unitWritten)
        }
        extras = record.extras.fields.map { ($0.heading, $0.text) }
        location = record.location
    }

    /// From a line of a records file.
    /// - Parameter file: The name of the file that was read into records.
    public init(_ line: RecordLine, file: String) {
        let value = line.value
        sample = value["sample"]?["name"]?.string ?? value["sample"]?["id"]?.string
        role = value["sample"]?["role"]?.string
        roleWritten = value["sample"]?["roleWritten"]?.string
        analyte = value["analyte"]?["name"]?.string ?? value["analyte"]?["id"]?.string
        signal = value["signal"]?["name"]?.string
        wavelength = (value["signal"]?["wavelength"]).map {
            Self.shown($0["written"]?.string ?? "", $0["unitWritten"]?.string ?? $0["unit"]?.string)
        }
        well = value["position"]?["written"]?.string
        plate = value["position"]?["plate"]?.string
        row = value["position"]?["row"]?.int
        column = value["position"]?["column"]?.int
        isWell = line.kind == ResultRecord.Kind.well.rawValue
        run = line.run
        flags = (value["flags"]?.elements ?? []).compactMap { $0["code"]?.string ?? $0.string }
        readings = (value["measurements"]?.elements ?? []).map { quantity in
            Reading(
                name: quantity["name"]?.string ?? "", isOwn: quantity["own"]?.bool ?? false,
                value: quantity["value"]?.number,
                bound: quantity["bound"]?.string.flatMap(Quantity.Bound.init) ?? .exact,
                written: quantity["written"]?.string ?? "", unit: quantity["unit"]?.string.map { Unit($0) },
                unitWritten: quantity["unitWritten"]?.string)
        }
        extras = (value["extras"]?.members ?? [:]).map { ($0.key, $0.value.string ?? "") }
        location = SourceLocation(
            file: file, member: value["at"]?["member"]?.string, line: value["at"]?["line"]?.int,
            column: value["at"]?["column"]?.int)
    }

    /// A reading that joining plates made.
    init(
        sample: String?, role: (word: String, written: String)? = nil, signal: String?, well: String?, plate: String?,
        readings: [Reading], extras: [(heading: String, text: String)] = [], location: SourceLocation
    ) {
        self.sample = sample
        self.role = role?.word
        roleWritten = role?.written
        self.signal = signal
        self.well = well
        self.plate = plate
        self.readings = readings
        self.extras = extras
        self.location = location
        isWell = true
        run = ""
        flags = []
    }

    private static func shown(_ written: String, _ unit: String?) -> String { unit.map { "\(written) \($0)" } ?? written }

    /// `line 14`, or `well A05` where a file tells wells.
    var place: String {
        if let well { return "well \(well)" }
        return location.line.map { "line \($0)" } ?? ""
    }
}
