import BenchlingSandbox
import Foundation
import Glibc

/// A local tenant for measurements in other processes: it tells its address, answers as slowly as it is told, and at the end
/// of its input tells what it was asked.
enum TenantServer {
    static func serve(latency: Double) async throws {
        var options = SandboxOptions()
        options.latency = latency
        let sandbox = try Sandbox.temporary(options: options)
        let url = try await sandbox.start()
        try say(["url": url, "apiKey": sandbox.credentials.apiKey])
        // Each line asks for the calls since the one before.
        while readLine() != nil {
            let calls = Dictionary(grouping: sandbox.requests, by: \.call).mapValues(\.count)
            let census = try sandbox.census()
            try say(["calls": calls, "requests": sandbox.requests.count, "results": census.liveResults, "runs": census.liveRuns])
            sandbox.forgetRequests()
        }
        await sandbox.stop()
    }

    private static func say(_ object: [String: Any]) throws {
        let data = try JSONSerialization.data(withJSONObject: object, options: .sortedKeys)
        print(String(decoding: data, as: UTF8.self))
        fflush(nil)
    }
}
