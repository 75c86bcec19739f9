/// Why a text is no JSON, and where.
public struct JSONTextFault: Error, Sendable, Hashable, CustomStringConvertible {
    /// From 0, in bytes.
    public let offset: Int
    public let message: String
    public var description: String { "\(message), at byte \(offset + 1)" }
}

extension JSONValue {
    /// Reads JSON strictly (RFC 8259): UTF-8 without a byte order mark, one value and nothing behind it, no key twice in an
    /// object, no unpaired surrogate, no number beyond the range of a double. At most ``deepest`` levels.
    ///
    /// Numbers are the nearest double; the digits of whole numbers above 2^53 that a double does not hold are lost.
    public init(parsing bytes: UnsafeBufferPointer<UInt8>) throws(JSONTextFault) {
        var reader = JSONReader(bytes)
        self = try reader.document()
    }

    public init(parsing text: String) throws(JSONTextFault) { try self.init(parsing: Array(text.utf8)) }

    public init(parsing bytes: [UInt8]) throws(JSONTextFault) {
        let result = bytes.withUnsafeBufferPointer { bytes in
            Result { () throws(JSONTextFault) in try JSONValue(parsing: bytes) }
        }
        self = try result.get()
    }

    /// Levels of arrays and objects that are read.
    public static let deepest = 64

    /// On one line: keys in the order of their UTF-8, whole numbers without a fraction, others as the shortest decimal that
    /// reads back as the same double. The same value gives the same text.
    public var text: String {
        let buffer = LineBuffer(capacity: 256)
        write(to: buffer)
        return String(decoding: buffer.bytes, as: UTF8.self)
    }

    private func write(to out: LineBuffer) {
        switch self {
        case .null: out.raw("null")
        case .bool(let value): out.raw(value ? "true" : "false")
        case .number(let value):
            // The buffer writes zero as 0.0 and 10^15 as 1e+15.
            if value.magnitude < 0x1p53, let whole = Int(exactly: value) { out.integer(whole) } else { out.number(value) }
        case .string(let value): out.string(value)
        case .array(let elements):
            out.raw("[")
            for (index, element) in elements.enumerated() {
                if index > 0 { out.raw(",") }
                element.write(to: out)
            }
            out.raw("]")
        case .object(let members):
            out.raw("{")
            let sorted = members.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
            for (index, member) in sorted.enumerated() {
                if index > 0 { out.raw(",") }
                out.string(member.key)
                out.raw(":")
                member.value.write(to: out)
            }
            out.raw("}")
        }
    }
}

/// One pass over the bytes of a JSON text.
private struct JSONReader {
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
        var digits: UInt64 = 0
        var significant = 0
        var decimals = 0
        func isDigit(_ byte: UInt8?) -> Bool { byte.map { $0 &- 48 < 10 } ?? false }
        guard isDigit(next) else { throw fault("a digit is wanted") }
        let firstIsZero = next == 48
        while let byte = next, byte &- 48 < 10 {
            if significant < 19 { digits = digits * 10 + UInt64(byte &- 48) }
            if digits != 0 { significant += 1 }
            index += 1
        }
        guard !firstIsZero || index - start == (isNegative ? 2 : 1) else {
            throw fault("a number begins with a zero", at: start)
        }
        if take(UInt8(ascii: ".")) {
            guard isDigit(next) else { throw fault("a digit is wanted behind the point") }
            while let byte = next, byte &- 48 < 10 {
                if significant < 19 { digits = digits * 10 + UInt64(byte &- 48) }
                if digits != 0 { significant += 1 }
                decimals += 1
                index += 1
            }
        }
        var isPlain = true
        if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
            isPlain = false
            if !take(UInt8(ascii: "-")) { _ = take(UInt8(ascii: "+")) }
            guard isDigit(next) else { throw fault("a digit is wanted in the exponent") }
            while isDigit(next) { index += 1 }
        }
        // Both are exact doubles, so that their quotient is the nearest to the decimal.
        if isPlain, significant <= 15, decimals <= 22 {
            let value = Double(digits) / JSONReader.powers[decimals]
            return isNegative ? -value : value
        }
        let text = String(decoding: UnsafeBufferPointer(rebasing: bytes[start..<index]), as: UTF8.self)
        guard let value = Double(text), value.isFinite else { throw fault("a number is beyond the range of a double", at: start) }
        return value
    }

    private static let powers: [Double] = [
        1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20,
        1e21, 1e22,
    ]

    // MARK: Strings

    private mutating func string() throws(JSONTextFault) -> String {
        let start = index + 1
        index = start
        while let byte = next {
            if byte == UInt8(ascii: "\"") {
                let text = try checked(UnsafeBufferPointer(rebasing: bytes[start..<index]), from: start)
                index += 1
                return text
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
