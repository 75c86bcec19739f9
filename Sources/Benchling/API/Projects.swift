import IngestCore

extension BenchlingClient {
    /// The projects that these credentials can see.
    public func projects() async throws -> [NamedThing] {
        try await all(.get("/projects"), "projects", NamedThing.init)
    }
}

extension NamedThing {
    init(_ thing: JSONValue) throws {
        self.init(id: try thing.text("id"), name: try thing.text("name"), isArchived: thing.isArchived)
    }
}
