import IngestCore

/// What the rows and fields of one text share: how its numbers and times are read, and the count of its cells.
final class TextContext {
    let source: SourceFile
    /// The file, for places in it.
    private let file: SourceLocation
    let account: ReadingAccount
    /// The file's decimal mark; `nil` when it is open.
    let mark: DecimalMark?
    let order: DateOrder?
    let quote: UInt8
    let pool = TextPool()
    let missing: Set<String>
    private let missingBytes: [[UInt8]]
    /// A bit for each length up to 63 that some of them have.
    private var missingLengths: UInt64 = 0
    private let longestMissing: Int
    /// Some of the texts that mean "no value" are numbers.
    private let hasMissingNumbers: Bool
    /// The decimal mark where a number that looks like one is one; `nil` where each has to be looked at closely.
    let plainMark: UInt8?
    /// The keys of fields that were looked at for being unknown, the first so many: a file repeats its own.
    private var unknownKeys: Set<String> = []
    private static let mostUnknownKeys = 500

    /// Whether a key is met for the first time; of a file with very many no longer.
    func isNewKey(_ key: String) -> Bool {
        unknownKeys.count < Self.mostUnknownKeys && unknownKeys.insert(key).inserted
    }

    @exclusivity(unchecked) var coverage = Coverage()

    let survey: TextSurvey
    let dialect: Dialect
    /// The first number that only looks decimal, once somebody had to ask.
    private var onlyThousands: String??

    /// Why there is no value, for those that say more than that.
    private let reasons: [String: Quantity.Absence]

    init(
        _ source: SourceFile, _ survey: TextSurvey, _ dialect: Dialect, missing: [String], absent: [String: Quantity.Absence]
    ) {
        self.source = source
        file = source.location()
        self.survey = survey
        self.dialect = dialect
        account = source.account
        mark = survey.decimalMark
        order = survey.dateOrder
        quote = dialect.quote
        self.missing = Set(missing + absent.keys + source.given.missing)
        reasons = absent
        missingBytes = self.missing.map { Array($0.utf8) }
        longestMissing = missingBytes.map(\.count).max() ?? 0
        let hasMissingNumbers = self.missing.contains { NumberText.read($0, mark: .point) != .fault(.notANumber) }
        self.hasMissingNumbers = hasMissingNumbers
        plainMark = hasMissingNumbers || mark == nil ? nil : mark == .comma ? UInt8(ascii: ",") : UInt8(ascii: ".")
        for text in missingBytes where text.count < 64 { missingLengths |= 1 << UInt64(text.count) }
    }

    deinit { pool.deallocate() }

    /// A place of the file.
    func location(line: Int, column: Int, field: String? = nil) -> SourceLocation {
        var place = file
        (place.line, place.column, place.field) = (line, column, field)
        return place
    }

    /// A time, with the order of day and month and the zone of this text; `nil` when it is none.
    func timestamp(_ written: String) -> Timestamp? { Timestamp(written, order: order, zone: source.given.timeZone) }

    /// A number or a missing value of a cell or field.
    func quantity(_ bytes: UnsafeBufferPointer<UInt8>, _ unit: StatedUnit) throws(CellFault) -> Quantity {
        switch NumberText.read(bytes, mark: mark) {
        case .number where isMissingNumber(bytes):
            return Quantity(
                written: String(decoding: bytes, as: UTF8.self), absent: .notReported, unit: unit.unit,
                unitWritten: unit.written, unitIsFormats: unit.isFormats)
        case .number(let value, let bound):
            return Quantity(
                written: String(decoding: bytes, as: UTF8.self), value: value, unit: unit.unit, unitWritten: unit.written,
                unitIsFormats: unit.isFormats, bound: bound)
        case .fault(let fault):
            guard let absence = absence(bytes) else { throw CellFault(fault: fault) }
            return Quantity(
                written: String(decoding: bytes, as: UTF8.self), absent: absence, unit: unit.unit,
                unitWritten: unit.written, unitIsFormats: unit.isFormats)
        }
    }

    /// Why a cell that is no number has no value; `nil` when it should have one.
    func absence(_ bytes: UnsafeBufferPointer<UInt8>) -> Quantity.Absence? {
        let trimmed = NumberText.trimmed(bytes)
        if trimmed.isEmpty { return .empty }
        guard isMissing(trimmed) else { return nil }
        return reasons.isEmpty ? .notReported : reasons[String(decoding: trimmed, as: UTF8.self)] ?? .notReported
    }

    /// Whether a text is one of those that mean "no value".
    @inline(__always)
    func isMissing(_ trimmed: UnsafeBufferPointer<UInt8>) -> Bool {
        guard trimmed.count <= longestMissing, trimmed.count > 63 || missingLengths >> UInt64(trimmed.count) & 1 == 1 else {
            return false
        }
        return isOneOfMissing(trimmed)
    }

    @inline(never)
    private func isOneOfMissing(_ trimmed: UnsafeBufferPointer<UInt8>) -> Bool {
        missingBytes.contains { $0.count == trimmed.count && $0.elementsEqual(trimmed) }
    }

    /// Whether a number is one of those: `-1` or `999`, where the user says so.
    @inline(__always)
    func isMissingNumber(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        hasMissingNumbers && isMissing(NumberText.trimmed(bytes))
    }

    /// Whether a text that means "no value" in place of a number may be a name all the same.
    func isName(_ text: String) -> Bool {
        text.utf8.allSatisfy { $0 | 32 &- 97 < 26 } && !source.given.missing.contains(text)
    }

    /// A number that would be misread, where a text groups its thousands with what the file's decimal mark was taken for
    /// (`1,204,567`) and no number of the file shows that the mark is decimal: each has three digits behind it (`20,114`).
    func thousands(_ bytes: UnsafeBufferPointer<UInt8>) -> String? {
        guard let mark, source.given.decimalMark == nil, NumberText.groupingMark(of: bytes) == mark else { return nil }
        if let known = onlyThousands { return known }
        // What it throws, such as a cancellation, stops the reading that follows too.
        let votes = try? DecimalVotes(source, encoding: survey.encoding, mark: survey.mark, dialect)
        let example = votes.flatMap { $0[mark].certain == 0 ? $0[mark].example : nil }
        onlyThousands = .some(example)
        return example
    }

    struct CellFault: Error { let fault: NumberText.Fault }

    /// What is wrong with a text that should be a number, for people.
    func describe(_ fault: NumberText.Fault, _ text: String, _ field: String?) -> (code: String, message: String, hint: String) {
        let place = field.map { ", in column \"\($0)\"" } ?? ""
        let rest = "this row was left out, the others were read"
        switch fault {
        case .notANumber:
            return (
                "table.not-a-number", "\"\(text)\" is not a number\(place)",
                "\(rest); if \"\(text)\" means that there is no value, add --missing \"\(text)\""
            )
        case .otherMark:
            let mark = mark == .comma ? "comma" : "point"
            return (
                "table.other-decimal-mark", "\"\(text)\" does not fit the decimal \(mark) of this file\(place)",
                "\(rest); the file was edited or put together from two, or it groups thousands: export it again"
            )
        case .openMark:
            return (
                "table.open-decimal-mark", "\"\(text)\" could be read in two ways\(place); the file does not settle it",
                "\(rest); say which with --decimal-mark , or --decimal-mark ."
            )
        case .overflow:
            return (
                "table.number-out-of-range", "\"\(text)\" is beyond what a number can hold\(place)",
                "\(rest); correct the file at its source"
            )
        }
    }
}
