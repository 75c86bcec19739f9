import IngestCore

/// What stands in the way of fitting: all of it at once, but of many alike only the first.
struct DatasetFaults {
    private(set) var list: [Diagnostic] = []
    private var counts: [String: Int] = [:]
    private var told: Set<String> = []
    private static let most = 20

    var isEmpty: Bool { list.isEmpty }

    mutating func take(_ other: DatasetFaults) {
        list += other.list
        told.formUnion(other.told)
    }

    /// - Parameter once: A text with which this fault is told only once.
    mutating func add(_ code: String, _ message: String, at location: SourceLocation, once: String? = nil, hint: String?) {
        if let once, !told.insert(code + "\0" + once).inserted { return }
        counts[code, default: 0] += 1
        guard counts[code, default: 0] <= Self.most else { return }
        list.append(Diagnostic(code, message, at: location, hint: hint))
    }
}
