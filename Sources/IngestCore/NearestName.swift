/// The name closest to a mistyped one.
package enum NearestName {
    /// - Returns: `nil` when none is near: more than a third of the characters would have to change.
    package static func of(_ typed: String, among names: some Sequence<String>) -> String? {
        let best = names.map { (name: $0, distance: distance(typed, $0)) }.min { $0.distance < $1.distance }
        guard let best, best.distance <= max(1, typed.count / 3) else { return nil }
        return best.name
    }

    /// Levenshtein's distance.
    private static func distance(_ a: String, _ b: String) -> Int {
        let right = Array(b)
        var row = Array(0...right.count)
        for (i, left) in a.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for j in right.indices {
                let next = min(row[j] + 1, row[j + 1] + 1, diagonal + (left == right[j] ? 0 : 1))
                diagonal = row[j + 1]
                row[j + 1] = next
            }
        }
        return row[right.count]
    }
}
