/// Cuts lists of ids and names into what one address takes.
enum IDBatches {
    /// Servers commonly take 8 KiB of a request's first line; 200 UUIDs are 7399 bytes.
    static let longestList = 7500

    /// - Parameter most: How many the call takes.
    static func of(_ ids: [String], most: Int) -> [[String]] {
        var batches: [[String]] = [], length = 0
        for id in ids {
            let bytes = QueryText.encoded(id).utf8.count + 1
            if batches.isEmpty || batches[batches.count - 1].count == most || length + bytes > longestList + 1 {
                batches.append([])
                length = 0
            }
            batches[batches.count - 1].append(id)
            length += bytes
        }
        return batches
    }
}
