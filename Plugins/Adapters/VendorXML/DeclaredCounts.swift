import IngestCore
import StreamingXML

extension XMLValue {
    /// A count that the document declares, to be compared with what is there; `nil` where there is none. Nothing is taken.
    ///
    /// A text that is no count is told under `code`: nobody can then say whether all that was counted is there.
    func declaredCount(_ code: String) -> Int? {
        guard !isEmpty else { return nil }
        if let count = Int(peek) { return count }
        let account = element.reader.source.account
        account.report(
            fault(
                code, "\"\(peek)\" is no count, in \(name) of <\(element.name)>",
                hint: "what is there was read, but nothing shows that it is all; the file was edited or damaged: export it again")
        )
        account.doubt("\(name) is \"\(peek)\", which is no count")
        return nil
    }
}

extension Element {
    /// A count in a field, as ``XMLValue/declaredCount(_:)``.
    func declaredCount(_ field: String, _ code: String) -> Int? { self[field]?.declaredCount(code) }
}
