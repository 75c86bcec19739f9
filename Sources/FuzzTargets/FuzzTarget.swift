import Glibc

/// One part of the program with what has to hold for every input: `make fuzz` makes inputs up, and `FuzzTests` replays those
/// that broke us.
public struct FuzzTarget: Sendable {
    /// `json`, `adapter.lc.table`: its cases lie in `Tests/Corpora/fuzz/<name>`.
    public let name: String
    /// The longest input worth making up, in bytes.
    public let longest: Int
    /// CPU time that is granted to any input, in seconds.
    let grace: Double
    /// And for each byte of it, in seconds.
    let perByte: Double
    /// Throws a ``FuzzFinding`` for what must not be.
    let check: @Sendable ([UInt8]) async throws -> Void

    init(
        _ name: String, longest: Int, grace: Double = 0.05, perByte: Double = 2e-6,
        check: @escaping @Sendable ([UInt8]) async throws -> Void
    ) {
        self.name = name
        self.longest = longest
        self.grace = grace
        self.perByte = perByte
        self.check = check
    }

    /// Every target, those of the adapters by name.
    public static let all: [FuzzTarget] =
        [.decoding, .delimited, .number, .timestamp, .json, .records, .configuration, .answers, .archive, .detection, .dataset]
        + adapters

    /// What is wrong with the answer to an input; `nil` when nothing is.
    /// - Parameter slowness: How many times slower than in everyday use the program may be here, with all that watches it;
    ///   `nil`, and time is not looked at.
    public func finding(in input: [UInt8], slowness: Double? = nil) async -> FuzzFinding? {
        do {
            let first = try await time(input)
            guard let slowness else { return nil }
            let allowed = grace + perByte * Double(input.count) * slowness
            guard first > allowed else { return nil }
            let best = min(first, try await time(input))
            return best > allowed
                ? FuzzFinding("\(input.count) bytes take \(best) s of CPU time, where \(allowed) s are allowed") : nil
        } catch let finding as FuzzFinding {
            return finding
        } catch {
            return FuzzFinding("an error of a kind that nobody expects: \(error)")
        }
    }

    /// Of the thread alone: no target hands its work to others, and tests run side by side.
    private func time(_ input: [UInt8]) async throws -> Double {
        let start = FuzzTarget.seconds()
        try await check(input)
        return FuzzTarget.seconds() - start
    }

    private static func seconds() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}

/// A fault of ours that an input showed.
public struct FuzzFinding: Error, Sendable, CustomStringConvertible {
    public let description: String

    public init(_ description: String) { self.description = description }
}

func expect(_ condition: Bool, _ message: @autoclosure () -> String) throws {
    if !condition { throw FuzzFinding(message()) }
}

func expectSame(_ one: some StringProtocol, _ other: some StringProtocol, _ what: @autoclosure () -> String) throws {
    // Not `==`, which takes a letter and its accent for the letter with the accent.
    guard !one.utf8.elementsEqual(other.utf8) else { return }
    let common = zip(one.utf8, other.utf8).prefix { $0 == $1 }.count
    func around(_ text: some StringProtocol) -> String {
        String(decoding: text.utf8.dropFirst(max(0, common - 80)).prefix(240), as: UTF8.self)
    }
    throw FuzzFinding("\(what()) differ at byte \(common):\n  \(around(one))\n  \(around(other))")
}

extension [UInt8] {
    /// Some length of chunks that depends on the input alone: an input that shows a fault shows it again.
    var chunkLength: Int {
        let lengths = [1, 3, 61, 64, 127, 1021]
        return lengths[reduce(0) { ($0 &* 31 &+ Int($1)) & 0xFFFF } % lengths.count]
    }
}
