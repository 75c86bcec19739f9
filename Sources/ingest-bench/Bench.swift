import FoundationEssentials
import Glibc
import IngestCore
import IngestPipeline
import InstrumentAdapters
import TabularText

// ingest-bench generate peaks|trace PATH MEGABYTES: writes a table to measure on.
// ingest-bench serve SECONDS: a local tenant that takes so long for each answer.
// ingest-bench fits|fits-simulate|fits-export COUNT: dose-response curves.
// ingest-bench xml-located|xml-bare|xml-foundation PATH: an XML document.
// ingest-bench scan|records|lines PATH: one measurement, in a process of its own, as one line of JSON.

@main
struct Bench {
    static func main() async throws {
        let arguments = CommandLine.arguments
        switch arguments.dropFirst().first {
        case "generate" where arguments.count == 5:
            try Generator(path: arguments[3], megabytes: Int(arguments[4]) ?? 500).write(arguments[2])
        case "scan" where arguments.count == 3: try await measure("scan", arguments[2]) { try scan(arguments[2]) }
        case "records" where arguments.count == 3:
            try await measure("records", arguments[2]) { try await read(arguments[2], CountingSink()) }
        case "xml-located" where arguments.count == 3:
            try await measure("located", arguments[2]) { try XMLBench.located(arguments[2]) }
        case "xml-bare" where arguments.count == 3: try await measure("bare", arguments[2]) { try XMLBench.bare(arguments[2]) }
        case "xml-foundation" where arguments.count == 3:
            try await measure("foundation", arguments[2]) { try XMLBench.foundation(arguments[2]) }
        case "lines" where arguments.count == 4:
            try await measure("lines", arguments[2]) {
                try await read(arguments[2], JSONLinesSink(OutputFile(path: arguments[3])))
            }
        case "fits" where arguments.count == 3: await FitBench.speed(Int(arguments[2]) ?? 100_000)
        case "fits-simulate" where arguments.count == 3: await FitBench.simulate(Int(arguments[2]) ?? 100_000)
        case "fits-export" where arguments.count == 3: FitBench.export(Int(arguments[2]) ?? 400)
        case "serve" where arguments.count == 3: try await TenantServer.serve(latency: Double(arguments[2]) ?? 0)
        default:
            print(
                "usage: ingest-bench generate peaks|trace PATH MB | scan|records PATH | lines PATH OUT | serve SECONDS | fits COUNT"
            )
            exit(64)
        }
    }

    static func scan(_ path: String) throws -> Int {
        let source = try SourceOpener.open(path).unhashedSource()
        let dialect = Dialect.sniffed(from: source.opening)
        let scanner = DelimitedScanner(TextStream(source, encoding: .utf8, mark: 0), dialect)
        var cells = 0
        while try scanner.next() { cells += scanner.count }
        return cells
    }

    static func read(_ path: String, _ sink: any RecordSink) async throws -> Int {
        let outcome = try await IngestRun(adapters: AdapterRoster.all).read(SourceOpener.open(path), into: sink)
        guard let end = outcome.end, outcome.status == 0 else { throw BenchFault(outcome.diagnostics.map(\.message)) }
        return end.coverage.values
    }

    static func measure(_ what: String, _ path: String, _ work: () async throws -> Int) async throws {
        let bytes = try SourceOpener.open(path).size
        let clock = ContinuousClock()
        let start = clock.now
        let cells = try await work()
        let wall = (clock.now - start) / .seconds(1)
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
        let cpu = seconds(usage.ru_utime) + seconds(usage.ru_stime)
        print(
            """
            {"what":"\(what)","bytes":\(bytes),"cells":\(cells),"cpu":\(cpu),"wall":\(wall),\
            "mbPerCpuSecond":\((Double(bytes) / 1e6 / cpu).rounded()),"peakMB":\(usage.ru_maxrss / 1024)}
            """)
    }

    struct BenchFault: Error {
        let messages: [String]
        init(_ messages: [String]) { self.messages = messages }
    }
}

/// Takes records and forgets them: what reading costs by itself.
final class CountingSink: RecordSink {
    private(set) var measurements = 0

    func write(_ record: Record) async throws {}
    func take(_ result: borrowing ResultRecord) -> Bool {
        measurements += result.measurements.count
        return true
    }

    func finish() async throws {}
}
