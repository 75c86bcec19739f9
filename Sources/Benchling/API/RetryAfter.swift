import IngestCore

/// The `Retry-After` header: seconds, or a date as HTTP writes it (`Sun, 06 Nov 1994 08:49:37 GMT`).
enum RetryAfter {
    /// - Parameter now: Seconds since 1970; the answer's own `Date` is preferred, since clocks differ.
    /// - Returns: Seconds from now, not negative; `nil` where the header is missing or neither of the two.
    static func seconds(_ answer: HTTPAnswer, now: Double) -> Double? {
        guard let text = answer.headers["retry-after"]?.trimmed else { return nil }
        if let seconds = Double(text), seconds.isFinite { return max(0, seconds) }
        guard let then = date(text) else { return nil }
        return max(0, then - (answer.headers["date"].flatMap { date($0.trimmed) } ?? now))
    }

    /// Seconds since 1970.
    private static func date(_ text: String) -> Double? {
        let parts = text.split(separator: " ")
        guard parts.count == 6, parts[5] == "GMT", let day = Int(parts[1]), let year = Int(parts[3]),
            let month = months.firstIndex(of: String(parts[2])), (1...31).contains(day), (1970...9999).contains(year)
        else { return nil }
        let time = parts[4].split(separator: ":").compactMap { Int($0) }
        guard time.count == 3, (0...23).contains(time[0]), (0...59).contains(time[1]), (0...60).contains(time[2]) else {
            return nil
        }
        return Double(((days(year, month + 1, day) * 24 + time[0]) * 60 + time[1]) * 60 + time[2])
    }

    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    /// Days from 1970-01-01 in the Gregorian calendar: years are counted from March, so that a leap day is a year's last.
    private static func days(_ year: Int, _ month: Int, _ day: Int) -> Int {
        let shifted = month > 2 ? year : year - 1
        let sinceMarch = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return shifted * 365 + shifted / 4 - shifted / 100 + shifted / 400 + sinceMarch - 719_468
    }
}
