import IngestCore
import IngestTesting
import TabularText
import Testing

/// The spellings of numbers that instrument exports have, and the texts that are none.
struct NumberTextTests {
    @Test(arguments: [
        ("0", 0), ("7", 7), ("-7", -7), ("4.57137e4", 45713.7), ("1.000e2", 100), ("6.48446e-1", 0.648446),
        ("3.256824e+004", 32568.24), ("9.62499999999999E-03", 0.00962499999999999), ("6.20000000000000000E+001", 62),
        ("   0.027", 0.027), ("0.027   ", 0.027), ("\t1.5\t", 1.5), ("\u{A0}1.5\u{A0}", 1.5), (" \u{A0}\t2 ", 2),
        ("+5", 5), ("+5.25", 5.25), ("\u{2212}5.25", -5.25), (".5", 0.5), ("-.5", -0.5), ("00012.50", 12.5),
        ("1E5", 100_000), ("1e+05", 100_000), ("1e-05", 1e-5), ("123456789012345", 123_456_789_012_345),
        ("1234567890123456", 1_234_567_890_123_456), ("0.000000000000001", 1e-15), ("1e0", 1), ("0e999999", 0),
        ("100000000000000000000000000000e-29", 1),
    ])
    func `a number is read in every spelling`(text: String, value: Double) {
        #expect(NumberText.read(text, mark: .point) == .number(value, .exact))
    }

    @Test(arguments: ["-0", "-0.0", "-0.000", "-0e5", "\u{2212}0"])
    func `a negative zero keeps its sign`(text: String) {
        guard case .number(let value, .exact) = NumberText.read(text, mark: .point) else {
            Issue.record("\(text) is not a number")
            return
        }
        #expect(value == 0 && value.sign == .minus)
    }

    @Test(arguments: [
        ("0,027", 0.027), ("-1234,5", -1234.5), ("4,57137e4", 45713.7), ("3,256824e+004", 32568.24), (",5", 0.5),
        ("  7,5 ", 7.5), ("7", 7), ("1234567890,1234567890123", 1234567890.1234567890123),
        ("0,1000000000000000055511151231257827021181583404541015625", 0.1),
    ])
    func `a number is read with a decimal comma`(text: String, value: Double) {
        #expect(NumberText.read(text, mark: .comma) == .number(value, .exact))
    }

    @Test(arguments: [
        ("<0.05", 0.05, Quantity.Bound.below), (">100", 100, .above), ("< 0.05", 0.05, .below),
        (" > 1e3 ", 1000, .above),
        ("<-5", -5, .below),
    ])
    func `a bound is kept as what it is`(text: String, value: Double, bound: Quantity.Bound) {
        #expect(NumberText.read(text, mark: .point) == .number(value, bound))
    }

    @Test(arguments: [
        "", " ", "\t", "\u{A0}", "-", "+", ".", ",", "-.", "<", ">", "<>5", "<<5", "5<", "=5", "~5", "12,5O", "12.5O",
        "O.5", "l.5", "1e", "1e+", "1E-", "e5", ".e5", "--1", "+-1", "-+1", "1 2", "1. 5", "- 5", "1e 5", "1e5.5",
        "1e5e5", "0x1F", "0x1p3", "1_000", "inf", "-inf", "Infinity", "nan", "NaN", "nan(1)", "1.", "1,", "  1,",
        "1.,5", "1..5", "1,,5", "1.5.", "5%", "5 %", "$5", "1'234", "1\u{2009}234", "1\u{A0}234", "\u{661}\u{662}",
        "\u{FF11}", "1\u{301}", "1\u{0}", "\u{0}1", "1e5\u{0}", "½", "²", "5µ", "1:30", "1/2", "(5)", "TRUE",
        "\u{2212}",
        "\u{2212}\u{2212}1", "-\u{2212}1", "–5", "\u{FEFF}5", "1d5", "1.5f",
    ])
    func `a garbled number is none`(text: String) {
        #expect(NumberText.read(text, mark: .point) == .fault(.notANumber))
        #expect(NumberText.read(text, mark: .comma) == .fault(.notANumber))
        #expect(NumberText.read(text, mark: nil) == .fault(.notANumber))
    }

    @Test(arguments: ["1.234,5", "1,234.5", "1.234.567", "1,234,567", "1.234.567,8", "-1,234.5e3", "<1.234,5"])
    func `groups of thousands are rejected whatever the mark`(text: String) {
        #expect(NumberText.read(text, mark: .point) == .fault(.otherMark))
        #expect(NumberText.read(text, mark: .comma) == .fault(.otherMark))
        #expect(NumberText.read(text, mark: nil) == .fault(.otherMark))
    }

    @Test(arguments: ["0,5", "1,234", "-7,25", "<0,05", "1,5e3", ",5", "1234567890123456,5"])
    func `a number with the other mark is rejected`(text: String) {
        #expect(NumberText.read(text, mark: .point) == .fault(.otherMark))
        #expect(NumberText.read(text.replacing(",", with: "."), mark: .comma) == .fault(.otherMark))
    }

    @Test func `a mark in a file that does not settle it is open, a whole number is not`() {
        #expect(NumberText.read("1,234", mark: nil) == .fault(.openMark))
        #expect(NumberText.read("1.234", mark: nil) == .fault(.openMark))
        #expect(NumberText.read("<0.5", mark: nil) == .fault(.openMark))
        #expect(NumberText.read("1234", mark: nil) == .number(1234, .exact))
        #expect(NumberText.read("-12e3", mark: nil) == .number(-12000, .exact))
    }

    @Test(arguments: [
        "1e999", "-1e999", "1.8e308", "1e-999", "-1e-999", "2e-324", "1e99999999999999999999",
        "1e-99999999999999999999",
        "1" + String(repeating: "0", count: 309), "0." + String(repeating: "0", count: 330) + "1",
        "0.0000000000000000000000000000000000000001e-300", "<1e999",
    ])
    func `a number beyond the range is neither infinite nor zero`(text: String) {
        #expect(NumberText.read(text, mark: .point) == .fault(.overflow))
    }

    @Test func `a number is read in place, among the bytes around it`() {
        let bytes = Array("RT 4.871;".utf8)
        bytes.withUnsafeBufferPointer {
            let cell = UnsafeBufferPointer(rebasing: $0[3..<8])
            #expect(NumberText.read(cell, mark: .point) == .number(4.871, .exact))
            #expect(NumberText.read(UnsafeBufferPointer(rebasing: $0[..<0]), mark: .point) == .fault(.notANumber))
        }
        #expect(NumberText.read(UnsafeBufferPointer(start: nil, count: 0), mark: .point) == .fault(.notANumber))
    }
}
