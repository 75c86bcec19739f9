import IngestCore
import IngestTesting
import TabularText

extension FuzzTarget {
    /// The text of a file whatever its encoding: the first byte gives one, or leaves it to the file.
    static let decoding = FuzzTarget("decoding", longest: 4096) { input in
        guard let first = input.first else { return }
        let encodings: [TextEncoding?] = [nil] + TextEncoding.allCases
        let given = GivenAssumptions(encoding: encodings[Int(first) % encodings.count])
        let bytes = Array(input.dropFirst())
        // One cell a line, as it stands.
        let dialect = Dialect(separator: "\u{1F}", quoting: false)
        func reading(_ chunk: Int) -> TextReading { TextReading(.memory(bytes, given, chunk: chunk), dialect: dialect) }
        let whole = reading(1 << 18)
        try expectSame(whole, reading(bytes.chunkLength), "the text")
        guard whole.fault == nil else { return }
        let source = SourceFile.memory(bytes, given, chunk: 1 << 18)
        let survey = try TextSurvey(source, dialect, dateOrder: nil)
        let text = try decoded(bytes.dropFirst(survey.mark), survey.encoding)
        // A line that names the separator is no row.
        if text.lowercased().contains("sep=") { return }
        let reference = DelimitedReference(text, separator: "\u{1F}", quote: nil)
        try expect(whole.records == reference.records, "\(survey.encoding) is not read as its rules say")
    }

    /// The rules of an encoding once more, by the standard library.
    private static func decoded(_ bytes: ArraySlice<UInt8>, _ encoding: TextEncoding) throws -> String {
        func units(_ high: Int) -> [UInt16] {
            stride(from: bytes.startIndex, to: bytes.endIndex - 1, by: 2).map {
                UInt16(bytes[$0 + high]) << 8 | UInt16(bytes[$0 + 1 - high])
            }
        }
        let text: String? =
            switch encoding {
            case .utf8: String(validating: bytes, as: UTF8.self)
            case .utf16LittleEndian: String(validating: units(1), as: UTF16.self)
            case .utf16BigEndian: String(validating: units(0), as: UTF16.self)
            case .windows1252, .windows1250, .latin1:
                bytes.contains { encoding.scalar(of: $0) == nil }
                    ? nil : String(String.UnicodeScalarView(bytes.compactMap { encoding.scalar(of: $0) }))
            }
        guard let text else { throw FuzzFinding("text that is no \(encoding.rawValue) was read as such") }
        return text
    }

    /// Records and cells: the first byte chooses the dialect.
    static let delimited = FuzzTarget("delimited", longest: 4096) { input in
        guard let first = input.first else { return }
        let separators: [Character] = [",", ";", "\t", "|"]
        let separator = separators[Int(first) & 3]
        let dialect = Dialect(separator: separator, quoting: first & 4 == 0, quote: first & 8 == 0 ? "\"" : "'")
        let bytes = Array(input.dropFirst())
        let given = GivenAssumptions(encoding: .utf8)
        func reading(_ chunk: Int) -> TextReading { TextReading(.memory(bytes, given, chunk: chunk), dialect: dialect) }
        let whole = reading(1 << 18)
        try expectSame(whole, reading(bytes.chunkLength), "the rows")
        let mark = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        guard let text = String(validating: bytes.dropFirst(mark), as: UTF8.self), !text.utf8.contains(0),
            !text.lowercased().contains("sep=")
        else { return }
        let reference = DelimitedReference(
            text, separator: separator, quote: !dialect.quoting ? nil : first & 8 == 0 ? "\"" : "'")
        let fault = whole.fault.map { "\($0.code) \($0.location.line ?? 0):\($0.location.column ?? 0)" }
        let expected = reference.unclosed.map { "table.unclosed-quote \($0)" }
        try expect(fault == expected, "the fault is \(fault ?? "none"), not \(expected ?? "none")")
        try expect(whole.records == reference.records, "the rows are not those of the rules")
    }

    private static func expectSame(_ one: TextReading, _ other: TextReading, _ what: String) throws {
        try expect(one.records == other.records, "\(what) differ in chunks of another length")
        try expect(
            one.fault?.code == other.fault?.code && one.fault?.location == other.fault?.location
                && one.isOpen == other.isOpen,
            "the fault is \(String(describing: one.fault)) or \(String(describing: other.fault))")
    }
}

extension SourceFile {
    /// A file in memory.
    static func memory(_ bytes: [UInt8], _ given: GivenAssumptions, chunk: Int) -> SourceFile {
        var source = SourceFile(
            name: "input", digest: FileDigest(name: "input", bytes: bytes.count, sha256: String(repeating: "0", count: 64)),
            content: .bytes(bytes),
            opening: SourceOpening(name: "input", bytes: Array(bytes.prefix(SourceOpening.length))), given: given,
            account: ReadingAccount())
        source.chunkLength = chunk
        return source
    }
}
