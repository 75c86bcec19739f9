/// The text of a time taken apart: time of day, zone, and the words and numbers of the date.
struct TimestampParts {
    var hour: Int?, minute: Int?, second: Int?
    var fraction: String?
    var offset: Int?
    private var dateNumbers: [(value: Int, digits: Int)] = []
    private var monthName: Int?
    private var weekday: Int?
    private var separator: UInt8 = 0

    enum DateReading: Equatable {
        case settled(year: Int, month: Int, day: Int, centuryOpen: Bool)
        case open
        case impossible
    }

    private enum Token: Equatable {
        case number(Int, digits: Int, text: String)
        case word(String)
        case mark(UInt8)
    }

    init?(_ text: some StringProtocol) {
        guard text.utf8.count <= 64, let tokens = TimestampParts.tokens(text) else { return nil }
        var index = 0
        // The marks since the last part of the date, and those before each part.
        var gap: [UInt8] = []
        var gaps: [[UInt8]] = []
        while index < tokens.count {
            if case .number = tokens[index], index + 1 < tokens.count, tokens[index + 1] == .mark(UInt8(ascii: ":")) {
                guard hour == nil, TimestampParts.ends.contains(gap), let next = readTime(tokens, from: index) else {
                    return nil
                }
                index = next
                gap = []
                continue
            }
            switch tokens[index] {
            case .number(let value, let digits, _):
                guard digits <= 4, dateNumbers.count < 6 else { return nil }
                dateNumbers.append((value, digits))
                gaps.append(gap)
                gap = []
            case .word(let word):
                if let month = TimestampParts.months[word] {
                    guard monthName == nil else { return nil }
                    monthName = month
                    gaps.append(gap)
                } else if let day = TimestampParts.weekdays.firstIndex(of: word.prefix(3)),
                    word.utf8.count == 3 || word == TimestampParts.weekdayNames[day]
                {
                    weekday = day
                } else if word != "t" {
                    return nil
                }
                gap = []
            case .mark(let mark):
                guard " ,./-".utf8.contains(mark) else { return nil }
                if mark != UInt8(ascii: " ") { gap.append(mark) }
                if mark != UInt8(ascii: " "), mark != UInt8(ascii: ","), separator == 0 { separator = mark }
            }
            index += 1
        }
        guard TimestampParts.ends.contains(gap), gap != Array("-".utf8), marksFit(gaps) else { return nil }
        // 2019-12-03-09-01-24
        if hour == nil, dateNumbers.count == 6, dateNumbers[0].digits == 4 {
            (hour, minute, second) = (dateNumbers[3].value, dateNumbers[4].value, dateNumbers[5].value)
            dateNumbers.removeLast(3)
        }
        guard dateNumbers.count == (monthName == nil ? 3 : 2), timeIsPossible else { return nil }
    }

    /// What may stand between a date and the time behind it.
    private static let ends: [[UInt8]] = [[], Array(",".utf8), Array(".".utf8), Array("-".utf8)]

    /// A date of numbers has the same mark throughout, one with a name at most one in each place.
    private func marksFit(_ gaps: [[UInt8]]) -> Bool {
        guard let first = gaps.first, first.isEmpty || first == Array(",".utf8) else { return false }
        let between = gaps.dropFirst()
        guard monthName == nil else { return between.allSatisfy { $0.count <= 1 } }
        return between.allSatisfy { $0.count <= 1 && $0 == between.first && $0 != Array(",".utf8) }
    }

    private var timeIsPossible: Bool {
        guard let hour, let minute else { return true }
        return hour <= 23 && minute <= 59 && (second ?? 0) <= 60
    }

    // MARK: The date

    func date(order given: DateOrder?) -> DateReading {
        if let monthName {
            let (first, last) = (dateNumbers[0], dateNumbers[1])
            if first.digits == 4, last.digits <= 2 { return day(last.value, monthName, year: first) }
            return first.digits <= 2 ? day(first.value, monthName, year: last) : .impossible
        }
        let (a, b, c) = (dateNumbers[0], dateNumbers[1], dateNumbers[2])
        guard b.digits <= 2 else { return .impossible }
        if a.digits == 4 { return c.digits <= 2 ? day(c.value, b.value, year: a) : .impossible }
        guard a.digits <= 2, c.digits == 4 || c.digits == 2 else { return .impossible }

        var readings: [DateReading] = []
        for order in DateOrder.allCases where given == nil || given == order {
            let reading: DateReading
            switch order {
            case .dmy: reading = day(a.value, b.value, year: c)
            case .mdy: reading = day(b.value, a.value, year: c)
            case .ymd:
                // Only with hyphens, or when told: nobody writes 23/07/24 for the 24th of July.
                guard c.digits == 2, given == .ymd || separator == UInt8(ascii: "-") else { continue }
                reading = day(c.value, b.value, year: a)
            }
            if reading != .impossible, !readings.contains(reading) { readings.append(reading) }
        }
        return readings.count == 1 ? readings[0] : readings.isEmpty ? .impossible : .open
    }

    private func day(_ day: Int, _ month: Int, year: (value: Int, digits: Int)) -> DateReading {
        let full: Int
        switch year.digits {
        case 4: full = year.value
        case 2: full = year.value < 70 ? 2000 + year.value : 1900 + year.value
        default: return .impossible
        }
        guard (1...12).contains(month), day >= 1, day <= LocalTime.days(in: month, of: full), full >= 1900 else {
            return .impossible
        }
        if let weekday, weekday != TimestampParts.weekday(day, month, full) { return .impossible }
        return .settled(year: full, month: month, day: day, centuryOpen: year.digits == 2)
    }

    /// 0 is Sunday (Sakamoto 1992).
    private static func weekday(_ day: Int, _ month: Int, _ year: Int) -> Int {
        let year = month < 3 ? year - 1 : year
        return (year + year / 4 - year / 100 + year / 400 + [0, 3, 2, 5, 0, 3, 5, 1, 4, 6, 2, 4][month - 1] + day) % 7
    }

    // MARK: The time of day

    /// Reads `17:08:21.5 PM +02:00` from a token on; the index behind it, `nil` when it is no time.
    private mutating func readTime(_ tokens: [Token], from start: Int) -> Int? {
        func number(_ index: Int) -> (Int, digits: Int, text: String)? {
            guard index < tokens.count, case .number(let value, let digits, let text) = tokens[index] else { return nil }
            return (value, digits, text)
        }
        func mark(_ index: Int, _ character: Unicode.Scalar) -> Bool {
            index < tokens.count && tokens[index] == .mark(UInt8(ascii: character))
        }
        guard let hours = number(start), hours.digits <= 2, let minutes = number(start + 2), minutes.digits == 2 else {
            return nil
        }
        (hour, minute) = (hours.0, minutes.0)
        var index = start + 3
        if mark(index, ":") {
            guard let seconds = number(index + 1), seconds.digits == 2 else { return nil }
            second = seconds.0
            index += 2
            if mark(index, ".") || mark(index, ","), let decimals = number(index + 1), decimals.digits <= 9 {
                fraction = decimals.text
                index += 2
            }
        }
        var ahead = index
        while mark(ahead, " ") { ahead += 1 }
        if ahead < tokens.count, case .word(let word) = tokens[ahead], word == "am" || word == "pm" {
            guard let twelve = hour, (1...12).contains(twelve) else { return nil }
            hour = twelve % 12 + (word == "pm" ? 12 : 0)
            index = ahead + 1
            ahead = index
            while mark(ahead, " ") { ahead += 1 }
        }
        if ahead < tokens.count, case .word(let word) = tokens[ahead], ["z", "gmt", "utc"].contains(word) {
            offset = 0
            index = ahead + 1
            ahead = index
        }
        if ahead < tokens.count, case .word(let word) = tokens[ahead], TimestampParts.zones.contains(word) {
            index = ahead + 1
            ahead = index
        }
        if mark(ahead, "+") || mark(ahead, "-"), let zone = number(ahead + 1) {
            let sign = mark(ahead, "+") ? 1 : -1
            if zone.digits == 4 {
                guard zone.0 / 100 <= 14, zone.0 % 100 < 60 else { return nil }
                offset = sign * (zone.0 / 100 * 3600 + zone.0 % 100 * 60)
                return ahead + 2
            }
            if zone.digits == 2, mark(ahead + 2, ":"), let minutes = number(ahead + 3), minutes.digits == 2 {
                guard zone.0 <= 14, minutes.0 < 60 else { return nil }
                offset = sign * (zone.0 * 3600 + minutes.0 * 60)
                return ahead + 4
            }
            if zone.digits <= 2, ahead + 2 == tokens.count {
                guard zone.0 <= 14 else { return nil }
                offset = sign * zone.0 * 3600
                return ahead + 2
            }
        }
        return index
    }

    // MARK: Words and numbers

    private static func tokens(_ text: some StringProtocol) -> [Token]? {
        var tokens: [Token] = []
        let bytes = Array(text.utf8)
        var index = 0
        while index < bytes.count {
            let start = index
            if isDigit(bytes[index]) {
                while index < bytes.count, isDigit(bytes[index]) { index += 1 }
                let digits = String(decoding: bytes[start..<index], as: UTF8.self)
                guard let value = Int(digits) else { return nil }
                tokens.append(.number(value, digits: index - start, text: digits))
            } else if isLetter(bytes[index]) {
                while index < bytes.count, isLetter(bytes[index]) { index += 1 }
                tokens.append(.word(String(decoding: bytes[start..<index], as: UTF8.self).lowercased()))
            } else {
                // U+202F and U+00A0 stand before AM and PM in some locales.
                if bytes[index] == 0xC2, index + 1 < bytes.count, bytes[index + 1] == 0xA0 {
                    index += 2
                    tokens.append(.mark(UInt8(ascii: " ")))
                    continue
                }
                if bytes[index...].starts(with: [0xE2, 0x80, 0xAF]) {
                    index += 3
                    tokens.append(.mark(UInt8(ascii: " ")))
                    continue
                }
                guard bytes[index] < 0x80 else { return nil }
                tokens.append(.mark(bytes[index] == 9 ? UInt8(ascii: " ") : bytes[index]))
                index += 1
            }
        }
        return tokens
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte &- 48 < 10 }
    private static func isLetter(_ byte: UInt8) -> Bool { (byte | 32) &- 97 < 26 }

    private static let weekdays: [Substring] = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]
    private static let weekdayNames = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"]

    /// Abbreviations of zones behind a time of day. Several zones share most of them, so none gives an offset.
    private static let zones: Set<String> = [
        "est", "edt", "cst", "cdt", "mst", "mdt", "pst", "pdt", "akst", "akdt", "hst", "brt", "art", "clt", "clst", "wet",
        "west", "cet", "cest", "met", "mest", "mez", "mesz", "eet", "eest", "bst", "ist", "msk", "sast", "gst", "pkt",
        "ict", "wib", "sgt", "hkt", "pht", "awst", "jst", "kst", "acst", "acdt", "aest", "aedt", "nzst", "nzdt",
    ]

    /// English, and the German abbreviations that differ.
    private static let months: [String: Int] = [
        "jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "sept": 9, "oct": 10,
        "nov": 11, "dec": 12, "january": 1, "february": 2, "march": 3, "april": 4, "june": 6, "july": 7, "august": 8,
        "september": 9, "october": 10, "november": 11, "december": 12, "mrz": 3, "mai": 5, "okt": 10, "dez": 12,
    ]
}
