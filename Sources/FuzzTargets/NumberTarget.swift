import Glibc
import IngestCore
import TabularText

extension FuzzTarget {
    /// A cell as a number, against the C library.
    static let number = FuzzTarget("number", longest: 400) { input in
        for mark in [DecimalMark.point, .comma, nil] {
            let reading = input.withUnsafeBufferPointer { NumberText.read($0, mark: mark) }
            let plain = PlainDecimal(input, mark: mark)
            switch reading {
            case .number(let value, let bound):
                try expect(value.isFinite, "\(value) is no finite number")
                guard let plain else {
                    throw FuzzFinding("\(value) was read where there is no number, with \(String(describing: mark))")
                }
                try expect(plain.bound == bound, "the bound is \(bound)")
                try expect(
                    plain.value.bitPattern == value.bitPattern,
                    "read as \(value), which is \(plain.value), with \(String(describing: mark))")
            case .fault(let fault):
                guard let plain else { continue }
                let isBeyond = plain.value.isInfinite || plain.value == 0 && plain.hasDigits
                try expect(
                    fault == .overflow && isBeyond, "\(plain.value) was refused as \(fault), with \(String(describing: mark))")
            }
        }
    }
}

/// The rules of a number once more, as simply as can be; its value is that of `strtod`.
struct PlainDecimal {
    private(set) var value = 0.0
    private(set) var bound = Quantity.Bound.exact
    /// Some digit before the exponent is no zero.
    private(set) var hasDigits = false

    /// `nil` for what is no number as a whole, and for one with another mark than `mark`.
    init?(_ cell: [UInt8], mark: DecimalMark?) {
        guard let written = String(validating: cell, as: UTF8.self) else { return nil }
        let blanks: Set<Unicode.Scalar> = [" ", "\t", "\u{A0}"]
        func trimmed(_ text: ArraySlice<Unicode.Scalar>) -> ArraySlice<Unicode.Scalar> {
            let start = text.drop { blanks.contains($0) }
            return start.dropLast(start.reversed().prefix { blanks.contains($0) }.count)
        }
        var text = trimmed(Array(written.unicodeScalars)[...])
        if text.first == "<" || text.first == ">" {
            bound = text.first == "<" ? .below : .above
            text = trimmed(text.dropFirst())
        }
        var plain = ""
        if let sign = text.first, "+-\u{2212}".unicodeScalars.contains(sign) {
            plain = sign == "+" ? "" : "-"
            text = text.dropFirst()
        }
        func takeDigits() -> Int {
            let digits = text.prefix { ("0"..."9").contains($0) }
            plain.unicodeScalars.append(contentsOf: digits)
            text = text.dropFirst(digits.count)
            return digits.count
        }
        var count = takeDigits()
        if let used = text.first, used == "." || used == "," {
            guard mark?.rawValue == String(used) else { return nil }
            plain += "."
            text = text.dropFirst()
            let decimals = takeDigits()
            guard decimals > 0 else { return nil }
            count += decimals
        }
        guard count > 0 else { return nil }
        hasDigits = plain.contains { ("1"..."9").contains($0) }
        if text.first == "e" || text.first == "E" {
            plain += "e"
            text = text.dropFirst()
            if let sign = text.first, sign == "+" || sign == "-" {
                plain.unicodeScalars.append(sign)
                text = text.dropFirst()
            }
            guard takeDigits() > 0 else { return nil }
        }
        guard text.isEmpty else { return nil }
        value = strtod(plain, nil)
    }
}
