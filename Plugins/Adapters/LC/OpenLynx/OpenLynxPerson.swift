import IngestCore
import TabularText

/// Names of people, as `Ann Example (axe12345)`: what stands in brackets is an account, and is not kept.
enum OpenLynxPerson {
    static func name(_ fields: KeyedFields, _ key: String, _ source: SourceFile) -> String? {
        guard let written = fields.person(key, "openlynx", source) else { return nil }
        // The closing bracket may be cut off: MassLynx shortens names.
        let name = written.split(separator: "(", maxSplits: 1, omittingEmptySubsequences: false)[0].trimmed
        return name.isEmpty ? nil : name
    }
}
