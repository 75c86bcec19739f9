import Foundation
import IngestCore
import IngestTesting
import Testing

@Suite struct JSONTextTests {
    private static let values: [(String, JSONValue)] = [
        ("null", .null), (" [1, -0.5e1 ,true]\n", [1, -5, true]), ("{\"a\":{\"b\":[]},\"c\":{}}", ["a": ["b": []], "c": [:]]),
        ("\"\\u00e9\\n\\/\\ud83d\\ude00é\"", "é\n/😀é"), ("0", 0), ("false", false),
        ("0e-999", 0), ("-0.000", 0),
    ]

    @Test(arguments: values)
    func `a text is read as the value it stands for`(text: String, value: JSONValue) throws {
        #expect(try JSONValue(parsing: text) == value)
    }

    @Test(arguments: [
        ("", 0), ("  ", 2), ("NaN", 0), ("Infinity", 0), ("01", 0), ("-", 1), ("1.", 2), ("1e", 2), (".5", 0), ("+1", 0),
        ("[1,]", 3), ("[1 2]", 3), ("{\"a\":1,}", 7), ("{a:1}", 1), ("{\"a\" 1}", 5), ("{\"a\":1,\"a\":2}", 7), ("\"a", 0),
        ("\"a\nb\"", 2), ("\"\\x\"", 1), ("\"\\ud800\"", 1), ("\"\\udc00\"", 1), ("\"\\u12g4\"", 5), ("1 1", 2), ("nul", 0),
        ("1e999", 0), ("4e-648", 0), ("-0.01e-500", 0), ("\u{FEFF}1", 0), ("'a'", 0), ("[", 1), ("{", 1), ("{\"a\":", 5),
        ("// x\n1", 0),
    ])
    func `what is no JSON is refused at its byte`(text: String, offset: Int) {
        let fault = #expect(throws: JSONTextFault.self) { try JSONValue(parsing: text) }
        #expect(fault?.offset == offset, "\(fault?.message ?? "")")
    }

    @Test(arguments: [
        [0x22, 0xFF, 0x22], [0x22, 0xC0, 0x80, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22], [0x22, 0x5C, 0x6E, 0xE9, 0x22],
    ])
    func `a string that is not UTF-8 is refused`(bytes: [UInt8]) {
        #expect(throws: JSONTextFault.self) { try JSONValue(parsing: bytes) }
    }

    @Test func `64 levels are read and one more is refused`() throws {
        func nested(_ levels: Int) -> String { String(repeating: "[", count: levels) + String(repeating: "]", count: levels) }
        #expect(throws: Never.self) { try JSONValue(parsing: nested(64)) }
        #expect(throws: JSONTextFault.self) { try JSONValue(parsing: nested(65)) }
        #expect(throws: JSONTextFault.self) { try JSONValue(parsing: String(repeating: "{\"a\":", count: 1_000_000)) }
    }

    @Test func `numbers are the nearest double and are written back`() throws {
        var random = SeededGenerator(seed: 11)
        for _ in 0..<SeededGenerator.trials(2000) {
            let value = random.anyDouble()
            #expect(try JSONValue(parsing: "\(value)").number == value)
            #expect(try JSONValue(parsing: JSONValue.number(value).text).number == value)
            let digits = random.text(Int.random(in: 1...25, using: &random), of: "123456789".map(String.init))
            let decimals = random.text(Int.random(in: 1...25, using: &random), of: "0123456789".map(String.init))
            let text = "\(digits).\(decimals)"
            #expect(try JSONValue(parsing: text).number == Double(text)!)
        }
    }

    @Test(
        arguments: [
            (JSONValue.number(0), "0"), (-0.0, "0"), (3, "3"), (1e15, "1000000000000000"), (0.1, "0.1"), (292.26, "292.26"),
            (["b": 1, "a": [true, .null]], "{\"a\":[true,null],\"b\":1}"), ("\"\u{1}\\", "\"\\\"\\u0001\\\\\""),
        ] as [(JSONValue, String)])
    func `a value has one text`(value: JSONValue, text: String) { #expect(value.text == text) }

    @Test func `any value reads back from its text`() throws {
        var random = SeededGenerator(seed: 3)
        for _ in 0..<SeededGenerator.trials(500) {
            let value = anyValue(&random, depth: 0)
            #expect(try JSONValue(parsing: value.text) == value)
        }
    }

    @Test func `damaged text is refused or read, and never crashes`() {
        var random = SeededGenerator(seed: 8)
        let text = Array("{\"a\":[1.5e-3,\"\\u00e9x\",null,{\"b\":false}],\"c\":\"é\"}".utf8)
        for _ in 0..<SeededGenerator.trials(5000) {
            var damaged = text
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                damaged[Int.random(in: damaged.indices, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            damaged.removeLast(Int.random(in: 0...3, using: &random))
            let mine = try? JSONValue(parsing: damaged)  // Refused or not is the question.
            let theirs = try? JSONDecoder().decode(JSONValue.self, from: Data(damaged))  // As above.
            // Foundation's is laxer (it takes a key twice), never stricter.
            if let mine { #expect(mine == theirs) }
        }
    }

    private func anyValue(_ random: inout SeededGenerator, depth: Int) -> JSONValue {
        switch Int.random(in: 0..<(depth > 3 ? 4 : 6), using: &random) {
        case 0: return .null
        case 1: return .bool(Bool.random(using: &random))
        case 2: return .number(random.anyDouble())
        case 3:
            return .string(
                random.text(Int.random(in: 0...6, using: &random), of: ["a", "\"", "\\", "\n", "é", "😀", "\u{0}", "\u{1F}"]))
        case 4: return .array((0..<Int.random(in: 0...4, using: &random)).map { _ in anyValue(&random, depth: depth + 1) })
        default:
            let keys = (0..<Int.random(in: 0...4, using: &random)).map { "k\($0)é" }
            return .object(Dictionary(uniqueKeysWithValues: keys.map { ($0, anyValue(&random, depth: depth + 1)) }))
        }
    }
}
