public import IngestCore
public import IngestPipeline

/// A file, or the files of a bundle, held in memory to be broken.
public struct MutationSample: Sendable {
    struct Part: Sendable {
        var name: String
        var bytes: [UInt8]
    }

    public let name: String
    public let given: GivenAssumptions
    /// The adapter that reads it.
    public let adapter: String
    let parts: [Part]
    private let isBundle: Bool

    /// Opens what is there under a name, unpacked as for reading.
    /// - Throws: A ``Diagnostic`` when it cannot be read, or no adapter recognises it.
    public init(
        _ path: String, name: String? = nil, among adapters: [any InstrumentAdapter], wish: Detection.Wish = .anything,
        given: GivenAssumptions = GivenAssumptions()
    ) throws {
        let (detection, opened) = try Detection.decide(on: SourceOpener.open(path), among: adapters, wish: wish)
        let source = try opened.source(given: given)
        adapter = detection.chosen.adapter.identity.name
        self.name = name ?? opened.name
        self.given = given
        isBundle = !source.members.isEmpty
        parts = try (isBundle ? source.members : [source]).map { Part(name: $0.name, bytes: try $0.allBytes()) }
    }

    /// The sample with other bytes in one part.
    func opened(_ part: Int? = nil, _ bytes: [UInt8] = []) -> OpenedSource {
        let sources = parts.enumerated().map { OpenedSource(name: $1.name, bytes: $0 == part ? bytes : $1.bytes) }
        return isBundle ? OpenedSource(name: name, bytes: [], members: sources) : sources[0]
    }

    /// The parts that are text, each with what makes mutants of it.
    func makers() -> [(part: Int, maker: any MutantMaking)] {
        parts.indices.compactMap { index in
            guard let text = SampleText(parts[index].bytes), !text.lines.isEmpty else { return nil }
            return (index, MarkupMutations(text) ?? TextMutations(text))
        }
    }
}

extension SourceFile {
    fileprivate func allBytes() throws -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: size)
        var filled = 0
        while filled < bytes.count {
            let count = try bytes.withUnsafeMutableBytes {
                try read(into: UnsafeMutableRawBufferPointer(rebasing: $0[filled...]), at: filled)
            }
            if count == 0 { break }
            filled += count
        }
        return bytes
    }
}
