struct Pages {
    let store: SandboxStore
    let origin: String
    func answer(_ method: String, _ segments: [String]) async throws -> Answer { Answer(Refusal.notFound("/")) }
}
