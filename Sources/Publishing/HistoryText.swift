import IngestCore

extension History {
    /// For people, a line each, without a last line end.
    public var text: String {
        guard !entries.isEmpty else {
            return reference.map { "nothing is known of \"\($0.printable)\"" } ?? "nothing was read or published yet"
        }
        return (entries.map(History.line) + (more > 0 ? ["and \(more) more"] : [])).joined(separator: "\n")
    }

    private static func line(_ entry: Entry) -> String {
        let parts =
            switch entry {
            case .reading(let reading): of(reading)
            case .publication(let one, let contents, let later): of(one, contents, later)
            case .thing(let thing, let publication): of(thing, publication)
            }
        return parts.joined(separator: " · ").printable
    }

    private static func of(_ reading: ReadingEntry) -> [String] {
        [
            "\(moment(reading.at)) read \(reading.file)",
            Receipt.count(reading.results, "result") + (reading.leftOut > 0 ? ", \(reading.leftOut) left out" : ""),
            "complete: \(reading.complete)", "status \(reading.status)",
            "\(reading.adapter) version \(reading.adapterVersion), ingest \(reading.ingestVersion)",
            "file \(Receipt.abbreviated(reading.sha256))…",
        ] + (reading.layout.map { ["layout changed: \($0)"] } ?? [])
    }

    private static func of(_ one: Publication, _ contents: PublicationContents, _ later: String?) -> [String] {
        let isBegunOnly = one.state == .open || (one.isTakenBack && contents.results + contents.files == 0)
        var parts = [
            "\(moment(one.startedAt)) \(isBegunOnly ? "began to publish" : "published") \(one.file) to \(one.destination)"
        ]
        // A file may make hundreds; the others are found by any of these.
        parts += contents.runs.prefix(3).map { "run \(Receipt.abbreviated($0.id))… \($0.schema)" }
        if contents.runs.count > 3 { parts.append("and \(contents.runs.count - 3) more runs") }
        if let analysis = one.analysis {
            parts.append("analysis \(analysis)")
            parts.append(Receipt.counted(dataFrames: contents.dataFrames, files: contents.files))
        } else {
            parts.append(Receipt.count(contents.results, "result") + ", " + Receipt.count(contents.blobs, "blob"))
        }
        parts.append("\(one.adapter) version \(one.adapterVersion), ingest \(one.ingestVersion)")
        parts.append("file \(Receipt.abbreviated(one.sha256))…")
        parts.append("publication \(Receipt.abbreviated(one.id))…")
        if let earlier = one.replaces?.split(separator: ",").map(String.init), !earlier.isEmpty {
            parts.append("replaces " + Receipt.list("publication", earlier))
        }
        switch one.state {
        case .open: parts.append("unfinished: the same command goes on from there")
        case .done: break
        case .undone: parts.append("undone" + takenBack(one))
        case .replaced:
            parts.append("replaced" + (later.map { " by publication \(Receipt.abbreviated($0))…" } ?? "") + takenBack(one))
        }
        return parts
    }

    private static func takenBack(_ one: Publication) -> String {
        (one.takenBackAt.map { " \(moment($0))" } ?? "") + (one.reason.map { ": \"\($0)\"" } ?? "")
    }

    private static func of(_ thing: PublishedThing, _ publication: Publication) -> [String] {
        [
            "\(thing.kind == .dataFrame ? "data frame" : thing.kind.rawValue) \(thing.id.isEmpty ? "(id not known yet)" : thing.id) \(thing.schema)",
            thing.state == .found ? "there before" : thing.state.rawValue, "from \(place(thing, publication))",
            "record \(thing.record)", "publication \(Receipt.abbreviated(publication.id))… to \(publication.destination)",
        ]
    }

    private static func place(_ thing: PublishedThing, _ publication: Publication) -> String {
        let location = SourceLocation(file: publication.file, member: thing.member, line: thing.line, column: thing.column)
        return location.description + (thing.path.map { " \($0)" } ?? "")
    }

    /// `2026-03-04T10:31:05.250Z` as `2026-03-04 10:31:05Z`.
    private static func moment(_ text: String) -> String {
        text.count > 19 ? text.prefix(19).replacing("T", with: " ") + "Z" : text
    }
}

// MARK: JSON

extension History {
    /// One JSON object a line, each with its `type`: `thing`, `publication` or `reading`; a last line of type `more` when
    /// there are more.
    /// - Throws: Nothing that what a ledger holds could cause.
    public var lines: [String] {
        get throws {
            let more: [JSONValue] = more > 0 ? [["type": "more", "count": .number(Double(self.more))]] : []
            return try (entries.map(History.json) + more).map(\.text)
        }
    }

    private static func json(_ entry: Entry) throws -> JSONValue {
        switch entry {
        case .reading(let reading): return try object("reading", reading)
        case .publication(let one, let contents, let later):
            return try object(
                "publication", one,
                [
                    "runs": .array(contents.runs.map { ["id": .string($0.id), "schema": .string($0.schema)] }),
                    "results": .number(Double(contents.results)), "blobs": .number(Double(contents.blobs)),
                    "dataFrames": one.analysis == nil ? nil : .number(Double(contents.dataFrames)),
                    "files": one.analysis == nil ? nil : .number(Double(contents.files)),
                    "replacedBy": later.map(JSONValue.string),
                ])
        case .thing(let thing, let publication):
            return try object(
                "thing", thing,
                [
                    "file": .string(publication.file), "sha256": .string(publication.sha256),
                    "tenant": .string(publication.tenant), "destination": .string(publication.destination),
                ])
        }
    }

    private static func object(
        _ type: String, _ value: some Encodable, _ more: [String: JSONValue?] = [:]
    ) throws -> JSONValue {
        var members = try PublishingJSON.value(of: value).members
        members["type"] = .string(type)
        for case (let key, let value?) in more { members[key] = value }
        return .object(members)
    }
}
