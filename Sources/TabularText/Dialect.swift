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
    public func cells(of line: String) -> [String] {
        var cells: [String] = []
        split(line) { cells.append(String(decoding: $0, as: UTF8.self)) }
        return cells
    }

    /// Calls `body` with the text of each cell, unquoted.
    private func split(_ line: String, _ body: (UnsafeBufferPointer<UInt8>) -> Void) {
        var line = line
        line.withUTF8 { text in
            if quoting, text.contains(quote) {
                splitQuoted(text, body)
                return
            }
            var start = 0
            for index in text.indices where text[index] == separator {
                body(UnsafeBufferPointer(rebasing: text[start..<index]))
                start = index + 1
            }
            body(UnsafeBufferPointer(rebasing: text[start...]))
        }
    }

    private func splitQuoted(_ text: UnsafeBufferPointer<UInt8>, _ body: (UnsafeBufferPointer<UInt8>) -> Void) {
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
    }
}
