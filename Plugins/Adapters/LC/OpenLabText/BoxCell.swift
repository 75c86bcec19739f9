import IngestCore

/// A cell of a box of box-drawing characters, put together again from the lines it goes over.
struct BoxCell {
    private struct Piece {
        let text: String
        /// It fills its line to the border.
        let isFull: Bool
    }

    private var pieces: [Piece] = []
    /// The place of its first character, from 1.
    private(set) var line = 0, column = 0

    mutating func add(_ text: Substring, line: Int, column: Int) {
        let trimmed = String(text).trimmed
        guard !trimmed.isEmpty else { return }
        if pieces.isEmpty {
            self.line = line
            self.column = column + (text.firstIndex { $0 != " " }.map { text.distance(from: text.startIndex, to: $0) } ?? 0)
        }
        pieces.append(Piece(text: trimmed, isFull: trimmed.count >= text.count))
    }

    var isEmpty: Bool { pieces.isEmpty }

    /// A number: it is broken behind its decimal mark, or anywhere, and never had a blank.
    var number: String { pieces.map(\.text).joined() }

    /// A text: it is broken at a blank, which is gone then, or behind a sign (`M2_` `MJ`, `1,` `169`), or where the line is
    /// full.
    var text: String {
        guard var text = pieces.first?.text else { return "" }
        for (last, next) in zip(pieces, pieces.dropFirst()) {
            text += (last.isFull || Self.isBroken(last.text, next.text) ? "" : " ") + next.text
        }
        return text
    }

    private static func isBroken(_ last: String, _ next: String) -> Bool {
        guard let sign = last.last else { return false }
        if "_\\/-@".contains(sign) { return true }
        return ".,".contains(sign) && last.dropLast().last?.isNumber == true && next.first?.isNumber == true
    }
}

/// A row of a box: what stands between two rules.
struct BoxRow {
    var cells: [BoxCell]
    /// Its first line.
    var line: Int
    /// The first one of its box.
    var isFirst: Bool
    /// What is wrong with its lines, and where.
    var damage: (message: String, line: Int, column: Int)?

    /// The cells with text.
    var count: Int { cells.count { !$0.isEmpty } }
    var texts: [String] { cells.map(\.text) }
}
