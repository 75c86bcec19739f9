import IngestCore
import TabularText

/// Which columns of a line of headings were named.
struct PlateNames: Hashable {
    private(set) var dose: Int?
    private(set) var responses: [Int] = []
    private(set) var curves: [Int] = []

    enum Failure: Error {
        /// No column has these names.
        case missing([String])
        /// A name that several columns have.
        case ambiguous(String, [Int])
        /// A column that was named as two things.
        case twice(Int)
    }

    /// Nothing was named.
    init() {}

    init(_ columns: PlateColumns, in headings: [String]) throws(Failure) {
        let keys = headings.map(Self.key)
        let missing = columns.all.filter { Self.matches($0, headings, keys).isEmpty }
        guard missing.isEmpty else { throw .missing(missing) }
        func column(_ name: String) throws(Failure) -> Int {
            let matches = Self.matches(name, headings, keys)
            guard matches.count == 1 else { throw .ambiguous(name, matches) }
            return matches[0]
        }
        if let name = columns.dose { dose = try column(name) }
        for name in columns.responses {
            let index = try column(name)
            if !responses.contains(index) { responses.append(index) }
        }
        for name in columns.curves {
            let index = try column(name)
            if !curves.contains(index) { curves.append(index) }
        }
        let all = (dose.map { [$0] } ?? []) + responses + curves
        if let index = all.first(where: { index in all.count { $0 == index } > 1 }) { throw .twice(index) }
    }

    var isEmpty: Bool { dose == nil && responses.isEmpty && curves.isEmpty }

    /// What a column was named as.
    func column(_ index: Int) -> PlateColumn? {
        if index == dose { return .dose }
        if responses.contains(index) { return .response(.effect) }
        return curves.contains(index) ? .curve : nil
    }

    /// The heading without its unit; `nil` where it has none.
    static func withoutUnit(_ heading: String) -> String? {
        let text = heading.trimmed
        let parts = PlateHeading(text)
        guard parts.unit.written != nil else { return nil }
        if parts.name != text { return parts.name }
        if text.hasPrefix("%") { return text.dropFirst().trimmed }
        guard let close = text.last, let open = ["]": "[", ")": "("][close] else { return nil }
        return text.lastIndex(of: Character(open)).map { text[..<$0].trimmed }
    }

    /// The columns of a name: as it is written, else in any case, else without their units.
    private static func matches(_ name: String, _ headings: [String], _ keys: [String]) -> [Int] {
        let written = headings.indices.filter { headings[$0].trimmed == name.trimmed }
        guard written.isEmpty else { return written }
        let key = key(name)
        guard !key.isEmpty else { return [] }
        let whole = keys.indices.filter { keys[$0] == key }
        guard whole.isEmpty else { return whole }
        return headings.indices.filter { keys[$0].contains(key) && withoutUnit(headings[$0]).map(Self.key) == key }
    }

    /// Without what nobody sees: case, the kind of blank, a heading that was wrapped in its cell, which micro sign it is.
    private static func key(_ text: String) -> String {
        text.lowercased().split(whereSeparator: \.isWhitespace).joined(separator: " ").replacing("\u{B5}", with: "\u{3BC}")
    }
}
