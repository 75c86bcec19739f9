public import IngestCore

/// What is told of results that somebody else added to a run which is archived.
public enum OthersResults {
    public static func warning(_ ids: [String], at place: SourceLocation) -> Diagnostic {
        let named = ids.prefix(10).joined(separator: ", ") + (ids.count > 10 ? ", …" : "")
        let (what, verb) = ids.count == 1 ? ("1 live result", "was") : ("\(ids.count) live results", "were")
        return Diagnostic(
            .warning, "undo.others",
            "\(what) of its runs \(verb) not made by this publication and stay\(ids.count == 1 ? "s" : ""): \(named)", at: place,
            hint: "what they belong to is archived now; archive them in Benchling too, or unarchive their run there")
    }

    public static func unknown(at place: SourceLocation) -> Diagnostic {
        Diagnostic(
            .warning, "undo.others", "whether somebody else added results to the run could not be looked for", at: place,
            hint: "see the run in Benchling; it is archived now")
    }
}
