import IngestCore
import TabularText

/// What the report in words says besides its peaks.
extension MSDReport {
    /// The fields that the program writes.
    private static let known = [
        "Data Path", "Data File", "Acq On", "Operator", "Sample", "Misc", "ALS Vial", "Sample Multiplier",
        "Integration Parameters", "Integrator", "Method", "Title", "Signal",
    ]
    private static let required = ["Data File", "Acq On", "Sample", "ALS Vial", "Method", "Signal"]

    /// `Acq On    : 06 Jun 2024  14:53`, or two fields: `ALS Vial  : 2   Sample Multiplier: 1`.
    func takeFields(_ row: Row, _ filled: [Int]) async throws {
        guard let colon = filled.firstIndex(where: { row.text(at: $0).hasSuffix(":") }) else { return }
        let words = filled.map { row.text(at: $0) }
        let key = words[...colon].joined(separator: " ").dropLast().trimmed
        var value = filled.suffix(from: colon + 1)
        if key == "ALS Vial", let second = value.firstIndex(where: { row.text(at: $0) == "Sample" }) {
            let rest = value[second...]
            value = value[..<second]
            if let end = rest.firstIndex(where: { row.text(at: $0).hasSuffix(":") }) {
                rest[...end].forEach { row.describe($0) }
                keep("Sample Multiplier", row, rest[(end + 1)...])
                seen["Sample Multiplier"] = row.line
            } else {
                tellUnknown(row, rest[second], "\"Sample Multiplier\" was expected behind the vial")
            }
        }
        filled[...colon].forEach { row.describe($0) }
        if seen.updateValue(row.line, forKey: key) != nil, key != "Signal" { try tellRepeated(key, row, filled[0]) }
        try take(key, row, value)
    }

    private func take(_ key: String, _ row: Row, _ cells: ArraySlice<Int>) throws {
        let text = row.text(in: cells)
        let place = cells.first.map { row.location(of: $0) } ?? row.location
        switch key {
        case "Data Path", "Data File", "Acq On", "Operator", "Sample", "ALS Vial", "Method", "Signal":
            cells.forEach { row.describe($0) }
            guard !text.isEmpty else { return }
        default: break
        }
        switch key {
        // Where the data lay means nothing elsewhere.
        case "Data Path": break
        case "Data File":
            injection.stateDataFile(text, at: place)
            if !text.lowercased().hasSuffix(".d") {
                tell(row, cells.first ?? 0, "msd.unreadable-value", "this is no data folder, whose name ends in .D")
            }
        case "Acq On":
            guard let time = time(text) else { return keepUnreadable(key, row, cells, text) }
            injection.stateAcquired(time, at: place)
        case "Operator": injection.stateOperator(text, at: place)
        case "Sample": injection.stateSample(text, at: place)
        case "ALS Vial": injection.stateVial(text, at: place)
        case "Method":
            method = PrivateText.fileName(text)
            injection.run.methods.append(RunRecord.Method(.processing, PrivateText.fileName(text)))
        case "Signal": takeSignal(text, row, cells.first ?? 0, place)
        default:
            if !Self.known.contains(key) {
                let near = NearestName.of(key, among: Self.known).map { ", the nearest is \"\($0)\"" } ?? ""
                tell(row, row.filled[0], "msd.unknown-field", "\"\(key)\" is no field of this report\(near)")
            }
            keep(key, row, cells)
        }
    }

    private func takeSignal(_ text: String, _ row: Row, _ cell: Int, _ place: SourceLocation) {
        guard let title = MSDSignalTitle(text), title.isPossible else {
            signal = MSDSignalTitle(text)?.name ?? PrivateText.withoutFolders(text)
            return tell(row, cell, "msd.unknown-signal", "this is no signal of a data file")
        }
        signal = title.name
        injection.stateDataFile(title.dataFile, at: place)
    }

    func time(_ text: String) -> Timestamp? { Timestamp(text, order: words.survey.dateOrder, zone: file.given.timeZone) }

    private func keep(_ key: String, _ row: Row, _ cells: ArraySlice<Int>) {
        guard !cells.isEmpty else { return }
        cells.forEach { _ = row.extra($0) }
        injection.run.extras.add(key, row.text(in: cells))
    }

    private func keepUnreadable(_ key: String, _ row: Row, _ cells: ArraySlice<Int>, _ text: String) {
        keep(key, row, cells)
        tell(row, cells.first ?? 0, "msd.unreadable-value", "\"\(text)\" is not a date and time")
    }

    private func tellRepeated(_ key: String, _ row: Row, _ cell: Int) throws {
        guard ["Data Path", "Data File", "Acq On", "Sample"].contains(key) else {
            return tell(row, cell, "msd.repeated-key", "\"\(key)\" stands twice in this report")
        }
        throw FileFault(
            row.fault(
                "msd.second-report", "\"\(key)\" stands twice: two reports were put together", at: cell,
                hint: "nothing was read; report each injection again, or cut the file in two"))
    }

    // MARK: The last line

    /// `GC12.M Thu Jun 06 16:30:15 2024`, perhaps with a number of the page behind.
    private func end(_ words: [String]) -> (method: String, time: Timestamp)? {
        var words = words[...]
        if let page = words.lastIndex(where: { $0.hasPrefix("Page") }), page > 0 { words = words[..<page] }
        guard words.count >= 6, let time = time(words.suffix(5).joined(separator: " ")) else { return nil }
        return (words.dropLast(5).joined(separator: " "), time)
    }

    func isEnd(_ words: [String]) -> Bool { end(words) != nil }

    func takeEnd(_ row: Row, _ words: [String]) {
        guard let end = end(words) else { return }
        hasEnd = true
        let place = row.filled.first.map { row.location(of: $0) } ?? row.location
        if let method, method != end.method {
            tell(row, row.filled[0], "msd.other-method", "the method is \"\(end.method)\" here, and \"\(method)\" above")
        }
        _ = injection.stateProcessed(end.time, at: place)
        row.describe()
    }

    // MARK: What is told

    func finish() {
        let missing = Self.required.filter { seen[$0] == nil }
        var faults = missing.isEmpty ? [] : ["the fields \(missing.map { "\"\($0)\"" }.joined(separator: ", ")) are missing"]
        if tables == 0 { faults.append("there is no table of peaks") }
        if !hasEnd { faults.append("the line of the method and the time is missing, which ends the report") }
        for fault in faults {
            file.account.report(
                Diagnostic(
                    "msd.report-cut", fault, at: file.location(),
                    hint: "what is there was read; the file was cut or edited: report the injection again"))
            file.account.contradict("\(file.name): \(fault)")
        }
    }

    func tell(_ row: Row, _ cell: Int, _ code: String, _ message: String) {
        file.account.report(
            row.fault(
                code, message, at: cell, severity: .warning,
                hint: "the rest was read; the file was edited or damaged: report the injection again"))
    }

    func tellUnknown(_ row: Row, _ cell: Int, _ message: String) {
        row.leaveOut(
            row.fault(
                "msd.unknown-line", message, at: cell,
                hint: "this line was left out, the others were read; the file was edited or damaged"))
        file.account.doubt("line \(row.line) of \(file.name) is not understood")
    }
}
