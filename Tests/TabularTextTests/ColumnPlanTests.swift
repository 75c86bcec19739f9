import IngestCore
import IngestTesting
import TabularText
import Testing

/// Reading a table in a hurry gives what reading it cell by cell does.
struct ColumnPlanTests {
    @Test func `a text that repeats the one above is never another text`() throws {
        let cells = [
            "a", "\"a\"", "a\"\"b", "\"a\"\"b\"", "a\"b", "", "\"\"", "é", "e\u{301}", " a", "a ",
            String(repeating: "x", count: 96), String(repeating: "x", count: 97),
        ]
        var random = SeededGenerator(seed: 1)
        for _ in 0..<SeededGenerator.trials(50) {
            let lines = (0..<40).map { _ in
                cells.randomElement(using: &random)! + "," + cells.randomElement(using: &random)!
            }
            let text = try DelimitedText(source(lines.joined(separator: "\n") + "\n"), dialect: .comma)
            let seen = RepeatedCells([1, 0])
            var known: [String?] = [nil, nil]
            while let row = try text.next() {
                let changed = row.takeRepeated(seen)
                for index in 0..<2 where changed & 1 << UInt64(index) != 0 {
                    // A cell that was read with a fault is not remembered.
                    if Int.random(in: 0..<9, using: &random) == 0 { continue }
                    known[index] = row.string(1 - index)
                    row.remember(index, in: seen)
                }
                for index in 0..<2 where changed & 1 << UInt64(index) == 0 {
                    #expect(known[index].map { Array($0.utf8) } == row.string(1 - index).map { Array($0.utf8) })
                }
                row.describe()
            }
        }
    }

    @Test func `numbers read together are those read one by one`() throws {
        let cells = ["1", "-2.5", "<0.05", "", "n.a.", "ERR", "1e3", " 7 ", "12345678901234567.25", "1,5"]
        var random = SeededGenerator(seed: 2)
        let numbers = NumberColumns([(2, .area, nil), (0, .amount, .counts), (1, nil, nil)])
        var measurements = [
            Measurement(.area, Quantity(written: "", absent: .empty)),
            Measurement(.amount, Quantity(written: "", absent: .empty, unit: .counts)),
            Measurement(own: "B", Quantity(written: "", absent: .empty)),
        ]
        for _ in 0..<SeededGenerator.trials(300) {
            let line = (0..<3).map { _ in cells.randomElement(using: &random)! }.joined(separator: "\t")
            let text = try DelimitedText(source("0.5\t0.5\t0.5\n\(line)\n"), dialect: .tab, missing: ["n.a."])
            _ = try text.next()?.describe()
            let row = try #require(try text.next())
            let units = [StatedUnit.none, StatedUnit(ofFormat: .counts), .none]
            var fault: Diagnostic?
            var alone: [Quantity] = []
            do {
                for (slot, column) in [2, 0, 1].enumerated() {
                    var quantity = try row.quantity(column, units[slot])
                    quantity.unitIsFormats = false
                    alone.append(quantity)
                }
            } catch let diagnostic as Diagnostic {
                fault = diagnostic
            }
            do {
                try row.read(numbers, into: &measurements)
                #expect(fault == nil && measurements.map(\.quantity) == alone, "\(line)")
            } catch let diagnostic as Diagnostic {
                #expect(diagnostic == fault, "\(line)")
            }
            row.describe()
        }
    }

    @Test(
        arguments: [
            ("-0.2", MeasurementName.retentionTime, Unit.minute, false), ("-0.05", .retentionTime, .minute, true),
            ("100001", .retentionTime, nil, false),
            ("-1", .width, nil, false), ("0", .width, nil, true), ("101", .areaPercent, .percent, false),
            ("-300", .temperature, .celsius, false),
            ("-1", .temperature, Unit("K"), false), ("300", .temperature, Unit("K"), true),
            ("-1e300", .area, nil, true), ("<-5", .plates, nil, false),
        ] as [(String, MeasurementName, Unit?, Bool)])
    func `a number that cannot be is a fault at its cell`(
        cell: String, name: MeasurementName, unit: Unit?, possible: Bool
    ) throws {
        let text = try DelimitedText(source("x,\(cell)\n"), dialect: .comma)
        let row = try #require(try text.next())
        row.header = Header(["A", "B"])
        var measurements = [Measurement(name, Quantity(written: "", absent: .empty, unit: unit))]
        let numbers = NumberColumns([(1, name, unit)])
        if possible {
            try row.read(numbers, into: &measurements)
            #expect(measurements[0].quantity.written == cell)
        } else {
            let fault = #expect(throws: Diagnostic.self) { try row.read(numbers, into: &measurements) }
            #expect(
                fault?.code == "record.impossible-value" && fault?.location.column == 3 && fault?.location.field == "B")
        }
        row.describe()
    }
}
