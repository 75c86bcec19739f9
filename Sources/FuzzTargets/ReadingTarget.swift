import Digests
import IngestCore
import IngestPipeline
import IngestTesting
import InstrumentAdapters
import RecordReading

extension FuzzTarget {
    /// The adapters with their names: those listed, and the one that is told its columns.
    static let adapters = AdapterRoster.all.map { adapter in
        FuzzTarget("adapter.\(adapter.identity.name)", longest: 24_000) { input in
            try await checkReading(FuzzBundle(input), [adapter], .format(adapter.identity.name), chunk: input.chunkLength)
        }
    }

    /// Which adapter reads a file, and what it makes of it.
    static let detection = FuzzTarget("detection", longest: 24_000) { input in
        try await checkReading(FuzzBundle(input), AdapterRoster.all, .anything, chunk: input.chunkLength)
    }

    /// A file in an archive, or in archives in archives.
    static let archive = FuzzTarget("archive", longest: 16_000, grace: 0.5, perByte: 1e-4) { input in
        let file = try TemporaryText(bytes: input, name: "input")
        do {
            let opened = try SourceOpener.open(file.path)
            try await checkReading(opened, GivenAssumptions(), AdapterRoster.all, .anything, chunk: 4093)
        } catch is Diagnostic {
            // Refused, with a reason.
        }
    }

    private static func checkReading(
        _ bundle: FuzzBundle, _ adapters: [any InstrumentAdapter], _ wish: Detection.Wish, chunk: Int
    ) async throws {
        try await checkReading(bundle.opened, bundle.given, adapters, wish, chunk: chunk)
    }

    private static func checkReading(
        _ opened: OpenedSource, _ given: GivenAssumptions, _ adapters: [any InstrumentAdapter], _ wish: Detection.Wish,
        chunk: Int
    ) async throws {
        var run = IngestRun(adapters: adapters, wish: wish, given: given)
        let whole = try await run.reading(opened)
        run.chunkLength = chunk
        let parts = try await run.reading(opened)
        if isBroken(whole) {
            let codes = "\(whole.codes) or, in chunks of \(chunk) bytes, \(parts.codes)"
            try expect(whole.status == 2 && parts.status == 2, "a document that breaks is used: \(codes)")
        } else {
            try expectSame(whole.lines, parts.lines, "records in chunks of \(chunk) bytes")
            func told(_ reading: AdapterReading) -> String { reading.diagnostics.map(GoldenSamples.text).joined() }
            try expectSame(told(whole), told(parts), "diagnostics in chunks of \(chunk) bytes")
        }
        for diagnostic in whole.diagnostics {
            try expect(!diagnostic.code.hasPrefix("adapter."), "a fault of the adapter: \(GoldenSamples.text(diagnostic))")
        }
        try expect(whole.end != nil || whole.diagnostics.contains { $0.severity == .error }, "refused without a reason")
        for result in whole.results { for measurement in result.measurements { try check(measurement) } }
        if whole.end != nil { try checkRecords(whole.lines) }
    }

    /// Where a document is no XML any more, libxml2 stops a little earlier or later, as the chunks fall, and says so in other
    /// words.
    private static func isBroken(_ reading: AdapterReading) -> Bool {
        let codes: Set<String> = ["xml.malformed", "xml.not-xml", "xml.encoding", "xml.refused", "xml.no-element"]
        return reading.diagnostics.contains { codes.contains($0.code) }
    }

    /// A value is the number that was written, whatever way it was read.
    private static func check(_ measurement: Measurement) throws {
        let quantity = measurement.quantity
        guard let value = quantity.value else { return }
        let written = Array(quantity.written.utf8)
        let values = [DecimalMark.point, .comma].compactMap { PlainDecimal(written, mark: $0)?.value }
        try expect(
            values.isEmpty || values.contains { $0 == value },
            "\(measurement.name) is \(value), where \"\(quantity.written)\" is written")
    }

    /// What was written is taken by those who read it.
    private static func checkRecords(_ lines: String) throws {
        let end = lines.utf8.dropLast().lastIndex(of: 10).map { lines.utf8.index(after: $0) } ?? lines.startIndex
        let digest = MessageDigest.of(String(lines[..<end]))
        let text = lines[..<end] + lines[end...].replacing("\"(digest)\"", with: "\"\(digest)\"")
        let file = try TemporaryText(String(text))
        do {
            let records = try RecordsFile(path: file.path)
            let results = try records.results()
            while try results.next() != nil {}
        } catch let fault as Diagnostic {
            throw FuzzFinding("the records are refused: \(GoldenSamples.text(fault))")
        }
    }
}
