import IngestCore
import StreamingXML

extension ElementReader {
    /// Tells that a report has none of the elements that its results stand in, and that nothing shows whether it is whole. One
    /// that breaks off is told as such.
    /// - Parameter element: Their name.
    func tellNoResults(_ element: String) {
        guard !isBroken else { return }
        source.account.report(
            Diagnostic(
                .warning, "xml.no-results", "there are no results in this report: it has no <\(element)>", at: root.location,
                hint: "what it says besides was read; if something was measured, the file was edited: export it again"))
        source.account.doubt("there are no results in this report")
    }
}
