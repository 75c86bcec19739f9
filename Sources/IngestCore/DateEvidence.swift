/// Dates of numbers in which only one order of day and month is possible.
package struct DateEvidence: Sendable {
    private var dayFirst: String?
    private var monthFirst: String?
    private var open: String?

    package var sawAny: Bool { dayFirst != nil || monthFirst != nil || open != nil }

    /// Some date has only one order that is possible.
    package var isEvidence: Bool { dayFirst != nil || monthFirst != nil }

    package var verdict: (DateOrder?, why: String) {
        switch (dayFirst, monthFirst) {
        case let (day?, nil): (.dmy, "\(day) can only have the day first")
        case let (nil, month?): (.mdy, "\(month) can only have the month first")
        case let (day?, month?): (nil, "\(day) has the day first, \(month) the month")
        case (nil, nil):
            (nil, open.map { "no date like \($0) shows which number is the day" } ?? "no date depends on it")
        }
    }

    /// Looks at the mark at `index`, which may be the first of a date: at the digits on both its sides, as far as four
    /// bytes before and ten behind.
    mutating func look(at bytes: UnsafeBufferPointer<UInt8>, _ index: Int) {
        func isDigit(_ index: Int) -> Bool { bytes[index] &- 48 < 10 }
        func isEdge(_ byte: UInt8) -> Bool {
            switch byte {
            case 9, 10, 13, 32, UInt8(ascii: "\""), UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "'"): true
            default: false
            }
        }
        let mark = bytes[index]
        guard isDigit(index - 1), isDigit(index + 1) else { return }
        let start = isDigit(index - 2) ? index - 2 : index - 1
        let isBehindMark = bytes[start - 1] == 0xBF && bytes[start - 2] == 0xBB  // of a byte order mark
        guard isEdge(bytes[start - 1]) || isBehindMark else { return }
        let second = isDigit(index + 2) ? index + 3 : index + 2
        guard bytes[second] == mark else { return }
        var yearEnd = second + 1
        while yearEnd - second <= 4, isDigit(yearEnd) { yearEnd += 1 }
        let digits = yearEnd - second - 1
        // A point may follow a date (21.2.2012.), but not the ending of a file's name.
        guard digits == 4 || (digits == 2 && mark == UInt8(ascii: "/")),
            isEdge(bytes[yearEnd]) || (bytes[yearEnd] == UInt8(ascii: ".") && isEdge(bytes[yearEnd + 1]))
        else { return }
        let a = number(bytes, start..<index), b = number(bytes, index + 1..<second)
        guard (1...31).contains(a), (1...31).contains(b), a <= 12 || b <= 12, a != b else { return }
        lazy var text = String(decoding: bytes[start..<yearEnd], as: UTF8.self)
        if a > 12 {
            if dayFirst == nil { dayFirst = text }
        } else if b > 12 {
            if monthFirst == nil { monthFirst = text }
        } else if open == nil {
            open = text
        }
    }

    private func number(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> Int {
        bytes[range].reduce(0) { $0 * 10 + Int($1 &- 48) }
    }
}
