import IngestCore
import TabularText

/// One injection as far as it has been read. What a report says of it may stand in front of its results or behind them,
/// so they are held back until all is known: a run is written before its results.
///
/// Results are held up to ``most``; from there on the run is begun with what is known by then.
final class InjectionDraft {
    var run = RunRecord()
    /// What results and traces get that state none of their own.
    var sample: Sample?, position: Position?, injection: Injection?
    /// The wavelengths of the signals, by name: a chromatogram states it, and the peaks of that signal share it.
    var wavelengths: [String: Quantity] = [:] {
        didSet { lastWavelength = nil }
    }
    /// Of the signal that was asked for last.
    private var lastWavelength: (signal: String, wavelength: Quantity?)?

    /// How many results are held back.
    static let most = 4096

    private let output: AdapterOutput
    private var results: [ResultRecord] = []
    private var traces: [TraceWriter] = []
    /// The run was written, with what was known of it, and so are the first of its results.
    private(set) var isBegun = false
    private var counts = (results: 0, traces: 0)

    /// - Parameter number: Of the injection in its file, from 1.
    init(_ output: AdapterOutput, number: Int) {
        self.output = output
        run.id = "r\(number)"
    }

    /// Results or traces have been read.
    var hasData: Bool { counts.results > 0 || counts.traces > 0 }

    /// Holds the result that `make` returns; a ``Diagnostic`` that it throws leaves out the row.
    /// - Parameter known: Called when too many are held, to fill in what has been read of the run.
    func add(_ row: Row, known: (InjectionDraft) -> Void, _ make: () throws -> ResultRecord) async throws {
        do {
            results.append(try make())
        } catch let diagnostic as Diagnostic {
            row.leaveOut(diagnostic)
        }
        counts.results += 1
        if isBegun || results.count >= InjectionDraft.most {
            if !isBegun { known(self) }
            try await flush()
        }
    }

    /// Keeps a field of the run that cannot be read as text, and tells why: no result depends on it.
    func keep(_ key: String, of fields: KeyedFields, for error: any Error, _ source: SourceFile) {
        run.extras.add(key, fields.text(key) ?? "")
        guard var diagnostic = error as? Diagnostic else { return }
        diagnostic.severity = .warning
        diagnostic.hint = "it was kept as text among the extras of the run"
        source.account.report(diagnostic)
    }

    /// Tells of a field that says whose results these are, and stands behind them, too late for them to get it.
    func tellLate(_ key: String, of fields: KeyedFields, _ source: SourceFile) {
        source.account.report(
            fields.fault(
                "report.late-field", "\"\(key)\" stands behind the results, which were read without it", at: key,
                severity: .warning,
                hint: "it was kept as text; if it tells of these results, export the file with it in front of them"))
        source.account.doubt("\"\(key)\" stands behind the results it may belong to")
    }

    /// Begins a trace of this injection.
    func trace(_ trace: TraceRecord) -> TraceWriter {
        counts.traces += 1
        let writer = output.trace(trace)
        traces.append(writer)
        return writer
    }

    /// Writes the run and all that belongs to it.
    /// - Parameter late: What was read after the run had to be begun.
    func finish(late: Extras = [:], at location: SourceLocation) async throws {
        if !late.isEmpty {
            if isBegun {
                results.append(ResultRecord(kind: .sample, measurements: [], extras: late, location: location))
            } else {
                run.extras.add(late)
            }
        }
        try await flush()
        for trace in traces {
            trace.change {
                $0.run = run.id
                $0.sample = $0.sample ?? sample
                $0.position = $0.position ?? position
                $0.injection = $0.injection ?? injection
            }
        }
    }

    private func flush() async throws {
        if !isBegun {
            isBegun = true
            try await output.begin(run)
        }
        for var result in results {
            result.sample = result.sample?.completed(by: sample) ?? sample
            if result.position == nil { result.position = position }
            result.injection = result.injection?.completed(by: injection) ?? injection
            if let name = result.signal?.name, result.signal?.wavelength == nil {
                result.signal?.wavelength = wavelength(of: name)
            }
            try await output.emit(result)
        }
        results.removeAll(keepingCapacity: true)
    }

    /// The wavelength of a signal, or of the only channel of a detector (`Detector A` has `Detector A-Ch1`).
    private func wavelength(of signal: String) -> Quantity? {
        if let lastWavelength, lastWavelength.signal == signal { return lastWavelength.wavelength }
        let wavelength = findWavelength(of: signal)
        lastWavelength = (signal, wavelength)
        return wavelength
    }

    private func findWavelength(of signal: String) -> Quantity? {
        if let own = wavelengths[signal] { return own }
        let channels = wavelengths.filter { $0.key.hasPrefix(signal + "-Ch") }
        return channels.count == 1 ? channels.first?.value : nil
    }
}

extension Sample {
    /// With what is known besides, unless that is of a sample that is called otherwise.
    fileprivate func completed(by other: Sample?) -> Sample {
        guard let other, agree(name, other.name), agree(id, other.id), agree(barcode, other.barcode), agree(batch, other.batch)
        else { return self }
        let isRoleKnown = role != nil || roleWritten != nil
        return Sample(
            name: name ?? other.name, id: id ?? other.id, barcode: barcode ?? other.barcode, batch: batch ?? other.batch,
            role: isRoleKnown ? role : other.role, roleWritten: isRoleKnown ? roleWritten : other.roleWritten)
    }
}

extension Injection {
    /// With what is known besides, unless that is of an injection of another number or time.
    fileprivate func completed(by other: Injection?) -> Injection {
        guard let other, agree(ordinal, other.ordinal), agree(acquired, other.acquired) else { return self }
        return Injection(
            ordinal: ordinal ?? other.ordinal, acquired: acquired ?? other.acquired, volume: volume ?? other.volume)
    }
}

/// Two facts are not known to differ.
private func agree<Fact: Equatable>(_ one: Fact?, _ other: Fact?) -> Bool { one == nil || other == nil || one == other }
