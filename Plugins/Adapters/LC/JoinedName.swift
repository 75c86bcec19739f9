/// A name that stands in several columns: ` · ` between its parts, those that are missing left out.
struct JoinedName {
    private var parts: [Int: String] = [:]

    /// Takes a part for its place in the name.
    /// - Returns: The name as it is now; `nil` without any part.
    mutating func take(_ part: String?, at place: Int) -> String? {
        parts[place] = part
        return parts.isEmpty ? nil : parts.sorted { $0.key < $1.key }.map(\.value).joined(separator: " · ")
    }
}
