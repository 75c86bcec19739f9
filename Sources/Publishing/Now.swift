import FoundationEssentials
import Glibc

/// The time of day, for entries and for people.
enum Now {
    /// RFC 3339, UTC, in milliseconds: `2026-03-04T10:31:05.250Z`.
    static func text() -> String { Date.now.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true)) }

    /// `10:31:05` in local time; with its date when that is not today's.
    static func clock(_ moment: time_t) -> String {
        var moment = moment, now = time(nil)
        var then = tm(), today = tm()
        localtime_r(&moment, &then)
        localtime_r(&now, &today)
        let isToday = then.tm_year == today.tm_year && then.tm_yday == today.tm_yday
        var text = [CChar](repeating: 0, count: 32)
        let length = strftime(&text, text.count, isToday ? "%H:%M:%S" : "%Y-%m-%d %H:%M:%S", &then)
        return String(decoding: text.prefix(length).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
