import IngestCore
import TabularText

/// The signals of a printed report, what stands below their names, and where their tables begin and end.
extension ChemStationTextReader {
    var isSummed: Bool { title.contains("Summed") }

    func takeSignal(_ row: Row, _ number: Int, _ name: String) async throws {
        try await closeTable(keepingSignals: true)
        if header == nil { beginInjection() }
        try await begin()
        row.describe()
        if number != lastSignal + 1 {
            source.account.report(
                row.fault(
                    "chemstation.signal-number", "signal \(number) follows signal \(lastSignal)", at: 0,
                    hint:
                        "the peaks that are there were read; a signal is missing or stands twice: report the injection again in ChemStation"
                ))
            source.account.contradict("signal \(number) follows signal \(lastSignal)")
        }
        lastSignal = number
        if name.contains("Sig="), ChemStationHeader.signal(name).signal.wavelength == nil {
            source.account.report(
                row.fault(
                    "chemstation.unreadable-value", "no wavelength can be read from \"\(name)\"", at: 0, severity: .warning,
                    hint: "the peaks were read without it; the text is kept in their extras"))
        }
        if name.isEmpty {
            source.account.report(
                row.fault("chemstation.unreadable-value", "the signal has no name", at: 0, severity: .warning))
        }
        if !isSummed { signals.append((number, name, row.location)) }
    }

    /// What stands between the name of a signal and its table, and above the signals.
    func takeFields(_ row: Row, _ line: String, _ fields: [ChemStationTextLine.Field]) async throws {
        flush()
        guard isBegun else {
            if header == nil { beginInjection() }
            header?.take(row, line, fields)
            above = .field
            return
        }
        guard table == nil, !signals.isEmpty, let field = fields.first else { return wait(row, line) }
        row.cut([field.keySpan, field.valueSpan.lowerBound..<Int.max])
        row.describe(0)
        if let value = row.extra(1) { signalExtras.add(field.key, value.trimmed) }
        if !ChemStationTextHeader.keys.contains(field.key) {
            source.account.report(
                row.fault(
                    "chemstation.unknown-key", "\"\(field.key)\" is no field of this report", at: 0, severity: .warning,
                    hint: "its value is kept in the extras of the peaks below it"))
        }
    }

    func takeRule(_ row: Row, _ rule: RuledColumns) async throws {
        row.ignore(.ruler)
        let headings = waiting
        waiting = []
        guard !headings.isEmpty, !isEnded else {
            source.account.report(
                row.fault(
                    "chemstation.no-headings", "there are no headings above this rule", at: 0,
                    hint: "the lines below it were not read; the file was edited: report the injection again in ChemStation"))
            source.account.contradict("the table at line \(row.line) has no headings")
            table = nil
            signals = []
            return
        }
        let cells = headings.reduce(0) { $0 + $1.cells }
        source.account.add(Coverage(values: cells, described: cells))
        let columns = ChemStationTextColumns(rule, headings.map(\.text), line: row.line)
        if columns.isOfStandards, !isBegun {
            standards = columns
        } else if let table, table.columns.header.names == columns.header.names, table.columns.rule == rule {
            // On the next page.
        } else {
            try await open(columns)
        }
    }

    func open(_ columns: ChemStationTextColumns) async throws {
        table?.close(at: columns.line)
        if header == nil { beginInjection() }
        try await begin()
        var own = signals
        if columns.signalColumn == nil {
            own = signals.suffix(1)
            signals.removeLast(own.count)
            try await tellWithoutPeaks()
        }
        signals = []
        guard let header else { return }
        if own.isEmpty, !isSummed {
            source.account.report(
                Diagnostic(
                    "chemstation.no-signal", "no line above this table says which signal it is of",
                    at: source.location(line: columns.line, column: 1),
                    hint: "its peaks were read without a signal; the file was edited: report the injection again in ChemStation"))
            source.account.contradict("the table at line \(columns.line) is of no signal")
        }
        let sorted = header.fields["Sorted By"] ?? "Signal"
        table = ChemStationTextTable(
            columns,
            ChemStationTextTable.Subject(
                title: title.isEmpty ? "report" : title, sample: header.sample, position: header.position,
                injection: header.injection, signals: own.map { ($0.number, $0.written) }, extras: signalExtras,
                isByTime: !isSummed && ["Signal", "Retention Time"].contains(sorted)),
            in: text)
        signalExtras = Extras()
    }

    func closeTable(keepingSignals: Bool = false) async throws {
        flush()
        table?.close(at: line)
        (table, totalled) = (nil, nil)
        if !keepingSignals { try await tellWithoutPeaks() }
    }

    func begin() async throws {
        guard !isBegun else { return }
        isBegun = true
        settle()
        if let header { try await receiver.begin(header) }
    }

    func settle() {
        guard !isSettled else { return }
        isSettled = true
        header?.settle(title: firstTitle, known: known)
    }

    /// A result for each signal named of which there is no table.
    func tellWithoutPeaks() async throws {
        guard let header else { return }
        for (number, written, place) in signals {
            let (signal, extras) = ChemStationHeader.signal(written)
            try await receiver.takeEmpty(
                ResultRecord(
                    kind: .sample, sample: header.sample, position: header.position, injection: header.injection, signal: signal,
                    measurements: [], flags: [Flag("noPeaks")], extras: extras, location: place),
                Diagnostic(
                    .note, "chemstation.no-peaks", "there are no peaks of signal \(number) (\(written))", at: place,
                    hint: "one result without measurements says so"))
        }
        signals = []
    }
}
