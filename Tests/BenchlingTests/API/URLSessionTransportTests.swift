import Benchling
import Foundation
import Testing

@Suite(.timeLimit(.minutes(1)))
struct URLSessionTransportTests {
    let transport = URLSessionTransport()

    @Test func `an answer comes back whole, with its headers by lower-case name`() async throws {
        let server = try LoopbackServer { connection, _ in
            while connection.request() != nil { connection.answer(404, #"{"a":1}"#, headers: ["X-Rate-Limit-Remaining: 7"]) }
        }
        let answer = try await transport.send(HTTPRequest("GET", server.url + "/api/v2/a?x=1%2B2,3"))
        #expect(answer.status == 404)
        #expect(answer.headers["x-rate-limit-remaining"] == "7")
        #expect(String(decoding: answer.body, as: UTF8.self) == #"{"a":1}"#)
        #expect(server.requests.first?.line == "GET /api/v2/a?x=1%2B2,3 HTTP/1.1")
    }

    @Test(arguments: ["POST", "PATCH", "PUT"])
    func `a body goes with its length and without chunks, and nothing waits for a hundred-continue`(method: String) async throws {
        let server = try LoopbackServer { connection, _ in if connection.request() != nil { connection.answer(200) } }
        let body = Data(repeating: 65, count: 3_000_000)
        let request = HTTPRequest(
            method, server.url, headers: [(name: "Content-Type", value: "application/json")], body: .data(body))
        #expect(try await transport.send(request).status == 200)
        let got = try #require(server.requests.first)
        #expect(got.headers["content-length"] == "3000000")
        #expect(got.headers["transfer-encoding"] == nil)
        #expect(got.headers["expect"] == nil)
        #expect(got.headers["content-type"] == "application/json")
        #expect(got.body == body)
    }

    @Test func `a file goes with its length and without chunks`() async throws {
        let path = NSTemporaryDirectory() + "upload-\(UUID().uuidString)"
        defer { unlink(path) }
        try Data(repeating: 66, count: 2_500_000).write(to: URL(fileURLWithPath: path))
        let server = try LoopbackServer { connection, _ in if connection.request() != nil { connection.answer(200) } }
        #expect(try await transport.send(HTTPRequest("PUT", server.url + "/x", body: .file(path: path))).status == 200)
        let got = try #require(server.requests.first)
        #expect(got.headers["content-length"] == "2500000")
        #expect(got.headers["transfer-encoding"] == nil)
        #expect(got.headers["expect"] == nil)
        #expect(got.body == Data(repeating: 66, count: 2_500_000))
    }

    @Test(arguments: ["GET", "POST"], [301, 302, 303, 307, 308])
    func `a redirect is the answer, and credentials never reach the other host`(method: String, status: Int) async throws {
        let other = try LoopbackServer { connection, _ in while connection.request() != nil { connection.answer(200) } }
        let server = try LoopbackServer { connection, _ in
            while connection.request() != nil { connection.answer(status, headers: ["Location: \(other.url)/stolen"]) }
        }
        let answer = try await transport.send(
            HTTPRequest(
                method, server.url, headers: [(name: "Authorization", value: "Basic c2VjcmV0Og==")],
                body: method == "GET" ? nil : .data(Data("{}".utf8))))
        #expect(answer.status == status)
        #expect(answer.headers["location"] == "\(other.url)/stolen")
        #expect(server.requests.map { $0.headers["authorization"] } == ["Basic c2VjcmV0Og=="])
        #expect(other.connections == 0)
    }

    @Test func `a 401 that asks for a password is an answer, and is not sent again`() async throws {
        let server = try LoopbackServer { connection, _ in
            while connection.request() != nil {
                connection.answer(401, #"{"error":{"message":"no"}}"#, headers: ["WWW-Authenticate: Basic realm=\"x\""])
            }
        }
        for method in ["GET", "POST"] {
            let request = HTTPRequest(method, server.url, body: method == "GET" ? nil : .data(Data("{}".utf8)))
            let answer = try await transport.send(request)
            #expect(answer.status == 401)
            #expect(String(decoding: answer.body, as: UTF8.self) == #"{"error":{"message":"no"}}"#)
        }
        #expect(server.requests.count == 2)
    }

    @Test func `cookies and answers are not kept`() async throws {
        let server = try LoopbackServer { connection, _ in
            while connection.request() != nil {
                connection.answer(200, headers: ["Set-Cookie: a=b; Path=/", "Cache-Control: max-age=1000", "ETag: \"1\""])
            }
        }
        for _ in 0..<2 { _ = try await transport.send(HTTPRequest("GET", server.url)) }
        #expect(server.requests.count == 2)
        #expect(server.requests.allSatisfy { $0.headers["cookie"] == nil && $0.headers["if-none-match"] == nil })
    }

    @Test func `a kept connection that the server closed costs a write nothing: it has one of its own`() async throws {
        // Every connection answers once and then closes when the next request has come in: the client cannot know beforehand.
        let server = try LoopbackServer { connection, _ in
            guard connection.request() != nil else { return }
            connection.answer(200)
            _ = connection.request()
        }
        _ = try await transport.send(HTTPRequest("GET", server.url + "/first"))
        let answer = try await transport.send(HTTPRequest("POST", server.url + "/write", body: .data(Data("{}".utf8))))
        #expect(answer.status == 200)
        #expect(server.requests.filter { $0.line.hasPrefix("POST") }.count == 1)
    }

    @Test func `a write that is answered by the end of the connection is sent once, and unsure`() async throws {
        let server = try LoopbackServer { connection, _ in _ = connection.request() }
        for _ in 0..<3 {
            await #expect(throws: TransportFault.self) {
                try await transport.send(HTTPRequest("POST", server.url, body: .data(Data("{}".utf8))))
            }
        }
        #expect(server.requests.count == 3)
        #expect(await isUnsure(HTTPRequest("POST", server.url, body: .data(Data("{}".utf8)))))
    }

    @Test func `an answer that is cut short is unsure`() async throws {
        let server = try LoopbackServer { connection, _ in
            _ = connection.request()
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"a\":")
        }
        #expect(await isUnsure(HTTPRequest("POST", server.url, body: .data(Data("{}".utf8)))))
        #expect(await isUnsure(HTTPRequest("GET", server.url)))
    }

    @Test func `an answer that is not HTTP is unsure`() async throws {
        let server = try LoopbackServer { connection, _ in
            _ = connection.request()
            connection.write("junk\r\n\r\n")
        }
        #expect(await isUnsure(HTTPRequest("POST", server.url, body: .data(Data("{}".utf8)))))
    }

    @Test func `an answer that never ends is ended at the limit, and one that dribbles at the time limit`() async throws {
        let flood = try LoopbackServer { connection, _ in
            _ = connection.request()
            connection.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
            while connection.write("10000\r\n" + String(repeating: "x", count: 65_536) + "\r\n") {}
        }
        do {
            _ = try await transport.send(HTTPRequest("GET", flood.url, longestAnswer: 1 << 20))
            Issue.record("the flood ended")
        } catch TransportFault.answerTooLong(let most) {
            #expect(most == 1 << 20)
        }
        let dribble = try LoopbackServer { connection, _ in
            _ = connection.request()
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
            while connection.write("x") { usleep(50_000) }
        }
        let start = ContinuousClock.now
        #expect(await isUnsure(HTTPRequest("GET", dribble.url, timeout: 1)))
        #expect(ContinuousClock.now - start < .seconds(20))
    }

    @Test func `a server that says nothing is left at the time limit`() async throws {
        let server = try LoopbackServer { connection, _ in
            _ = connection.request()
            while connection.request() != nil {}
        }
        let start = ContinuousClock.now
        #expect(await isUnsure(HTTPRequest("POST", server.url, body: .data(Data("{}".utf8)), timeout: 0.5)))
        #expect(ContinuousClock.now - start < .seconds(20))
        #expect(server.requests.count == 1)
    }

    @Test func `cancellation ends an exchange at once`() async throws {
        let server = try LoopbackServer { connection, _ in
            _ = connection.request()
            while connection.request() != nil {}
        }
        let transport = transport
        let task = Task { try await transport.send(HTTPRequest("GET", server.url, timeout: 30)) }
        while server.requests.isEmpty { try await Task.sleep(for: .milliseconds(5)) }
        let start = ContinuousClock.now
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(ContinuousClock.now - start < .seconds(15))
    }

    @Test func `where nobody listens, nothing was sent`() async throws {
        let port = try LoopbackServer { _, _ in }.port
        for url in ["http://127.0.0.1:\(port)", "http://no-such-host.invalid", "http://", "nonsense"] {
            #expect(await isNotSent(HTTPRequest("POST", url, body: .data(Data("{}".utf8)))), "\(url)")
            #expect(await isNotSent(HTTPRequest("GET", url)), "\(url)")
        }
    }

    private func isUnsure(_ request: HTTPRequest) async -> Bool {
        do {
            let answer = try await transport.send(request)
            Issue.record("it was answered with \(answer.status)")
            return false
        } catch TransportFault.unsure {
            return true
        } catch {
            Issue.record("\(error)")
            return false
        }
    }

    private func isNotSent(_ request: HTTPRequest) async -> Bool {
        do {
            let answer = try await transport.send(request)
            Issue.record("it was answered with \(answer.status)")
            return false
        } catch TransportFault.notSent {
            return true
        } catch {
            Issue.record("\(error)")
            return false
        }
    }
}
