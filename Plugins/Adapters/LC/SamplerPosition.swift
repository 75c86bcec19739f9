import IngestCore

extension Position {
    /// A place in a sampler of Agilent: a vial by its number, or a well of a tray (`D1F-A1`, `P2-B-03`); `nil` for none.
    init?(agilent written: String) {
        let text = written.trimmed
        guard !text.isEmpty, text != "-1" else { return nil }
        let parts = text.split(separator: "-", omittingEmptySubsequences: false).map(String.init)
        if parts.count == 2 || parts.count == 3, Self.isTray(parts[0]),
            let well = Position(well: parts[1...].joined())
        {
            self = well
            self.written = text
            plate = parts[0]
        } else {
            self.init(written: text, vial: text)
        }
    }

    /// A drawer, front or back (`D1F`), or a plate (`P1`).
    private static func isTray(_ text: String) -> Bool {
        let digits = text.dropFirst().prefix { $0.isASCII && $0.isNumber }
        let rest = text.dropFirst(1 + digits.count)
        return (text.first == "D" || text.first == "P") && (1...2).contains(digits.count)
            && (rest.isEmpty || rest == "F" || rest == "B")
    }
}
