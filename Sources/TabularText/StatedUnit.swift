public import IngestCore

/// The unit of a column, a field or an element: what the file writes, and what that means.
public struct StatedUnit: Sendable, Hashable {
    public var unit: Unit?
    public var written: String?
    /// The unit is the documented one of the export, not in the file.
    public var isFormats = false

    public static let none = StatedUnit(unit: nil, written: nil)

    public init(unit: Unit?, written: String?) {
        self.unit = unit
        self.written = written
    }

    /// The documented unit of a format that does not write it.
    public init(ofFormat unit: Unit) {
        self.unit = unit
        isFormats = true
    }

    public init(written: String) { self.init(unit: Unit(spelling: written), written: written) }

    /// The unit in the last brackets of a heading, if it is one: `Area (mAU*min)`, but not `Width (50%)`.
    public init(heading: String) {
        self = .none
        let text = heading.trimmed
        for (open, close) in [("[", "]"), ("(", ")")] where text.hasSuffix(close) {
            guard let start = text.lastIndex(of: Character(open)) else { continue }
            let inside = text[text.index(after: start)...].dropLast().trimmed
            if let unit = Unit(spelling: inside) { self = StatedUnit(unit: unit, written: inside) }
        }
    }
}
