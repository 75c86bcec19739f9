import IngestCore
import IngestTesting
import Testing

/// The spellings of dates and times in exports; what a text leaves open stays open.
struct TimestampTests {
    @Test(arguments: [
        ("9/23/2015 12:43:30 AM", "2015-09-23T00:43:30"), ("24-Jul-23, 21:37:10", "2023-07-24T21:37:10"),
        ("13-Jan-15 11:16:49 AM", "2015-01-13T11:16:49"), ("02.02.2023 16:12:23", "2023-02-02T16:12:23"),
        ("21.2.2012. 11:59:07", "2012-02-21T11:59:07"), ("21.2.2012.", "2012-02-21"),
        ("Thu Jun 06 17:25:48 2024", "2024-06-06T17:25:48"),
        ("06 Jun 2024  18:11", "2024-06-06T18:11"), ("26/11/2024 3:05 pm", "2024-11-26T15:05"),
        ("12:26 PM 3/27/2017", "2017-03-27T12:26"),
        ("23-Apr-16", "2016-04-23"), ("25 Apr 2016", "2016-04-25"),
        ("2015-03-11T18:35:16.8695753", "2015-03-11T18:35:16.8695753"),
        ("2019-12-03-09-01-24", "2019-12-03T09:01:24"), ("2023-02-13", "2023-02-13"),
        ("2023-02-13 10:11:12", "2023-02-13T10:11:12"),
        ("2023/02/13", "2023-02-13"), ("2023.02.13 7:05", "2023-02-13T07:05"), ("Jul 24, 2023", "2023-07-24"),
        ("July 24, 2023 9:05:01 PM", "2023-07-24T21:05:01"),
        ("2023-Jul-24", "2023-07-24"), ("24. Dez 2023 08:00", "2023-12-24T08:00"), ("3. Mai 2021", "2021-05-03"),
        ("13-FEB-2023 10:00", "2023-02-13T10:00"),
        ("Monday, February 13, 2023 1:00:00 PM", "2023-02-13T13:00:00"), ("02/14/2023", "2023-02-14"),
        ("14/02/2023", "2023-02-14"),
        ("05/05/2023", "2023-05-05"), ("2/29/2024", "2024-02-29"), ("29.02.2000", "2000-02-29"),
        ("13/02/2023 12:00:00 AM", "2023-02-13T00:00:00"),
        ("13/02/2023 12:00:00 PM", "2023-02-13T12:00:00"), ("13/02/2023 10:11:12.5", "2023-02-13T10:11:12.5"),
        ("13/02/2023 10:11:12,123", "2023-02-13T10:11:12.123"),
        ("13/02/2023 10:11:12\u{202F}PM", "2023-02-13T22:11:12"),
        ("13/02/2023 10:11:12\u{A0}pm", "2023-02-13T22:11:12"), ("13/02/2023 23:59:60", "2023-02-13T23:59:60"),
        ("  13/02/2023  ", "2023-02-13"),
        ("13/02/2023\t10:11", "2023-02-13T10:11"), ("16:12:23 13.02.2023", "2023-02-13T16:12:23"),
        ("16:12:23, 13.02.2023", "2023-02-13T16:12:23"),
        ("13.02.2023 10:11:12AM", "2023-02-13T10:11:12"), ("12-Sept-2020", "2020-09-12"),
    ])
    func `a time is read in every spelling`(text: String, local: String) throws {
        let time = try #require(Timestamp(text))
        #expect(time.local?.description == local)
        #expect(time.written == text)
        #expect(time.offset == nil && time.offsetSource == nil && time.offsetText == nil)
        #expect(time.unsettled.contains(.zone) && !time.unsettled.contains(.dayMonth))
    }

    @Test(arguments: [
        ("2015-03-11T18:35:16.8695753-04:00", -4 * 3600, "-04:00"), ("2023-02-13T10:11:12Z", 0, "+00:00"),
        ("2023-02-13T10:11Z", 0, "+00:00"),
        ("2023-02-13T10:11:12+05:30", 19800, "+05:30"), ("2023-02-13 10:11:12 +0200", 7200, "+02:00"),
        ("2023-02-13 10:11:12 -0330", -12600, "-03:30"),
        ("13.02.2023 10:11:12 GMT", 0, "+00:00"), ("13.02.2023 10:11:12 UTC+2", 7200, "+02:00"),
        ("2/13/2023 10:11:12 PM -05:00", -18000, "-05:00"),
        ("13/02/2023 10:11:12 GMT+01:00", 3600, "+01:00"), ("2023-02-13T10:11:12+14:00", 50400, "+14:00"),
        ("2023-02-13T10:11:12-12:00", -43200, "-12:00"),
    ])
    func `a zone that is stated is kept`(text: String, offset: Int, shown: String) throws {
        let time = try #require(Timestamp(text))
        #expect(time.offset == offset)
        #expect(time.offsetText == shown)
        #expect(time.offsetSource == .stated)
        #expect(time.unsettled.isEmpty)
        #expect(
            time.local?.description.hasPrefix(text.contains("03-11") ? "2015-03-11T18:35:16" : "2023-02-13T") == true)
    }

    @Test(arguments: [
        ("02/08/2023 17:08:21", [Timestamp.Unsettled.dayMonth, .zone]), ("3/10/2022 10:35:04 PM", [.dayMonth, .zone]),
        ("02.08.2023", [.dayMonth, .zone]),
        ("02-08-2023", [.dayMonth, .zone]), ("02/08/2023 17:08:21 +02:00", [.dayMonth]),
        ("02/08/23", [.dayMonth, .zone]), ("12:26 PM 3/7/2017", [.dayMonth, .zone]),
        ("10-11-12", [.dayMonth, .zone]), ("23-04-16", [.dayMonth, .zone]),
    ])
    func `an order of day and month that is open leaves no local time`(text: String, unsettled: [Timestamp.Unsettled])
        throws
    {
        let time = try #require(Timestamp(text))
        #expect(time.local == nil)
        #expect(time.unsettled == unsettled)
    }

    @Test(arguments: [
        ("02/08/2023 17:08:21", DateOrder.dmy, "2023-08-02T17:08:21"),
        ("02/08/2023 17:08:21", .mdy, "2023-02-08T17:08:21"), ("02.08.23", .dmy, "2023-08-02"),
        ("23/08/02", .ymd, "2023-08-02"), ("02-08-23", .ymd, "2002-08-23"), ("2/8/2023", .mdy, "2023-02-08"),
    ])
    func `the order that is given settles it`(text: String, order: DateOrder, local: String) throws {
        let time = try #require(Timestamp(text, order: order))
        #expect(time.local?.description == local)
        #expect(!time.unsettled.contains(.dayMonth))
    }

    @Test(arguments: [
        ("13/02/2023", DateOrder.mdy), ("02/13/2023", .dmy), ("31.04.2023", .dmy), ("02/13/2023", .ymd),
    ])
    func `a date that the order of the file makes impossible is none`(text: String, order: DateOrder) {
        #expect(Timestamp(text, order: order) == nil)
    }

    @Test(arguments: [
        ("2023-08-02", DateOrder.dmy), ("2023-08-02", .mdy), ("2-Aug-2023", .mdy), ("Aug 2, 2023", .ymd),
        ("2023/8/2", .mdy),
    ])
    func `the order does not touch a date that needs none`(text: String, order: DateOrder) {
        #expect(Timestamp(text, order: order)?.local?.description == "2023-08-02")
    }

    @Test(arguments: [
        ("24-Jul-23", 2023), ("24-Jul-69", 2069), ("24-Jul-70", 1970), ("24-Jul-99", 1999), ("24-Jul-00", 2000),
        ("24/07/23", 2023), ("07/24/23", 2023),
    ])
    func `a year of two digits is read as 1970 to 2069, and says so`(text: String, year: Int) throws {
        let time = try #require(Timestamp(text))
        #expect(time.local?.year == year)
        #expect(time.unsettled == [.century, .zone])
    }

    @Test(arguments: [
        "", " ", "n.a.", "-", "12", "2023", "17:08:21", "12:30", "13/2023", "02/2023", "30/02/2023", "02/30/2023",
        "29/02/2023", "29.02.1900", "31.04.2023", "00/01/2023",
        "01/00/2023", "13/13/2023", "32/01/2023", "2023-13-01", "2023-02-30", "2023-00-10", "0000-01-01", "1823-01-01",
        "13/02/202", "13/02/20233", "13/002/2023",
        "013/02/2023", "13/02/2023 24:00:00", "13/02/2023 25:00", "13/02/2023 10:60", "13/02/2023 10:59:61",
        "13/02/2023 10:5", "13/02/2023 1O:05", "13/02/2023 10:05 XM",
        "13/02/2023 13:05 PM", "13/02/2023 0:05 AM", "13/02/2023 10:05:06:07", "13/02/2023 10:05 11:06", "13-Foo-2023",
        "13-Feb-Mar-2023", "Feb 2023", "30-Feb-2023",
        "13/02/2023 14/02/2023", "20230213", "20230213T101112", "1676282400", "13/02/2023 10:11:12.1234567890",
        "2023-02-13T10:11:12+99:00", "2023-02-13T10:11:12+02:75",
        "2023-02-13 10:11:12 +9900", "13/02-2023", "13//02/2023", "-13/02/2023", "13,02,2023", "13/02/-2023",
        "13_02_2023", "13/02/2023-", "2023-02-13-", "13/02/2023/", "13\\02\\2023", "(13/02/2023)", "13/02/2023;",
        "\u{661}3/02/2023", "13/02/2023 10:11:12 CESTA", "Wed Jun 06 17:25:48 2024", "Sunday, February 13, 2023",
        "5.4871", "1,234,5", "1.2.3", "1.2.3.4", "10.0.0.1",
        String(repeating: "0", count: 65), "99999999999999999999/1/1",
    ])
    func `a text that is no possible time is none`(text: String) {
        #expect(Timestamp(text) == nil)
    }

    @Test func `a given zone makes an instant of a local time`() throws {
        let zone = GivenTimeZone(name: "Europe/Berlin") { $0.month > 3 && $0.month < 11 ? 7200 : 3600 }
        let summer = try #require(Timestamp("13.08.2023 10:00", zone: zone))
        #expect(summer.offset == 7200)
        #expect(summer.offsetSource == .given)
        #expect(summer.unsettled.isEmpty)
        #expect(try #require(Timestamp("13.02.2023 10:00", zone: zone)).offsetText == "+01:00")
    }

    @Test func `a stated zone is stronger than the given one`() throws {
        let time = try #require(
            Timestamp("2023-02-13T10:00:00-08:00", zone: GivenTimeZone(name: "Europe/Berlin") { _ in 3600 }))
        #expect(time.offset == -28800 && time.offsetSource == .stated)
    }

    @Test func `a given zone does not help where the local time is open, skipped or had twice`() throws {
        let open = try #require(Timestamp("02/08/2023 10:00", zone: GivenTimeZone(name: "UTC") { _ in 0 }))
        #expect(open.offset == nil && open.unsettled == [.dayMonth, .zone])
        let skipped = try #require(
            Timestamp("26.03.2023 02:30", zone: GivenTimeZone(name: "Europe/Berlin") { _ in nil }))
        #expect(skipped.offset == nil && skipped.unsettled == [.zone])
        #expect(skipped.local != nil)
    }

    @Test func `every day of four centuries is read back, and no other`() {
        let lengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        for year in stride(from: 1900, through: 2300, by: 1) {
            let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
            for month in 1...12 {
                let last = lengths[month - 1] + (month == 2 && leap ? 1 : 0)
                for day in [1, last] {
                    let local = Timestamp("\(day).\(month).\(year)", order: .dmy)?.local
                    #expect(local?.day == day && local?.month == month && local?.year == year)
                }
                #expect(Timestamp("\(last + 1).\(month).\(year)", order: .dmy) == nil)
            }
        }
    }

    @Test func `no text makes the reader stumble`() {
        var random = SeededGenerator(seed: 5)
        let alphabet = [
            "1", "02", "13", "2023", "/", "-", ".", ":", " ", ",", "T", "Z", "AM", "pm", "Jul", "Mon", "+", "UTC", "é",
            "\u{A0}", "\u{202F}",
        ]
        for _ in 0..<SeededGenerator.trials(20_000) {
            let text = random.text(Int.random(in: 0...14, using: &random), of: alphabet)
            guard let time = Timestamp(text) else { continue }
            #expect((time.local == nil) == time.unsettled.contains(.dayMonth), "\(text)")
            #expect((time.offset == nil) == time.unsettled.contains(.zone), "\(text)")
            if let local = time.local {
                #expect((1...12).contains(local.month) && (1...31).contains(local.day), "\(text)")
            }
        }
    }
}
