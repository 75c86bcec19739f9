import IngestCore

/// The element that is a row of a table: by its name (`Peak`), the end of its path (`Peaks/Peak`) or all of it
/// (`/File/Samples/Sample/Peaks/Peak`). Prefixes do not count.
struct RowElement {
    let written: String
    private let names: [String]
    private let isWhole: Bool

    /// - Returns: `nil` for a text without a name in it.
    init?(_ written: String) {
        self.written = written.trimmed
        names = self.written.split(separator: "/").map { name in
            name.split(separator: ":").last.map { String($0).trimmed } ?? ""
        }
        isWhole = self.written.hasPrefix("/")
        guard !names.isEmpty, !names.contains("") else { return nil }
    }

    func matches(_ element: SurveyedElement) -> Bool {
        var place: SurveyedElement? = element
        for name in names.reversed() {
            guard let found = place, found.name == name else { return false }
            place = found.parent
        }
        return !isWhole || place == nil
    }
}
