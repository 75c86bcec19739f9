import FoundationEssentials
import IngestCore

/// A table of a tenant, made from a CSV file.
public struct DataFrame: Sendable, Hashable {
    public enum Status: String, Sendable, Hashable {
        case notUploaded = "NOT_UPLOADED", inProgress = "IN_PROGRESS", succeeded = "SUCCEEDED", failed = "FAILED_VALIDATION"
    }

    public var id: String, name: String, status: Status
    /// Why it failed, for people.
    public var errorMessage: String?
    public var parts: [Part]
    public var columns: [Column]

    /// A CSV file of its own, with a header; a large table has several, in order.
    public struct Part: Sendable, Hashable {
        public var fileName: String
        /// Where to send it, or to fetch it from: valid for an hour, and missing while the table is worked on.
        public var address: SecretText?
    }

    public struct Column: Sendable, Hashable {
        public var name: String
        /// `String`, `Int`, `Float`, `JSON`, `DateTime`, `Date`, `Boolean` or `ObjectLink`.
        public var type: String
    }
}

extension BenchlingClient {
    /// Begins a data frame of one CSV file, which then goes to the address of its only part. Data frames cannot be listed: whoever
    /// makes one has to keep its id.
    public func createDataFrame(name: String, fileName: String) async throws -> DataFrame {
        let body: JSONValue = ["name": .string(name), "manifest": [["fileName": .string(fileName)]]]
        return try await perform(.post("/data-frames", body, whenUnsure: .again), dataFrame)
    }

    /// - Returns: `nil` when the tenant knows none with this id.
    public func dataFrame(_ id: String) async throws -> DataFrame? {
        try await ifKnown(.get(Self.path(ofDataFrame: id)), dataFrame)
    }

    /// Says that the file is there. When the outcome is not known, ``dataFrame(_:)`` tells: in progress means accepted.
    public func startDataFrame(_ id: String) async throws {
        try await perform(.patch(Self.path(ofDataFrame: id), ["uploadStatus": "IN_PROGRESS"], whenUnsure: .tell)) { _ in }
    }

    /// Waits until a data frame is made or refused.
    /// - Parameter seconds: How long at most.
    /// - Throws: ``BenchlingFailure`` of the kind `refused` when the table is refused, `unreachable` when time is up.
    public func finishedDataFrame(_ id: String, within seconds: Double = 1800) async throws -> DataFrame {
        let call = "GET /data-frames"
        let end = pace.now() + seconds
        var step = 1.0
        while true {
            guard let frame = try await dataFrame(id) else {
                throw BenchlingFailure(.notFound, call: call, message: "there is no data frame \(id)")
            }
            switch frame.status {
            case .succeeded: return frame
            case .failed: throw BenchlingFailure(.refused, call: call, message: frame.errorMessage ?? "the table is not valid")
            case .notUploaded, .inProgress: break
            }
            guard pace.now() < end else {
                throw BenchlingFailure(.unreachable, call: call, message: "the table is not made after \(Int(seconds)) s")
            }
            try await pace.wait(step, because: "the tenant makes the table")
            step = min(10, step * 1.5)
        }
    }

    private static func path(ofDataFrame id: String) throws -> String {
        "/data-frames/" + (try QueryText.step(id, in: "/data-frames"))
    }

    private func dataFrame(_ frame: JSONValue) throws -> DataFrame {
        guard let status = DataFrame.Status(rawValue: try frame.text("uploadStatus")) else {
            throw Unreadable(message: "a data frame of unknown status")
        }
        return DataFrame(
            id: try frame.text("id"), name: frame["name"]?.string ?? "", status: status,
            errorMessage: frame["errorMessage"]?.string.map(sender.shown.clean),
            parts: (frame["manifest"]?.elements ?? []).map {
                DataFrame.Part(fileName: $0["fileName"]?.string ?? "", address: $0["url"]?.string.map(SecretText.init))
            },
            columns: (frame["columns"]?.elements ?? []).map {
                DataFrame.Column(
                    name: $0["displayName"]?.string ?? $0["name"]?.string ?? "", type: $0["type"]?["name"]?.string ?? "")
            })
    }
}
