/// What a file leaves open and somebody had to settle: each with its value, where there is one, and why.
public struct Assumptions: Sendable, Hashable {
    public struct Choice: Sendable, Hashable {
        /// `nil` when it stays open.
        public var value: String?
        public var why: String

        public init(_ value: String?, why: String) {
            self.value = value
            self.why = why
        }
    }

    public var encoding: Choice?
    /// `.` or `,`.
    public var decimalMark: Choice?
    /// `dmy`, `mdy` or `ymd`.
    public var dateOrder: Choice?
    public var timeZone: Choice?
    /// Texts that mean "no value" besides an empty cell.
    public var missing: Choice?

    public init() {}
}

/// What the user settled beforehand; every part is recorded as given.
public struct GivenAssumptions: Sendable {
    public var encoding: TextEncoding?
    public var decimalMark: DecimalMark?
    public var dateOrder: DateOrder?
    public var timeZone: GivenTimeZone?
    /// Texts that mean "no value", besides those of the format.
    public var missing: [String]
    /// The element of an XML document that is a row of its table: a name (`Peak`), the end of a path (`Peaks/Peak`) or a
    /// whole one (`/File/Samples/Sample/Peaks/Peak`). A name without a prefix is that of elements with any.
    public var element: String?
    /// The elements that mappings name for this, in their order, for when the user names none; asked for only then. Throws
    /// a ``Diagnostic`` when the mappings cannot be read.
    public var mappedElements: @Sendable () throws -> [String] = { [] }

    public init(
        encoding: TextEncoding? = nil, decimalMark: DecimalMark? = nil, dateOrder: DateOrder? = nil,
        timeZone: GivenTimeZone? = nil, missing: [String] = [], element: String? = nil
    ) {
        self.encoding = encoding
        self.decimalMark = decimalMark
        self.dateOrder = dateOrder
        self.timeZone = timeZone
        self.missing = missing
        self.element = element
    }
}

public enum DecimalMark: String, Sendable, Hashable {
    case point = "."
    case comma = ","

    public var other: DecimalMark { self == .point ? .comma : .point }
}

/// The order of day, month and year in a date of numbers.
public enum DateOrder: String, Sendable, Hashable, CaseIterable { case dmy, mdy, ymd }

/// A time zone given by the user: its name, and the offset from UTC, in seconds, it had at a local time.
///
/// The rules of zones come from outside (Foundation), so the core needs no zone data base.
public struct GivenTimeZone: Sendable {
    public let name: String
    /// `nil` for a local time that the zone skipped or had twice.
    public let offset: @Sendable (LocalTime) -> Int?

    public init(name: String, offset: @escaping @Sendable (LocalTime) -> Int?) {
        self.name = name
        self.offset = offset
    }
}
