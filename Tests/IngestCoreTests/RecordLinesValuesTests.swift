import IngestCore
import Testing

private func line(_ record: Record) -> String {
    let buffer = LineBuffer()
    RecordLines(into: buffer).write(record)
    return String(decoding: buffer.bytes, as: UTF8.self)
}

@Test func `a key without a value is left out, and so is an object without one`() {
    var result = ResultRecord(
        kind: .sample, sample: Sample(name: ""), injection: Injection(), signal: Signal(name: ""), analyte: Analyte(),
        measurements: [], location: SourceLocation(file: "t.csv", line: 2))
    result.file = "0123456789abcdef"
    result.run = "r1"
    #expect(
        line(.result(result)) == #"{"type":"result","id":"0123456789abcdef-2.1","run":"r1","kind":"sample","at":{"line":2}}"#
            + "\n")
    var run = RunRecord(name: "", instrument: RunRecord.Instrument(), software: RunRecord.Software(name: ""), operatorName: "")
    run.id = "r1"
    #expect(line(.run(run)) == #"{"type":"run","id":"r1"}"# + "\n")
    #expect(
        line(.diagnostic(Diagnostic("a.b", "m", at: SourceLocation(file: "t.csv"))))
            == #"{"type":"diagnostic","severity":"error","code":"a.b","message":"m"}"# + "\n")
}

@Test func `a trace ends with its axes and count`() {
    var trace = TraceRecord(
        signal: Signal(name: "UV"), axes: [TraceRecord.Axis("time", unit: .minute), TraceRecord.Axis("absorbance")],
        flags: [Flag("lastLineOpen")], extras: ["Rate": "5 Hz"], location: SourceLocation(file: "t.csv", line: 9))
    trace.file = "0123456789abcdef"
    trace.run = "r1"
    trace.count = 3
    #expect(
        line(.trace(trace))
            == #"{"type":"trace","id":"0123456789abcdef-9.1","run":"r1","signal":{"name":"UV"},"flags":[{"code":"lastLineOpen"}],"#
            + #""extras":{"Rate":"5 Hz"},"at":{"line":9},"axes":[{"name":"time","unit":"min"},{"name":"absorbance"}],"count":3}"#
            + "\n")
}
