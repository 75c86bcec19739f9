import IngestCore
import Testing

/// The lines of a records file, key by key: what RECORDS.md promises, literally.
struct RecordLinesTests {
    private func line(_ record: Record, digest: String = "") -> String {
        let buffer = LineBuffer()
        RecordLines(into: buffer).write(record, digest: digest)
        return String(decoding: buffer.bytes, as: UTF8.self)
    }

    private let file = FileDigest(name: "run 7.csv", bytes: 12, sha256: "ab")

    @Test func `a source line has its keys in order`() {
        var assumptions = Assumptions()
        assumptions.encoding = .init("utf-16le", why: "byte order mark")
        assumptions.dateOrder = .init(nil, why: "no date depends on it")
        let source = SourceRecord(
            file: file, members: [FileDigest(name: "a", bytes: 1, sha256: "cd")],
            adapter: AdapterIdentity("lc.x", version: 3, instrument: "X"),
            format: "X 5.9", recognized: "line 1 is \"[Header]\"", assumptions: assumptions)
        #expect(
            line(.source(source))
                == #"{"type":"source","form":"ingest-records/1","file":{"name":"run 7.csv","bytes":12,"sha256":"ab"},"#
                + #""members":[{"name":"a","bytes":1,"sha256":"cd"}],"adapter":{"name":"lc.x","version":3,"format":"X 5.9"},"#
                + #""recognized":"line 1 is \"[Header]\"","assumptions":{"encoding":{"value":"utf-16le","why":"byte order mark"},"#
                + #""dateOrder":{"why":"no date depends on it"}}}"# + "\n")
    }

    @Test func `a source line without members has no such key`() {
        let source = SourceRecord(
            file: file, members: [], adapter: AdapterIdentity("x", version: 1, instrument: "X"), format: "X",
            recognized: "", assumptions: Assumptions())
        #expect(
            line(.source(source))
                == #"{"type":"source","form":"ingest-records/1","file":{"name":"run 7.csv","bytes":12,"sha256":"ab"},"#
                + #""adapter":{"name":"x","version":1,"format":"X"},"recognized":"","assumptions":{}}"# + "\n")
    }

    @Test func `a run line has its keys in order`() throws {
        var run = RunRecord(
            name: "n", sequence: "s", instrument: .init(name: "i", vendor: "v", model: "m", serial: "1"),
            software: .init(name: "w", version: "2"),
            operatorName: "o", methods: [.init(.acquisition, "a.m"), .init(.report, "r")],
            times: [
                .init(.started, try #require(Timestamp("02/08/2023 17:08:21"))),
                .init(.reported, try #require(Timestamp("2023-08-02T10:00+02:00"))),
            ],
            extras: ["B": "2", "A": "1"])
        run.id = "r1"
        #expect(
            line(.run(run))
                == #"{"type":"run","id":"r1","name":"n","sequence":"s","instrument":{"name":"i","vendor":"v","model":"m","serial":"1"},"#
                + #""software":{"name":"w","version":"2"},"operator":"o","methods":[{"role":"acquisition","name":"a.m"},{"role":"report","name":"r"}],"#
                + #""times":[{"role":"started","written":"02/08/2023 17:08:21","unsettled":["dayMonth","zone"]},"#
                + #"{"role":"reported","written":"2023-08-02T10:00+02:00","local":"2023-08-02T10:00","offset":"+02:00","offsetSource":"stated"}],"#
                + #""extras":{"B":"2","A":"1"}}"# + "\n")
    }

    @Test func `a run line leaves out what has no value`() {
        var run = RunRecord(instrument: .init(), software: .init())
        run.id = "r1"
        #expect(line(.run(run)) == #"{"type":"run","id":"r1"}"# + "\n")
    }

    @Test func `a result line has its keys in order`() throws {
        var result = ResultRecord(
            kind: .peak, ordinal: 7,
            sample: Sample(name: "S", id: "i", barcode: "b", batch: "c", role: .standard, roleWritten: "1:Standard"),
            position: Position(written: "A05", plate: "P", row: 1, column: 5, vial: "9"),
            injection: Injection(
                ordinal: 3, acquired: Timestamp("2023-08-02"),
                volume: Quantity(written: "10", value: 10, unit: .microlitre)),
            signal: Signal(
                name: "DAD1 A", wavelength: Quantity(written: "254", value: 254, unit: .nanometre, unitIsFormats: true)),
            analyte: Analyte(name: "Caffeine", id: "2", role: .istd),
            measurements: [
                Measurement(
                    .area, Quantity(written: "1234,5", value: 1234.5, unit: Unit("{mAU}.s"), unitWritten: "[mAU*s]")),
                Measurement(.amount, Quantity(written: "<0.05", value: 0.05, bound: .below)),
                Measurement(
                    .height, Quantity(written: "n.a.", absent: .notReported, unit: .milliabsorbance, unitWritten: "mAU")
                ),
                Measurement(own: "Fit \"R2\"", Quantity(written: ">1", value: 1, bound: .above)),
            ], flags: [Flag("manualIntegration", written: "MM"), Flag("lastLineOpen")], extras: ["Peak Type": "BB"],
            location: SourceLocation(file: "x", member: "REPORT01.CSV", line: 14, column: 1, field: "Area"))
        result.file = "0123456789abcdef"
        result.run = "r1"
        #expect(
            line(.result(result))
                == #"{"type":"result","id":"0123456789abcdef-REPORT01.CSV:14.1","run":"r1","kind":"peak","ordinal":7,"#
                + #""sample":{"name":"S","id":"i","barcode":"b","batch":"c","role":"standard","roleWritten":"1:Standard"},"#
                + #""position":{"written":"A05","plate":"P","row":1,"column":5,"vial":"9"},"#
                + #""injection":{"ordinal":3,"acquired":{"written":"2023-08-02","local":"2023-08-02","unsettled":["zone"]},"#
                + #""volume":{"written":"10","value":10,"unit":"uL"}},"#
                + #""signal":{"name":"DAD1 A","wavelength":{"written":"254","value":254,"unit":"nm","unitSource":"format"}},"#
                + #""analyte":{"name":"Caffeine","id":"2","role":"istd"},"measurements":["#
                + #"{"name":"area","written":"1234,5","value":1234.5,"unit":"{mAU}.s","unitWritten":"[mAU*s]"},"#
                + #"{"name":"amount","written":"<0.05","value":0.05,"bound":"below"},"#
                + #"{"name":"height","written":"n.a.","unit":"{mAU}","unitWritten":"mAU","absent":"notReported"},"#
                + #"{"name":"Fit \"R2\"","own":true,"written":">1","value":1,"bound":"above"}],"#
                + #""flags":[{"code":"manualIntegration","written":"MM"},{"code":"lastLineOpen"}],"extras":{"Peak Type":"BB"},"#
                + #""at":{"member":"REPORT01.CSV","line":14,"column":1}}"# + "\n")
    }

    @Test func `a result line leaves out what has no value`() {
        var result = ResultRecord(
            kind: .sample, sample: Sample(), injection: Injection(), signal: Signal(), analyte: Analyte(),
            measurements: [],
            location: SourceLocation(file: "x", line: 2, column: 1))
        result.file = "p"
        result.run = "r1"
        #expect(
            line(.result(result))
                == #"{"type":"result","id":"p-2.1","run":"r1","kind":"sample","at":{"line":2,"column":1}}"#
                + "\n")
    }

    @Test func `a trace and its points have their keys in order`() {
        var trace = TraceRecord(
            sample: Sample(name: "S"), signal: Signal(name: "UV"),
            axes: [
                .init("time", unit: .minute), .init("absorbance", unit: .milliabsorbance, unitWritten: "mAU"),
                .init("own"),
            ], extras: ["k": "v"],
            location: SourceLocation(file: "x", line: 5, column: 1))
        trace.file = "p"
        trace.run = "r1"
        trace.count = 2
        #expect(
            line(.trace(trace))
                == #"{"type":"trace","id":"p-5.1","run":"r1","sample":{"name":"S"},"signal":{"name":"UV"},"#
                + #""extras":{"k":"v"},"at":{"line":5,"column":1},"axes":[{"name":"time","unit":"min"},"#
                + #"{"name":"absorbance","unit":"{mAU}","unitWritten":"mAU"},{"name":"own"}],"count":2}"# + "\n")
        #expect(
            line(.points(PointsRecord(trace: "p-5.1", from: 4096, values: [0, -1.5, 2, 0.1, 3, 1e-9], axes: 3)))
                == #"{"type":"points","trace":"p-5.1","from":4096,"values":[[0.0,-1.5,2],[0.1,3,1e-09]]}"# + "\n")
        #expect(
            line(.points(PointsRecord(trace: "t", from: 0, values: [], axes: 2)))
                == #"{"type":"points","trace":"t","from":0,"values":[]}"# + "\n")
    }

    @Test func `an attachment, a diagnostic and the end have their keys in order`() {
        var attachment = AttachmentRecord(file: file, mediaType: "text/csv", role: .source)
        attachment.id = "a1"
        #expect(
            line(.attachment(attachment))
                == #"{"type":"attachment","id":"a1","name":"run 7.csv","mediaType":"text/csv","bytes":12,"sha256":"ab","role":"source"}"#
                + "\n")
        let diagnostic = Diagnostic(
            .warning, "a.b", "what", at: SourceLocation(file: "x", line: 3, column: 4, field: "Area"), hint: "do",
            excerpt: .init(text: "secret", start: 0, length: 1))
        #expect(
            line(.diagnostic(diagnostic))
                == #"{"type":"diagnostic","severity":"warning","code":"a.b","message":"what","at":{"line":3,"column":4,"field":"Area"},"hint":"do"}"#
                + "\n")
        #expect(
            line(.diagnostic(Diagnostic("a.b", "what", at: SourceLocation(file: "x"))))
                == #"{"type":"diagnostic","severity":"error","code":"a.b","message":"what"}"# + "\n")
        let end = EndRecord(
            results: 212, leftOut: 1, traces: 2, points: 12002,
            coverage: Coverage(values: 2544, measured: 1908, described: 420, extras: 212, ignored: 3, leftOut: 1),
            completeness: Completeness(.yes, why: "w"))
        #expect(
            line(.end(end), digest: "ef") == #"{"type":"end","results":212,"leftOut":1,"traces":2,"points":12002,"#
                + #""coverage":{"values":2544,"measured":1908,"described":420,"extras":212,"ignored":3,"leftOut":1},"#
                + #""complete":"yes","why":"w","digest":"ef"}"# + "\n")
    }

    @Test func `a part that differs in bytes alone is written as it is, whatever was written before`() {
        // Equal to each other as Swift compares texts: a letter with its accent, and the letter and its accent.
        let spellings = ["\u{E9}", "e\u{301}", "\u{2126}", "\u{3A9}", "K", "\u{212A}"]
        let buffer = LineBuffer()
        let lines = RecordLines(into: buffer)
        for text in spellings + spellings.reversed() {
            let long = text + " is longer than fifteen bytes"
            buffer.removeAll()
            lines.write(
                ResultRecord(
                    kind: .peak, sample: Sample(name: text), position: Position(written: text),
                    injection: Injection(volume: Quantity(written: long, value: 1, unitWritten: text)),
                    signal: Signal(name: text),
                    analyte: Analyte(name: text),
                    measurements: [
                        Measurement(own: text, Quantity(written: text, value: 1)),
                        Measurement(own: long, Quantity(written: long, value: 1)),
                        Measurement(.area, Quantity(written: "1", value: 1, unitWritten: text)),
                    ], location: IngestCore.SourceLocation(file: "x", line: 1)))
            let written = Array(buffer.bytes)
            let count = written.indices.count { written[$0...].starts(with: text.utf8) }
            #expect(count == 11, "\(text.unicodeScalars.map(\.value)): \(String(decoding: written, as: UTF8.self))")
        }
    }

    @Test func `the same records give the same bytes, a line each`() {
        let buffer = LineBuffer(capacity: 8)
        let lines = RecordLines(into: buffer)
        let result = ResultRecord(
            kind: .peak, sample: Sample(name: "a\nb\u{2028}c"), measurements: [], extras: ["\r\n": "\n"],
            location: SourceLocation(file: "x", line: 1, column: 1))
        for _ in 0..<50 { lines.write(result) }
        let text = String(decoding: buffer.bytes, as: UTF8.self)
        let split = text.utf8.split(separator: 10, omittingEmptySubsequences: false)
        #expect(split.count == 51 && split.last?.isEmpty == true)
        #expect(Set(split.dropLast().map { Array($0) }).count == 1)
        #expect(!text.utf8.contains(13))
    }
}
