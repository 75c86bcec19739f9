import IngestCore
import TabularText

/// Goes through the sections of a report line by line, and hands each to those who know what it holds.
///
/// Advice to whoever changes this: a section is settled (its fields are read) before the first section in it begins, for
/// points and peaks need what stands above them.
final class OpenLynxReader {
    private struct Open {
        /// `nil` for a section that is not known, or stands where it does not belong: its lines are kept as text.
        let kind: OpenLynxSection?
        let title: String
        let location: SourceLocation
        var fields: KeyedFields?
        var keys: Set<String> = []
        var isSettled = false
    }

    private let text: DelimitedText
    private let source: SourceFile
    private let output: AdapterOutput
    private var stack: [Open] = []
    /// A title whose brace has not come.
    private var pending: (title: String, location: SourceLocation)?
    private var keys = OpenLynxKeys()
    private var samples = 0
    /// Lines out of place.
    private var displaced = 0
    private var sections = 0
    private var sample: OpenLynxSample?
    private var numbers = OpenLynxNumbers()
    private var run: RunRecord?

    init(_ text: DelimitedText, _ output: AdapterOutput) {
        self.text = text
        source = text.source
        self.output = output
    }

    func read() async throws {
        // The fields are closed with the file, so those of sections that a cut left open have to be read at that moment.
        text.atEnd = { [unowned self] in
            for index in stack.indices { settle(index) }
            for open in stack where open.kind == .peak { open.fields?.leaveOutAll() }
        }
        while let row = try text.next() {
            if row.isBlank { continue }
            let word = row.count == 1 && row.bytes(at: 0).count < 100 ? row[0] : ""
            if let title = OpenLynxSection.title(word), isTitle(title) {
                row.describe()
                try await settlePending(row)
                try await begin(title, row)
            } else if word == "{" {
                row.ignore(.sectionEnd)
                try await openBrace(row)
            } else {
                try await settlePending(row)
                if word == "}" {
                    try await closeBrace(row)
                } else {
                    try await take(row)
                }
            }
        }
        try await end()
    }

    /// In lines of any kind, only the titles of the format are some.
    private func isTitle(_ title: String) -> Bool {
        guard let top = stack.last, top.kind?.content ?? .text == .text else { return true }
        return OpenLynxSection(rawValue: title) != nil
    }

    // MARK: Sections

    private func begin(_ title: String, _ row: Row) async throws {
        let kind = OpenLynxSection(rawValue: title)
        if let kind {
            // Sections between here and the one it belongs to have lost their closing brace.
            let place = kind.parent.map { parent in stack.lastIndex { $0.kind == parent } } ?? -1
            if let place {
                while stack.count > place + 1 { try await closeUnclosed(before: title, row) }
            }
        } else if let top = stack.last?.kind, top.content != .fields || top == .peak {
            try await closeUnclosed(before: title, row)
        }
        if let top = stack.indices.last { settle(top) }
        try await beginRun()
        pending = (title, row.location)
    }

    private func closeUnclosed(before title: String, _ row: Row) async throws {
        guard let top = stack.last else { return }
        tell(
            row.fault(
                "openlynx.unclosed", "[\(title)] begins here, but [\(top.title)] of line \(top.location.line ?? 0) is not closed",
                at: 0,
                hint: "it was read as if it ended here; a line is missing: export the file again"))
        try await close()
    }

    private func settlePending(_ row: Row) async throws {
        guard let (title, location) = pending else { return }
        tell(
            Diagnostic(
                "openlynx.no-brace", "no \"{\" follows the title [\(title)]", at: location,
                hint: "the section was read as if there was one; a line is missing: export the file again"))
        try open(title, location)
    }

    private func openBrace(_ row: Row) async throws {
        if let (title, location) = pending { return try open(title, location) }
        guard let top = stack.indices.last else {
            throw row.fault(
                "openlynx.no-title", "a section begins here without its title", at: 0,
                hint: "nothing of the file was used, for nobody knows what the lines below are: export the file again")
        }
        tell(
            row.fault(
                "openlynx.no-title", "a section begins here without its title, in [\(stack[top].title)]", at: 0,
                hint: "its lines were kept as text; a line is missing: export the file again"))
        settle(top)
        try await beginRun()
        stack.append(Open(kind: nil, title: "untitled", location: row.location))
    }

    private func open(_ title: String, _ location: SourceLocation) throws {
        pending = nil
        sections += 1
        let kind = OpenLynxSection(rawValue: title)
        if let kind, kind.parent == stack.last?.kind, kind.parent != nil || stack.isEmpty {
            var open = Open(kind: kind, title: title, location: location)
            if kind.content == .fields { open.fields = text.keyedFields() }
            if kind == .sample { samples += 1 }
            if kind.content == .points { sample?.beginCurve(kind, at: location, text, output) }
            stack.append(open)
            return
        }
        let place = stack.last.map { "[\($0.title)]" } ?? "no section"
        let near =
            NearestName.of(title, among: OpenLynxSection.allCases.map(\.rawValue)).map { "; perhaps [\($0)] is meant" } ?? ""
        let known = kind.map { "[\(title)] stands in \(place), but belongs into [\($0.parent?.rawValue ?? "")]" }
        let diagnostic = Diagnostic(
            kind == nil ? "openlynx.unknown-section" : "openlynx.misplaced-section",
            known ?? "[\(title)] is no section that is known\(near)", at: location,
            hint: "its lines were kept as text; the file was edited or damaged: export it again")
        guard sample != nil else { throw diagnostic }
        tell(diagnostic)
        stack.append(Open(kind: nil, title: title, location: location))
    }

    private func closeBrace(_ row: Row) async throws {
        guard !stack.isEmpty else {
            row.ignore(.sectionEnd)
            tell(
                row.fault(
                    "openlynx.unmatched", "this brace closes nothing", at: 0,
                    hint: "what stands above it may be read as part of another section; a line is missing or was doubled"))
            return
        }
        row.ignore(.sectionEnd)
        try await close()
    }

    private func close(isCut: Bool = false) async throws {
        settle(stack.count - 1)
        try await beginRun()
        let open = stack.removeLast()
        defer { open.fields?.settle() }
        switch open.kind {
        case .peak:
            if !isCut, let fields = open.fields {
                try await sample?.endPeak(fields, missing: missing(open), at: open.location, output)
            }
        case .trace, .masses: sample?.endCurve()
        case .chromatogram: sample?.endChromatogram()
        case .sample:
            try await sample?.end(output)
            sample = nil
        default: break
        }
    }

    /// Reads the fields of a section, once.
    private func settle(_ index: Int) {
        guard !stack[index].isSettled, let fields = stack[index].fields, let kind = stack[index].kind else { return }
        stack[index].isSettled = true
        let location = stack[index].location
        switch kind {
        case .sample:
            _ = missing(stack[index])
            let sample = OpenLynxSample(fields, at: location, source, text)
            numbers.look(fields, source)
            self.sample = sample
        case .function:
            _ = missing(stack[index])
            sample?.beginFunction(fields)
        case .spectrum:
            _ = missing(stack[index])
            sample?.beginSpectrum(fields, text)
        case .chromatogram:
            _ = missing(stack[index])
            sample?.beginChromatogram(fields, text)
        default: break
        }
    }

    /// A run for each set of methods and people: mostly one for all samples.
    private func beginRun() async throws {
        guard let sample, run != sample.run else { return }
        run = sample.run
        try await output.begin(sample.run)
    }

    private func missing(_ open: Open) -> [String] {
        guard let kind = open.kind else { return [] }
        return keys.missing(open.keys, of: kind, at: open.location, source.account)
    }

    // MARK: Lines

    private func take(_ row: Row) async throws {
        guard let top = stack.indices.last else {
            return leaveOut(
                row,
                row.fault(
                    "openlynx.outside", "\"\(row[0])\" stands in no section", at: 0,
                    hint: "this line was left out; it is none of this format, or a brace above it is one too many"))
        }
        switch stack[top].kind?.content ?? .text {
        case .points: try sample?.takePoint(row)
        case .compounds: try await sample?.takeCompound(row, output)
        case .text: sample?.takeText(row, of: stack[top].title)
        case .fields: takeField(row, top)
        }
    }

    private func takeField(_ row: Row, _ top: Int) {
        guard let kind = stack[top].kind, let fields = stack[top].fields, !stack[top].isSettled, stack[top].keys.count < 1000
        else {
            return leaveOut(
                row,
                row.fault(
                    "openlynx.misplaced-line", "\"\(row[0])\" stands behind the sections in [\(stack[top].title)]", at: 0,
                    hint: "this line was left out; a brace above it is one too many, or lines were moved: export the file again"))
        }
        let key = row[0]
        keys.look(key, after: stack[top].keys, in: kind, row)
        stack[top].keys.insert(key)
        fields.take(row)
    }

    /// Leaves out a line that is out of place; after the first few, without a word.
    private func leaveOut(_ row: Row, _ diagnostic: @autoclosure () -> Diagnostic) {
        displaced += 1
        guard displaced <= OpenLynxReader.mostTold else { return row.leaveOutToo() }
        row.leaveOut(diagnostic())
        source.account.contradict("line \(row.line) is out of place")
    }

    /// Further lines with the same fault are left out without a word of their own.
    static let mostTold = 5

    // MARK: End

    private func end() async throws {
        if let (title, location) = pending {
            tell(
                Diagnostic(
                    "openlynx.cut", "the file ends behind the title [\(title)]", at: location,
                    hint: "what is above it was read; the file was cut: export it again"))
        }
        if let top = stack.last {
            tell(
                Diagnostic(
                    "openlynx.cut",
                    "the file ends within this [\(top.title)]; \(stack.count) \(stack.count == 1 ? "section is" : "sections are") open",
                    at: top.location,
                    hint: "what is there was read, but for a peak that is not closed; the file was cut: export it again"))
            while !stack.isEmpty { try await close(isCut: true) }
        } else if samples > 0 {
            source.account.prove("all \(sections) sections of \(samples) \(samples == 1 ? "sample" : "samples") are closed")
        }
        if samples == 0 {
            try await output.begin(RunRecord())
            source.account.contradict("there is no sample")
        }
    }

    /// Reports a fault of the structure: the file contradicts itself.
    private func tell(_ diagnostic: Diagnostic) {
        source.account.report(diagnostic)
        source.account.contradict(diagnostic.message)
    }
}
