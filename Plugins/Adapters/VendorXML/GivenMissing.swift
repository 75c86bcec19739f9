import IngestCore
import StreamingXML

extension ElementReader {
    /// Whether a part of a text, such as one of the numbers of a list, is among those of which the user said that they stand
    /// for no value (`--missing`).
    func isGivenMissing(_ text: some StringProtocol) -> Bool {
        !source.given.missing.isEmpty && source.given.missing.contains(String(text))
    }
}
