/// The entities that were found in one command, by the text they were looked up with: several files name the same samples.
actor SampleCache {
    private var found: [String: [Entity]] = [:]

    func entities(of texts: Set<String>) -> [String: [Entity]] { found.filter { texts.contains($0.key) } }

    func keep(_ entities: [String: [Entity]]) { found.merge(entities) { $1 } }
}
