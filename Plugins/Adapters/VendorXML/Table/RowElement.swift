import IngestCore

/// The element that is a row of a table: by its name (`Peak`), the end of its path (`Peaks/Peak`) or all of it
/// (`/File/Samples/Sample/Peaks/Peak`). A name with a prefix (`a:Peak`) is that of elements with this prefix, one without is
/// that of any.
struct RowElement {
    let written: String
    private let names: [(prefix: String?, name: String)]
    private let isWhole: Bool

    /// Of the row, without a prefix.
    var name: String { names.last?.name ?? written }

    /// - Returns: `nil` for a text without a name in it.
    init?(_ written: String) {
        self.written = written.trimmed
        names = self.written.split(separator: "/").map { name in
            let parts = name.split(separator: ":").map { String($0).trimmed }
            return (parts.count > 1 ? parts[0] : nil, parts.last ?? "")
        }
        isWhole = self.written.hasPrefix("/")
        guard !names.isEmpty, !names.contains(where: { $0.name.isEmpty }) else { return nil }
    }

    func matches(_ element: SurveyedElement) -> Bool {
        var place: SurveyedElement? = element
        for (prefix, name) in names.reversed() {
            guard let found = place, found.name == name, prefix == nil || found.prefix == prefix else { return false }
            place = found.parent
        }
        return !isWhole || place == nil
    }
}
