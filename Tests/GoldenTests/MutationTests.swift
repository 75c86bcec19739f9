import IngestCore
import IngestPipeline
import InstrumentAdapters
import Testing

@testable import IngestTesting

/// The kit that breaks samples, and the proof that readers tell what is broken.
struct MutationTests {
    static let cases = GoldenSamples.cases(in: samples)

    private static func sample(_ golden: GoldenSamples.Case) throws -> MutationSample {
        try MutationSample(golden.input, name: "\(golden)", among: AdapterRoster.all, given: golden.given)
    }

    @Test(arguments: cases)
    func `a sample taken apart and put together again is the same`(golden: GoldenSamples.Case) throws {
        for part in try Self.sample(golden).parts {
            guard let text = SampleText(part.bytes) else { continue }
            #expect(text.bytes == part.bytes)
        }
    }

    @Test(arguments: cases.filter { !$0.adapter.hasPrefix("xml.") })
    func `a text that is cut, garbled or encoded anew is never silent`(golden: GoldenSamples.Case) async throws {
        let proof = MutationProof(adapters: AdapterRoster.all, mutantsOfAKind: SeededGenerator.trials(1), seed: 7)
        let outcome = try await proof.outcome(of: Self.sample(golden))
        let kinds: [MutationKind] = [.cutWithinLine, .garbledCell, .reencoded, .swappedDecimalMark]
        for silent in outcome.silent where kinds.contains(silent.kind) {
            Issue.record("\(silent.kind.title): \(silent.change): \(silent.difference)")
        }
    }

    @Test func `the same seed gives the same mutants, another one others`() throws {
        let golden = try #require(Self.cases.first { $0.adapter == "lc.table" })
        let sample = try Self.sample(golden)
        func changes(_ seed: UInt64) throws -> [String] {
            var (_, maker) = try #require(sample.makers().first)
            return MutationKind.allCases.flatMap { maker.mutants($0, 4, of: sample.parts[0].bytes, seed: seed).map(\.change) }
        }
        #expect(try changes(1) == changes(1))
        #expect(try changes(1) != changes(2))
    }

    @Test func `every kind of mutant is made of a table, and of a document`() throws {
        let table =
            "Sample Name,Injected,RT [min],Area [mAU*s]\n\"A, 1\",02/03/2024 10:00,1.25,100.5\nB,02/03/2024 11:00,2.5,99\n"
        let document = """
            <Report Date="02/03/2024"><Peaks><Peak No="1" Unit="min"><RT>1.25</RT><Area>100.5</Area></Peak>
            <Peak No="2" Unit="min"><RT>2.5</RT><Area>99.5</Area></Peak></Peaks></Report>

            """
        for (text, isMarkup) in [(table, false), (document, true)] {
            let bytes = Array(text.utf8)
            let sample = try #require(SampleText(bytes))
            var maker: any MutantMaking = MarkupMutations(sample) ?? TextMutations(sample)
            #expect((maker is MarkupMutations) == isMarkup)
            for kind in MutationKind.allCases {
                let mutants = maker.mutants(kind, 8, of: bytes, seed: 3)
                #expect(!mutants.isEmpty, "\(kind)")
                #expect(mutants.allSatisfy { $0.bytes != bytes && $0.kind == kind })
            }
        }
    }

    // MARK: The judge

    private static func verdict(_ adapter: some InstrumentAdapter, _ kind: MutationKind, _ before: String, _ after: String)
        async throws
        -> MutationVerdict
    {
        let judge = try #require(MutationJudge(try await adapter.reading(before)))
        return judge.verdict(on: Mutant(kind, "changed", line: 2, Array(after.utf8)), try await adapter.reading(after))
    }

    @Test func `numbers that are gone without a word are silent`() async throws {
        let verdict = try await Self.verdict(CarelessAdapter(), .garbledCell, "1\n2\n3\n", "1\nx\n3\n")
        guard case .silent = verdict else { return #expect(Bool(false), "\(verdict)") }
    }

    @Test func `numbers that are gone with a word are told, with their place`() async throws {
        let verdict = try await Self.verdict(CarelessAdapter(tells: true), .garbledCell, "1\n2\n3\n", "1\nx\n3\n")
        #expect(verdict == .told(placed: true))
    }

    @Test func `the same numbers are intact, however they are written`() async throws {
        #expect(try await Self.verdict(CarelessAdapter(), .changedLineEnds, "1\n2\n", "1\r\n2\r\n") == .intact)
    }

    @Test func `a row that is gone is unknown where the file cannot tell, and silent where it claims to be whole`() async throws {
        let unknown = try await Self.verdict(CarelessAdapter(), .missingRow, "1\n2\n3\n", "1\n3\n")
        guard case .unknown = unknown else { return #expect(Bool(false), "\(unknown)") }
        let silent = try await Self.verdict(CarelessAdapter(proves: true), .missingRow, "1\n2\n3\n", "1\n3\n")
        guard case .silent = silent else { return #expect(Bool(false), "\(silent)") }
    }
}

/// Reads the lines that are numbers, and drops the others.
private struct CarelessAdapter: InstrumentAdapter {
    var tells = false
    var proves = false
    let identity = AdapterIdentity("careless", version: 1, instrument: "a reader to be caught")

    func recognize(_ opening: SourceOpening) -> Recognition { .certain(because: "it reads anything") }

    func read(_ source: SourceFile, into output: AdapterOutput) async throws {
        try await output.begin(RunRecord())
        for (index, line) in source.opening.lines.enumerated() {
            let place = source.location(line: index + 1, column: 1)
            guard let value = Double(line) else {
                if tells { output.report(Diagnostic("careless.line", "\"\(line)\" is no number", at: place)) }
                continue
            }
            try await output.emit(
                ResultRecord(
                    kind: .peak, measurements: [Measurement(.area, Quantity(written: line, value: value))], location: place))
        }
        if proves { source.account.prove("it says so") }
    }
}
