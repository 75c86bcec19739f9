import Glibc
import IngestCore
import IngestTesting
import TabularText
import Testing

/// Text that is no table ends in a fault at its place, in bounded memory.
@Suite(.serialized)
struct DelimitedLimitTests {
    private static let longest = 8 << 20

    @Test(arguments: ["", "\n", "\r", "\r\n"], [1 << 20, 1_000_003])
    func `a record of 8 MiB is read, a longer one is not`(end: String, chunk: Int) throws {
        let before = Array("a,b\n".utf8)
        let cells = Array(repeating: UInt8(ascii: "x"), count: Self.longest - 2) + Array(",y".utf8)
        let fits = TextReading(
            source(before + cells + Array(end.utf8) + Array("z".utf8.prefix(end.utf8.count)), chunk: chunk))
        #expect(fits.fault == nil)
        #expect(fits.records.dropFirst().first?.cells.map(\.utf8.count) == [Self.longest - 2, 1])
        let longer = TextReading(source(before + cells + Array("y\(end)".utf8), chunk: chunk))
        #expect(longer.fault?.code == "table.record-too-long")
        #expect(longer.fault?.location == IngestCore.SourceLocation(file: "sample.csv", line: 2, column: 1))
        #expect(longer.cells == [["a", "b"]])
    }

    @Test(arguments: ["", "\n"])
    func `a record of 65536 cells is read, one with more is not`(end: String) throws {
        let most = 1 << 16
        let fits = TextReading(source(String(repeating: ",", count: most - 1) + end))
        #expect(fits.records.map(\.cells.count) == [most])
        let more = TextReading(source("a\n" + String(repeating: ",", count: most) + end))
        #expect(more.fault?.code == "table.too-many-cells")
        #expect(more.fault?.location == IngestCore.SourceLocation(file: "sample.csv", line: 2, column: 1))
    }

    @Test(arguments: [false, true])
    func `a line of 128 MB is refused in bounded memory`(quoted: Bool) throws {
        let folder = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        var template = Array((folder + "/line-XXXXXX").utf8CString)
        let descriptor = mkstemp(&template)
        try #require(descriptor >= 0)
        unlink(template)
        var block = [UInt8](repeating: UInt8(ascii: "x"), count: 1 << 20)
        if quoted { block[0] = UInt8(ascii: "\"") }
        for _ in 0..<128 {
            if quoted { block[1] = UInt8(ascii: "\n") }
            #expect(write(descriptor, block, block.count) == block.count)
            block[0] = UInt8(ascii: "x")
        }
        var file = SourceFile(
            name: "sample.csv", digest: FileDigest(name: "sample.csv", bytes: 128 << 20, sha256: ""),
            content: .descriptor(OpenFile(descriptor: descriptor)),
            opening: SourceOpening(name: "sample.csv", bytes: Array(block.prefix(1000))),
            account: ReadingAccount())
        file.chunkLength = 1 << 20
        let before = peakMemory
        let reading = TextReading(file)
        #expect(reading.fault?.code == "table.record-too-long")
        #expect(reading.fault?.location.line == 1 && reading.fault?.location.column == 1)
        #expect(peakMemory - before < 64 << 10, "\((peakMemory - before) >> 10) MB more")
    }

    /// In KiB.
    private var peakMemory: Int {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return usage.ru_maxrss
    }
}
