import Testing

@testable import IngestCore

/// Traces take little memory while they are kept, and are what they were.
struct KeptTracesTests {
    /// Each part changes at a pace of its own, so that neighbours share now this and now that.
    private static func record(_ number: Int) -> TraceRecord {
        func sometimes<Value>(_ period: Int, _ value: Value) -> Value? { number % period == 0 ? nil : value }
        var record = TraceRecord(
            sample: sometimes(7, Sample(name: "sample \(number / 100)", id: "S-\(number / 300)")),
            position: sometimes(11, Position(written: "A\(number / 50)", row: 1, column: number / 50)),
            injection: sometimes(13, Injection(ordinal: number / 200)),
            signal: sometimes(5, Signal(name: "DAD1 \(number), a name that is longer than a register")),
            analyte: sometimes(3, Analyte(name: "compound \(number / 9)")),
            axes: (0...(number / 400)).map { TraceRecord.Axis("axis number \($0)", unit: .nanometre) },
            flags: number % 17 == 0 ? [Flag("pointCount", written: "\(number)")] : [],
            location: SourceLocation(
                file: "x.xml", member: sometimes(19, "part \(number / 90)"), line: sometimes(23, number),
                column: sometimes(29, 3),
                path: sometimes(31, ElementPath(stem: "/a/b", ordinal: number))),
            index: number % 4 + 1)
        for field in 0..<number % 30 { record.extras.add("heading number \(field % 28) of many", "\(number)-\(field)") }
        record.count = number * 3
        record.run = "r\(number / 500)"
        record.file = "0123456789abcdef"
        return record
    }

    @Test func `every part of every trace is what it was, also after a change`() {
        var kept = KeptTraces()
        for number in 0..<1700 { kept.append(KeptTracesTests.record(number), start: number * 10) }
        #expect(kept.count == 1700)
        for number in stride(from: 0, to: 1700, by: 3) {
            kept[number].change { trace in
                trace.flags.append(Flag("late"))
                trace.extras.add("heading number 0 of many", "once more")
                trace.sample = Sample(name: "another")
            }
        }
        for number in 0..<1700 {
            var expected = KeptTracesTests.record(number)
            if number % 3 == 0 {
                expected.flags.append(Flag("late"))
                expected.extras.add("heading number 0 of many", "once more")
                expected.sample = Sample(name: "another")
            }
            #expect(kept[number].record == expected && kept[number].start == number * 10, "\(number)")
        }
    }
}
