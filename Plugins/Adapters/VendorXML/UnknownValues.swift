import IngestCore
import StreamingXML

extension AdapterOutput {
    /// Keeps what nobody took once all results of an element were emitted: texts and attributes that this format is not known
    /// to have there, such as those of a newer version. They become the extras of a finding of their own, and are told once
    /// as `xml.unknown-values`.
    func emitUnknown(in element: Element) async throws {
        let unknown = element.unread
        guard let first = unknown.fields.first else { return }
        let others = unknown.count > 1 ? " and \(unknown.count - 1) more" : ""
        report(
            element.fault(
                "xml.unknown-values", "\(first.heading) \"\(first.text.prefix(80))\"\(others) is not known in <\(element.name)>",
                severity: .warning, hint: "it is kept among the extras of a finding of its own, the rest was read"))
        // The results of an element begin at 1.
        try await emit(
            ResultRecord(
                kind: .sample, measurements: [], flags: [Flag("unknownValues")], extras: unknown.withoutFolders,
                location: element.location, index: 0))
    }
}

extension Element {
    /// Keeps the attributes that nobody took, under their names.
    func keepOwnAttributes(in extras: inout Extras) {
        for attribute in attributes where attribute.isUnread {
            if let text = attribute.extra() { extras.add(attribute.name, text) }
        }
    }
}
