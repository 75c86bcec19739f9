import IngestCore

/// The sections of a report and how they nest.
enum OpenLynxSection: String, CaseIterable {
    case sample = "SAMPLE"
    case compound = "COMPOUND"
    case fractionResults = "FRACTIONRESULTS"
    case fraction = "FRACTION"
    case function = "FUNCTION"
    case spectrum = "SPECTRUM"
    case masses = "MS"
    case found = "RESULTS"
    case chromatogram = "CHROMATOGRAM"
    case trace = "TRACE"
    case peak = "PEAK"
    case acceptance = "ACCEPTANCE CRITERIA"
    case inlet = "INLET PARAMETERS"

    /// The section it stands in; `nil` for a sample, which stands in none.
    var parent: OpenLynxSection? {
        switch self {
        case .sample: nil
        case .compound, .fractionResults, .fraction, .function, .acceptance, .inlet: .sample
        case .spectrum, .chromatogram: .function
        case .masses, .found: .spectrum
        case .trace, .peak: .chromatogram
        }
    }

    enum Content {
        /// Keys with values, and perhaps sections behind them.
        case fields
        /// Two numbers a line.
        case points
        /// A line of headings, and rows.
        case compounds
        /// Lines of any kind.
        case text
    }

    var content: Content {
        switch self {
        case .sample, .function, .spectrum, .chromatogram, .peak: .fields
        case .masses, .trace: .points
        case .compound: .compounds
        case .fractionResults, .fraction, .found, .acceptance, .inlet: .text
        }
    }

    /// What stands between the brackets of a title; `nil` for any other line.
    static func title(_ line: String) -> String? {
        guard line.hasPrefix("["), line.hasSuffix("]"), line.count > 2 else { return nil }
        return line.dropFirst().dropLast().trimmed
    }
}
