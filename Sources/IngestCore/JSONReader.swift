/// One pass over the bytes of a JSON text.
struct JSONReader {
    private let bytes: UnsafeBufferPointer<UInt8>
    private var index = 0

    init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    mutating func document() throws(JSONTextFault) -> JSONValue {
        skipBlanks()
        let value = try value(depth: 0)
        skipBlanks()
        guard index == bytes.count else { throw fault("something stands behind the value") }
        return value
    }

    private func fault(_ message: String, at offset: Int? = nil) -> JSONTextFault {
        JSONTextFault(offset: offset ?? index, message: message)
    }

    @inline(__always)
    private var next: UInt8? { index < bytes.count ? bytes[index] : nil }

    @inline(__always)
    private mutating func skipBlanks() {
        while index < bytes.count {
            switch bytes[index] {
            case 0x20, 0x0A, 0x0D, 0x09: index += 1
            default: return
            }
        }
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard next == byte else { return false }
        index += 1
        return true
    }

    private mutating func value(depth: Int) throws(JSONTextFault) -> JSONValue {
        switch next {
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "{"): return try object(depth: depth)
        case UInt8(ascii: "["): return try array(depth: depth)
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        case let byte? where byte == UInt8(ascii: "-") || byte &- 48 < 10: return .number(try number())
        case nil: throw fault("the text ends where a value is wanted")
        default: throw fault("no value begins like this")
        }
    }

    private mutating func word(_ word: StaticString, _ value: JSONValue) throws(JSONTextFault) -> JSONValue {
        let start = index
        for offset in 0..<word.utf8CodeUnitCount where !take(word.utf8Start[offset]) {
            throw fault("no value begins like this", at: start)
        }
        return value
    }

    private mutating func object(depth: Int) throws(JSONTextFault) -> JSONValue {
        try open(depth)
        var members: [String: JSONValue] = [:]
        if take(UInt8(ascii: "}")) { return .object(members) }
        members.reserveCapacity(4)
        while true {
            skipBlanks()
            let start = index
            guard next == UInt8(ascii: "\"") else { throw fault("a key in quotes is wanted") }
            let key = try string()
            skipBlanks()
            guard take(UInt8(ascii: ":")) else { throw fault("a colon is wanted behind a key") }
            skipBlanks()
            let value = try value(depth: depth + 1)
            guard members.updateValue(value, forKey: key) == nil else {
                throw fault("a key stands twice in an object", at: start)
            }
            skipBlanks()
            if take(UInt8(ascii: ",")) { continue }
            guard take(UInt8(ascii: "}")) else { throw fault("a comma or the end of the object is wanted") }
            return .object(members)
        }
    }

    private mutating func array(depth: Int) throws(JSONTextFault) -> JSONValue {
        try open(depth)
        var elements: [JSONValue] = []
        if take(UInt8(ascii: "]")) { return .array(elements) }
        // Points of a trace are pairs, and there are many.
        elements.reserveCapacity(2)
        while true {
            skipBlanks()
            elements.append(try value(depth: depth + 1))
            skipBlanks()
            if take(UInt8(ascii: ",")) { continue }
            guard take(UInt8(ascii: "]")) else { throw fault("a comma or the end of the array is wanted") }
            return .array(elements)
        }
    }

    private mutating func open(_ depth: Int) throws(JSONTextFault) {
        guard depth < JSONValue.deepest else { throw fault("nested more than \(JSONValue.deepest) levels deep") }
        index += 1
        skipBlanks()
    }

    // MARK: Numbers

    private mutating func number() throws(JSONTextFault) -> Double {
        let start = index
        let isNegative = take(UInt8(ascii: "-"))
        let first = index
        var digits: UInt64 = 0
        // Digits that count, without zeros in front.
        var significant = 0
        takeDigits(&digits, &significant)
        guard index > first else { throw fault("a digit is wanted") }
        guard bytes[first] != 48 || index == first + 1 else { throw fault("a number begins with a zero", at: start) }
        var decimals = 0
        if take(UInt8(ascii: ".")) {
            let point = index
            takeDigits(&digits, &significant)
            decimals = index - point
            guard decimals > 0 else { throw fault("a digit is wanted behind the point") }
        }
        let isZero = digits == 0
        var isPlain = true
        if let byte = next, byte | 32 == UInt8(ascii: "e") {
            isPlain = false
            index += 1
            if !take(UInt8(ascii: "-")) { _ = take(UInt8(ascii: "+")) }
            let exponent = index
            takeDigits(&digits, &significant)
            guard index > exponent else { throw fault("a digit is wanted in the exponent") }
        }
        // Both are exact doubles, so that their quotient is the nearest to the decimal.
        if isPlain, significant <= 15, decimals <= 22 {
            let value = Double(digits) / JSONReader.powers.withUnsafeBufferPointer { $0[decimals] }
            return isNegative ? -value : value
        }
        let text = String(decoding: UnsafeBufferPointer(rebasing: bytes[start..<index]), as: UTF8.self)
        guard let value = Double(text), value.isFinite, value != 0 || isZero else {
            throw fault("a number is beyond the range of a double", at: start)
        }
        return value
    }

    @inline(__always)
    private mutating func takeDigits(_ digits: inout UInt64, _ significant: inout Int) {
        var index = index
        while index < bytes.count {
            let digit = bytes[index] &- 48
            guard digit < 10 else { break }
            // Beyond 19 the digits overflow, and the text itself is read.
            if significant < 19 { digits = digits &* 10 &+ UInt64(digit) }
            if digits != 0 { significant &+= 1 }
            index &+= 1
        }
        self.index = index
    }

    private static let powers: [Double] = [
        1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20,
        1e21, 1e22,
    ]

    // MARK: Strings

    private mutating func string() throws(JSONTextFault) -> String {
        let start = index + 1
        index = start
        var seen: UInt8 = 0
        while let byte = next {
            seen |= byte
            if byte == UInt8(ascii: "\"") {
                let text = UnsafeBufferPointer(rebasing: bytes[start..<index])
                index += 1
                // ASCII needs no checking, which takes longer than all the rest.
                return seen < 0x80 ? String(decoding: text, as: UTF8.self) : try checked(text, from: start)
            }
            if byte == UInt8(ascii: "\\") { return try escapedString(from: start) }
            guard byte >= 0x20 else { throw fault("a control character stands in a string") }
            index += 1
        }
        throw fault("a string is not closed", at: start - 1)
    }

    private mutating func escapedString(from start: Int) throws(JSONTextFault) -> String {
        var text = Array(bytes[start..<index])
        while let byte = next {
            index += 1
            switch byte {
            case UInt8(ascii: "\""):
                return try text.withUnsafeBufferPointerThrowing { bytes throws(JSONTextFault) in
                    try checked(bytes, from: start)
                }
            case UInt8(ascii: "\\"): text.append(contentsOf: try escape())
            case ..<0x20: throw fault("a control character stands in a string", at: index - 1)
            default: text.append(byte)
            }
        }
        throw fault("a string is not closed", at: start - 1)
    }

    private func checked(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) throws(JSONTextFault) -> String {
        guard let text = String(validating: bytes, as: UTF8.self) else { throw fault("a string is not UTF-8", at: start) }
        return text
    }

    private mutating func escape() throws(JSONTextFault) -> [UInt8] {
        guard let byte = next else { throw fault("the text ends within an escape") }
        index += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [byte]
        case UInt8(ascii: "b"): return [8]
        case UInt8(ascii: "f"): return [12]
        case UInt8(ascii: "n"): return [10]
        case UInt8(ascii: "r"): return [13]
        case UInt8(ascii: "t"): return [9]
        case UInt8(ascii: "u"):
            let start = index - 2
            var code = UInt32(try hexadecimal())
            if (0xD800..<0xDC00).contains(code), take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")) {
                let low = UInt32(try hexadecimal())
                if (0xDC00..<0xE000).contains(low) { code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00) }
            }
            guard let scalar = Unicode.Scalar(code) else { throw fault("half of a surrogate pair stands alone", at: start) }
            return Array(String(Character(scalar)).utf8)
        default: throw fault("an escape that JSON does not have", at: index - 2)
        }
    }

    private mutating func hexadecimal() throws(JSONTextFault) -> UInt16 {
        var code: UInt16 = 0
        for _ in 0..<4 {
            guard let digit = next.flatMap({ Character(Unicode.Scalar($0)).hexDigitValue }) else {
                throw fault("four hexadecimal digits are wanted")
            }
            code = code << 4 | UInt16(digit)
            index += 1
        }
        return code
    }
}

extension Array {
    /// As the standard library's, whose closure throws anything.
    fileprivate func withUnsafeBufferPointerThrowing<Value, Fault: Error>(
        _ body: (UnsafeBufferPointer<Element>) throws(Fault) -> Value
    ) throws(Fault) -> Value {
        let result = withUnsafeBufferPointer { bytes in Result { () throws(Fault) in try body(bytes) } }
        return try result.get()
    }
}
