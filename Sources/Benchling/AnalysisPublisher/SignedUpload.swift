import IngestCore

/// Puts a file to an address that is signed for an hour.
struct SignedUpload: Sendable {
    private let client: BenchlingClient
    private let path: String
    private static let freshAddresses = 3

    init(_ client: BenchlingClient, path: String) {
        self.client = client
        self.path = path
    }

    /// - Parameters:
    ///   - address: As it was given last; `nil` where it is not known any more.
    ///   - fresh: Asks for one that holds for another hour.
    func send(to address: SecretText?, fresh: () async throws -> SecretText?) async throws {
        var address = address
        for _ in 0..<Self.freshAddresses {
            if let address {
                do {
                    return try await client.upload(.file(path: path), to: address)
                } catch let failure as BenchlingFailure where failure.meansAddressRanOut {
                    // A new one is asked for.
                }
            }
            address = try await fresh()
        }
        throw BenchlingFailure(
            .unreachable, call: "PUT (signed address)",
            message: "the upload is refused at every address that the tenant gives for it")
    }
}

extension BenchlingFailure {
    /// What object stores say of an address that is no longer signed for: Amazon's a 403, others a 400 or 401.
    var meansAddressRanOut: Bool { kind == .refused && [400, 401, 403].contains(status) }
}
