import CByteScan
import IngestCore

extension DelimitedText {
    /// Takes the rows that follow as long as each is a point of a trace and nothing about it asks for a closer look:
    /// `coordinates` plain numbers and a line end, the first number above that of the row before.
    ///
    /// The row at hand is settled. All cells that are taken count as measured.
    /// - Parameter last: What the first number of the first row has to exceed.
    /// - Returns: The coordinates of each point in turn, good until the next call; empty when the next row is none of these
    ///   and is to be had from ``next()``.
    public func points(of coordinates: Int, after last: Double) -> UnsafeBufferPointer<Double> {
        guard coordinates > 0, coordinates <= DelimitedText.mostCoordinates, let mark = context.plainMark else {
            return UnsafeBufferPointer(start: nil, count: 0)
        }
        row.settle()
        let room = points ?? .allocate(capacity: DelimitedText.mostCoordinates)
        points = room
        let count = scanner.points(
            of: coordinates, after: last, mark: mark, into: room, most: DelimitedText.mostCoordinates / coordinates)
        let cells = count * coordinates
        context.coverage += Coverage(values: cells, measured: cells)
        return UnsafeBufferPointer(start: room, count: cells)
    }

    /// The most coordinates that are taken in one go.
    static let mostCoordinates = 8192
}

extension DelimitedScanner {
    /// Takes records of plain numbers behind the current one, at most `most`; how many. Ends in front of the first that is
    /// anything else, and in front of one that reaches near the end of the window: ``next()`` goes on from there.
    func points(
        of columns: Int, after last: Double, mark: UInt8, into out: UnsafeMutablePointer<Double>, most: Int
    ) -> Int {
        var reading = PointReading(at: position, separator: separator, quote: quote)
        var last = last
        var count = 0
        while count < most, reading.read(columns, after: last, mark, into: out + count &* columns) {
            last = out[count &* columns]
            count &+= 1
        }
        passed(count, to: reading.position)
        return count
    }
}

/// Where a scanner stands: the record that follows, and the structural bytes that have not been looked at.
struct ScanPosition {
    /// The window, which has `left` bytes from here.
    let base: UnsafePointer<UInt8>
    let left: Int
    /// The first byte of the record that follows, from `base`.
    var start: Int
    var maskStart: Int
    var mask: UInt64
}

/// Reads records of plain numbers; one that is none leaves the position in front of it.
private struct PointReading {
    private(set) var position: ScanPosition
    private let separator: UInt8
    private let quote: UInt8

    init(at position: ScanPosition, separator: UInt8, quote: UInt8) {
        self.position = position
        self.separator = separator
        self.quote = quote
    }

    @inline(__always)
    mutating func read(
        _ columns: Int, after last: Double, _ mark: UInt8, into out: UnsafeMutablePointer<Double>
    ) -> Bool {
        var here = position
        for column in 0..<columns {
            guard let end = nextStructural(&here) else { return false }
            let byte = here.base[end]
            if column &+ 1 < columns {
                guard byte == separator else { return false }
            } else if byte == UInt8(ascii: "\r") {
                guard let feed = nextStructural(&here), feed == end &+ 1, here.base[feed] == UInt8(ascii: "\n") else {
                    return false
                }
            } else {
                guard byte == UInt8(ascii: "\n") else { return false }
            }
            guard let value = NumberText.padded(here.base + here.start, end &- here.start, mark) else { return false }
            if column == 0, value <= last { return false }
            out[column] = value
            here.start = end &+ 1
            if byte == UInt8(ascii: "\r") { here.start &+= 1 }
        }
        position = here
        return true
    }

    @inline(__always)
    private func nextStructural(_ here: inout ScanPosition) -> Int? {
        while here.mask == 0 {
            // The last block of the window is not whole, and behind it there may be more of the file.
            guard here.maskStart &+ 128 <= here.left else { return nil }
            here.maskStart &+= 64
            here.mask = ingest_structure64(here.base + here.maskStart, separator, quote)
        }
        let bit = here.mask.trailingZeroBitCount
        here.mask &= here.mask &- 1
        return here.maskStart &+ bit
    }
}
