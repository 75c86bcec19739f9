import IngestCore

/// A sample with one thing broken.
public struct Mutant: Sendable {
    public let kind: MutationKind
    /// What was changed, in words: `line 14: "20114.5" is now "2x114.5"`.
    public let change: String
    /// The first line that is not as it was, in its part of the sample; `nil` when the whole file changed.
    public let line: Int?
    /// What stood in the one cell that changed; `nil` where more did. Where it was the name of a sample or a substance, its
    /// numbers are of another now, which nobody but the author of the file can tell.
    public let word: String?
    /// Of the part of the sample that was changed.
    let bytes: [UInt8]

    init(_ kind: MutationKind, _ change: String, line: Int? = nil, word: String? = nil, _ bytes: [UInt8]) {
        self.kind = kind
        self.change = change
        self.line = line
        self.word = word
        self.bytes = bytes
    }
}

/// Makes mutants of one file, of each kind as many as are wanted; the same for the same seed.
protocol MutantMaking {
    /// One mutant, chosen by chance; `nil` where the file has nothing that could break so, or what chance chose cannot.
    mutating func mutant(_ kind: MutationKind, _ chance: inout SeededGenerator) -> Mutant?
}

extension MutantMaking {
    /// Up to `count` different mutants of a kind.
    mutating func mutants(_ kind: MutationKind, _ count: Int, of original: [UInt8], seed: UInt64) -> [Mutant] {
        var chance = SeededGenerator(seed: seed)
        var mutants: [Mutant] = []
        var seen: Set<String> = []
        for _ in 0..<count * 3 where mutants.count < count {
            guard let mutant = mutant(kind, &chance), mutant.bytes != original, seen.insert(mutant.change).inserted else {
                continue
            }
            mutants.append(mutant)
        }
        return mutants
    }
}

extension SeededGenerator {
    mutating func one<Element>(of items: some Collection<Element>) -> Element? { items.randomElement(using: &self) }
}
