import IngestCore

/// Why an archive was not unpacked.
struct ArchiveFault: Error, Sendable {
    enum Kind: Sendable {
        case damaged
        /// What nobody could unpack without a word from its owner: encrypted, or two files of one name.
        case refused
        case beyondBounds
    }

    let kind: Kind
    let reason: String
    /// The path of the archive when it lies in another one.
    var member: String?

    init(_ kind: Kind, _ reason: String) {
        self.kind = kind
        self.reason = reason
    }

    static let tooDeep = ArchiveFault(
        .beyondBounds, "these are archives in archives, more than \(ArchiveBounds.deepest) deep")

    /// What stops the reading of the file `name`.
    func error(in name: String) -> Diagnostic {
        Diagnostic(
            code, kind == .damaged ? "this archive cannot be unpacked: \(reason)" : reason,
            at: SourceLocation(file: name, member: member),
            hint: kind == .damaged
                ? "it is cut or damaged: copy it again, or unpack it yourself with a tool that tells what is wrong"
                : "unpack it yourself and give the file or folder you want")
    }

    /// What is told about an archive among other files of `bundle`, which are read all the same; but they are not all.
    func part(of bundle: String) -> Diagnostic {
        Diagnostic(
            code, "this archive was not unpacked: \(reason)", at: SourceLocation(file: bundle, member: member),
            hint: "nothing of what it holds was read, the files beside it were; copy or export it again")
    }

    private var code: String { kind == .damaged ? "source.damaged-archive" : "source.archive-refused" }
}
