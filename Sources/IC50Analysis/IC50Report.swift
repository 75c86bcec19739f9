public import DoseResponse

/// Everything that one analysis found: what the table, the CSV file and the page are made from.
public struct IC50Report: Sendable {
    /// One for each curve, in the order of the input.
    public var curves: [ReportedCurve]
    public var provenance: Provenance

    public init(curves: [ReportedCurve], provenance: Provenance) {
        self.curves = curves
        self.provenance = provenance
    }

    /// Where the numbers come from, so that anyone can make them again.
    public struct Provenance: Sendable, Hashable {
        public var inputs: [Input]
        /// `0.4.0`
        public var ingestVersion: String
        /// In words: `("model", "LL.4")`, `("standard errors", "observed information")`, …
        public var settings: [Setting]

        public init(inputs: [Input], ingestVersion: String, settings: [Setting]) {
            self.inputs = inputs
            self.ingestVersion = ingestVersion
            self.settings = settings
        }

        public struct Input: Sendable, Hashable {
            /// A file name without directory, or the id and name of a data frame.
            public var name: String, sha256: String, bytes: Int
            /// `plate.wide, version 1`.
            public var readBy: String
            public init(name: String, sha256: String, bytes: Int, readBy: String) {
                self.name = name
                self.sha256 = sha256
                self.bytes = bytes
                self.readBy = readBy
            }
        }

        public struct Setting: Sendable, Hashable {
            public var name: String, value: String
            public init(_ name: String, _ value: String) {
                self.name = name
                self.value = value
            }
        }
    }
}

/// One curve: what was measured, what was fitted, and what may be said of it.
public struct ReportedCurve: Sendable {
    /// The compound, cell line or sample; empty when the input names none.
    public var name: String
    /// The column of responses: `Mortality 24h`.
    public var series: String
    /// The cell line, where a column of its own tells it.
    public var cell: String?
    /// How many mol/L one unit of dose is; `nil` for doses that are not molar.
    public var molarFactor: Double?
    /// The hours that the series or a column names.
    public var hours: Double?
    /// As written; `nil` when nobody stated it.
    public var doseUnit: String?, responseUnit: String?
    /// Every point that was read, those of weight 0 included, in input order.
    public var points: [Point]
    /// Rows without dose or response.
    public var rowsDropped: Int
    public var fit: CurveFit
    public var verdict: Verdict
    /// Of the controls that the responses were normalised by.
    public var zPrime: Double?

    public init(
        name: String, series: String, hours: Double? = nil, doseUnit: String? = nil, responseUnit: String? = nil,
        points: [Point], rowsDropped: Int = 0, fit: CurveFit, verdict: Verdict, zPrime: Double? = nil
    ) {
        self.name = name
        self.series = series
        self.hours = hours
        self.doseUnit = doseUnit
        self.responseUnit = responseUnit
        self.points = points
        self.rowsDropped = rowsDropped
        self.fit = fit
        self.verdict = verdict
        self.zPrime = zPrime
    }

    public struct Point: Sendable, Hashable {
        public var dose: Double, response: Double, weight: Double
        /// As the input calls it, or counted from 1 within the dose.
        public var replicate: String?
        /// Where it stood: `line 14`, `well A05`.
        public var place: String

        public init(dose: Double, response: Double, weight: Double = 1, replicate: String? = nil, place: String) {
            self.dose = dose
            self.response = response
            self.weight = weight
            self.replicate = replicate
            self.place = place
        }
    }
}
