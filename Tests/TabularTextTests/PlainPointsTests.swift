import IngestCore
import IngestTesting
import Testing

@testable import TabularText

/// Points that are taken many at a time are the ones that rows give one by one, and all others are left to rows.
struct PlainPointsTests {
    /// What came of a text: the numbers that were taken, the lines of rows that were given instead, and the count of cells.
    private struct Reading: Equatable {
        var numbers: [Double] = []
        var rows: [String] = []
        var coverage = Coverage()
    }

    private func read(_ bytes: [UInt8], chunk: Int, columns: Int, manyAtATime: Bool) throws -> Reading {
        let account = ReadingAccount()
        let text = try DelimitedText(
            source(bytes, chunk: chunk, given: GivenAssumptions(decimalMark: .point), account: account), dialect: .tab)
        var reading = Reading()
        var last = -Double.infinity
        while true {
            while manyAtATime {
                let points = text.points(of: columns, after: last)
                guard !points.isEmpty else { break }
                reading.numbers += points
                last = points[points.count - columns]
            }
            guard let row = try text.next() else { break }
            let plain = (0..<row.count).allSatisfy { !row.isEmpty($0) && NumberText.read(row[$0], mark: .point).isPlain }
            if row.count == columns, plain, !row.isUnended, try row.number(0) > last {
                for column in 0..<columns { reading.numbers.append(try row.number(column)) }
                last = try row.number(0)
            } else {
                reading.rows.append("\(row.line): \(row.cells)")
                row.describe()
            }
        }
        reading.coverage = account.coverage
        return reading
    }

    @Test(arguments: [1, 2, 5])
    func `both ways give the same`(columns: Int) throws {
        var random = SeededGenerator(seed: UInt64(columns))
        let odd = ["x", "", "1.5.2", "\"1.5\"", " 2.5", "1e3", "-", "99999999999", "1,5", "n.a."]
        for _ in 0..<SeededGenerator.trials(60) {
            var text = ""
            var time = 0.0
            for _ in 0..<Int.random(in: 0...60, using: &random) {
                time += Double(Int.random(in: -1...40, using: &random)) / 8
                var cells = ["\(time)"]
                for _ in 1..<max(1, columns) { cells.append("\(Double(Int.random(in: -90_000...90_000, using: &random)) / 64)") }
                if Int.random(in: 0..<9, using: &random) == 0 {
                    cells[Int.random(in: cells.indices, using: &random)] = odd.randomElement(using: &random)!
                }
                if Int.random(in: 0..<20, using: &random) == 0 { cells.append("7") }
                text += cells.joined(separator: "\t") + ["\n", "\r\n", "\r"].randomElement(using: &random)!
            }
            if Bool.random(using: &random), !text.isEmpty { text.removeLast() }
            let expected = try read(Array(text.utf8), chunk: 1 << 16, columns: columns, manyAtATime: false)
            for chunk in [7, 64, 200, 1 << 16] {
                let found = try read(Array(text.utf8), chunk: chunk, columns: columns, manyAtATime: true)
                #expect(found == expected, "chunks of \(chunk): \(text)")
            }
        }
    }

    @Test func `a long trace goes this way but for the ends of the window`() throws {
        let text = (0..<100_000).map { "\(Double($0) / 8)\t\($0 % 977).25\r\n" }.joined()
        let found = try DelimitedText(source(Array(text.utf8), chunk: 1 << 16), dialect: .tab)
        var taken = 0, given = 0
        var last = -1.0
        while true {
            let points = found.points(of: 2, after: last)
            if !points.isEmpty {
                taken += points.count / 2
                last = points[points.count - 2]
            } else if let row = try found.next() {
                given += 1
                #expect(try row.number(0) > last)
                last = try row.number(0)
                _ = try row.number(1)
                #expect(row.line == taken + given)
            } else {
                break
            }
        }
        #expect(taken + given == 100_000 && given < 1000)
        #expect(found.source.account.coverage == Coverage(values: 200_000, measured: 200_000))
    }

    @Test func `nothing is taken where numbers need a close look`() throws {
        let text = Array("1\t2\n3\t4\n".utf8)
        #expect(try DelimitedText(source(text), dialect: .tab).points(of: 2, after: -1).isEmpty)
        let given = GivenAssumptions(decimalMark: .point, missing: ["-1"])
        #expect(try DelimitedText(source(text, given: given), dialect: .tab).points(of: 2, after: -1).isEmpty)
    }
}

extension NumberText.Reading {
    /// Told by the text, and not by what is tested: a number without bounds.
    fileprivate var isPlain: Bool { if case .number(_, .exact) = self { true } else { false } }
}
