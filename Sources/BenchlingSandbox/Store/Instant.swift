import Glibc

/// A moment in microseconds since 1970, UTC: what `createdAt` and its filters are made of.
struct Instant: Sendable, Hashable, Comparable {
    var microseconds: Int64

    init(microseconds: Int64) { self.microseconds = microseconds }

    static func now() -> Instant {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Instant(microseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000)
    }

    static func < (left: Instant, right: Instant) -> Bool { left.microseconds < right.microseconds }

    func adding(seconds: Double) -> Instant { Instant(microseconds: microseconds + Int64(seconds * 1_000_000)) }

    /// `2021-05-06T13:43:25.752597+00:00`
    var text: String {
        let (seconds, fraction) = microseconds.flooredDivision(by: 1_000_000)
        let (days, second) = seconds.flooredDivision(by: 86_400)
        let (year, month, day) = Self.date(ofDay: days)
        let clock = [second / 3600, second / 60 % 60, second % 60].map { Self.padded($0, 2) }.joined(separator: ":")
        return
            "\(Self.padded(year, 4))-\(Self.padded(month, 2))-\(Self.padded(day, 2))T\(clock).\(Self.padded(fraction, 6))+00:00"
    }

    /// An RFC 3339 date and time; the offset may be left out only where `zoneRequired` is false, and is UTC then.
    init?(_ text: String, zoneRequired: Bool = true) {
        let pattern = #/(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:\.(\d+))?([Zz]|[+-]\d\d:\d\d)?/#
        guard let match = text.wholeMatch(of: pattern), let day = Self.day(text.prefix(10)),
            let hour = Int64(match.4), let minute = Int64(match.5), let second = Int64(match.6), hour < 24, minute < 60,
            second < 61
        else { return nil }
        if zoneRequired && match.8 == nil { return nil }
        var offset: Int64 = 0
        if let zone = match.8, zone.count == 6 {
            guard let hours = Int64(zone.dropFirst().prefix(2)), let minutes = Int64(zone.suffix(2)), hours < 24, minutes < 60
            else { return nil }
            offset = (hours * 60 + minutes) * 60 * (zone.first == "-" ? -1 : 1)
        }
        let fraction = Int64(((match.7 ?? "") + "000000").prefix(6)) ?? 0
        microseconds = ((day * 24 + hour) * 3600 + minute * 60 + second - offset) * 1_000_000 + fraction
    }

    /// Days since 1970 of `2024-02-29`; `nil` for anything that is not a date of the calendar.
    static func day(_ text: some StringProtocol) -> Int64? {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.map(\.utf8.count) == [4, 2, 2], text.utf8.allSatisfy({ $0 == 45 || (48...57).contains($0) }),
            let year = Int64(parts[0]), let month = Int64(parts[1]), let day = Int64(parts[2]), (1...12).contains(month), day > 0
        else { return nil }
        let days = Self.day(year: year, month: month, day: day)
        return Self.date(ofDay: days) == (year, month, day) ? days : nil
    }

    // Days and civil dates of the proleptic Gregorian calendar, in years that begin in March so that leap days come last.
    private static func day(year: Int64, month: Int64, day: Int64) -> Int64 {
        let shifted = month > 2 ? year : year - 1
        let (era, yearOfEra) = shifted.flooredDivision(by: 400)
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    private static func date(ofDay day: Int64) -> (Int64, Int64, Int64) {
        let (era, dayOfEra) = (day + 719_468).flooredDivision(by: 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shifted = (5 * dayOfYear + 2) / 153
        let month = shifted < 10 ? shifted + 3 : shifted - 9
        return (era * 400 + yearOfEra + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shifted + 2) / 5 + 1)
    }

    private static func padded(_ number: Int64, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}

extension Int64 {
    fileprivate func flooredDivision(by divisor: Int64) -> (Int64, Int64) {
        let remainder = (self % divisor + divisor) % divisor
        return ((self - remainder) / divisor, remainder)
    }
}
