import CFuzzDriver
import IngestTesting

/// Changes an input as exports are damaged: lines and cells are lost, doubled, moved, exchanged; every other time libFuzzer
/// changes bytes as it does by itself.
@_cdecl("LLVMFuzzerCustomMutator")
public func mutate(_ data: UnsafeMutablePointer<UInt8>, _ size: Int, _ most: Int, _ seed: CUnsignedInt) -> Int {
    var random = SeededGenerator(seed: UInt64(seed))
    guard size > 1, Bool.random(using: &random) else { return LLVMFuzzerMutate(data, size, most) }
    var input = Array(UnsafeBufferPointer(start: data, count: size))
    // The first byte is that of options.
    FuzzMutation(&random).change(&input)
    let count = min(input.count, most)
    for index in 0..<count { data[index] = input[index] }
    return count
}

struct FuzzMutation {
    private var random: SeededGenerator

    init(_ random: inout SeededGenerator) { self.random = SeededGenerator(seed: random.next()) }

    /// What parts are set apart by.
    private static let marks: [[UInt8]] = [[10], [10], [44, 9, 59, 10], [60], [34, 32]]

    func change(_ input: inout [UInt8]) {
        var random = random
        let marks = Self.marks[Int.random(in: 0..<Self.marks.count, using: &random)]
        // Where parts begin, and the end.
        var starts = [0]
        for index in input.indices where marks.contains(input[index]) { starts.append(index + 1) }
        starts.append(input.count)
        guard starts.count > 3 else { return }
        func part() -> Range<Int> {
            let index = Int.random(in: 0..<starts.count - 1, using: &random)
            return starts[index]..<starts[index + 1]
        }
        let one = part(), other = part()
        let bytes = Array(input[one])
        switch Int.random(in: 0..<7, using: &random) {
        case 0: input.removeSubrange(one)
        case 1: input.insert(contentsOf: bytes, at: one.upperBound)
        case 2: input.insert(contentsOf: bytes, at: other.lowerBound)
        case 3: input.replaceSubrange(other, with: bytes)
        case 4 where one.upperBound <= other.lowerBound:
            let behind = Array(input[other])
            input.replaceSubrange(other, with: bytes)
            input.replaceSubrange(one, with: behind)
        case 5:
            // A number that is out of all proportion, or none.
            let numbers = [
                "", "0", "-1", "1e308", "99999999999999999999", "-9223372036854775808", "4294967296", "0.0", "nan", "1,5",
            ]
            let end = one.isEmpty || !marks.contains(input[one.upperBound - 1]) ? one.upperBound : one.upperBound - 1
            input.replaceSubrange(one.lowerBound..<end, with: numbers[Int.random(in: 0..<numbers.count, using: &random)].utf8)
        default: input.removeSubrange(min(one.lowerBound, other.lowerBound)..<max(one.upperBound, other.upperBound))
        }
    }
}
