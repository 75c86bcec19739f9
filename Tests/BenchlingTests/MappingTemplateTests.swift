import Benchling
import IngestCore
import IngestTesting
import Testing

@Suite struct MappingTemplateTests {
    private static let types = [
        "text", "long_text", "integer", "float", "boolean", "date", "datetime", "dropdown", "entity_link", "custom_entity_link",
        "assay_run_link", "blob_link", "json", "storage_link",
        "assay_result_link", "something_new",
    ]
    private static let names = [
        "retention_time", "peak_area", "sample", "analyte", "ph", "concentration", "run", "odd: name #1", "\"quoted\"", "no",
        "é\u{301}", "a\nb", "- dash", "?", "*star", "&and", "{x}", "instrument", "\u{85}nel", "日本",
        "~", "null", "a'b", "trailing ", "tab\there",
    ]

    private func schema(_ id: String, _ kind: SchemaKind, _ random: inout SeededGenerator) -> AssaySchema {
        let fields = Self.names.shuffled(using: &random).prefix(Int.random(in: 0...8, using: &random)).map { name in
            let type = Self.types.randomElement(using: &random)!
            return FieldDefinition(
                id: "f", name: name, displayName: Self.names.randomElement(using: &random), type: type,
                isRequired: Bool.random(using: &random),
                isMulti: Int.random(in: 0..<4, using: &random) == 0, isArchived: Int.random(in: 0..<8, using: &random) == 0,
                minimum: [nil, 0, 1.5, -3].randomElement(using: &random)!,
                maximum: [nil, 10, 1e6].randomElement(using: &random)!,
                dropdown: type == "dropdown" ? ["sfs_role", "sfs_gone"].randomElement(using: &random)! : nil,
                schema: [nil, "assaysch_r"].randomElement(using: &random)!)
        }
        return AssaySchema(id: id, name: Self.names.randomElement(using: &random)!, kind: kind, fields: fields)
    }

    @Test func `a template reads and fits the schemas it was made from`() throws {
        var random = SeededGenerator(seed: 2)
        var published = 0
        for _ in 0..<SeededGenerator.trials(150) {
            let run = schema("assaysch_r", .run, &random)
            let results = (0..<Int.random(in: 0...3, using: &random)).map { schema("assaysch_\($0)", .result, &random) }
            let text = TenantTemplate.yaml(
                destination: "acme", url: "https://acme.benchling.com", credentials: "{key-from: BENCHLING_API_KEY}",
                project: Self.names.randomElement(using: &random)!, registry: nil,
                run: run, results: results, dropdowns: MappingTenant.dropdowns,
                otherRuns: Array(Self.names.shuffled(using: &random).prefix(2)), otherResults: Self.names)
            do throws(ConfigurationFaults) {
                let configuration = try IngestConfiguration(text: text, file: "ingest.yaml")
                #expect(configuration.destinations.map(\.name) == ["acme"])
                for entry in configuration.publish {
                    published += 1
                    _ = try CheckedMapping(entry, schemas: [run] + results, dropdowns: MappingTenant.dropdowns)
                }
            } catch {
                Issue.record("\(error.diagnostics.map { "\($0.location): \($0.message) (\($0.hint ?? ""))" })\n\(text)")
            }
        }
        #expect(published > 20)
    }

    @Test func `every field of the schemas is told, with what it takes`() {
        let text = TenantTemplate.yaml(
            destination: "acme", url: "https://acme.benchling.com", credentials: "{key-from: K}", project: "P", registry: "R",
            run: MappingTenant.run, results: [MappingTenant.result],
            dropdowns: MappingTenant.dropdowns, otherResults: ["Potency"])
        #expect(text.contains("# Result; CHECK, there are also Potency") && text.contains("# Run\n"))
        for field in MappingTenant.result.fields where !field.isArchived {
            #expect(text.contains("\(field.name):"), "\(field.name)")
        }
        #expect(text.contains("area: value(area)  # CHECK, float, at least 0, at most 1000000"))
        #expect(text.contains("# role:  # dropdown, one of: unknown | standard"))
        #expect(!text.contains("old:"))
    }

    @Test func `the built-in mapping fits the schemas it names`() throws {
        let entry = try #require(PublishEntry.builtIn(forAdapter: "lc.chemstation"))
        #expect(PublishEntry.builtIn(forAdapter: "plate") == nil)
        let text = ["instrument", "method", "sequence", "operator", "source_sha256"].map { MappingTenant.field($0, "text") }
        let run = AssaySchema(id: "assaysch_r", name: "Chromatography Run", kind: .run, fields: text)
        let result = AssaySchema(
            id: "assaysch_s", name: "Chromatography Result", kind: .result,
            fields: [
                MappingTenant.field("run", "assay_run_link", required: true, schema: "assaysch_r"),
                MappingTenant.field("sample", "entity_link"), MappingTenant.field("sample_name", "text"),
                MappingTenant.field("analyte", "text"), MappingTenant.field("retention_time", "float"),
                MappingTenant.field("peak_area", "float"), MappingTenant.field("run_date", "date"),
                MappingTenant.field("chromatogram_file", "blob_link"),
            ])
        let checked = try CheckedMapping(entry, schemas: [run, result], dropdowns: [:])
        #expect(checked.kinds == ["peak", "compound", "sample"])
        #expect(checked.form(for: "well") == nil)
    }
}
