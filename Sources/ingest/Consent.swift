import Benchling
import Glibc
import IngestCore

/// Asks a person, one question at a time whichever file it is about.
actor Consent {
    enum Answer { case yes, no, nobodyToAsk }

    private let alwaysYes: Bool
    private let standardInputIsTaken: Bool

    /// - Parameter standardInputIsTaken: A file is read from there, so no answer can be.
    init(alwaysYes: Bool, standardInputIsTaken: Bool) {
        self.alwaysYes = alwaysYes
        self.standardInputIsTaken = standardInputIsTaken
    }

    /// Asks all of them, until one is not agreed to.
    /// - Returns: `nil` when all are.
    func refusal(of questions: [PlanQuestion], about file: String) -> Diagnostic? {
        for question in questions {
            let place = SourceLocation(file: file)
            switch ask("\(file): \(question.text). Go on?") {
            case .yes: continue
            case .no:
                return Diagnostic(
                    "publish.not-agreed", "not agreed to: \(question.text)", at: place,
                    hint: "nothing was sent; the same command asks again")
            case .nobodyToAsk:
                return Diagnostic(
                    "publish.needs-consent", question.text, at: place,
                    hint: "there is no terminal to ask at: add --yes to go on, or look first with --dry-run; nothing was sent")
            }
        }
        return nil
    }

    private func ask(_ question: String) -> Answer {
        if alwaysYes { return .yes }
        guard !standardInputIsTaken, isatty(STDIN_FILENO) == 1, isatty(STDERR_FILENO) == 1 else { return .nobodyToAsk }
        let answer = Terminal.ask(Terminal.printable(question) + " [y/N] ")?.lowercased()
        return answer == "y" || answer == "yes" ? .yes : .no
    }
}
