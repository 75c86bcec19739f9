public import IngestCore

/// How the cells of a table are set apart.
public struct Dialect: Sendable, Hashable {
    public var separator: UInt8
    /// False where a quote is an ordinary character.
    public var quoting: Bool
    /// What a quoted cell begins and ends with: a double quote, or the single one that Empower offers.
    public var quote: UInt8

    public init(separator: Character = ",", quoting: Bool = true, quote: Character = "\"") {
        self.separator = separator.asciiValue ?? UInt8(ascii: ",")
        self.quoting = quoting
        self.quote = quote.asciiValue ?? UInt8(ascii: "\"")
    }

    /// Printed text, whose cells stand where they stand: words for what looks at them one by one; see ``Row/cut(by:)``.
    public static let printed = Dialect(separator: " ", quoting: false)
    public static let comma = Dialect(separator: ","), tab = Dialect(separator: "\t"), semicolon = Dialect(separator: ";")

    /// The dialect that the beginning of a file shows: a `sep=` line, or the separator that most lines have in the same
    /// number. A TAB or semicolon that is regular wins over commas, which may be decimal marks.
    public static func sniffed(from opening: SourceOpening) -> Dialect {
        let first = opening.firstLine.lowercased()
        if first.hasPrefix("sep="), let separator = first.dropFirst(4).first, separator.isASCII {
            return Dialect(separator: separator)
        }
        let lines = opening.lines.prefix(100)
        var best = (dialect: Dialect.comma, regular: 0)
        for candidate in [Dialect.tab, .semicolon, .comma] {
            var lineCounts: [Int: Int] = [:]
            for line in lines { lineCounts[candidate.count(in: line), default: 0] += 1 }
            lineCounts[0] = nil
            let regular = lineCounts.values.max() ?? 0
            let all = lineCounts.values.reduce(0, +)
            if regular > best.regular, best.regular == 0 || all > best.regular * 2 { best = (candidate, regular) }
        }
        return best.dialect
    }

    /// How many separators a line has outside quoted cells; a quote within a cell is an ordinary character.
    public func count(in line: String) -> Int {
        var count = -1
        split(line) { _ in count += 1 }
        return count
    }

    /// The cells of one line, unquoted: for recognition, where a reader would be too much.
    public func cells(of line: String) -> [String] { parted(line).cells }

    /// The records that some lines hold, and the number of the line each begins on, from 1. A quoted cell goes over as many
    /// lines as it has; a record whose quote is still open at the end is not told.
    public func records(of lines: some Sequence<String>) -> [(line: Int, cells: [String])] {
        var records: [(line: Int, cells: [String])] = []
        var open: (line: Int, text: String)?
        for (index, line) in lines.enumerated() {
            let text = open.map { $0.text + "\n" + line } ?? line
            let first = open?.line ?? index + 1
            let (cells, isOpen) = parted(text)
            open = isOpen ? (first, text) : nil
            if !isOpen { records.append((first, cells)) }
        }
        return records
    }

    private func parted(_ text: String) -> (cells: [String], isOpen: Bool) {
        var cells: [String] = []
        let isOpen = split(text) { cells.append(String(decoding: $0, as: UTF8.self)) }
        return (cells, isOpen)
    }

    /// Calls `body` with the text of each cell, unquoted; true when the quote of the last one does not close.
    @discardableResult
    private func split(_ line: String, _ body: (UnsafeBufferPointer<UInt8>) -> Void) -> Bool {
        var line = line
        return line.withUTF8 { text in
            if quoting, text.contains(quote) { return splitQuoted(text, body) }
            var start = 0
            for index in text.indices where text[index] == separator {
                body(UnsafeBufferPointer(rebasing: text[start..<index]))
                start = index + 1
            }
            body(UnsafeBufferPointer(rebasing: text[start...]))
            return false
        }
    }

    private func splitQuoted(_ text: UnsafeBufferPointer<UInt8>, _ body: (UnsafeBufferPointer<UInt8>) -> Void) -> Bool {
        var cell: [UInt8] = []
        var inside = false
        var wasQuote = false
        for byte in text {
            if byte == quote, inside || cell.isEmpty || wasQuote {
                if wasQuote { cell.append(byte) }
                wasQuote = inside && !wasQuote
                inside.toggle()
                continue
            }
            wasQuote = false
            if byte == separator, !inside {
                cell.withUnsafeBufferPointer(body)
                cell.removeAll(keepingCapacity: true)
            } else {
                cell.append(byte)
            }
        }
        cell.withUnsafeBufferPointer(body)
        return inside
    }
}
