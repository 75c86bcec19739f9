import IngestCore
import TabularText

/// How the numbers of a curve are written into one text.
public struct NumberEncoding: Sendable, Hashable {
    public enum Form: Sendable, Hashable { case float32, float64, int16, int32, int64 }
    public enum ByteOrder: Sendable, Hashable { case littleEndian, bigEndian }
    public var form: Form
    public var byteOrder: ByteOrder

    public init(_ form: Form, _ byteOrder: ByteOrder = .littleEndian) {
        self.form = form
        self.byteOrder = byteOrder
    }

    /// Bytes of one number.
    public var width: Int {
        switch form {
        case .int16: 2
        case .float32, .int32: 4
        case .float64, .int64: 8
        }
    }
}

extension XMLValue {
    /// The numbers of a base64 text (RFC 4648; blanks and line ends between the characters are passed over). Marked as
    /// measured.
    ///
    /// - Parameter count: How many there have to be, where the document says so.
    /// - Throws: A ``Diagnostic``: `xml.base64` for a text that is none or whose length is no number of bytes,
    ///   `xml.number-count` for a count that is not met or a number cut short, `xml.not-finite` for one that is none: the
    ///   encoding or the byte order is then not the stated one.
    public func numbers(base64 encoding: NumberEncoding, count: Int? = nil) throws -> [Double] {
        let data = try base64()
        let width = encoding.width
        guard data.count % width == 0 else {
            throw fault(
                "xml.number-count", "\(data.count) bytes are no whole number of values of \(width) bytes",
                hint: "this curve was left out; its text was cut or damaged: export the file again")
        }
        try check(count, found: data.count / width)
        let values = data.withUnsafeBytes { bytes in
            stride(from: 0, to: bytes.count, by: width).map { encoding.value(bytes, at: $0) }
        }
        if let wrong = values.firstIndex(where: { !$0.isFinite }) {
            throw fault(
                "xml.not-finite", "value \(wrong + 1) of \(values.count) is \(values[wrong]), which is no finite number",
                hint: "this curve was left out; its text was damaged, or is not in the stated form or byte order")
        }
        measured()
        return values
    }

    /// The bytes of a base64 text; nothing is marked.
    /// - Throws: A ``Diagnostic`` `xml.base64` with the place of the character that cannot be.
    public func base64() throws -> [UInt8] {
        try checkPlain()
        let text = bytes
        return try [UInt8](unsafeUninitializedCapacity: text.count / 4 * 3 + 3) { out, length in
            try Base64Alphabet.digits.withUnsafeBufferPointer { digits in
                length = try decode(text, digits, into: out)
            }
        }
    }

    /// - Returns: The number of bytes.
    private func decode(
        _ text: UnsafeBufferPointer<UInt8>, _ digits: UnsafeBufferPointer<UInt8>, into out: UnsafeMutableBufferPointer<UInt8>
    ) throws -> Int {
        var word: UInt32 = 0
        var filled = 0, padding = 0, length = 0, place = 0
        while place < text.count {
            if filled == 0, padding == 0, place &+ 4 <= text.count {
                // Four characters of the alphabet at a time, as nearly all are.
                let a = digits[Int(text[place])], b = digits[Int(text[place &+ 1])]
                let c = digits[Int(text[place &+ 2])], d = digits[Int(text[place &+ 3])]
                if a | b | c | d < 64 {
                    out[length] = a << 2 | b >> 4
                    out[length &+ 1] = b << 4 | c >> 2
                    out[length &+ 2] = c << 6 | d
                    length &+= 3
                    place &+= 4
                    continue
                }
            }
            let byte = text[place]
            place &+= 1
            if byte <= 32 { continue }
            if byte == UInt8(ascii: "=") {
                padding += 1
                continue
            }
            let digit = digits[Int(byte)]
            guard digit < 64, padding == 0 else {
                throw fault(
                    "xml.base64", "character \(place) of this base64 text is \"\(Character(Unicode.Scalar(byte)))\"",
                    hint: "this curve was left out; its text was damaged: export the file again")
            }
            word = word << 6 | UInt32(digit)
            filled += 1
            guard filled == 4 else { continue }
            for shift in [16, 8, 0] as [UInt32] {
                out[length] = UInt8(truncatingIfNeeded: word >> shift)
                length += 1
            }
            (word, filled) = (0, 0)
        }
        // Some writers leave out the padding; a single digit is no byte.
        guard filled != 1, padding == 0 || filled + padding == 4 else {
            throw fault(
                "xml.base64", "this base64 text ends within a byte",
                hint: "this curve was left out; its text was cut: export the file again")
        }
        for left in 0..<max(0, filled - 1) {
            out[length] = UInt8(truncatingIfNeeded: word >> UInt32(filled == 2 ? 4 : left == 0 ? 10 : 2))
            length += 1
        }
        return length
    }

    /// The numbers of a text with blanks, line ends or a separator between them. Marked as measured.
    ///
    /// - Parameters:
    ///   - separator: Stands between them besides blanks.
    ///   - count: How many there have to be, where the document says so.
    /// - Throws: A ``Diagnostic`` as ``numbers(base64:count:)``, and `xml.not-a-number` with the one that is none.
    public func numbers(separatedBy separator: UInt8 = 32, count: Int? = nil) throws -> [Double] {
        try checkPlain()
        var values: [Double] = []
        var start = 0
        let bytes = bytes
        while start < bytes.count {
            if bytes[start] <= 32 || bytes[start] == separator {
                start += 1
                continue
            }
            var end = start
            while end < bytes.count, bytes[end] > 32, bytes[end] != separator { end += 1 }
            let part = UnsafeBufferPointer(rebasing: bytes[start..<end])
            guard case .number(let value, .exact) = NumberText.read(part, mark: reader.context.mark) else {
                throw fault(
                    "xml.not-a-number",
                    "value \(values.count + 1), \"\(String(decoding: part, as: UTF8.self))\", is not a number",
                    hint: "this curve was left out; its text was damaged: export the file again")
            }
            values.append(value)
            start = end
        }
        try check(count, found: values.count)
        measured()
        return values
    }

    private func check(_ count: Int?, found: Int) throws {
        guard let count, count != found else { return }
        throw fault(
            "xml.number-count", "\(count) values are declared, there are \(found)",
            hint: "this curve was left out; its text was cut or damaged: export the file again")
    }
}

extension NumberEncoding {
    /// The number at a byte.
    fileprivate func value(_ bytes: UnsafeRawBufferPointer, at offset: Int) -> Double {
        func whole<Whole: FixedWidthInteger>(_: Whole.Type) -> Whole {
            let raw = bytes.loadUnaligned(fromByteOffset: offset, as: Whole.self)
            return byteOrder == .littleEndian ? Whole(littleEndian: raw) : Whole(bigEndian: raw)
        }
        return switch form {
        case .float32: Double(Float(bitPattern: whole(UInt32.self)))
        case .float64: Double(bitPattern: whole(UInt64.self))
        case .int16: Double(whole(Int16.self))
        case .int32: Double(whole(Int32.self))
        case .int64: Double(whole(Int64.self))
        }
    }
}

private enum Base64Alphabet {
    /// The value of each character, 255 for one that has none.
    static let digits: [UInt8] = {
        var digits = [UInt8](repeating: 255, count: 256)
        let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
        for (value, character) in alphabet.utf8.enumerated() { digits[Int(character)] = UInt8(value) }
        return digits
    }()
}
