import Benchling
import IngestTesting
import Testing

@Suite struct MappingExpressionTests {
    @Test(arguments: [
        "sample.name", "  area in {mAU}.s ", "sample.id or sample.name or \"unknown\"",
        "[analyte.name, 'it''s', extra(\"Peak Type\")]",
        "[retentionTime in min, value(area)]", "measurement(\"Symmetry (USP)\") in %", "entity(sample.id, sample.name) if known",
        "entity(sample.name) or entity(sample.id) if known", "date(injection.acquired)",
        "datetime(time(started) or time(processed))",
        "written(area or height)", "json(extras)", "json(area)", "blob(trace)", "$run", "-1.5e3", "true", "[]", "method(report)",
        "complete",
        "injection.volume in uL or value(injection.volume)", "concentration in [ppm] or value(concentration)", "area in 25.uV.s",
    ])
    func `the language is read`(text: String) throws {
        let expression = try FieldExpression(text, of: .result)
        #expect(
            expression.text
                == text.trimmingPrefix { $0 == " " }.reversed().trimmingPrefix { $0 == " " }.reversed().map(String.init).joined())
    }

    @Test(
        arguments: [
            ("", "expression.missing", 0..<1), ("sample.nam", "expression.unknown-name", 0..<10),
            ("retentiontime in min", "expression.unknown-name", 0..<13),
            ("area in", "expression.no-unit", 7..<8), ("area in minutes", "expression.unknown-unit", 8..<15),
            ("sample.name in min", "expression.no-quantity", 0..<11),
            ("entity(area)", "expression.wrong-argument", 7..<11), ("entity(sample.name", "expression.open-bracket", 18..<19),
            ("$runs", "expression.unknown-name", 0..<5),
            ("blob(sources)", "expression.wrong-argument", 5..<12),
            ("dat(injection.acquired)", "expression.unknown-function", 0..<3),
            ("date(sample.name)", "expression.wrong-argument", 5..<16), ("\"open", "expression.open-quote", 0..<5),
            ("analyte.name analyte.id", "expression.rest", 13..<23),
            ("a or", "expression.unknown-name", 0..<1), ("analyte.name or", "expression.missing", 15..<16),
            ("[[1]]", "expression.list-in-list", 1..<4),
            ("entity(sample.name) if", "expression.rest", 22..<23), ("12abc", "expression.no-number", 0..<5),
            ("0x10", "expression.no-number", 0..<4), ("§", "expression.odd-character", 0..<1),
            ("extra(Peak)", "expression.wrong-argument", 6..<7), ("value(sample.name)", "expression.wrong-argument", 6..<17),
        ] as [(String, String, Range<Int>)])
    func `what is not of the language is told at its characters`(text: String, code: String, range: Range<Int>) {
        let fault = #expect(throws: ExpressionFaults.self) { try FieldExpression(text, of: .result) }
        #expect(fault?.faults.map(\.code) == [code])
        #expect(fault?.faults.first?.range == range, "\(fault?.faults.first?.message ?? "")")
    }

    @Test(arguments: [
        ("sample.nam", "sample.name"), ("run.instrumnt.name", "run.instrument.name"), ("retentiontime", "retentionTime"),
        ("enttity(sample.name)", "entity"),
        ("blob(surce)", "source"), ("method(aquisition)", "acquisition"), ("area in µV.s", "uV.s"),
    ])
    func `the nearest right name is offered`(text: String, name: String) {
        let fault = #expect(throws: ExpressionFaults.self) { try FieldExpression(text, of: .result) }
        #expect(fault?.faults.first?.hint?.contains(name) == true, "\(fault?.faults.first?.hint ?? "no hint")")
    }

    @Test(arguments: ["sample.name", "area in {mAU}.s", "$run", "measurement(\"x\")", "flags", "injection.acquired"])
    func `what belongs to a result is refused in a run`(text: String) {
        #expect(throws: ExpressionFaults.self) { try FieldExpression(text, of: .run) }
        #expect(throws: Never.self) { try FieldExpression(text, of: .result) }
    }

    @Test func `any text is read or refused`() {
        var random = SeededGenerator(seed: 4)
        let pieces = [
            "sample.name", "area", " in ", "min", " or ", "(", ")", "[", "]", ",", "\"", "'", "$run", "entity(", "date(", "1",
            "-", ".", "é", "\u{301}", "{", "}", " ",
        ]
        for _ in 0..<SeededGenerator.trials(3000) {
            let text = random.text(Int.random(in: 0...12, using: &random), of: pieces)
            do throws(ExpressionFaults) {
                _ = try FieldExpression(text, of: .result)
            } catch {
                for fault in error.faults { #expect(fault.range.upperBound <= text.count + 1 && !fault.range.isEmpty, "\(text)") }
            }
        }
        #expect(throws: ExpressionFaults.self) { try FieldExpression(String(repeating: "[", count: 100_000), of: .result) }
        #expect(throws: ExpressionFaults.self) { try FieldExpression(String(repeating: "date(", count: 100_000), of: .result) }
    }
}
