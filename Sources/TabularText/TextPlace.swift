import IngestCore

/// Finds the line and column of a byte, by reading the file again: only faults pay for it.
enum TextPlace {
    /// The line and column behind some text that begins at the start of `line`.
    static func lineAndColumn(after text: UnsafeBufferPointer<UInt8>, line: Int) -> (line: Int, column: Int) {
        var line = line
        var start = 0
        for index in text.indices {
            let byte = text[index]
            guard byte == 10 || byte == 13 else { continue }
            if byte == 10, index > 0, text[index - 1] == 13 {
                start = index + 1
                continue
            }
            line += 1
            start = index + 1
        }
        let rest = text[start...]
        // Of ASCII without line ends, each byte is a character.
        return (line, (rest.allSatisfy { $0 < 0x80 } ? rest.count : String(decoding: rest, as: UTF8.self).count) + 1)
    }

    /// The place of the byte at `offset` of a file in UTF-8 or an 8-bit encoding, with a byte order mark of that length.
    static func find(
        _ offset: Int, in source: SourceFile, encoding: TextEncoding, mark: Int
    ) throws -> SourceLocation {
        var line = 1
        var column = 1
        var previous: UInt8 = 0
        _ = try walk(source) { position, byte in
            if position >= offset { return true }
            if byte == 10, previous == 13 {
                // The line feed of a pair; the return has counted.
            } else if byte == 10 || byte == 13 {
                line += 1
                column = 1
            } else if position >= mark, encoding != .utf8 || byte & 0xC0 != 0x80 {
                column += 1
            }
            previous = byte
            return false
        }
        return source.location(line: line, column: column)
    }

    /// The offset of the first byte that fits.
    static func firstOffset(in source: SourceFile, where fits: (UInt8) -> Bool) throws -> Int? {
        try walk(source) { _, byte in fits(byte) }
    }

    private static func walk(_ source: SourceFile, until stop: (Int, UInt8) -> Bool) throws -> Int? {
        var buffer = [UInt8](repeating: 0, count: source.chunkLength)
        var offset = 0
        while true {
            let count = try buffer.withUnsafeMutableBytes { try source.read(into: $0, at: offset) }
            guard count > 0 else { return nil }
            for index in 0..<count where stop(offset + index, buffer[index]) { return offset + index }
            offset += count
        }
    }
}
