public import IngestCore

/// How wells become curves.
public struct DatasetOptions: Sendable, Hashable {
    /// Headings of the responses, where they are named by hand; every other number is then none.
    public var responses: [String]
    /// The unit of doses that state none, or into which stated molar ones are converted.
    public var doseUnit: String?
    /// The column of doses holds decimal logarithms.
    public var dosesAreLog10: Bool
    /// Takes `<5` for 5: off, such cells are an error.
    public var usesBounds: Bool
    /// Goes on without the rows and cells that are no numbers; they are counted.
    public var isLenient: Bool
    /// What 0 % and 100 % are: the role or name of the control wells.
    public var controls: Controls?

    public struct Controls: Sendable, Hashable {
        public var low: String, high: String
        public init(low: String, high: String) {
            self.low = low
            self.high = high
        }
    }

    public init(
        responses: [String] = [], doseUnit: String? = nil, dosesAreLog10: Bool = false, usesBounds: Bool = false,
        isLenient: Bool = false, controls: Controls? = nil
    ) {
        self.responses = responses
        self.doseUnit = doseUnit
        self.dosesAreLog10 = dosesAreLog10
        self.usesBounds = usesBounds
        self.isLenient = isLenient
        self.controls = controls
    }

    /// The most points of one file: above it memory would grow past what a desk computer has.
    public static let mostPoints = 5_000_000
    var mostPoints = Self.mostPoints
    /// Squares of larger responses, and their sums, leave the range of a double.
    public static let largestResponse = 1e145
}

/// One curve as it was observed.
public struct DoseResponseSeries: Sendable {
    public var name: String, series: String
    public var cell: String?
    public var hours: Double?
    public var doseUnit: DoseUnit?
    public var responseUnit: String?
    public var points: [ReportedCurve.Point] = []
    /// The plate of each point, where the file tells plates; as many as points, or none.
    public var plates: [String] = []
    public var rowsDropped = 0
    public var zPrime: Double?
    /// The responses are percent: by their unit, their heading, or because controls made them so.
    public var isPercent = false

    public init(name: String, series: String, cell: String? = nil, hours: Double? = nil) {
        self.name = name
        self.series = series
        self.cell = cell
        self.hours = hours
    }
}

/// The unit of doses, as it is shown.
public struct DoseUnit: Sendable, Hashable {
    /// As written: `uM`, `µM`, `ng/mL`.
    public var written: String
    public var unit: Unit?

    public init(written: String, unit: Unit?) {
        self.written = written
        self.unit = unit
    }

    /// How many mol/L one of it is; `nil` for what is not molar.
    public var molar: Double? {
        guard let unit, let conversion = try? UnitConversion(from: unit, to: Unit("mol/L")) else {
            // Not molar, or not known: there is no pIC50 of such a dose, and that is all.
            return nil
        }
        return conversion(1)
    }
}
