import Foundation
import Glibc
import Synchronization

/// A server of raw sockets on this machine, for what no well-behaved server does: it answers each connection with a script, on
/// a thread of its own, and keeps what was asked.
final class LoopbackServer: Sendable {
    struct Request: Sendable {
        /// The request line.
        var line: String
        /// By lower-case name.
        var headers: [String: String]
        var body: Data
    }

    let port: Int
    private let listener: Int32
    private let state = Mutex<(requests: [Request], connections: Int)>(([], 0))

    var url: String { "http://127.0.0.1:\(port)" }
    var requests: [Request] { state.withLock { $0.requests } }
    var connections: Int { state.withLock { $0.connections } }

    /// - Parameter script: What is done with a connection, from 1; it is closed when the script ends.
    init(_ script: @escaping @Sendable (_ connection: Connection, _ number: Int) -> Void) throws {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let bound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { plain in
                bind(listener, plain, length) == 0 && listen(listener, 64) == 0 && getsockname(listener, plain, &length) == 0
            }
        }
        guard bound else { throw POSIXError(.EADDRNOTAVAIL) }
        self.listener = listener
        port = Int(UInt16(bigEndian: address.sin_port))
        Thread.detachNewThread { [weak self] in
            while true {
                let peer = accept(listener, nil, nil)
                // The listener is shut down at the end, which is how this thread ends.
                guard peer >= 0, let self else { return }
                let number = state.withLock { state in
                    state.connections += 1
                    return state.connections
                }
                Thread.detachNewThread { [self] in
                    script(Connection(socket: peer, server: self), number)
                    close(peer)
                }
            }
        }
    }

    deinit {
        shutdown(listener, Int32(SHUT_RDWR))
        close(listener)
    }

    struct Connection: Sendable {
        let socket: Int32
        let server: LoopbackServer

        /// The next request, whole; `nil` when the other side closes.
        func request() -> Request? {
            var bytes: [UInt8] = []
            let end = Array("\r\n\r\n".utf8)
            while bytes.count < end.count || Array(bytes.suffix(4)) != end {
                var byte: UInt8 = 0
                guard recv(socket, &byte, 1, 0) == 1 else { return nil }
                bytes.append(byte)
            }
            let lines = String(decoding: bytes, as: UTF8.self).components(separatedBy: "\r\n")
            var request = Request(line: lines[0], headers: [:], body: Data())
            for line in lines.dropFirst() {
                guard let colon = line.firstIndex(of: ":") else { continue }
                request.headers[line[..<colon].lowercased()] = line[line.index(after: colon)...].trimmingCharacters(
                    in: .whitespaces)
            }
            if request.headers["expect"] != nil { write("HTTP/1.1 100 Continue\r\n\r\n") }
            var left = Int(request.headers["content-length"] ?? "") ?? 0
            var buffer = [UInt8](repeating: 0, count: 1 << 16)
            while left > 0 {
                let count = recv(socket, &buffer, min(left, buffer.count), 0)
                guard count > 0 else { return nil }
                request.body.append(contentsOf: buffer[..<count])
                left -= count
            }
            server.state.withLock { $0.requests.append(request) }
            return request
        }

        /// - Returns: Whether the other side still listens.
        @discardableResult func write(_ text: String) -> Bool {
            let bytes = Array(text.utf8)
            return send(socket, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count
        }

        func answer(_ status: Int, _ body: String = "{}", headers: [String] = []) {
            let head = ["HTTP/1.1 \(status) X", "Content-Length: \(body.utf8.count)"] + headers
            write(head.joined(separator: "\r\n") + "\r\n\r\n" + body)
        }
    }
}
