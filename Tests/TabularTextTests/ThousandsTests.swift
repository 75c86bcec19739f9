import IngestCore
import TabularText
import Testing

/// Numbers in groups of three digits are never read as decimals where the file shows that they are not.
struct ThousandsTests {
    /// What becomes of each cell of a column: its value, or the code of its fault.
    private func column(_ cells: [String], _ dialect: Dialect = .tab, given: DecimalMark? = nil) throws -> [String] {
        let text = try DelimitedText(
            source(cells.joined(separator: "\n") + "\n", given: GivenAssumptions(decimalMark: given)), dialect: dialect)
        var found: [String] = []
        while let row = try text.next() {
            do { found.append(try row.quantity(0).value.map { "\($0)" } ?? "none") } catch let fault as Diagnostic {
                found.append(fault.code)
            }
        }
        return found
    }

    @Test(arguments: [["20,114", "1,204,567", "1,204"], ["20.114", "1.204.567"], ["-1,204,567", "4,870"]])
    func `a number that groups with the only mark there is stops the file`(cells: [String]) throws {
        let fault = #expect(throws: FileFault.self) { try column(cells) }
        #expect(fault?.diagnostic.code == "table.open-decimal-mark")
        #expect(fault?.diagnostic.location.line == cells.firstIndex { $0.filter { ",.".contains($0) }.count == 2 }! + 1)
    }

    @Test(arguments: [
        // Three decimals are ordinary; nothing groups.
        (["4.870", "5.123"], ["4.87", "5.123"]), (["4,870", "5,123"], ["4.87", "5.123"]),
        // One number shows that the mark is decimal: the grouped one is an error of its own.
        (["20,114", "1,204,567", "4,87"], ["20.114", "table.other-decimal-mark", "4.87"]),
        (["0,114", "1,204,567"], ["0.114", "table.other-decimal-mark"]),
        (["4.870", "1.204.567", "12.5e3"], ["4.87", "table.other-decimal-mark", "12500.0"]),
        // The other mark is decimal.
        (["20,114", "1,204,567", "4.87"], ["table.other-decimal-mark", "table.other-decimal-mark", "4.87"]),
        (["20,114", "30,114", "1,204.5"], ["table.open-decimal-mark", "table.open-decimal-mark", "table.other-decimal-mark"]),
        // Versions and addresses are no numbers.
        (["4.870", "10.0.0.1", "1.2.3"], ["4.87", "table.other-decimal-mark", "table.other-decimal-mark"]),
    ])
    func `a number is read by what the whole file shows`(cells: [String], expected: [String]) throws {
        #expect(try column(cells) == expected)
    }

    @Test func `a mark that is given is not asked about`() throws {
        #expect(try column(["20,114", "1,204,567"], given: .comma) == ["20.114", "table.other-decimal-mark"])
        #expect(try column(["20,114"], given: .point) == ["table.other-decimal-mark"])
    }

    @Test func `a majority that may be groups does not outvote numbers that cannot`() throws {
        func mark(_ cells: [String], _ dialect: Dialect = .tab) throws -> DecimalMark? {
            try TextSurvey(source(cells.joined(separator: "\n") + "\n"), dialect).decimalMark
        }
        #expect(try mark(["4.87", "20,114", "1,204"]) == nil)
        #expect(try mark(Array(repeating: "4,870", count: 20) + ["5.1"]) == .comma)
        #expect(try mark(["4.87", "20,114", "1,204", "1,204,567"]) == .point)
        // Who separates cells with commas writes points.
        #expect(try mark(["x,\"1,000\""], .comma) == nil)
        #expect(try mark(["x,\"1,000\",\"2,5\""], .comma) == .comma)
        #expect(try mark(["1.5,\"1,000\",\"2,000\""], .comma) == .point)
    }
}
