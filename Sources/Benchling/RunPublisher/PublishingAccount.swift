public import IngestCore
import Synchronization

/// How far a publication has come, for whoever waits for it.
public final class PublishingAccount: Sendable {
    /// Bytes of attachments, and results: of the plan, and sent by now.
    private let bytes = Atomic<Int>(0), bytesSent = Atomic<Int>(0), results = Atomic<Int>(0), resultsSent = Atomic<Int>(0)
    private let isBegun = Atomic<Bool>(false)

    private let warned = Mutex<[Diagnostic]>([])

    /// What a person has to know of a publication that came to its end.
    public var warnings: [Diagnostic] { warned.withLock { $0 } }
    func warn(_ warning: Diagnostic) { warned.withLock { $0.append(warning) } }

    /// A result weighs about as much as so many bytes.
    private static let resultWeight = 1000

    public init() {}

    func expect(bytes count: Int, results number: Int) {
        isBegun.store(true, ordering: .relaxed)
        bytes.store(count, ordering: .relaxed)
        results.store(number, ordering: .relaxed)
        bytesSent.store(0, ordering: .relaxed)
        resultsSent.store(0, ordering: .relaxed)
    }

    func sent(bytes count: Int) { bytesSent.add(count, ordering: .relaxed) }
    func sent(results number: Int) { resultsSent.add(number, ordering: .relaxed) }
    /// What was sent came to nothing, and is sent again.
    func forgetResults() { resultsSent.store(0, ordering: .relaxed) }

    /// In per cent.
    public var share: Int {
        func weight(_ bytes: Int, _ results: Int) -> Int { bytes + results * Self.resultWeight }
        let sent = weight(bytesSent.load(ordering: .relaxed), resultsSent.load(ordering: .relaxed))
        return sent * 100 / max(1, weight(bytes.load(ordering: .relaxed), results.load(ordering: .relaxed)))
    }

    /// `412 of 20000 results of`, for a line that ends with the name of the file.
    public var text: String {
        guard isBegun.load(ordering: .relaxed) else { return "looking up the samples of" }
        if bytesSent.load(ordering: .relaxed) < bytes.load(ordering: .relaxed) { return "uploading" }
        let (all, sent) = (results.load(ordering: .relaxed), resultsSent.load(ordering: .relaxed))
        return sent < all ? "\(sent) of \(all) results of" : "finishing"
    }
}
