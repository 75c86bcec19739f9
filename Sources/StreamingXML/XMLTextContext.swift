import IngestCore
import TabularText

/// How the numbers and times of a document are read.
final class XMLTextContext {
    let source: SourceFile
    let mark: DecimalMark
    let order: DateOrder?
    /// A handful: looked through one by one.
    private let missing: [(text: [UInt8], reason: Quantity.Absence)]
    private let longestMissing: Int
    /// Some of the texts that mean "no value" are numbers.
    private let hasMissingNumbers: Bool

    init(_ source: SourceFile, missing: [String: Quantity.Absence]) {
        self.source = source
        mark = source.given.decimalMark ?? .point
        order = source.given.dateOrder
        var all = missing
        for text in source.given.missing { all[text] = .notReported }
        self.missing = all.sorted { $0.key < $1.key }.map { (Array($0.key.utf8), $0.value) }
        longestMissing = all.keys.map(\.utf8.count).max() ?? 0
        hasMissingNumbers = all.keys.contains { NumberText.read($0, mark: .point) != .fault(.notANumber) }
    }

    /// What the user settled is recorded as given.
    func recordAssumptions() {
        let given = source.given
        source.account.assume {
            if let order = given.dateOrder { $0.dateOrder = .init(order.rawValue, why: "given") }
            if let zone = given.timeZone { $0.timeZone = .init(zone.name, why: "given") }
            if !given.missing.isEmpty { $0.missing = .init(given.missing.joined(separator: ", "), why: "given") }
        }
    }

    /// Why there is no value; `nil` when there should be one.
    func absence(_ trimmed: UnsafeBufferPointer<UInt8>) -> Quantity.Absence? {
        if trimmed.isEmpty { return .empty }
        guard trimmed.count <= longestMissing else { return nil }
        return reason(trimmed)
    }

    /// Why a text stands for nothing; `nil` for any other text.
    private func reason(_ trimmed: UnsafeBufferPointer<UInt8>) -> Quantity.Absence? {
        for (text, reason) in missing where text.count == trimmed.count && text.elementsEqual(trimmed) { return reason }
        return nil
    }

    /// Whether a text says that there is nothing.
    func isMissing(_ trimmed: UnsafeBufferPointer<UInt8>) -> Bool {
        trimmed.isEmpty || trimmed.count <= longestMissing && reason(trimmed) != nil
    }

    /// A number, or why there is none.
    func quantity(_ bytes: UnsafeBufferPointer<UInt8>, _ unit: StatedUnit) throws(NumberFault) -> Quantity {
        let trimmed = Self.trimmed(bytes)
        switch NumberText.read(trimmed, mark: mark) {
        case .number(let value, let bound):
            guard hasMissingNumbers, let absence = absence(trimmed) else {
                return Quantity(
                    written: String(decoding: bytes, as: UTF8.self), value: value, unit: unit.unit, unitWritten: unit.written,
                    unitIsFormats: unit.isFormats, bound: bound)
            }
            return absent(bytes, absence, unit)
        case .fault(let fault):
            guard let absence = absence(trimmed) else { throw NumberFault(fault: fault) }
            return absent(bytes, absence, unit)
        }
    }

    /// A number that is one and is not among the texts for no value; `nil` where one has to look closer.
    func plainNumber(_ bytes: UnsafeBufferPointer<UInt8>) -> (Double, Quantity.Bound)? {
        guard !hasMissingNumbers, let first = bytes.first, first > 32, let last = bytes.last, last > 32,
            case .number(let value, let bound) = NumberText.read(bytes, mark: mark)
        else { return nil }
        return (value, bound)
    }

    /// A number that is one and nothing else.
    func exactNumber(_ bytes: UnsafeBufferPointer<UInt8>) -> Double? {
        let trimmed = Self.trimmed(bytes)
        guard case .number(let value, .exact) = NumberText.read(trimmed, mark: mark), !hasMissingNumbers || !isMissing(trimmed)
        else { return nil }
        return value
    }

    private func absent(_ bytes: UnsafeBufferPointer<UInt8>, _ reason: Quantity.Absence, _ unit: StatedUnit) -> Quantity {
        Quantity(
            written: String(decoding: bytes, as: UTF8.self), absent: reason, unit: unit.unit, unitWritten: unit.written,
            unitIsFormats: unit.isFormats)
    }

    struct NumberFault: Error { let fault: NumberText.Fault }

    /// Without the blanks and line ends that XML is indented with.
    static func trimmed(_ bytes: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
        var start = 0, end = bytes.count
        while start < end, bytes[start] <= 32 { start += 1 }
        while end > start, bytes[end - 1] <= 32 { end -= 1 }
        return UnsafeBufferPointer(rebasing: bytes[start..<end])
    }
}

extension XMLTextContext {
    /// A time, with the order of day and month and the zone the user gave; `nil` when it is none.
    func timestamp(_ written: String) -> Timestamp? { Timestamp(written, order: order, zone: source.given.timeZone) }
}
