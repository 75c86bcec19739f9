/// What one publication made, found or means to make.
public struct PublicationContents: Sendable, Hashable {
    /// In file order.
    public var runs: [PublishedThing]
    public var blobs: Int, results: Int
    /// Attached to an analysis.
    public var dataFrames: Int, files: Int

    public init(runs: [PublishedThing], blobs: Int, results: Int, dataFrames: Int = 0, files: Int = 0) {
        self.runs = runs
        self.blobs = blobs
        self.results = results
        self.dataFrames = dataFrames
        self.files = files
    }
}

extension Ledger {
    public func contents(of publication: String) throws -> PublicationContents {
        // What was only meant was perhaps never made.
        let things = try things(of: publication).filter { $0.kind == .run || $0.state != .intended }
        return PublicationContents(
            runs: things.filter { $0.kind == .run }, blobs: things.count { $0.kind == .blob },
            results: things.count { $0.kind == .result }, dataFrames: things.count { $0.kind == .dataFrame },
            files: things.count { $0.kind == .file })
    }
}
