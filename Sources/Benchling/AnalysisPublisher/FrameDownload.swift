import FoundationEssentials
import Glibc
import IngestCore

/// Gets a data frame: its parts in order, made into one CSV file. A part is in memory while it is written.
struct FrameDownload: Sendable {
    private let client: BenchlingClient
    private let analysis: String
    /// So often the address of a part may have run out on the way: they hold for an hour.
    private static let freshAddresses = 3

    init(_ client: BenchlingClient, analysis: String) {
        self.client = client
        self.analysis = analysis
    }

    func fetch(_ frame: DataFrame) async throws -> FetchedFrame {
        let (descriptor, path) = try TemporaryFile.named()
        defer { close(descriptor) }
        do {
            var joined = JoinedParts(descriptor, frame.id)
            var frame = frame
            for number in frame.parts.indices {
                let part = try await part(number, of: &frame)
                try joined.append(part, named: "part \(number + 1) (\(frame.parts[number].fileName))")
            }
            guard joined.bytes > 0 else { throw fault(frame.id, "no-content", "data frame \(frame.id) has no part with content") }
            return FetchedFrame(
                analysis: analysis, frame, path: path, sha256: joined.finish(), bytes: joined.bytes)
        } catch {
            unlink(path)
            throw error
        }
    }

    /// - Parameter frame: Renewed when an address has run out.
    private func part(_ number: Int, of frame: inout DataFrame) async throws -> Data {
        for _ in 0..<Self.freshAddresses {
            if let address = frame.parts[number].address {
                do {
                    return try await client.download(from: address)
                } catch let failure as BenchlingFailure where failure.meansAddressRanOut {
                    // A new one is had from the frame.
                }
            }
            guard let fresh = try await client.dataFrame(frame.id), fresh.parts.count == frame.parts.count else {
                throw fault(
                    frame.id, "frame-changed", "data frame \(frame.id) changed while it was downloaded")
            }
            frame = fresh
        }
        throw BenchlingFailure(
            .unreachable, call: "GET (signed address)",
            message: "part \(number + 1) of data frame \(frame.id) is refused at every address that the tenant gives for it")
    }

    private func fault(_ frame: String, _ code: String, _ message: String) -> Diagnostic {
        Diagnostic(
            "analysis." + code, message, at: SourceLocation(file: frame),
            hint:
                "nothing was sent or attached; run the same command again, and if it stays so see what the table holds in Benchling"
        )
    }
}
