import FlyingFox
import FlyingSocks
import Glibc

/// A pool whose sockets send at once. The server writes an answer's header and body one after the other, and the system would
/// hold the second back until the client has acknowledged the first: 40 ms an answer.
struct PromptPool: AsyncSocketPool {
    private let pool: any AsyncSocketPool = HTTPServer.defaultPool(logger: .disabled)

    func prepare() async throws { try await pool.prepare() }

    func run() async throws { try await pool.run() }

    func suspendSocket(_ socket: Socket, untilReadyFor events: Socket.Events) async throws {
        var on: CInt = 1
        // Refused only for a socket that is closed already, whose wait ends with that error.
        setsockopt(socket.file.rawValue, CInt(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<CInt>.size))
        try await pool.suspendSocket(socket, untilReadyFor: events)
    }
}
