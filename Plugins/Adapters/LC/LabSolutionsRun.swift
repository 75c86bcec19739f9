import IngestCore
import TabularText

/// What the sections of keys and values say of a run: its files, its methods, its sample.
struct LabSolutionsRun {
    let fields: KeyedFields
    let text: DelimitedText
    let draft: InjectionDraft

    /// The keys that tell whose results these are.
    static let subject: Set<String> = ["Sample Name", "Sample ID", "Sample Type", "Vial#", "Injection Volume", "Acquired"]

    /// Fills the draft with what is known; what has no place of its own goes to the extras of the run.
    func describe(isFirst: Bool) {
        let program = fields.text("Application Name")
        let version = fields.text("Version")
        if isFirst {
            text.source.account.name(
                format: [program ?? "LabSolutions", "ASCII", version].compactMap { $0 }.joined(separator: " "))
        }
        draft.run.software = program.map { RunRecord.Software(name: $0, version: version) }
        draft.run.name = (fields.text("Data File Name") ?? fields.text("Data File")).map(PrivateText.fileName)
        draft.run.sequence = fields.text("Batch File").map(PrivateText.fileName)
        draft.run.instrument = RunRecord.Instrument(name: fields.text("Instrument Name"), vendor: "Shimadzu")
        draft.run.operatorName = fields.person("Operator Name", "labsolutions", text.source)
        if let method = fields.text("Method File").map(PrivateText.fileName) {
            // One file for both: LabSolutions keeps acquisition and processing in one method.
            draft.run.methods += [.init(.acquisition, method), .init(.processing, method)]
        }
        if let report = fields.text("Report Format File").map(PrivateText.fileName) {
            draft.run.methods.append(.init(.report, report))
        }
        let acquired = time("Acquired", nil)
        if let acquired { draft.run.times.append(.init(.started, acquired)) }
        if let time = time("Output Date", "Output Time") { draft.run.times.append(.init(.reported, time)) }
        describeSample(acquired)
        draft.run.extras.add(fields.unread.withoutFolders)
    }

    private func describeSample(_ acquired: Timestamp?) {
        let role = fields.text("Sample Type")
        let sample = Sample(
            name: fields.text("Sample Name"), id: fields.text("Sample ID"), role: role.map { Sample.Role(written: $0) },
            roleWritten: role)
        if sample != Sample() { draft.sample = sample }
        if let vial = fields.text("Vial#") { draft.position = Position(written: vial, vial: vial) }
        var injection = Injection(acquired: acquired)
        do {
            injection.volume = try fields.quantity("Injection Volume")
        } catch {
            draft.keep("Injection Volume", of: fields, for: error, text.source)
        }
        if injection != Injection() { draft.injection = injection }
    }

    private func time(_ key: String, _ second: String?) -> Timestamp? {
        do {
            return try fields.timestamp(key, joinedTo: second)
        } catch {
            draft.keep(key, of: fields, for: error, text.source)
            if let second { draft.run.extras.add(second, fields.text(second) ?? "") }
            return nil
        }
    }
}
