import Glibc

/// Random numbers that are the same in every run (SplitMix64; Steele, Lea, Flood 2014): a test that fails with a seed
/// fails with it again.
public struct SeededGenerator: RandomNumberGenerator, Sendable {
    private var state: UInt64

    public init(seed: UInt64) { state = seed }

    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }

    /// A double of any magnitude: all finite bit patterns alike, subnormals and zeros with them.
    public mutating func anyDouble() -> Double {
        while true {
            let value = Double(bitPattern: next())
            if value.isFinite { return value }
        }
    }

    /// A text of `length` elements of `alphabet`.
    public mutating func text(_ length: Int, of alphabet: [String]) -> String {
        var text = ""
        for _ in 0..<length { text += alphabet[Int.random(in: alphabet.indices, using: &self)] }
        return text
    }

    /// How often a property is tried: `few` in everyday runs, `INGEST_TEST_EFFORT` times as often when that is set.
    public static func trials(_ few: Int) -> Int {
        few * (getenv("INGEST_TEST_EFFORT").flatMap { Int(String(cString: $0)) } ?? 1)
    }
}
