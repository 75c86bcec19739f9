import IngestCore

/// How the data systems write that a peak was integrated by hand, or how its baseline was drawn.
enum IntegrationCode {
    /// Not known whose code it is: the text is kept, nothing is concluded.
    case unknown
    /// ChemStation, OpenLab: two to five letters, `M` for a side set by hand (`MM`, `BMBA`).
    case agilent
    /// Empower: lower-case letters for a side set by hand (`bb`, `Vv`).
    case waters
    /// Chromeleon: `M` as a letter is an overlapped valley; a star marks a peak set by hand (`BMB*`).
    case thermo
    /// LabSolutions: `V` valley, `S` tailing and `T` a peak on the tail, `M` by hand.
    case shimadzu

    /// Whether all texts of a column are such codes (`BB`, `VBA`, `MM N`, `BMB*`), and none the role of a sample: a column
    /// `Type` can hold either.
    static func are(_ texts: [String]) -> Bool {
        !texts.isEmpty
            && texts.allSatisfy { text in
                let word = text.prefix { $0 != " " }.uppercased()
                let letters = word.prefix { $0.isLetter }
                return (2...5).contains(letters.count) && letters.prefix(2).allSatisfy { "BVMPFHDXRT".contains($0) }
                    && letters.allSatisfy { "BVMPFHDXRTASNIE".contains($0) }
                    && word.dropFirst(letters.count).allSatisfy { "*+&".contains($0) }
                    && Sample.Role(written: text) == .other
            }
    }

    func flags(_ written: String) -> [Flag] {
        let text = written.trimmed
        guard !text.isEmpty else { return [] }
        switch self {
        case .unknown: return []
        case .agilent: return text.contains("M") ? [Flag("manualIntegration", written: text)] : []
        case .waters:
            // Words such as `Missing` stand in the same column.
            let isCode = text.count <= 4
            return isCode && text.contains(where: \.isLowercase) ? [Flag("manualIntegration", written: text)] : []
        case .thermo: return text.contains("*") ? [Flag("manualIntegration", written: text)] : []
        case .shimadzu:
            var flags: [Flag] = []
            if text.contains("M") { flags.append(Flag("manualIntegration", written: text)) }
            if text.contains("V") { flags.append(Flag("valley", written: text)) }
            if text.contains(where: { "ST".contains($0) }) { flags.append(Flag("tailing", written: text)) }
            return flags
        }
    }
}
