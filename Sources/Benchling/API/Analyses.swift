import IngestCore

/// What an analysis holds.
public struct Analysis: Sendable, Hashable {
    public var id: String
    public var folder: String?
    /// Ids, each once; of the input and of what was attached since, in no documented order.
    public var dataFrames: [String], files: [String]
}

/// A beta of the vendor's, which may change at thirty days' notice.
extension BenchlingClient {
    /// - Returns: `nil` when the tenant knows none with this id.
    public func analysis(_ id: String) async throws -> Analysis? {
        try await ifKnown(.get(Self.path(ofAnalysis: id)).beta, Analysis.init)
    }

    /// Attaches to what an analysis holds already; nothing is taken away. Whether the same id twice is ignored is not documented:
    /// send only those that ``analysis(_:)`` does not list, and when the outcome is not known, ask it.
    public func attach(dataFrames: [String], files: [String], to analysis: String) async throws -> Analysis {
        var body: [String: JSONValue] = [:]
        if !dataFrames.isEmpty { body["dataFrameIds"] = .array(dataFrames.map { .string($0) }) }
        if !files.isEmpty { body["fileIds"] = .array(files.map { .string($0) }) }
        return try await perform(
            .patch(Self.path(ofAnalysis: analysis), .object(body), whenUnsure: .tell).beta, Analysis.init)
    }

    private static func path(ofAnalysis id: String) throws -> String {
        "/analyses/" + (try QueryText.step(id, in: "/analyses"))
    }
}

extension Analysis {
    init(_ analysis: JSONValue) throws {
        self.init(
            id: try analysis.text("id"), folder: analysis["folderId"]?.string,
            dataFrames: Self.ids(analysis["dataFrameIds"]), files: Self.ids(analysis["fileIds"]))
    }

    /// Whether a tenant lists what was attached twice once or twice is not documented.
    private static func ids(_ list: JSONValue?) -> [String] {
        var known: Set<String> = []
        return (list?.elements ?? []).compactMap(\.string).filter { known.insert($0).inserted }
    }
}
