import FoundationEssentials

/// What a data frame's CSV has: UTF-8, commas, a header, the same number of values in each row.
struct CSVSurvey {
    struct Fault: Error { var text: String }

    struct Column {
        var name: String
        /// `Int`, `Float`, `Boolean`, `Date`, `DateTime` when every value is one, else `String`.
        var type: String
        var hasEmpty: Bool
    }

    private(set) var columns: [Column] = []
    private let bytes: [UInt8]
    /// Where each row begins, the header's first, and the end.
    private var starts: [Int] = []

    init(_ data: Data) throws {
        bytes = Array(data)
        guard String(validating: bytes, as: UTF8.self) != nil else { throw Fault(text: "The file is not UTF-8") }
        var header: [String] = []
        var candidates: [Set<String>] = []
        var empty: [Bool] = []
        try scan { row, line in
            if header.isEmpty {
                header = row
                candidates = row.map { _ in ["Int", "Float", "Boolean", "Date", "DateTime"] }
                empty = row.map { _ in false }
                return
            }
            guard row.count == header.count else {
                throw Fault(text: "Line \(line) has \(row.count) values, the header \(header.count)")
            }
            for (index, value) in row.enumerated() {
                if value.isEmpty { empty[index] = true } else { candidates[index].formIntersection(Self.types(of: value)) }
            }
        }
        if header.isEmpty { throw Fault(text: "The file is empty") }
        let order = ["Int", "Float", "Boolean", "Date", "DateTime"]
        columns = header.indices.map { index in
            // A column without any value is text.
            let type = candidates[index].count == order.count ? nil : order.first(where: candidates[index].contains)
            return Column(name: header[index], type: type ?? "String", hasEmpty: empty[index])
        }
    }

    /// The first rows of a table that was found to be one, with its header.
    static func rows(_ bytes: Data, most: Int) -> [[String]] {
        let survey = CSVSurvey(looking: Array(bytes))
        var rows: [[String]] = []
        var place = survey.bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        while place < survey.bytes.count, rows.count < most {
            guard let (row, next, _) = try? survey.row(from: place, line: 1) else { break }  // Cut in a quoted value.
            rows.append(row)
            place = next
        }
        return rows
    }

    private init(looking bytes: [UInt8]) { self.bytes = bytes }

    private static func types(of value: String) -> Set<String> {
        if Int(value) != nil { return ["Int", "Float"] }
        // Written numbers only: neither `inf` nor hexadecimal.
        let digits = value.utf8.allSatisfy { (48...57).contains($0) || "+-.eE".utf8.contains($0) }
        if digits, Double(value) != nil { return ["Float"] }
        if ["true", "false"].contains(value.lowercased()) { return ["Boolean"] }
        if Instant.day(value) != nil { return ["Date"] }
        return Instant(value, zoneRequired: false) != nil ? ["DateTime"] : []
    }

    /// The same table in parts of at most `rows` rows, each with the header.
    func parts(rows: Int?) -> [Data] {
        guard let rows, rows > 0, starts.count > 2 else { return [Data(bytes)] }
        let header = bytes[starts[0]..<starts[1]]
        let bodies = starts.count - 2
        return stride(from: 0, to: bodies, by: rows).map { first in
            Data(header + bytes[starts[1 + first]..<starts[1 + min(first + rows, bodies)]])
        }
    }

    private mutating func scan(_ take: (_ row: [String], _ line: Int) throws -> Void) throws {
        var place = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        var line = 1
        while place < bytes.count {
            starts.append(place)
            let (row, next, breaks) = try self.row(from: place, line: line)
            try take(row, line)
            place = next
            line += breaks
        }
        starts.append(bytes.count)
    }

    private func row(from start: Int, line: Int) throws -> (row: [String], next: Int, lineBreaks: Int) {
        var row: [String] = []
        var value: [UInt8] = []
        var (place, breaks, quoted) = (start, 0, false)
        while place < bytes.count {
            let byte = bytes[place]
            place += 1
            switch byte {
            case UInt8(ascii: "\"") where quoted:
                if place < bytes.count, bytes[place] == UInt8(ascii: "\"") {
                    value.append(byte)
                    place += 1
                } else {
                    quoted = false
                }
            case UInt8(ascii: "\"") where value.isEmpty: quoted = true
            case UInt8(ascii: ",") where !quoted:
                row.append(String(decoding: value, as: UTF8.self))
                value = []
            case UInt8(ascii: "\n") where !quoted:
                if value.last == UInt8(ascii: "\r") { value.removeLast() }
                return (row + [String(decoding: value, as: UTF8.self)], place, breaks + 1)
            default:
                if byte == UInt8(ascii: "\n") { breaks += 1 }
                value.append(byte)
            }
        }
        if quoted { throw Fault(text: "A quoted value that begins in line \(line) has no end") }
        return (row + [String(decoding: value, as: UTF8.self)], place, breaks)
    }
}
