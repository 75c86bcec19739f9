import IngestCore
import TabularText

/// What the beginning of a file shows of a trace in it: how its columns are headed, and whether the first one rises.
struct TraceOpening {
    enum Body {
        /// Two columns, with or without a heading.
        case columns
        /// Wavelengths in front, and a spectrum in each row.
        case spectra
    }

    let dialect: Dialect
    private(set) var body = Body.columns
    /// Empty for columns without.
    private(set) var heading: [String] = []
    /// Of a line of units below the heading; empty where there is none.
    private(set) var units: [String] = []
    /// How many of the rows are points.
    private(set) var points = 0
    private var rows = 0
    private var times: [Double] = []
    private var digits = WrittenDigits()

    init(_ opening: SourceOpening) {
        dialect = Dialect.sniffed(from: opening)
        for line in opening.wholeLines {
            let cells = Self.filled(dialect.cells(of: line))
            if cells.isEmpty || rows == 0 && heading.isEmpty && line.lowercased().hasPrefix("sep=") { continue }
            if rows == 0, takeHeading(cells) { continue }
            rows += 1
            take(cells)
        }
    }

    private mutating func takeHeading(_ cells: [String]) -> Bool {
        if heading.isEmpty {
            // One that is garbled is told when they are read.
            let numbers = cells.dropFirst().count { Self.number($0) != nil }
            if cells[0].isEmpty, numbers * 2 > cells.count - 1 {
                body = .spectra
            } else if cells.count != 2 || cells.contains(where: Self.resemblesNumber) {
                return false
            }
            heading = cells
            return true
        }
        guard body == .columns, units.isEmpty, cells.count == 2, cells.allSatisfy({ Unit(spelling: $0) != nil }) else {
            return false
        }
        units = cells
        return true
    }

    private mutating func take(_ cells: [String]) {
        let columns = body == .spectra ? heading.count : 2
        guard cells.count == columns, let time = Self.number(cells[0]),
            cells.dropFirst().allSatisfy({ Self.number($0) != nil })
        else { return }
        points += 1
        digits.look(at: cells[0])
        times.append(time)
    }

    // MARK: What it shows

    /// Nearly all rows are points, and nearly each has a greater first number than the one before.
    var isRising: Bool {
        let rises = zip(times.dropFirst(), times).count { $0 > $1 }
        return points > 1 && rows - points <= max(1, rows / 20) && (times.count - 1 - rises) <= max(1, times.count / 20)
    }

    /// The first column rises by the same step, nearly everywhere: no table of anything but a curve does that, unless it
    /// numbers its rows.
    var isEvenCurve: Bool {
        guard isRising, let interval, interval.isEven else { return false }
        return !isNumbering
    }

    /// Why this is a trace, in words; `nil` where it may be anything.
    var evidence: String? {
        guard body == .columns, points >= Self.fewestPoints, isRising, interval != nil else { return nil }
        if heading.isEmpty {
            return isNumbering ? nil : "two columns of numbers without a heading, the first rises"
        }
        guard heading.allSatisfy(TraceHeading.canBeAxis), !TraceHeading.isReversed(heading),
            !isNumbering || TraceHeading.isKnownAxis(heading[0])
        else { return nil }
        return "two columns of numbers, \"\(heading[0])\" and \"\(heading[1])\", the first rises"
    }

    /// Two columns of fewer numbers are anybody's.
    private static let fewestPoints = 100

    /// The wavelengths are within what lamps and detectors have.
    var hasLikelyWavelengths: Bool {
        let values = heading.dropFirst().compactMap(Self.number)
        return !values.isEmpty && values.allSatisfy((150...1200).contains)
    }

    private var interval: TraceInterval? {
        TraceInterval(zip(times.dropFirst(), times).map { ($0 - $1, $0) }, digits)
    }

    /// The first column may be nothing but the number of the row.
    private var isNumbering: Bool {
        guard let first = times.first, first == 0 || first == 1 else { return false }
        return times.allSatisfy { $0 == $0.rounded() }
    }

    // MARK: Cells

    /// Without blanks, and without empty cells at the end.
    private static func filled(_ cells: [String]) -> [String] {
        let cells = cells.map(\.trimmed)
        return Array(cells.prefix((cells.lastIndex { !$0.isEmpty } ?? -1) + 1))
    }

    /// The number in a cell, whatever its decimal mark.
    private static func number(_ cell: String) -> Double? {
        for mark in [DecimalMark.point, .comma] {
            if case .number(let value, .exact) = NumberText.read(cell, mark: mark) { return value }
        }
        return nil
    }

    /// A number, or one of which some character was damaged: the first row of columns without a heading.
    private static func resemblesNumber(_ cell: String) -> Bool {
        guard let first = cell.first else { return true }
        let digits = cell.count { $0.isASCII && $0.isNumber }
        return (first.isNumber || "+-.,".contains(first)) && digits * 2 >= cell.count || number(cell) != nil
    }
}
