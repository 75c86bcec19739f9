import IngestCore

/// The names or numbers that a document gives once each: one that is there again shows that it was changed, or put together
/// from two.
///
/// One for a document, which those who read its parts share: a copy of it would be one of all it has seen.
final class Repeats {
    /// The code under which a second one is told.
    let code: String
    /// What its results are flagged with, where they are.
    let flag: String?
    private var seen: Set<[String]> = []

    init(_ code: String, flag: String? = nil) {
        self.code = code
        self.flag = flag
    }

    /// - Parameters:
    ///   - key: All by which it is told from others.
    ///   - words: What it is, for sentences: `section "Label1"`.
    ///   - rest: What became of it.
    /// - Returns: The flag for the results of one that was there before.
    @discardableResult
    func note(
        _ key: [String], _ words: @autoclosure () -> String, at location: @autoclosure () -> SourceLocation,
        _ account: ReadingAccount, rest: String = "both were read"
    ) -> Flag? {
        guard !seen.insert(key).inserted else { return nil }
        let message = "\(words()) is there twice"
        account.report(
            Diagnostic(
                .warning, code, message, at: location(),
                hint: "\(rest); the file was edited, or put together from two: export it again"))
        account.contradict(message)
        return flag.map { Flag($0, written: key.joined(separator: ", ")) }
    }
}
