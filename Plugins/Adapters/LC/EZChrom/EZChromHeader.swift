import IngestCore
import TabularText

/// The fields above the points: the injection, and what each channel has for itself.
struct EZChromHeader {
    struct Channel {
        var points = 0
        /// Points a second; `nil` where it cannot be read.
        var rate: Double?
        var factor: DecimalFactor?
        /// As written, by key.
        var written: [String: String] = [:]
    }

    let fields: KeyedFields
    private(set) var channels: [Channel] = []
    private(set) var run = RunRecord(software: .init(name: "EZChrom Elite"))
    private(set) var sample: Sample?
    private(set) var position: Position?
    private(set) var injection: Injection?
    private(set) var version: String?
    /// The fields that no other place has.
    private(set) var extras = Extras()

    /// Keys with a value for each channel.
    static let ofChannels = [
        "Sampling Rate", "Total Data Points", "X Axis Title", "Y Axis Title", "X Axis Multiplier", "Y Axis Multiplier",
    ]
    /// What stands behind the values of all channels.
    private static let units = ["Sampling Rate": "Hz", "Total Data Points": "Pts."]
    /// Those that every export has, and the others.
    private static let always =
        ["Version", "Maxchannels", "Sample ID", "Data File", "Method", "User Name", "Acquisition Date and Time"] + ofChannels
    private static let sometimes = ["Vial Number", "Volume", "Pretreat Name"]

    /// Reads up to the first row of points; that row, or `nil` at the end.
    static func read(_ text: DelimitedText) throws -> (EZChromHeader, Row?) {
        let fields = text.keyedFields()
        var keys: Set<String> = []
        var cut: Result<EZChromHeader, any Error>?
        // The fields are closed with the file: where no point follows, this is the moment to read them.
        text.atEnd = { cut = Result { try EZChromHeader(fields, text) } }
        while let row = try text.next() {
            if row.isBlank { continue }
            let isKey = row[0].hasSuffix(":") || (1..<max(1, row.count)).contains { !row.isEmpty($0) }
            // Behind the last field that is always there, also a garbled number is one.
            guard isKey || !row.startsLikeNumber(0) && !keys.contains(ofChannels[5]) else {
                text.atEnd = nil
                return (try EZChromHeader(fields, text), row)
            }
            fields.take(row)
            guard let key = fields.keys.last else { continue }
            tell(key, keys, row)
            keys.insert(key)
        }
        text.atEnd = nil
        return (try cut?.get() ?? EZChromHeader(fields, text), nil)
    }

    /// Tells of a key that is not one of the format, or stands twice.
    private static func tell(_ key: String, _ keys: Set<String>, _ row: Row) {
        if !ofChannels.contains(key), let column = (2..<max(2, row.count)).first(where: { !row.isEmpty($0) }) {
            row.source.account.report(
                row.fault(
                    "ezchrom.further-value", "a second value stands behind \"\(key)\"", at: column, severity: .warning,
                    hint: "they were read as one text; a value was inserted, unless the text has the separator of the file"))
            row.source.account.doubt("\(key) has more than one value")
        }
        if keys.contains(key) {
            row.source.account.report(
                row.fault(
                    "ezchrom.repeated-field", "the field \"\(key)\" stands twice", at: 0,
                    hint: "the first was read; the file was edited, or two were put together: export it again"))
            row.source.account.contradict("the field \(key) stands twice")
        } else if !(always + sometimes).contains(key) {
            let near = NearestName.of(key, among: always + sometimes).map { "; perhaps \"\($0)\" is meant" } ?? ""
            row.source.account.report(
                row.fault(
                    "ezchrom.unknown-field", "\"\(key)\" is no field of this format\(near)", at: 0, severity: .warning,
                    hint: "it was kept as text"))
        }
    }

    private init(_ fields: KeyedFields, _ text: DelimitedText) throws {
        self.fields = fields
        let source = text.source
        let missing = Self.always.filter { !fields.keys.contains($0) }
        if !missing.isEmpty {
            source.account.report(
                Diagnostic(
                    .warning, "ezchrom.missing-field",
                    "the fields " + missing.map { "\"\($0)\"" }.joined(separator: ", ") + " are missing",
                    at: source.location(line: 1, column: 1),
                    hint: "what is there was read; the file was edited or its beginning is gone: export it again"))
            source.account.doubt("\(missing.count) fields are missing")
        }
        version = fields["Version"]
        sample = fields.text("Sample ID").map { Sample(name: $0) }
        position = fields.text("Vial Number").map { Position(written: $0, vial: $0) }
        run.operatorName = fields.person("User Name", "ezchrom", source)
        run.methods = fields.text("Method").map { [.init(.acquisition, PrivateText.fileName($0))] } ?? []
        injection = Self.injection(fields, source)
        try takeChannels(text)
        extras = fields.unread.withoutFolders
    }

    private static func injection(_ fields: KeyedFields, _ source: SourceFile) -> Injection? {
        var injection = Injection()
        do {
            injection.acquired = try fields.timestamp("Acquisition Date and Time")
            injection.volume = try fields.quantity("Volume")
        } catch {
            if let diagnostic = error as? Diagnostic { source.account.report(diagnostic) }
        }
        return injection == Injection() ? nil : injection
    }

    // MARK: Channels

    private mutating func takeChannels(_ text: DelimitedText) throws {
        let count = try channelCount(text.source)
        channels = Array(repeating: Channel(), count: count)
        for key in Self.ofChannels { try take(key, count, text) }
        for index in channels.indices { check(index, text) }
    }

    /// How many channels there are: `Maxchannels`, and as many counts of points.
    private func channelCount(_ source: SourceFile) throws -> Int {
        let counts = (fields.values("Total Data Points") ?? []).prefix { Int($0) != nil }.count
        let stated = fields["Maxchannels"]
        guard let stated, stated != String(counts) else {
            if counts > 0 { return counts }
            throw noCounts("there is none", source)
        }
        // Without the count of each channel nobody knows where the next begins.
        guard counts > 0, Int(stated) == nil else {
            throw noCounts("Maxchannels is \(stated), and \(counts) channels have one", source)
        }
        source.account.report(
            fields.fault(
                "ezchrom.channels", "\"\(stated)\" is no number of channels", at: "Maxchannels",
                hint: "\(counts) channels were read, for as many have a count of points"))
        source.account.contradict("Maxchannels is \(stated)")
        return counts
    }

    private func noCounts(_ found: String, _ source: SourceFile) -> Diagnostic {
        fields.leaveOut()
        return fields.fault(
            "ezchrom.counts", "\"Total Data Points\" has to tell the points of each channel: \(found)",
            at: "Total Data Points", hint: "nothing of the file was used, for the points of its channels cannot be told apart")
    }

    private mutating func take(_ key: String, _ count: Int, _ text: DelimitedText) throws {
        guard var values = fields.values(key) else { return }
        if let unit = Self.units[key] {
            if values.count == count + 1, values[count] == unit {
                values.removeLast()
            } else if values.count == count || values.count == count + 1 {
                let found = values.count == count ? "there is no unit" : "it is \"\(values[count])\""
                tell("ezchrom.unit", "\"\(key)\" is in \(unit) in this format, but \(found)", key, text.source)
                if key == "Sampling Rate" { return }
                values = Array(values.prefix(count))
            }
        }
        guard values.count == count else {
            tell("ezchrom.channels", "\"\(key)\" has \(values.count) values for \(count) channels", key, text.source)
            return
        }
        for (index, value) in values.enumerated() where !value.isEmpty {
            channels[index].written[key] = value
            switch key {
            case "Total Data Points": channels[index].points = try points(value, text.source)
            case "Sampling Rate": channels[index].rate = Self.positive(value, text.survey.decimalMark)
            case "Y Axis Multiplier": channels[index].factor = DecimalFactor(value, mark: text.survey.decimalMark)
            default: break
            }
        }
    }

    /// A count beyond what any file holds is garbled.
    private func points(_ written: String, _ source: SourceFile) throws -> Int {
        guard let points = Int(written), (0...1_000_000_000).contains(points) else {
            throw noCounts("\"\(written)\" is none", source)
        }
        return points
    }

    private static func positive(_ text: String, _ mark: DecimalMark?) -> Double? {
        if case .number(let value, .exact) = NumberText.read(text, mark: mark), value > 0 { value } else { nil }
    }

    /// Tells what cannot be scaled, and axes that contradict themselves.
    private func check(_ index: Int, _ text: DelimitedText) {
        let channel = channels[index]
        for (key, isRead) in [("Sampling Rate", channel.rate != nil), ("Y Axis Multiplier", channel.factor != nil)] {
            guard !isRead, let written = channel.written[key] else { continue }
            tell(
                "ezchrom.unscaled", "\"\(written)\" is no number above 0, in \"\(key)\" of channel \(index + 1)", key, text.source
            )
        }
        guard let title = channel.written["X Axis Title"], let multiplier = channel.written["X Axis Multiplier"] else { return }
        let seconds: Double? = ["seconds": 1, "minutes": 60][title.lowercased()]
        let value = Self.positive(multiplier, text.survey.decimalMark)
        guard let seconds, let value, abs(value * seconds - 1) <= 1e-3 else {
            tell(
                "ezchrom.time-axis",
                "the X axis of channel \(index + 1) is \"\(title)\", but its multiplier is \"\(multiplier)\"",
                "X Axis Multiplier", text.source)
            return
        }
    }

    private func tell(_ code: String, _ message: String, _ key: String, _ source: SourceFile) {
        source.account.report(
            fields.fault(
                code, message, at: key,
                hint: "the points were read without what cannot be told of them; the file was edited or damaged: export it again")
        )
        source.account.contradict(message)
    }
}
