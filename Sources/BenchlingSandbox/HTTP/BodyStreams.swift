import FlyingFox
import FlyingSocks
import FoundationEssentials
import GRDB

/// Stored content, one piece in memory at a time.
struct ContentStream: AsyncBufferedSequence {
    typealias Element = UInt8
    let owner: String
    let store: SandboxStore

    struct Iterator: AsyncBufferedIteratorProtocol {
        let stream: ContentStream
        private var piece = Data()
        private var last = 0

        init(_ stream: ContentStream) { self.stream = stream }

        mutating func next() async throws -> UInt8? { try await nextBuffer(suggested: 1)?.first }

        mutating func nextBuffer(suggested count: Int) async throws -> Data? {
            while piece.isEmpty {
                let (owner, after) = (stream.owner, last)
                let next = try await stream.store.pool.read { db -> (number: Int, bytes: Data)? in
                    try Row.fetchOne(
                        db, sql: "SELECT number, bytes FROM content WHERE owner = ? AND number > ? ORDER BY number LIMIT 1",
                        arguments: [owner, after]
                    ).map { ($0["number"], $0["bytes"]) }
                }
                guard let next else { return nil }
                (last, piece) = next
            }
            let part = piece.prefix(count)
            piece = piece.dropFirst(count)
            return part
        }
    }

    func makeAsyncIterator() -> Iterator { Iterator(self) }
}

/// The first half of a body; then the connection ends, although more was announced.
struct CutStream: AsyncBufferedSequence {
    typealias Element = UInt8
    struct Cut: Error {}
    let body: Data

    struct Iterator: AsyncBufferedIteratorProtocol {
        var rest: Data

        mutating func next() async throws -> UInt8? { try await nextBuffer(suggested: 1)?.first }

        mutating func nextBuffer(suggested count: Int) async throws -> Data? {
            if rest.isEmpty { throw Cut() }
            let part = rest.prefix(count)
            rest = rest.dropFirst(count)
            return part
        }
    }

    func makeAsyncIterator() -> Iterator { Iterator(rest: body.prefix(body.count / 2)) }
}

/// Blanks without an end, until nobody takes them.
struct EndlessStream: AsyncBufferedSequence {
    typealias Element = UInt8

    struct Iterator: AsyncBufferedIteratorProtocol {
        mutating func next() async throws -> UInt8? { UInt8(ascii: " ") }

        mutating func nextBuffer(suggested count: Int) async throws -> Data? {
            // As fast as a network, not as the loopback: the others on these cores go on meanwhile. Ends when it is cancelled.
            try await Task.sleep(for: .milliseconds(2))
            return Data(repeating: UInt8(ascii: " "), count: count)
        }
    }

    func makeAsyncIterator() -> Iterator { Iterator() }
}

/// Ends the connection without a byte. The server has no call for that; a protocol switch that fails does it, as the answer's
/// header is written only after the switch.
struct HangUp: WSHandler {
    struct Hung: Error {}
    func makeFrames(for client: AsyncThrowingStream<WSFrame, any Error>) async throws -> AsyncStream<WSFrame> { throw Hung() }
}
