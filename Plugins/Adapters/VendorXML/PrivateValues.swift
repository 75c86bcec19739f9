import IngestCore
import StreamingXML

extension XMLValue {
    /// The name of a person; an account of a Windows domain (`LAB\hugo`) is none: it is left out, and told as
    /// `<format>.account`.
    func person(_ format: String) -> String? {
        guard let name = string() else { return nil }
        guard PrivateText.isAccount(name) else { return name }
        leaveOut()
        element.reader.source.account.report(
            Diagnostic(
                .note, "\(format).account", "\"\(self.name)\" holds a Windows account, which does not go into records",
                at: location))
        return nil
    }

    /// The last part of a path of folders, as a description.
    func fileName() -> String? { string().map(PrivateText.fileName) }
}
