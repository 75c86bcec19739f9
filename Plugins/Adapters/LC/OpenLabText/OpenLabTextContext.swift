import IngestCore
import TabularText

/// What the boxes above a peak table tell of the sample, the injection and the signal.
struct OpenLabTextContext {
    private(set) var sample: Sample?
    private(set) var position: Position?
    private(set) var injection: Injection?
    private(set) var signal: Signal?
    private(set) var extras = Extras()
    /// The texts that were taken, by key: a page repeats them.
    private var taken: [String: String] = [:]
    /// Nothing was told of it in a record yet.
    var isUntold = false

    var place = SourceLocation(file: "")

    enum Answer: Equatable {
        /// The same text under the same key, again.
        case repeated
        case described, extra
        /// An account of Windows, which does not go into records.
        case hidden
        /// Another sample begins with it.
        case begins
    }

    func answer(_ key: String, _ value: String) -> Answer? {
        if taken[key] == value { return .repeated }
        return taken[key] != nil && Self.tellsSamples(key) ? .begins : nil
    }

    /// The keys of reports, for those that are nearly one.
    static let keys = [
        "Sample Name", "Sample ID", "Signal", "Injection Date", "Injection", "Inj. Volume", "Vial", "Location", "Operator",
        "Sample Operator", "Instrument", "Acq. Method", "Acquisition Method", "Processing Method", "Proc. Method",
        "Data File", "Sequence Name", "Sequence", "Project", "Sample Type", "Sample Amount", "Dilution", "Multiplier",
        "Description",
        "Analysis Method", "Last Changed", "Sample Info",
    ]
    private static let words = Set(keys.map(ColumnHeading.folded))

    static func knows(_ key: String) -> Bool {
        if words.contains(ColumnHeading.folded(key)) { return true }
        switch ColumnHeading.field(key) {
        case .sampleName, .sampleID, .vial, .well, .position, .acquired, .injectionNumber, .signal: return true
        default: return false
        }
    }

    private static func tellsSamples(_ key: String) -> Bool {
        switch ColumnHeading.field(key) {
        case .sampleName, .sampleID, .acquired, .injectionNumber: true
        default: false
        }
    }

    /// - Throws: A ``Diagnostic`` for a value that cannot be what its key says.
    mutating func take(_ key: String, _ cell: BoxCell, _ source: SourceFile, _ order: DateOrder?) throws -> Answer {
        let value = cell.text
        taken[key] = value
        isUntold = true
        func fault(_ message: String) -> Diagnostic {
            Diagnostic(
                "openlab-text.field", message, at: source.location(line: cell.line, column: cell.column, field: key),
                hint: "the field was left out, the results were read; compare it with the instrument")
        }
        switch ColumnHeading.field(key) {
        case .sampleName:
            sample = sample ?? Sample()
            sample?.name = value
        case .sampleID:
            sample = sample ?? Sample()
            sample?.id = value
        case .vial, .well, .position:
            position = Position(agilent: value) ?? Position(written: value)
        case .acquired:
            guard let time = Timestamp(value, order: order, zone: source.given.timeZone) else {
                throw fault("\"\(value)\" is not a date and time")
            }
            injection = injection ?? Injection()
            injection?.acquired = time
        case .injectionNumber:
            guard let number = Int(value) else { throw fault("\"\(value)\" is not a whole number") }
            injection = injection ?? Injection()
            injection?.ordinal = number
        case .signal:
            signal = takeSignal(value)
        default:
            if PrivateText.isAccount(value) { return .hidden }
            extras.add(key, PrivateText.withoutFolders(value))
            return .extra
        }
        return .described
    }

    mutating func addTitle(_ title: String, line: Int) {
        isUntold = true
        extras.add("line \(line)", PrivateText.withoutFolders(title))
    }

    /// `DAD1A,Sig=254,4  Ref=360,100` is the signal DAD1A at 254 nm; what else it says is kept beside.
    private mutating func takeSignal(_ written: String) -> Signal {
        extras = extras.without("Signal")
        let parts = written.split(separator: ",", maxSplits: 1, omittingEmptySubsequences: false).map { String($0).trimmed }
        guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else { return Signal(name: written) }
        extras.add("Signal", written)
        return Signal(name: parts[0], wavelength: Quantity(agilentSignal: parts[1]))
    }
}

extension Extras {
    /// The same fields but for those of a heading.
    func without(_ heading: String) -> Extras {
        var extras = Extras()
        for field in fields where field.heading != heading { extras.append(distinct: field.heading, field.text) }
        return extras
    }
}
