import IngestCore
import StreamingXML

extension Element {
    /// Leaves out what nobody took once all results of an element were read: texts and attributes that this format does not
    /// have there. Told once for the element, as `xml.stray-text`.
    func leaveOutStray() {
        var stray: [XMLValue] = []
        collectUnread(in: &stray)
        guard let first = stray.first else { return }
        let others = stray.count > 1 ? ", and \(stray.count - 1) more," : ""
        let fault = first.fault(
            "xml.stray-text", "\"\(first.peek.prefix(80))\"\(others) is nothing that belongs in <\(first.element.name)>",
            hint: "it was left out, the rest was read; the file was edited or damaged: export it again")
        for value in stray { value.leaveOut() }
        reader.source.account.report(fault)
    }

    private func collectUnread(in stray: inout [XMLValue]) {
        stray += attributes.filter { $0.isUnread && !$0.isEmpty }
        stray += texts.filter { $0.isUnread && !$0.isEmpty }
        for child in children { child.collectUnread(in: &stray) }
    }

    /// Keeps the attributes that nobody took, under their names.
    func keepOwnAttributes(in extras: inout Extras) {
        for attribute in attributes where attribute.isUnread {
            if let text = attribute.extra() { extras.add(attribute.name, text) }
        }
    }
}
