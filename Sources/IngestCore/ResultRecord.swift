/// One finding: a peak, a compound, a well, a region, a gate, or something said of a sample as a whole.
public struct ResultRecord: Sendable, Hashable {
    /// `<first 16 hexadecimal digits of the file's SHA-256>-<place>`.
    public var id: String { RecordPlace.id(file: file, location, index) }
    /// The first 16 hexadecimal digits of the file's SHA-256; given by ``AdapterOutput``.
    public var file = ""
    /// The run it belongs to; given by ``AdapterOutput`` when empty: the one begun last.
    public var run = ""
    public var kind: Kind
    /// From 1 within its injection and signal, in file order.
    public var ordinal: Int?
    /// As written; only a publisher turns it into an entity.
    public var sample: Sample?
    public var position: Position?
    public var injection: Injection?
    public var signal: Signal?
    public var analyte: Analyte?
    /// In file order.
    public var measurements: [Measurement]
    public var flags: [Flag]
    /// Every field no key above claimed.
    public var extras: Extras
    public var location: SourceLocation
    /// Which result of its line this is: 1, or the first column of its group where a line holds several.
    public var index: Int

    public init(
        kind: Kind, ordinal: Int? = nil, sample: Sample? = nil, position: Position? = nil, injection: Injection? = nil,
        signal: Signal? = nil, analyte: Analyte? = nil, measurements: [Measurement], flags: [Flag] = [],
        extras: Extras = [:], location: SourceLocation, index: Int = 1
    ) {
        self.kind = kind
        self.ordinal = ordinal
        self.sample = sample
        self.position = position
        self.injection = injection
        self.signal = signal
        self.analyte = analyte
        self.measurements = measurements
        self.flags = flags
        self.extras = extras
        self.location = location
        self.index = index
    }

    public enum Kind: String, Sendable, Hashable { case peak, compound, well, region, gate, sample }
}

/// The part of an id that tells the place: the line, or the path of the element, and which result of it; in a bundle the
/// member too, for each part counts its own lines. Ids therefore stay when an adapter learns to read more.
enum RecordPlace {
    static func id(file: String, _ location: SourceLocation, _ index: Int) -> String {
        file + "-" + (location.member.map { $0 + ":" } ?? "") + (location.path?.description ?? "\(location.line ?? 0)")
            + ".\(index)"
    }
}

public struct Sample: Sendable, Hashable {
    public var name: String?, id: String?, barcode: String?, batch: String?
    public var role: Role?
    /// The role in the file's words.
    public var roleWritten: String?

    public init(
        name: String? = nil, id: String? = nil, barcode: String? = nil, batch: String? = nil, role: Role? = nil,
        roleWritten: String? = nil
    ) {
        self.name = name
        self.id = id
        self.barcode = barcode
        self.batch = batch
        self.role = role
        self.roleWritten = roleWritten
    }

    public enum Role: String, Sendable, Hashable {
        case unknown, standard, control, blank, qc, ladder, other

        /// The role a vendor's word stands for (`1:Standard`, `Cal`, `DoubleBlank`); a word nobody knows is `other`.
        public init(written: some StringProtocol) {
            var word = written.trimmed.lowercased()
            if let colon = word.firstIndex(of: ":"), word[..<colon].allSatisfy(\.isNumber) {
                word = String(word[word.index(after: colon)...])
            }
            word.removeAll { " _-.".contains($0) }
            self = Sample.Role.words[word] ?? .other
        }

        private static let words: [String: Role] = [
            "sample": .unknown, "unknown": .unknown, "unk": .unknown, "compound": .unknown,
            "testcompound": .unknown, "treated": .unknown, "analyte": .unknown, "smp": .unknown,
            "calibration": .standard, "calibrator": .standard, "cal": .standard, "standard": .standard,
            "std": .standard, "calstd": .standard, "calibrationstandard": .standard, "cc": .standard,
            "qc": .qc, "qualitycontrol": .qc,
            "control": .control, "ctrl": .control, "responsecheck": .control, "check": .control,
            "checkstandard": .control, "spike": .control, "matrix": .control,
            "positivecontrol": .control, "negativecontrol": .control, "poscontrol": .control, "negcontrol": .control,
            "posctrl": .control, "negctrl": .control, "neutralcontrol": .control, "highcontrol": .control,
            "lowcontrol": .control, "maxcontrol": .control, "mincontrol": .control, "vehicle": .control,
            "vehiclecontrol": .control, "dmso": .control, "untreated": .control,
            "blank": .blank, "b": .blank, "solvent": .blank, "doubleblank": .blank, "sblk": .blank, "blk": .blank,
            "matrixblank": .blank, "solventblank": .blank, "background": .blank, "mediumonly": .blank, "mediaonly": .blank,
            "nocells": .blank,
            "ladder": .ladder, "lowermarker": .ladder, "uppermarker": .ladder,
        ]
    }
}

/// Where the sample stood: `A05` on a plate, or a vial.
public struct Position: Sendable, Hashable {
    public var written: String
    public var plate: String?
    /// From 1; `A` is row 1.
    public var row: Int?, column: Int?
    public var vial: String?

    public init(written: String, plate: String? = nil, row: Int? = nil, column: Int? = nil, vial: String? = nil) {
        self.written = written
        self.plate = plate
        self.row = row
        self.column = column
        self.vial = vial
    }

    /// The well at a row and a column that the file has as numbers of their own: what is written of it is its name, `B7`.
    public init(row: Int, column: Int, plate: String?) {
        self.init(written: Position.name(row: row, column: column), plate: plate, row: row, column: column)
    }

    /// `B7` of row 2 and column 7; `AF48` of 32 and 48. Rows without a letter, behind `AZ`, are numbers: `R53C7`.
    public static func name(row: Int, column: Int) -> String {
        guard (1...52).contains(row) else { return "R\(row)C\(column)" }
        let letters = row <= 26 ? [64 + row] : [65, 38 + row]
        return letters.compactMap { Unicode.Scalar($0).map { String(Character($0)) } }.joined() + "\(column)"
    }

    /// A well name such as `A5`, `A05` or `AF48`; `nil` for any other text.
    public init?(well written: some StringProtocol) {
        var text = written.trimmed
        guard let place = text.withUTF8(Position.place) else { return nil }
        self.init(written: text, row: place.row, column: place.column)
    }

    /// Row and column of a well name, from 1; `nil` for any other text.
    public static func place(well bytes: UnsafeBufferPointer<UInt8>) -> (row: Int, column: Int)? {
        guard (2...4).contains(bytes.count) else { return nil }
        var row = 0, column = 0, letters = 0
        for byte in bytes {
            let letter = byte & 0xDF &- 64
            if (1...26).contains(letter), column == 0, letters < 2, letters >= 0 {
                row = row * 26 + Int(letter)
                letters += 1
            } else if byte &- 48 < 10, letters != 0 {
                // Digits follow letters and nothing follows them but digits.
                letters = -abs(letters)
                column = column * 10 + Int(byte &- 48)
            } else {
                return nil
            }
        }
        let digits = bytes.count - abs(letters)
        guard letters < 0, digits <= 2, column > 0, row <= 32, column <= 48 else { return nil }
        return (row, column)
    }
}

public struct Injection: Sendable, Hashable {
    public var ordinal: Int?
    public var acquired: Timestamp?
    public var volume: Quantity?

    public init(ordinal: Int? = nil, acquired: Timestamp? = nil, volume: Quantity? = nil) {
        self.ordinal = ordinal
        self.acquired = acquired
        self.volume = volume
    }
}

public struct Signal: Sendable, Hashable {
    public var name: String?
    public var wavelength: Quantity?

    public init(name: String? = nil, wavelength: Quantity? = nil) {
        self.name = name
        self.wavelength = wavelength
    }
}

public struct Analyte: Sendable, Hashable {
    public enum Role: String, Sendable, Hashable { case target, istd, qualifier }
    public var name: String?, id: String?
    public var role: Role?

    public init(name: String? = nil, id: String? = nil, role: Role? = nil) {
        self.name = name
        self.id = id
        self.role = role
    }
}

/// Something the instrument or the reader noticed of one result: a code of ours and the file's own mark.
public struct Flag: Sendable, Hashable {
    /// For example `manualIntegration`, `valleyToValley`, `outlier`, `repeatedRow`, `lastLineOpen`.
    public var code: String
    public var written: String?

    public init(_ code: String, written: String? = nil) {
        self.code = code
        self.written = written
    }
}

/// A curve: its axes and how many points follow.
public struct TraceRecord: Sendable, Hashable {
    /// As for results.
    public var id: String { RecordPlace.id(file: file, location, index) }
    public var file = ""
    public var run = ""
    public var sample: Sample?
    public var position: Position?
    public var injection: Injection?
    public var signal: Signal?
    public var analyte: Analyte?
    public var axes: [Axis]
    public var count = 0
    public var flags: [Flag]
    public var extras: Extras
    public var location: SourceLocation
    public var index: Int

    public struct Axis: Sendable, Hashable {
        public var name: String
        public var unit: Unit?, unitWritten: String?

        public init(_ name: String, unit: Unit? = nil, unitWritten: String? = nil) {
            self.name = name
            self.unit = unit
            self.unitWritten = unitWritten
        }
    }

    public init(
        sample: Sample? = nil, position: Position? = nil, injection: Injection? = nil, signal: Signal? = nil,
        analyte: Analyte? = nil, axes: [Axis], flags: [Flag] = [], extras: Extras = [:], location: SourceLocation,
        index: Int = 1
    ) {
        self.sample = sample
        self.position = position
        self.injection = injection
        self.signal = signal
        self.analyte = analyte
        self.axes = axes
        self.flags = flags
        self.extras = extras
        self.location = location
        self.index = index
    }
}

/// At most 4096 points of a trace.
public struct PointsRecord: Sendable, Hashable {
    public static let most = 4096

    /// The most points of one record when each has that many coordinates: lines stay below a megabyte.
    public static func most(axes: Int) -> Int { max(1, min(most, 8 * most / max(1, axes))) }

    public var trace: String
    /// The index of the first point here, from 0.
    public var from: Int
    /// Coordinates of each point in turn, `axes` of them a point.
    public var values: [Double]
    public var axes: Int

    public init(trace: String, from: Int, values: [Double], axes: Int) {
        self.trace = trace
        self.from = from
        self.values = values
        self.axes = axes
    }
}
