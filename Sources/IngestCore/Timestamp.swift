/// A time as an instrument wrote it, and as much of an instant as the file settles.
///
/// The day/month order and the zone are never guessed: what is open is listed in ``unsettled``, and while the order of
/// day and month is open there is no ``local`` time at all. A year of two digits is read as 1970–2069, and said so.
public struct Timestamp: Sendable, Hashable {
    public enum Unsettled: String, Sendable, Hashable { case dayMonth, zone, century }
    public enum OffsetSource: String, Sendable, Hashable { case stated, given }

    public var written: String
    public var local: LocalTime?
    /// Seconds east of UTC.
    public var offset: Int?
    public var offsetSource: OffsetSource?
    public var unsettled: [Unsettled]

    /// Reads a time in any of the spellings that instrument exports use.
    ///
    /// - Parameters:
    ///   - order: The order of day and month that the whole file settles, or the user gave.
    ///   - zone: The zone the user gave; used when the text states no offset.
    /// - Returns: `nil` when the text is no date, or no possible one.
    public init?(_ written: some StringProtocol, order: DateOrder? = nil, zone: GivenTimeZone? = nil) {
        self.init(whole: String(written), order: order, zone: zone)
    }

    private init?(whole written: String, order: DateOrder?, zone: GivenTimeZone?) {
        if let local = LocalTime(iso: written) {
            self.written = written
            self.local = local
            offset = zone?.offset(local)
            offsetSource = offset == nil ? nil : .given
            unsettled = offset == nil ? [.zone] : []
            return
        }
        guard let parts = TimestampParts(written) else { return nil }
        self.written = written
        unsettled = []
        switch parts.date(order: order) {
        case .impossible: return nil
        case .open: unsettled.append(.dayMonth)
        case .settled(let year, let month, let day, let centuryOpen):
            local = LocalTime(
                year: year, month: month, day: day, hour: parts.hour, minute: parts.minute, second: parts.second,
                fraction: parts.fraction)
            if centuryOpen { unsettled.append(.century) }
        }
        if let stated = parts.offset {
            offset = stated
            offsetSource = .stated
        } else if let local, let given = zone?.offset(local) {
            offset = given
            offsetSource = .given
        } else {
            unsettled.append(.zone)
        }
    }

    /// `+02:00`.
    public var offsetText: String? {
        offset.map {
            let minutes = abs($0) / 60
            return ($0 < 0 ? "-" : "+") + LocalTime.two(minutes / 60) + ":" + LocalTime.two(minutes % 60)
        }
    }
}

/// A date, and a time of day as far as it was stated.
public struct LocalTime: Sendable, Hashable, CustomStringConvertible {
    public var year: Int, month: Int, day: Int
    public var hour: Int?, minute: Int?, second: Int?
    /// The digits behind the seconds, as written.
    public var fraction: String?

    public init(
        year: Int, month: Int, day: Int, hour: Int? = nil, minute: Int? = nil, second: Int? = nil, fraction: String? = nil
    ) {
        self.year = year
        self.month = month
        self.day = day
        self.hour = hour
        self.minute = minute
        self.second = second
        self.fraction = fraction
    }

    /// ISO 8601 with as much as was stated: `2023-08-02`, `2023-08-02T17:08`, `2023-08-02T17:08:21.5`.
    public var description: String {
        var text = "\(year)"
        text = String(repeating: "0", count: max(0, 4 - text.count)) + text
        text += "-" + LocalTime.two(month) + "-" + LocalTime.two(day)
        guard let hour, let minute else { return text }
        text += "T" + LocalTime.two(hour) + ":" + LocalTime.two(minute)
        if let second { text += ":" + LocalTime.two(second) }
        if let fraction { text += "." + fraction }
        return text
    }

    /// Exactly `2024-03-01 09:14:00`, or with a T: the spelling of most tables, read without taking it apart.
    init?(iso written: String) {
        guard written.utf8.count == 19 else { return nil }
        var written = written
        let fields = written.withUTF8 { bytes -> (Int, Int, Int, Int, Int, Int)? in
            var wrong: UInt8 = 0
            func digit(_ index: Int) -> Int {
                let digit = bytes[index] &- 48
                if digit > 9 { wrong = 1 }
                return Int(digit)
            }
            func two(_ index: Int) -> Int { digit(index) * 10 + digit(index + 1) }
            let fields = (two(0) * 100 + two(2), two(5), two(8), two(11), two(14), two(17))
            guard wrong == 0, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"),
                bytes[10] == UInt8(ascii: " ") || bytes[10] == UInt8(ascii: "T"), bytes[13] == UInt8(ascii: ":"),
                bytes[16] == UInt8(ascii: ":")
            else { return nil }
            return fields
        }
        guard let (year, month, day, hour, minute, second) = fields, year >= 1900, (1...12).contains(month), day >= 1,
            day <= LocalTime.days(in: month, of: year), hour <= 23, minute <= 59, second <= 60
        else { return nil }
        self.init(year: year, month: month, day: day, hour: hour, minute: minute, second: second)
    }

    static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

    static func days(in month: Int, of year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }
}
