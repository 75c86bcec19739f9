import IngestCore
import StreamingXML

extension AdapterOutput {
    /// Tells what stands behind the results of a run, which is begun before them, by a finding of its own; nothing where there
    /// is nothing.
    func emitLate(_ extras: Extras, at location: SourceLocation) async throws {
        guard !extras.isEmpty else { return }
        try await emit(ResultRecord(kind: .sample, measurements: [], extras: extras.withoutFolders, location: location))
    }
}

extension Element {
    /// Notes every value in it under the path to it, without taking any: what is said of runs that follow, for when none does.
    /// Accounts of a Windows domain are passed over.
    func note(in extras: inout Extras, under heading: String) {
        for text in texts where !text.isEmpty && !PrivateText.isAccount(text.peek) { extras.add(heading, text.written) }
        noteAttributes(in: &extras, under: heading)
        for child in children { child.note(in: &extras, under: heading + "/" + child.name) }
    }

    /// Of an element that is open, its attributes alone.
    func noteAttributes(in extras: inout Extras, under heading: String) {
        for value in attributes where !value.isEmpty && !PrivateText.isAccount(value.peek) {
            extras.add(heading + "@" + value.name, value.written)
        }
    }
}
