import IngestCore
import IngestTesting
import TabularText
import Testing

/// The order of day and month is settled by the dates of the whole file in which only one is possible.
struct DateOrderTests {
    private func survey(_ text: String, chunk: Int = 1 << 14, given: DateOrder? = nil) throws -> (DateOrder?, String) {
        let account = ReadingAccount()
        let survey = try TextSurvey(
            source(text, chunk: chunk, given: GivenAssumptions(dateOrder: given), account: account), .comma)
        #expect(account.assumptions.dateOrder?.value == survey.dateOrder?.rawValue)
        return (survey.dateOrder, account.assumptions.dateOrder?.why ?? "")
    }

    @Test(arguments: [
        "13/02/2023", "31/12/2023 17:08:21", "13.02.2023", "13.2.2023", "31.12.2023 08:00", "21.2.2012.",
        "21.2.2012. 11:59:07", "13-02-2023", "13/2/23",
        "a,13/02/2023,b", "\"13/02/2023\"", "'13/02/2023'", "a\t13/02/2023\tb", "a;13.02.2023;b", "12:26 PM 13/3/2017",
        "Acquired: 13/02/2023 10:00",
        "02/03/2023\n04/05/2023\n13/02/2023\n",
    ])
    func `a day above 12 in front settles that the day comes first`(text: String) throws {
        for chunk in [1, 2, 7, 1 << 14] { #expect(try survey(text + "\n", chunk: chunk).0 == .dmy) }
        #expect(try survey(text).0 == .dmy)
        #expect(try survey("x" + String(repeating: "\n", count: 100) + text).0 == .dmy)
    }

    @Test(arguments: [
        "02/14/2023", "9/23/2015 12:43:30 AM", "12/31/23", "2.14.2023", "02-14-2023 10:00", "a,02/14/2023,b",
        "\"02/14/2023\"", "12:26 PM 3/27/2017",
        "02/03/2023\n04/05/2023\n02/14/2023\n",
    ])
    func `a day above 12 behind the month settles that the month comes first`(text: String) throws {
        for chunk in [1, 2, 7, 1 << 14] { #expect(try survey(text + "\n", chunk: chunk).0 == .mdy) }
    }

    @Test func `evidence both ways leaves it open, and names both`() throws {
        let (order, why) = try survey("13/02/2023\n02/14/2023\n02/03/2023\n")
        #expect(order == nil)
        #expect(why.contains("13/02/2023") && why.contains("02/14/2023"))
    }

    @Test func `dates that could be either leave it open, and one is named`() throws {
        let (order, why) = try survey("02/03/2023\n11/12/2023\n")
        #expect(order == nil && why.contains("02/03/2023"))
    }

    @Test(arguments: [
        "", "no dates", "2023-02-13", "2023-13-02", "2023/02/13", "13-Feb-2023", "Feb 13, 2023", "05/05/2023",
        "13/13/2023", "32/01/2023", "00/13/2023", "13/02/20234",
        "113/02/2023", "13/02/202", "13/02", "13.02", "13.02.23", "13-02-23", "1.13.2023.5", "13/02-2023",
        "C:\\data\\13-02-2023\\run.D", "/data/13/02/2023/x", "C:/13/02/2023/a.lcd",
        "x13/02/2023", "13/02/2023x", "run_13-02-2023", "13-02-2023.lcd", "Mix 12-31-2023.D", "13.02.2023.txt",
        "(13/02/2023)", "13/02/2023.5", "192.13.2023.1", "13//02/2023",
        "2019-12-13-09-01-24",
    ])
    func `what is no date on its own has no vote`(text: String) throws {
        for chunk in [1, 5, 1 << 14] { #expect(try survey("\(text)\n", chunk: chunk).0 == nil) }
        #expect(try survey(text).0 == nil)
    }

    @Test func `the order that is given is taken`() throws {
        let (order, why) = try survey("13/02/2023\n", given: .mdy)
        #expect(order == .mdy && why == "given")
    }

    /// Whatever stands before it, and wherever the chunks and blocks end.
    @Test(arguments: ["13/02/2023", "13.02.2023.", "1.13.2023.", "3/13/2023", "13-02-2023", "13/2/23"])
    func `a date is seen at every place of a file`(date: String) throws {
        let expected: DateOrder = date.hasPrefix("13") ? .dmy : .mdy
        for before in 0...140 {
            let text = String(repeating: "x", count: before) + "," + date
            for end in ["", "\n", ",y", " y"] {
                #expect(try survey(text + end, chunk: 1 << 14).0 == expected, "\(before)")
                #expect(try survey(text + end, chunk: before % 23 + 1).0 == expected, "\(before)")
            }
        }
    }

    @Test func `dates in UTF-16 are seen too`() throws {
        for chunk in [1, 2, 3, 16, 1 << 14] {
            let units = Array("\u{FEFF}é,🍇,13.02.2023.\r\n".utf16)
            let bytes: [UInt8] = units.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }
            #expect(try TextSurvey(source(bytes, chunk: chunk), .comma).dateOrder == .dmy)
        }
    }

    @Test func `the order of the file is that of its rows`() throws {
        let text = try DelimitedText(source("02/03/2023\n13/02/2023\n02/14/2023\n"), dialect: .comma)
        var times: [String] = []
        while let row = try text.next() {
            do { times.append(try row.timestamp(0)?.local?.description ?? "open") } catch let fault as Diagnostic {
                times.append(fault.code)
            }
        }
        // Evidence both ways: each date stands for itself.
        #expect(times == ["open", "2023-02-13", "2023-02-14"])
        let settled = try DelimitedText(source("02/03/2023\n13/02/2023\n"), dialect: .comma)
        #expect(try settled.next()?.timestamp(0)?.local?.description == "2023-03-02")
    }
}
