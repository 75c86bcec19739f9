extension Receipt {
    /// For people, without a last line end:
    ///
    ///     run 3f0f8f5e… Chromatography Run · 12 results, 1 blob · published to acme · undo: ingest undo 3f0f8f5e
    ///
    /// Several runs have a line each, and their counts and outcome one more. What was attached to an analysis is one line:
    ///
    ///     analysis ana_Abc12345 · 1 data frame, 1 file · published to acme · undo: ingest undo 3f0f8f5e
    public var text: String {
        var parts = [counts, outcome]
        if let analysis, !analysis.before.isEmpty {
            parts.append("beside \(Receipt.count(analysis.before.count, "attachment")) from before")
        }
        if !replaced.isEmpty { parts.append("replaces " + Receipt.list("run", replaced)) }
        if leftOut > 0 { parts.append("left out: \(Receipt.count(leftOut, "result"))") }
        if status == 4 { parts.append("nothing to do") }
        if let reference, status != 2 { parts.append("undo: ingest undo \(reference)") }
        let end = parts.filter { !$0.isEmpty }.joined(separator: " · ")
        if let analysis { return "analysis \(analysis.id.printable) · " + end }
        let runs = runs.map { "run \(Receipt.abbreviated($0.id))… \($0.schema.printable)" }
        guard runs.count == 1 else { return (runs + [end]).joined(separator: "\n") }
        return runs[0] + " · " + end
    }

    private var counts: String {
        var parts: [String] = []
        if let analysis { return Receipt.counted(dataFrames: analysis.dataFrames.count, files: analysis.files.count) }
        if !results.isEmpty || !runs.isEmpty {
            parts.append(Receipt.count(results.count, "result"))
            if skipped > 0, status != 4 { parts[0] += " (\(skipped) of them there before)" }
        }
        if !blobs.isEmpty { parts.append(Receipt.count(blobs.count, "blob")) }
        return parts.joined(separator: ", ")
    }

    private var outcome: String {
        let place =
            destination == Receipt.local
            ? "local, the tenant built into ingest (kept on this computer, sent nowhere)" : destination
        switch status {
        case 0, 1: return "published to \(place)"
        case 3:
            return """
                publishing to \(place) is unfinished; what is done is recorded, \
                and the same command goes on from there
                """
        case 4: return "already published to \(place), unchanged"
        default: return "not published to \(place)"
        }
    }

    /// What `ingest undo` takes: the begin of a run's id, or of the publication's where there is no run.
    private var reference: String? { (runs.first?.id ?? publication).map(Receipt.abbreviated) }

    static func abbreviated(_ id: String) -> String { String(id.prefix(8)) }

    static func count(_ number: Int, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }

    static func counted(dataFrames: Int, files: Int) -> String { count(dataFrames, "data frame") + ", " + count(files, "file") }

    static func list(_ noun: String, _ ids: [String]) -> String {
        "\(noun)\(ids.count == 1 ? "" : "s") " + ids.map { abbreviated($0) + "…" }.joined(separator: ", ")
    }
}
