import IngestCore
import Synchronization
import TabularText

/// Reads the rows of a text export, in which the points of all curves stand side by side.
final class UNICORNTextReader {
    private let text: DelimitedText
    private let headings: UNICORNTextHeadings
    private let output: AdapterOutput
    private let curves: [UNICORNTextCurve]
    private let spool: CurveSpool
    private let faults: CurveFaults
    private var lastFingerprint: UInt64 = 0
    /// The line of the last row with a point.
    @exclusivity(unchecked) private var lastLine = 0
    private var account: ReadingAccount { text.source.account }

    init(_ text: DelimitedText, _ headings: UNICORNTextHeadings, _ output: AdapterOutput) {
        self.text = text
        self.headings = headings
        self.output = output
        curves = headings.curves.map(UNICORNTextCurve.init)
        spool = CurveSpool(curves: curves.count)
        faults = CurveFaults(output)
    }

    func read() async throws {
        while let row = try text.next() {
            row.header = headings.header
            if row.isBlank { continue }
            if isHeading(row) {
                try leaveOutRest(row)
                break
            }
            guard row.fits(headings.header) else {
                for curve in curves { curve.clock.pass() }
                continue
            }
            watchRepeat(row)
            for (index, curve) in curves.enumerated() {
                if row.isEmpty(curve.column), row.isEmpty(curve.column + 1) {
                    curve.hasEnded = true
                } else if curve.isText {
                    try await takeEvent(row, curve, index)
                } else {
                    try takePoint(row, curve, index)
                }
            }
        }
        for curve in curves {
            tell(curve.clock.finish(), nil, curve)
            if curve.lastLine == 0 { tellEmpty(curve) }
        }
        faults.finish()
        try writeTraces()
        UNICORNTextEnds(curves, lastLine: lastLine).judge(account)
    }

    // MARK: Points

    @inline(__always)
    private func takePoint(_ row: Row, _ curve: UNICORNTextCurve, _ index: Int) throws {
        if curve.hasEnded { tellHole(row, curve) }
        let place: Double
        let value: Double
        do {
            if row.isEmpty(curve.column) || row.isEmpty(curve.column + 1) { throw half(row, curve) }
            place = try row.number(curve.column)
            value = try row.number(curve.column + 1)
            if !curve.possible.contains(value) { throw impossible(row, curve) }
        } catch let fault as Diagnostic {
            curve.clock.pass()
            faults.leaveOut(curve, of: row, fault)
            return
        }
        let finding = curve.clock.look(at: place, row, curve.column)
        if case .none = finding {} else { tell(finding, row, curve) }
        try spool.append(place, value, to: index)
        curve.lastLine = row.line
        lastLine = row.line
    }

    private func half(_ row: Row, _ curve: UNICORNTextCurve) -> Diagnostic {
        let column = row.isEmpty(curve.column) ? curve.column : curve.column + 1
        return row.fault(
            "unicorn.half-point",
            "\"\(curve.heading.name)\" has a \(column == curve.column ? "value without a place" : "place without a value") here",
            at: column,
            hint: "this point was left out, the others were read; a cell was emptied, or columns were exchanged: export the "
                + "file again")
    }

    private func impossible(_ row: Row, _ curve: UNICORNTextCurve) -> Diagnostic {
        row.fault(
            "record.impossible-value",
            "\"\(row[curve.column + 1])\" is no possible value of \"\(curve.heading.name)\": it lies outside "
                + "\(curve.possible.lowerBound) to \(curve.possible.upperBound)", at: curve.column + 1,
            hint: "this point was left out, the others were read; compare it with the instrument")
    }

    private func tellHole(_ row: Row, _ curve: UNICORNTextCurve) {
        curve.hasEnded = false
        curve.holes += 1
        guard curve.holes == 1 else { return }
        account.report(
            row.fault(
                "unicorn.hole", "\"\(curve.heading.name)\" had ended above, and goes on here", at: curve.column,
                hint: "what is there was read; a cell was emptied, or rows were moved or added: export the file again"))
        account.contradict("\"\(curve.heading.name)\" has a hole above line \(row.line)")
    }

    private func tellEmpty(_ curve: UNICORNTextCurve) {
        output.report(
            Diagnostic(
                .warning, "unicorn.empty-curve", "nothing of \"\(curve.heading.name)\" stands below its name",
                at: curve.heading.location,
                hint: "the other curves were read; if it was not empty in UNICORN, cells were lost: export the file again"))
    }

    private func tell(_ finding: UNICORNTextClock.Finding, _ row: Row?, _ curve: UNICORNTextCurve) {
        switch finding {
        case .none: break
        case .falls:
            account.contradict("the places of \"\(curve.heading.name)\" fall")
            guard let row, curve.clock.falls == 1 else { break }
            account.report(
                row.fault(
                    "trace.time-falls", "the place falls to \(row[curve.column])", at: curve.column,
                    hint: "the points were read as they stand, but nothing will be published: a place is garbled, lines were "
                        + "moved, or two files put together; export it again"))
        case .repeats:
            guard let row, curve.clock.repeats == 1 else { break }
            account.report(
                row.fault(
                    "trace.time-repeats", "the place \(row[curve.column]) stands twice", at: curve.column, severity: .warning,
                    hint: "the point was read; without flow the volume stays as it is, else a line was doubled"))
            account.doubt("places of \"\(curve.heading.name)\" stand twice")
        case .gap(let from, let to, let location):
            guard curve.clock.gaps <= 3 else { break }
            account.report(
                Diagnostic(
                    .warning, "unicorn.gap",
                    "\"\(curve.heading.name)\" has no point from \(from) to \(to), though its others lie closer", at: location,
                    hint: "the points were read; if sampling was not interrupted, a row was lost: compare the curve with UNICORN"
                ))
            account.contradict("\"\(curve.heading.name)\" lacks a point above line \(location.line ?? 0)")
        }
    }

    // MARK: Rows

    private func watchRepeat(_ row: Row) {
        let fingerprint = row.fingerprint
        defer { lastFingerprint = fingerprint }
        guard fingerprint == lastFingerprint else { return }
        faults.report(
            row.fault(
                "table.repeated-row", "this row is the same as the one before", at: 0, severity: .warning,
                hint: "both were read; compare them with UNICORN"))
        account.doubt("line \(row.line) is the same as the one before")
    }

    private func isHeading(_ row: Row) -> Bool {
        let first = row[0]
        // A number is quickly told.
        guard let letter = first.unicodeScalars.first, letter.properties.isAlphabetic else { return false }
        return headings.lines.contains { $0.first == first }
    }

    /// Another table begins, such as that of another run: its points are not of these curves.
    private func leaveOutRest(_ row: Row) throws {
        let line = row.line
        row.leaveOut(
            row.fault(
                "unicorn.second-table", "here the headings stand again", at: 0,
                hint: "what follows was left out, for it is of another run: export each by itself"))
        account.contradict("line \(line) begins another table")
        while let row = try text.next() {
            // Told once for all of them.
            if !row.isBlank { account.resultsLeftOut.add(1, ordering: .relaxed) }
        }
    }

    // MARK: Texts

    private func takeEvent(_ row: Row, _ curve: UNICORNTextCurve, _ index: Int) async throws {
        if curve.hasEnded { tellHole(row, curve) }
        guard !row.isEmpty(curve.column) else {
            let fault = row.fault(
                "unicorn.no-place", "\"\(row[curve.column + 1])\" has no place", at: curve.column,
                hint: "this text was left out; a cell was emptied: export the file again")
            faults.leaveOut(curve, of: row, fault)
            return
        }
        curve.events += 1
        curve.lastLine = row.line
        watchEvent(row, curve)
        if curve.heading.kind == .fractions { return try await emitFraction(row, curve) }
        do {
            let place = try row.number(curve.column)
            if !Self.possiblePlaces.contains(place) { throw impossiblePlace(row, curve) }
            if !row.isEmpty(curve.column + 1) {
                guard curve.extras.hasRoom(for: row[curve.column + 1].utf8.count) else { throw full(row, curve) }
                curve.extras.append(
                    distinct: "Event \(curve.events)/EventText",
                    PrivateText.withoutFolders(Self.unquoted(row.extra(curve.column + 1) ?? "")))
            }
            try spool.append(place, 0, to: index)
        } catch let fault as Diagnostic {
            faults.leaveOut(curve, of: row, fault)
        }
    }

    /// No run takes so long, in minutes or millilitres.
    private static let possiblePlaces = -100_000.0...100_000.0

    private func impossiblePlace(_ row: Row, _ curve: UNICORNTextCurve) -> Diagnostic {
        row.fault(
            "record.impossible-value", "\"\(row[curve.column])\" is no possible place of \"\(curve.heading.name)\"",
            at: curve.column, hint: "this text was left out, the others were read; compare it with the instrument")
    }

    /// Texts come in the order of their places; those of a log a moment early, as some are written late. A text has its
    /// quotes in pairs.
    private func watchEvent(_ row: Row, _ curve: UNICORNTextCurve) {
        if case .number(let place, .exact) = NumberText.read(row.bytes(at: curve.column), mark: text.survey.decimalMark) {
            if place < curve.lastPlace - 0.05 {
                faults.report(
                    row.fault(
                        "unicorn.event-order", "the place falls to \(row[curve.column])", at: curve.column, severity: .warning,
                        hint: "the text was read; its place or one above is garbled, or rows were moved: export the file again"))
                account.doubt("places of \"\(curve.heading.name)\" fall")
            }
            curve.lastPlace = place
        }
        if row.bytes(at: curve.column + 1).count(where: { $0 == UInt8(ascii: "\"") }) % 2 == 1 {
            faults.report(
                row.fault(
                    "unicorn.quote", "a quote of this text lacks the other", at: curve.column + 1, severity: .warning,
                    hint: "the text was read as it stands; if a quote was lost, compare it with UNICORN"))
        }
    }

    private func full(_ row: Row, _ curve: UNICORNTextCurve) -> Diagnostic {
        row.fault(
            "unicorn.long-log", "\"\(curve.heading.name)\" has more texts than go into one record", at: curve.column + 1,
            hint: "those from here on were left out; the curves were read")
    }

    private func emitFraction(_ row: Row, _ curve: UNICORNTextCurve) async throws {
        row.select(curve.columns)
        try await output.emitResult {
            let place = try row.quantity(curve.column, curve.heading.place)
            if let place = place.value, !Self.possiblePlaces.contains(place) { throw impossiblePlace(row, curve) }
            var result = ResultRecord(
                kind: .region, ordinal: curve.events, signal: curve.signal, measurements: [Self.measurement(place, curve)],
                location: row.location(of: curve.column), index: curve.column + 1)
            if let text = row.extra(curve.column + 1) { result.extras.add("EventText", Self.unquoted(text)) }
            return result
        }
        row.select(0..<row.count)
    }

    /// A place before the injection is no retention time.
    private static func measurement(_ place: Quantity, _ curve: UNICORNTextCurve) -> Measurement {
        guard curve.heading.isTime else { return Measurement(.retentionVolume, place) }
        return place.value.map { $0 < 0 } == true ? Measurement(own: "time", place) : Measurement(.retentionTime, place)
    }

    /// Version 5 writes quotes around a text within the cell: ` "Waste"`.
    private static func unquoted(_ text: String) -> String {
        let inside = text.trimmed
        guard inside.count > 1, inside.hasPrefix("\""), inside.hasSuffix("\"") else { return text }
        return String(inside.dropFirst().dropLast())
    }

    // MARK: Traces

    private func writeTraces() throws {
        for (index, curve) in curves.enumerated() where curve.heading.kind != .fractions {
            let writer = output.trace(curve.trace)
            try spool.forEachPart(of: index) { part in
                guard curve.isText else { return try writer.append(points: part) }
                for point in stride(from: 0, to: part.count, by: 2) { try writer.append([part[point]]) }
            }
        }
    }
}
