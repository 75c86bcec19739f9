import IngestCore

extension BenchlingClient {
    /// A dropdown with all its options, archived ones too.
    public func dropdown(_ id: String) async throws -> Dropdown {
        let path = "/dropdowns/" + (try QueryText.step(id, in: "GET /dropdowns"))
        return try await perform(.get(path)) { body in
            Dropdown(
                id: try body.text("id"), name: body["name"]?.string ?? "",
                options: try body.list("options").map { option in
                    Dropdown.Option(id: try option.text("id"), name: try option.text("name"), isArchived: option.isArchived)
                })
        }
    }
}
