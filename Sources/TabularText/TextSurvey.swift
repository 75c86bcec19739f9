public import IngestCore

/// What one pass over a whole file settles before any of it is read: its encoding, its decimal mark, and the order of
/// day and month in its dates.
///
/// Nothing is decided from a single cell: a file with a comma in one number and points in a thousand has the point,
/// and one wrong cell. Where the file has evidence both ways for its dates, they stay open.
public struct TextSurvey: Sendable {
    public let encoding: TextEncoding
    /// The length of the byte order mark.
    public let mark: Int
    public let decimalMark: DecimalMark?
    public let dateOrder: DateOrder?

    /// Surveys `source` and records the assumptions in its account.
    /// - Parameter usual: The order of day and month that the format documents, for files that do not show it.
    /// - Throws: A ``Diagnostic`` for bytes that do not decode, with their place.
    public init(_ source: SourceFile, _ dialect: Dialect, dateOrder usual: DateOrder? = nil) throws {
        var pass = SurveyPass(source)
        try pass.run()
        encoding = pass.encoding
        mark = pass.mark
        let (decimals, decimalsWhy) = try pass.decimalMark(dialect)
        let (order, orderWhy) = pass.dateOrder(usual)
        decimalMark = decimals
        dateOrder = order
        let hasDates = pass.hasDates
        let encodingChoice = Assumptions.Choice(encoding.rawValue, why: pass.encodingWhy)
        source.account.assume {
            if $0.encoding == nil { $0.encoding = encodingChoice }
            if $0.decimalMark?.value == nil { $0.decimalMark = .init(decimals?.rawValue, why: decimalsWhy) }
            // Of the files of a bundle, one without dates has nothing to say.
            if $0.dateOrder == nil || ($0.dateOrder?.value == nil && hasDates) {
                $0.dateOrder = .init(order?.rawValue, why: orderWhy)
            }
            if $0.timeZone == nil {
                $0.timeZone =
                    source.given.timeZone.map { .init($0.name, why: "given") }
                    ?? .init(nil, why: "not given; times without an offset stay local")
            }
            if $0.missing == nil, !source.given.missing.isEmpty {
                $0.missing = .init(source.given.missing.joined(separator: " "), why: "given")
            }
        }
    }
}

/// What the survey of the bytes means for the text.
private struct SurveyPass {
    let source: SourceFile
    var encoding: TextEncoding
    var mark: Int
    var encodingWhy: String
    private var signs = ByteSurvey()

    init(_ source: SourceFile) {
        self.source = source
        let suggestion = TextEncoding.suggested(by: source.opening.bytes)
        (encoding, mark) = suggestion
        encodingWhy = mark > 0 ? "byte order mark" : "the pattern of zero bytes"
        if let given = source.given.encoding {
            encoding = given
            if given != suggestion.0 { mark = 0 }
            encodingWhy = "given"
        }
    }

    mutating func run() throws {
        let isUTF16 = encoding == .utf16LittleEndian || encoding == .utf16BigEndian
        if isUTF16 {
            try checkUTF16()
            signs = try Self.survey(TextStream(source, encoding: encoding, mark: mark))
        } else {
            signs = try source.survey ?? Self.survey(TextStream(source, encoding: .utf8, mark: 0))
            try settleEightBit()
        }
    }

    private static func survey(_ stream: TextStream) throws -> ByteSurvey {
        var signs = ByteSurvey()
        repeat {
            try stream.slide(by: stream.end)
            signs.look(at: UnsafeBufferPointer(start: stream.base, count: stream.end))
        } while !stream.isAtEnd
        signs.finish()
        return signs
    }

    // MARK: Encoding

    private mutating func settleEightBit() throws {
        if source.given.encoding == nil {
            if signs.utf8.illFormed == 0 {
                encoding = .utf8
                if mark == 0 { encodingWhy = signs.aboveASCII == 0 ? "all bytes are ASCII" : "valid UTF-8 throughout" }
            } else if mark > 0 || signs.utf8.wellFormed >= signs.utf8.illFormed {
                let byte = String(signs.utf8.firstIllFormedByte, radix: 16, uppercase: true)
                encoding = .utf8
                throw try undecodable(
                    at: signs.utf8.firstIllFormed,
                    "the byte 0x\(byte) is no UTF-8 here, though the file has "
                        + (mark > 0 ? "the byte order mark of UTF-8" : "\(signs.utf8.wellFormed) characters that are"))
            } else {
                encoding = .windows1252
                encodingWhy = "not valid UTF-8; Windows-1252 is the fall-back"
                let place = try TextPlace.find(signs.utf8.firstIllFormed, in: source, encoding: encoding, mark: mark)
                source.account.report(
                    Diagnostic(
                        .warning, "text.assumed-encoding",
                        "the file does not state its encoding and is not UTF-8; it was read as Windows-1252",
                        at: place, hint: "if names look wrong, add --encoding, for example --encoding windows-1250"))
            }
        } else if encoding == .utf8, signs.utf8.illFormed > 0 {
            throw try undecodable(at: signs.utf8.firstIllFormed, "these bytes are no UTF-8")
        }
        if encoding != .utf8 { try checkEightBit() }
        if signs.nul > 0 { throw try nul() }
    }

    private func checkEightBit() throws {
        var undefined = [Bool](repeating: false, count: 256)
        for byte in 0...255 { undefined[byte] = encoding.scalar(of: UInt8(byte)) == nil }
        if let offset = try TextPlace.firstOffset(in: source, where: { undefined[Int($0)] }) {
            throw try undecodable(at: offset, "this byte is no character of \(encoding.rawValue)")
        }
    }

    private func nul() throws -> Diagnostic {
        let offset = try TextPlace.firstOffset(in: source, where: { $0 == 0 }) ?? 0
        return Diagnostic(
            "text.nul", "a NUL byte stands in the text (\(signs.nul) in all)",
            at: try TextPlace.find(offset, in: source, encoding: encoding, mark: mark),
            hint: "the file is damaged or is not text; copy or export it again")
    }

    private func undecodable(at offset: Int, _ message: String) throws -> Diagnostic {
        Diagnostic(
            "text.undecodable", message, at: try TextPlace.find(offset, in: source, encoding: encoding, mark: mark),
            hint: "nothing of the file was used; export it again, or name its encoding with --encoding")
    }

    /// Every unit in turn: surrogates must come in pairs, and the number of bytes be even.
    private func checkUTF16() throws {
        var offset = mark
        var wantsLow = false
        var afterReturn = false
        var odd: UInt8?
        var line = 1
        var column = 1
        var buffer = [UInt8](repeating: 0, count: source.chunkLength)
        func fault(_ message: String) -> Diagnostic {
            Diagnostic(
                "text.undecodable", message, at: source.location(line: line, column: column),
                hint: "nothing of the file was used; the file is damaged: copy or export it again")
        }
        while true {
            let count = try buffer.withUnsafeMutableBytes { try source.read(into: $0, at: offset) }
            guard count > 0 else { break }
            offset += count
            for byte in buffer[..<count] {
                guard let first = odd else {
                    odd = byte
                    continue
                }
                odd = nil
                let unit = encoding == .utf16BigEndian ? UInt16(first) << 8 | UInt16(byte) : UInt16(byte) << 8 | UInt16(first)
                let isLow = unit & 0xFC00 == 0xDC00
                guard isLow == wantsLow else {
                    // The one that lacks its other half is this, or the character before.
                    if wantsLow { column -= 1 }
                    throw fault("half of a surrogate pair is missing")
                }
                wantsLow = unit & 0xFC00 == 0xD800
                if unit == 0 {
                    throw Diagnostic(
                        "text.nul", "a NUL character stands in the text", at: source.location(line: line, column: column),
                        hint: "the file is damaged or is not text; copy or export it again")
                }
                if unit == 10 || unit == 13 {
                    if unit == 13 || !afterReturn { line += 1 }
                    column = 1
                } else if !isLow {
                    column += 1
                }
                afterReturn = unit == 13
            }
        }
        if wantsLow { column -= 1 }
        if odd != nil || wantsLow { throw fault("the file ends in the middle of a character") }
    }

    // MARK: Decimal mark

    func decimalMark(_ dialect: Dialect) throws -> (DecimalMark?, why: String) {
        if let given = source.given.decimalMark { return (given, "given") }
        let commaSeparates = dialect.separator == UInt8(ascii: ",")
        let quotes = dialect.quote == UInt8(ascii: "\"") ? signs.quotes : 1
        if signs.commaNumbers == 0 || (commaSeparates && quotes == 0) {
            return signs.pointNumbers == 0
                ? (nil, "no number has a decimal mark") : (.point, "numbers have a point, none a comma")
        }
        if signs.pointNumbers == 0, !commaSeparates { return (.comma, "numbers have a comma, none a point") }
        let votes = try DecimalVotes(source, encoding: encoding, mark: mark, dialect)
        return votes.verdict(commaSeparates: commaSeparates)
    }

    var hasDates: Bool { source.given.dateOrder != nil || signs.dates.sawAny }

    func dateOrder(_ usual: DateOrder?) -> (DateOrder?, why: String) {
        if let given = source.given.dateOrder { return (given, "given") }
        // What the file shows goes before what is usual, also where it shows both.
        if let usual, !signs.dates.isEvidence { return (usual, "the order that the format documents") }
        return signs.dates.verdict
    }
}
