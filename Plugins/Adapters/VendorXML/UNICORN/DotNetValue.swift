import IngestCore

/// One value as .NET's BinaryFormatter writes it ([MS-NRBF]): a header, a record, an end. UNICORN keeps texts and arrays of
/// numbers so.
///
///     00 01000000 FFFFFFFF 01000000 00000000     header: this stream holds one value, version 1.0
///     06 01000000 length text 0B                 a string, its length in groups of seven bits
///     0F 01000000 count type values 0B           an array; type 0B is a float32, 06 a float64, little-endian both
enum DotNetValue {
    private static let header: [UInt8] = [0, 1, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, 1, 0, 0, 0, 0, 0, 0, 0]
    private static let end: UInt8 = 0x0B

    /// The bytes of a string, UTF-8, and how many it states.
    /// - Throws: A ``Diagnostic`` when the file holds none.
    static func string(_ file: SourceFile) throws -> (text: ArraySlice<UInt8>, stated: Int) {
        guard file.size <= 64 << 20 else { throw fault(file, "is larger than any document of UNICORN") }
        let bytes = try bytes(0..<file.size, of: file)
        guard bytes.count > 23, bytes.starts(with: header), bytes[17] == 6 else { throw fault(file, "is no serialized text") }
        var length = 0, shift = 0, place = 22
        while shift < 35, place < bytes.count {
            length |= Int(bytes[place] & 0x7F) << shift
            place += 1
            if bytes[place - 1] < 0x80 { break }
            shift += 7
        }
        let text = bytes[place...]
        return (text.last == end ? text.dropLast() : text, length)
    }

    /// An array of numbers, read in parts.
    struct Numbers {
        /// How many it states, and how many there are.
        let stated: Int, count: Int
        private let file: SourceFile
        private let width: Int
        private static let start = 27

        /// - Throws: A ``Diagnostic`` when the file holds no array of floating-point numbers.
        init(_ file: SourceFile) throws {
            let head = try bytes(0..<min(Self.start, file.size), of: file)
            guard head.count == Self.start, head.starts(with: header), head[17] == 15, head[26] == 0x0B || head[26] == 0x06 else {
                throw fault(file, "is no serialized array of numbers")
            }
            self.file = file
            width = head[26] == 0x0B ? 4 : 8
            stated = (22..<26).reversed().reduce(0) { $0 << 8 | Int(head[$1]) }
            count = max(0, file.size - Self.start - 1) / width
        }

        func values(_ range: Range<Int>) throws -> [Double] {
            let start = Self.start + range.lowerBound * width
            let bytes = try bytes(start..<start + range.count * width, of: file)
            return bytes.withUnsafeBytes { bytes in
                range.indices.map { index in
                    let offset = (index - range.lowerBound) * width
                    return width == 4
                        ? Double(
                            Float(bitPattern: UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self))))
                        : Double(bitPattern: UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)))
                }
            }
        }
    }

    private static func bytes(_ range: Range<Int>, of file: SourceFile) throws -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: range.count)
        var filled = 0
        while filled < range.count {
            let count = try bytes.withUnsafeMutableBytes {
                try file.read(into: UnsafeMutableRawBufferPointer(rebasing: $0[filled...]), at: range.lowerBound + filled)
            }
            guard count > 0 else { throw fault(file, "ends too early") }
            filled += count
        }
        return bytes
    }

    private static func fault(_ file: SourceFile, _ what: String) -> Diagnostic {
        Diagnostic(
            "unicorn.serialized", "this file \(what)", at: file.location(),
            hint: "what it holds was left out, the rest was read; export the result again")
    }
}
