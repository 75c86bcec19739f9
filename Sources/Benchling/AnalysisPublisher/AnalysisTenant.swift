/// The tenant that an analysis is in: who answers for it, and what it is called.
public struct AnalysisTenant: Sendable {
    public let client: BenchlingClient
    /// Which tenant it is, whatever its destination is called: its host, or `local/<uuid>`.
    public let identity: String
    /// As named in `ingest.yaml`, or `local`.
    public let destination: String

    /// - Throws: ``StepKey/Fault`` when the key is for another tenant: then nothing was sent to anyone.
    public init(_ key: StepKey, client: BenchlingClient, identity: String, destination: String) throws {
        try key.check(client.address)
        self.init(client: client, identity: identity, destination: destination)
    }

    /// The same without a key, to take back what was attached with one.
    init(client: BenchlingClient, identity: String, destination: String) {
        self.client = client
        self.identity = identity
        self.destination = destination
    }
}
