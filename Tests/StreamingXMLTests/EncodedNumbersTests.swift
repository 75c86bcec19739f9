import FoundationEssentials
import IngestCore
import StreamingXML
import Testing

struct EncodedNumbersTests {
    private func value(_ text: String, _ body: (XMLValue) throws -> Void) throws {
        let document = try ElementReader(source("<r><v>\(text)</v></r>"))
        let root = try #require(try document.wholeRoot())
        try body(try #require(root["v"]))
    }

    private func code(_ text: String, _ encoding: NumberEncoding, count: Int? = nil) throws -> String? {
        var code: String?
        try value(text) {
            do { _ = try $0.numbers(base64: encoding, count: count) } catch let fault as Diagnostic { code = fault.code }
        }
        return code
    }

    static let numbers: [Double] = [0, 1, -1.5, 20114, 0.25, 1e-3]

    @Test(arguments: [NumberEncoding.Form.float32, .float64], [NumberEncoding.ByteOrder.littleEndian, .bigEndian])
    func `base64 numbers are read in both byte orders, line by line or in one`(
        form: NumberEncoding.Form, order: NumberEncoding.ByteOrder
    ) throws {
        var bytes: [UInt8] = []
        for number in Self.numbers {
            func add<Bits: FixedWidthInteger>(_ bits: Bits) {
                withUnsafeBytes(of: order == .littleEndian ? bits.littleEndian : bits.bigEndian) { bytes += $0 }
            }
            if form == .float32 { add(Float(number).bitPattern) } else { add(number.bitPattern) }
        }
        let expected = form == .float32 ? Self.numbers.map { Double(Float($0)) } : Self.numbers
        let plain = Data(bytes).base64EncodedString()
        let broken = plain.enumerated().map { $0.offset % 7 == 6 ? "\($0.element)\n  " : "\($0.element)" }.joined()
        for text in [plain, broken, plain.replacing("=", with: "")] {
            try value(text) {
                let numbers = try $0.numbers(base64: NumberEncoding(form, order), count: 6)
                #expect(numbers == expected)
                #expect(!$0.isUnread)
            }
        }
    }

    @Test func `what is wrong with base64 numbers is told`() throws {
        let text = Data([0, 0, 128, 63, 0, 0, 0, 64]).base64EncodedString()
        #expect(try code(text, NumberEncoding(.float32)) == nil)
        #expect(try code(text, NumberEncoding(.float32), count: 3) == "xml.number-count")
        #expect(try code(String(text.dropLast(3)), NumberEncoding(.float32)) == "xml.base64")
        #expect(try code(String(text.dropLast(4)), NumberEncoding(.float32)) == "xml.number-count")
        #expect(try code("AAC*PwAAAEA=", NumberEncoding(.float32)) == "xml.base64")
        #expect(try code("AAA=AAAA", NumberEncoding(.float32)) == "xml.base64")
        #expect(try code("AACAfw==", NumberEncoding(.float32)) == "xml.not-finite")
        #expect(try code("AAAAAAAA", NumberEncoding(.float32)) == "xml.number-count")
    }

    @Test func `numbers of a text are read with any separator, and one that is none is named`() throws {
        try value("1 2.5\n -3e2 ") {
            let numbers = try $0.numbers(count: 3)
            #expect(numbers == [1, 2.5, -300])
        }
        try value("1;2;3") {
            let numbers = try $0.numbers(separatedBy: UInt8(ascii: ";"))
            #expect(numbers == [1, 2, 3])
        }
        for (text, code) in [("1 2,5", "xml.not-a-number"), ("1 NaN", "xml.not-a-number"), ("1 2", "xml.number-count")] {
            try value(text) {
                do {
                    _ = try $0.numbers(count: 3)
                    Issue.record("\(text) was read")
                } catch let fault as Diagnostic { #expect(fault.code == code) }
            }
        }
    }
}
