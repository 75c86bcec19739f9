import IngestCore
import TabularText

/// One injection as its files tell it: the run, the sample, and whether the files agree. Whichever says a thing first is
/// used, and one that says otherwise is told.
final class MSDInjection {
    enum Fact: String {
        case dataFile = "data file", sample, vial, acquired = "time of acquisition", operatorName = "operator"
        case processed = "time of processing"
    }

    var run = RunRecord()
    var sample: Sample?
    var position: Position?
    var injection: Injection?
    /// What the report in words says of the peaks, where a table beside it tells them too.
    var twins = MSDTwins()
    /// The time of the last peak of the spectrometer.
    var latest: Double?

    let output: AdapterOutput
    private var stated: [Fact: (value: String, written: String, place: SourceLocation)] = [:]
    private(set) var isBegun = false

    init(_ output: AdapterOutput) { self.output = output }

    /// Writes the run, once; all that is known of it has to be known by now.
    func begin() async throws {
        guard !isBegun else { return }
        isBegun = true
        run.extras = run.extras.withoutFolders
        try await output.begin(run)
    }

    /// Takes notice of a fact.
    /// - Parameter value: What is compared with other files, where it is not the text itself.
    /// - Returns: Whether it is new, and to be used.
    func state(_ fact: Fact, _ written: String, as value: String? = nil, at place: SourceLocation) -> Bool {
        let value = value ?? written
        guard let known = stated[fact] else {
            stated[fact] = (value, written, place)
            return true
        }
        guard known.value.lowercased() != value.lowercased() else { return false }
        let other = known.place.member ?? "line \(known.place.line ?? 1)"
        output.report(
            Diagnostic(
                "msd.files-differ", "the \(fact.rawValue) is \"\(written)\" here, and \"\(known.written)\" in \(other)",
                at: place,
                hint: "\"\(known.written)\" is used; files of two injections were mixed, or one was edited: compare them with "
                    + "the instrument"))
        output.account.contradict("the \(fact.rawValue) is told in two ways")
        return false
    }

    /// A data file by its name, whatever folders it lies in.
    func stateDataFile(_ path: String, at place: SourceLocation) {
        let name = PrivateText.fileName(path)
        if !name.isEmpty, state(.dataFile, name, at: place) { run.name = name }
    }

    func stateSample(_ name: String, at place: SourceLocation) {
        guard state(.sample, name, at: place) else { return }
        if sample == nil { sample = Sample() }
        sample?.name = name
    }

    func stateVial(_ written: String, at place: SourceLocation) {
        // Vials have a number, or the name of a tray in front of theirs.
        if written != "-1", let first = written.first, first.isNumber || first == "-", !written.allSatisfy(\.isNumber) {
            output.report(
                Diagnostic(
                    .warning, "msd.unreadable-value", "\"\(written)\" is no number of a vial, and no place in a tray", at: place,
                    hint: "it was read as it stands: compare it with the instrument"))
        }
        if state(.vial, written, at: place) { position = Position(agilent: written) }
    }

    func stateOperator(_ name: String, at place: SourceLocation) {
        guard !PrivateText.isAccount(name) else {
            output.report(
                Diagnostic(
                    .note, "msd.account", "the operator is a Windows account, which does not go into records", at: place))
            return
        }
        if state(.operatorName, name, at: place) { run.operatorName = name }
    }

    /// Times are compared by the minute: not all files tell the seconds.
    func stateAcquired(_ time: Timestamp, at place: SourceLocation) {
        let minute = time.local.map { String($0.description.prefix(16)) } ?? time.written
        guard state(.acquired, time.written, as: minute, at: place) else { return }
        if injection == nil { injection = Injection() }
        injection?.acquired = time
    }

    /// - Returns: Whether it is the one of the run.
    func stateProcessed(_ time: Timestamp, at place: SourceLocation) -> Bool {
        let second = time.local?.description ?? time.written
        guard let known = stated[.processed] else {
            _ = state(.processed, time.written, as: second, at: place)
            run.times.append(RunRecord.Time(.processed, time))
            return true
        }
        return known.value == second
    }

    /// A result of this injection, to be filled.
    func result(_ kind: ResultRecord.Kind, _ signal: Signal?, _ place: SourceLocation) -> ResultRecord {
        ResultRecord(
            kind: kind, sample: sample, position: position, injection: injection, signal: signal, measurements: [],
            location: place)
    }
}
