import IngestCore

/// The columns of a printed table of fixed width, as the rule below its headings draws them.
///
///     Peak RetTime Type  Width     Area
///       #   [min]        [min]   [mAU*s]
///     ----|-------|----|-------|----------|
///
/// A bar is the border of two columns and stands in none of them; a rule that does not end with a bar leaves its last
/// column open to the right. Places are counted in characters.
public struct RuledColumns: Sendable, Hashable {
    /// Where each column begins, from 0.
    public let starts: [Int]
    /// Where the last column ends, where it has a border.
    let end: Int?

    /// The most columns of a table; a line with more bars is a drawing.
    private static let most = 200

    /// `nil` for a line that is no rule: one of dashes and bars alone, with two columns or more.
    public init?(rule line: String) {
        let bytes = Array(line.utf8)
        guard let last = bytes.lastIndex(where: { $0 > 32 }), last >= 4 else { return nil }
        let bar = UInt8(ascii: "|"), dash = UInt8(ascii: "-")
        let first = bytes.firstIndex { $0 > 32 } ?? 0
        guard bytes[first] == dash, bytes[first...last].allSatisfy({ $0 == bar || $0 == dash }) else { return nil }
        var starts = [0]
        for index in first..<last where bytes[index] == bar { starts.append(index + 1) }
        guard starts.count > 1, starts.count <= Self.most else { return nil }
        self.starts = starts
        end = bytes[last] == bar ? last : nil
    }

    public var count: Int { starts.count }

    /// The column in which most of some characters stand, the first of those that have as many.
    public func column(of span: Range<Int>) -> Int {
        var best = (column: 0, overlap: -1)
        for column in starts.indices {
            let next = column + 1 < starts.count ? starts[column + 1] - 1 : end ?? Int.max
            let overlap = min(span.upperBound, next) - max(span.lowerBound, starts[column])
            if overlap > best.overlap { best = (column, overlap) }
        }
        return best.column
    }

    /// The headings that stand above the rule, on one line or several, and the units in brackets among them. A word belongs
    /// to the column that most of it is above, for headings are wider than columns (`Grp` above `--`).
    public func headings(_ lines: [String]) -> (names: [String], units: [String]) {
        var names = Array(repeating: "", count: count), units = names
        for line in lines {
            for word in RuledColumns.words(of: line) {
                let column = column(of: word.span)
                if word.text.hasPrefix("["), word.text.hasSuffix("]"), units[column].isEmpty {
                    units[column] = String(word.text.dropFirst().dropLast()).trimmed
                } else {
                    names[column] += (names[column].isEmpty ? "" : " ") + word.text
                }
            }
        }
        return (names, units)
    }

    /// The words of a line and where they stand, in characters; what is in brackets is one: `[25 uV*s]`.
    public static func words(of line: String) -> [(text: String, span: Range<Int>)] {
        let scalars = Array(line.unicodeScalars)
        var words: [(text: String, span: Range<Int>)] = []
        var start: Int?
        var isBracketed = false
        for index in 0...scalars.count {
            let isBlank = index == scalars.count || scalars[index].value <= 32
            if isBlank, !isBracketed || index == scalars.count, let first = start {
                words.append((String(String.UnicodeScalarView(scalars[first..<index])), first..<index))
                start = nil
                isBracketed = false
            } else if !isBlank {
                if start == nil {
                    start = index
                    isBracketed = scalars[index] == "[" && scalars[index...].contains("]")
                }
                if scalars[index] == "]" { isBracketed = false }
            }
        }
        return words
    }
}
