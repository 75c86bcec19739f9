import IngestCore
import TabularText

/// The rules of delimited text once more, as simply as can be: for comparing.
public struct DelimitedReference: Sendable {
    private let bytes: [UInt8]
    private let separator: UInt8
    /// What a quoted cell begins and ends with; `nil` where there is none.
    private let quote: UInt8?
    private var index = 0
    /// The line and its first byte at the bytes counted so far.
    private var counted = 0, line = 1, lineStart = 0
    public private(set) var records: [TextReading.Record] = []
    /// The place of a quote that never closes.
    public private(set) var unclosed: String?

    public init(_ text: String, separator: Character = ",", quote: Character? = "\"") {
        bytes = Array(text.utf8)
        self.separator = separator.asciiValue ?? 44
        self.quote = quote?.asciiValue
        while index < bytes.count, unclosed == nil { readRecord() }
    }

    private func isEnd(_ byte: UInt8) -> Bool { byte == 10 || byte == 13 }

    private mutating func readRecord() {
        var record = TextReading.Record(line: place(index).line, cells: [], places: [])
        while true {
            let start = place(index)
            guard let cell = readCell() else {
                unclosed = "\(start.line):\(start.column)"
                return
            }
            record.cells.append(cell)
            record.places.append("\(start.line):\(start.column)")
            guard index < bytes.count else { break }
            let byte = bytes[index]
            index += 1
            guard isEnd(byte) else { continue }
            if byte == 13, index < bytes.count, bytes[index] == 10 { index += 1 }
            break
        }
        records.append(record)
    }

    /// The text of the cell at the index, which then is at its separator or line end; `nil` when a quote stays open.
    private mutating func readCell() -> String? {
        let start = index
        var inside: [UInt8] = []
        var isQuoted = false
        if let quote, index < bytes.count, bytes[index] == quote {
            isQuoted = true
            index += 1
            while true {
                guard index < bytes.count else { return nil }
                if bytes[index] == quote {
                    guard index + 1 < bytes.count, bytes[index + 1] == quote else { break }
                    index += 1
                }
                inside.append(bytes[index])
                index += 1
            }
            index += 1
        }
        let tail = index
        while index < bytes.count, bytes[index] != separator, !isEnd(bytes[index]) { index += 1 }
        let isWhole = isQuoted && bytes[tail..<index].allSatisfy { $0 == 32 }
        return String(decoding: isWhole ? inside[...] : bytes[start..<index], as: UTF8.self)
    }

    /// Asked for offsets that never go back.
    private mutating func place(_ offset: Int) -> (line: Int, column: Int) {
        while counted < offset {
            let isSecond = bytes[counted] == 10 && counted > 0 && bytes[counted - 1] == 13
            if isEnd(bytes[counted]) {
                if !isSecond { line += 1 }
                lineStart = counted + 1
            }
            counted += 1
        }
        return (line, String(decoding: bytes[lineStart..<offset], as: UTF8.self).count + 1)
    }
}
