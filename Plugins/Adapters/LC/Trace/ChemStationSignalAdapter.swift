public import IngestCore
import TabularText

/// Reads the signal exports of Agilent ChemStation: one signal, or the spectra of a diode array.
///
///     0.000416666666667⇥0.0042                          ,220.00000,222.00000
///     0.00125⇥0.0047                                    0.0020000000000,-4.0860,-4.1021
///
/// - A signal is two columns, time and value, without a heading, and becomes one trace. ChemStation exports times in
///   minutes; the unit of the value depends on the detector and is not told.
/// - The spectra have the wavelengths in nm in front, behind an empty cell. They become one trace with an axis for each,
///   `wavelength 220.00000`; a single one is also the wavelength of the signal.
/// - A signal is told by its encoding, for nothing else in it says what it is: UTF-16 with a byte order mark and CRLF, and
///   times that rise evenly. That is told to the user too.
/// - Where time does not rise evenly, a row is missing, stands twice or was moved: that is told with its line, and flags the
///   trace. How many points there should be, the file does not state.
///
/// Known from exports that the public readers Appia and chromConverter are tested with.
public struct ChemStationSignalAdapter: InstrumentAdapter {
    public init() {}
    public let identity = AdapterIdentity(
        "lc.chemstation-signal", version: 1, instrument: "Agilent ChemStation signal and DAD export")

    public func recognize(_ opening: SourceOpening) -> Recognition {
        guard opening.members.isEmpty else { return .no }
        let found = TraceOpening(opening)
        let isAgilents = opening.isUTF16 && opening.hasMark
        switch found.body {
        case .spectra where found.hasLikelyWavelengths && found.isRising:
            let because = "line 1 has the wavelengths of spectra, behind an empty cell"
            if isAgilents { return .certain(because: because + ", in UTF-16") }
            return found.points >= 20 ? .possible(because: because) : .no
        case .columns where opening.isUTF16 && found.heading.isEmpty && found.points >= 20 && found.isEvenCurve:
            let because = "UTF-16, two columns of numbers without a heading, the first rises evenly"
            return isAgilents && opening.endsLinesAsWindows ? .certain(because: because) : .possible(because: because)
        default: return .no
        }
    }

    public func read(_ source: SourceFile, into output: AdapterOutput) async throws {
        let found = TraceOpening(source.opening)
        let text = try DelimitedText(source, dialect: found.dialect)
        try await output.begin(RunRecord(software: .init(name: "Agilent ChemStation")))
        let row = try text.nextFilled()
        var trace = TraceRecord(
            axes: [.init("time", unit: .minute)], location: row?.location ?? source.location(line: 1, column: 1))
        guard let row, found.body == .spectra else {
            source.account.name(format: "ChemStation signal export")
            source.account.report(
                Diagnostic(
                    .note, "chemstation-signal.no-heading",
                    "the file does not say what it is: by its form it is a signal of ChemStation, whose times are in minutes",
                    at: trace.location, hint: "if it is not, say what it is with --adapter"))
            trace.axes.append(.init("signal"))
            var points = TracePoints(text, output.trace(trace), trace.axes)
            return try points.read(from: row)
        }
        source.account.name(format: "ChemStation DAD export")
        let wavelengths = try ChemStationSpectra(row)
        trace.axes += wavelengths.axes
        trace.signal = wavelengths.signal
        if wavelengths.isOdd { trace.flags.append(Flag("wavelengthOrder")) }
        var points = TracePoints(text, output.trace(trace), trace.axes)
        try points.read(from: text.nextFilled())
    }
}

extension SourceOpening {
    var isUTF16: Bool { encoding == .utf16LittleEndian || encoding == .utf16BigEndian }

    /// It begins with the byte order mark of UTF-16.
    fileprivate var hasMark: Bool { bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) }

    /// Its first line ends with CR and LF, in UTF-16.
    fileprivate var endsLinesAsWindows: Bool {
        let units = bytes.filter { $0 != 0 }
        guard let feed = units.firstIndex(of: 10) else { return false }
        return feed > 0 && units[feed - 1] == 13
    }
}
