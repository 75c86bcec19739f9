import Foundation
import IngestCore
import Publishing
import Testing

@Suite struct PlanTests {
    private static let things: [JSONValue] = [
        ["type": "run", "id": "3f0f8f5e", "fields": ["text": "é \"\n\0 🧪", "number": 4.21, "none": .null]],
        ["type": "end", "things": 0, "digest": "of no meaning here"], .null, [1, 2.5, 1e300], "text",
    ]

    private func write(_ things: [JSONValue], to path: String) throws {
        let writer = try PlanFileWriter(path: path, header: ["destination": "acme", "form": "own"])
        for thing in things { try writer.write(thing) }
        try writer.finish()
    }

    private func read(_ path: String) throws -> (header: JSONValue, things: [JSONValue]) {
        let reader = try PlanFileReader(path: path)
        var things: [JSONValue] = []
        try reader.forEach { things.append($0) }
        #expect(reader.things == things.count)
        return (reader.header, things)
    }

    private func code(_ path: String) -> String? { #expect(throws: Diagnostic.self) { try PlanFileReader(path: path) }?.code }

    @Test(arguments: [things, []])
    func `a plan is read back as it was written, and only its owner can read it`(things: [JSONValue]) throws {
        let place = try LedgerPlace()
        let path = place.folder + "/plan.jsonl"
        try write(things, to: path)
        let plan = try read(path)
        #expect(plan.header == ["destination": "acme", "form": "own"])
        #expect(plan.things == things)
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? NSNumber
        #expect(mode?.intValue == 0o600)
        #expect(try FileManager.default.contentsOfDirectory(atPath: place.folder) == ["plan.jsonl"])
    }

    @Test func `lines longer than any window are read whole`() throws {
        let place = try LedgerPlace()
        let things: [JSONValue] = [.string(String(repeating: "x", count: 3 << 20)), "short"]
        try write(things, to: place.folder + "/plan.jsonl")
        #expect(try read(place.folder + "/plan.jsonl").things == things)
    }

    @Test func `a plan cut at any byte, or with any byte changed, is refused`() throws {
        let place = try LedgerPlace()
        let path = place.folder + "/plan.jsonl"
        try write([["a": 1], ["b": "c"]], to: path)
        let whole = try Data(contentsOf: URL(fileURLWithPath: path))
        let known = ["plan.cut", "plan.changed", "plan.not-one", "plan.form"]
        for length in 0..<whole.count {
            try whole.prefix(length).write(to: URL(fileURLWithPath: path))
            #expect(["plan.cut", "plan.not-one"].contains(code(path)), "cut at \(length)")
        }
        for index in 0..<whole.count {
            var changed = whole
            changed[index] ^= 0x01
            try changed.write(to: URL(fileURLWithPath: path))
            #expect(known.contains(code(path) ?? ""), "byte \(index)")
        }
        try (whole + Data("{}\n".utf8)).write(to: URL(fileURLWithPath: path))
        #expect(code(path) == "plan.cut")
    }

    @Test(arguments: [
        ("", "plan.not-one"), ("hello\nworld\n", "plan.not-one"), (#"{"form":"ingest-records/1"}"# + "\n{}\n", "plan.not-one"),
        (#"{"form":"ingest-plan/2","header":{}}"# + "\n{}\n", "plan.form"),
    ])
    func `what is no plan, or one of another form, is told`(text: String, fault: String) throws {
        let place = try LedgerPlace()
        let path = place.folder + "/plan.jsonl"
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        #expect(code(path) == fault)
        #expect(code(place.folder + "/none.jsonl") == "plan.unreadable")
        #expect(code(place.folder) == "plan.unreadable")
    }

    @Test func `a plan that is changed while it is carried out is told at its end`() throws {
        let place = try LedgerPlace()
        let path = place.folder + "/plan.jsonl"
        try write(["a", "b"], to: path)
        let reader = try PlanFileReader(path: path)
        try write(["a", "c"], to: path)
        let fault = #expect(throws: Diagnostic.self) { try reader.forEach { _ in } }
        #expect(fault?.code == "plan.changed")
    }

    @Test func `until it is finished the file that was there stays, and nothing is left behind`() throws {
        let place = try LedgerPlace()
        let path = place.folder + "/plan.jsonl"
        try write(["a"], to: path)
        do {
            let writer = try PlanFileWriter(path: path, header: .null)
            try writer.write("b")
        }
        #expect(try read(path).things == ["a"])
        #expect(try FileManager.default.contentsOfDirectory(atPath: place.folder) == ["plan.jsonl"])
        for path in [place.folder, "/dev/null", place.folder + "/none/plan.jsonl"] {
            #expect(throws: Diagnostic.self) { try PlanFileWriter(path: path, header: .null) }
        }
    }

    @Test(arguments: PlanAction.Kind.allCases)
    func `an action and its reason stand on one line and survive JSON`(kind: PlanAction.Kind) throws {
        let action = PlanAction(kind, because: "it is\nso")
        #expect(action.kind == kind && action.reason == "it is\nso")
        let back = try JSONDecoder().decode(PlanAction.self, from: try JSONEncoder().encode(action))
        #expect(back == action)
        let line = action.line("run 3f0f8f5e…")
        #expect(line.hasSuffix(" run 3f0f8f5e…: it is·so"))
        #expect(line.unicodeScalars.allSatisfy { $0 != "\n" } && line.count == 33)
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode(PlanAction.self, from: Data(#"{"action":"delete","why":""}"#.utf8))
        }
    }
}
