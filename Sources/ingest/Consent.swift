import Glibc

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

    func ask(_ question: String) -> Answer {
        if alwaysYes { return .yes }
        guard !standardInputIsTaken, isatty(STDIN_FILENO) == 1, isatty(STDERR_FILENO) == 1 else { return .nobodyToAsk }
        Terminal.write(Terminal.printable(question) + " [y/N] ", to: STDERR_FILENO)
        let answer = readLine()?.lowercased()
        return answer == "y" || answer == "yes" ? .yes : .no
    }
}
