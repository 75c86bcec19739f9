import IngestCore
import StreamingXML

/// The numbers that a format gives its elements one by one: two of the same, or one that is missing, show that the document
/// was changed.
struct Numbering {
    /// The code under which such numbers are told.
    let code: String
    /// What has the numbers, for sentences.
    let noun: String
    /// What the first one has; `nil` where it is any.
    var first: Int?
    private var seen: Set<Int> = []
    private var last: Int?
    private var isBegun = false

    init(_ code: String, of noun: String, from first: Int? = nil) {
        self.code = code
        self.noun = noun
        self.first = first
    }

    /// Compares a number with those before; nothing of it is taken.
    ///
    /// - Parameter tellsOdd: A text that is no number is told; false where it is told anyway.
    /// - Returns: The flag of an element whose number was given before.
    mutating func note(_ value: XMLValue?, tellsOdd: Bool = true) -> Flag? {
        defer { isBegun = true }
        guard let value else {
            last = nil
            return nil
        }
        guard let number = Int(value.peek) else {
            last = nil
            if tellsOdd { tell(value, "\"\(value.peek)\" is no number of a \(noun)") }
            return nil
        }
        guard seen.insert(number).inserted else {
            tell(value, "\(noun) \(number) is there twice")
            return Flag("repeatedNumber", written: value.peek)
        }
        if let last, last + 1 != number {
            tell(value, "\(noun) \(number) follows \(noun) \(last)")
        } else if !isBegun, let first, first != number {
            tell(value, "the first \(noun) has the number \(number), not \(first)")
        }
        last = number
        return nil
    }

    private func tell(_ value: XMLValue, _ message: String) {
        let account = value.element.reader.source.account
        account.report(
            value.fault(
                code, message, severity: .warning,
                hint: "each \(noun) that is there was read; they are numbered one by one, so the file was edited or damaged: "
                    + "export it again"))
        account.contradict(message)
    }
}
