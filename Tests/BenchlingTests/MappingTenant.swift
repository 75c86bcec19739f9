import Benchling
import IngestCore
import IngestTesting
import RecordReading

/// Schemas to map to, and short ways to a mapping.
enum MappingTenant {
    static func field(
        _ name: String, _ type: String, required: Bool = false, multi: Bool = false, archived: Bool = false, min: Double? = nil,
        max: Double? = nil, dropdown: String? = nil, schema: String? = nil, display: String? = nil
    ) -> FieldDefinition {
        FieldDefinition(
            id: "f_" + name, name: name, displayName: display, type: type, isRequired: required, isMulti: multi,
            isArchived: archived,
            minimum: min, maximum: max, dropdown: dropdown, schema: schema)
    }

    static let run = AssaySchema(
        id: "assaysch_run", name: "Run", kind: .run,
        fields: [
            field("instrument", "text"), field("started", "datetime"), field("report", "blob_link"), field("count", "integer"),
        ])

    static let result = AssaySchema(
        id: "assaysch_result", name: "Result", kind: .result,
        fields: [
            field("run", "assay_run_link", schema: "assaysch_run"), field("sample", "entity_link", schema: "ts_sample"),
            field("analyte", "text"),
            field("rt", "float", display: "Retention Time"), field("area", "float", min: 0, max: 1_000_000),
            field("n", "integer"), field("day", "date"),
            field("at", "datetime"), field("role", "dropdown", dropdown: "sfs_role"), field("ok", "boolean"),
            field("more", "json"), field("file", "blob_link"),
            field("files", "blob_link", multi: true), field("names", "text", multi: true), field("old", "text", archived: true),
            field("other", "storage_link"),
            field("kinds", "dropdown", multi: true, dropdown: "sfs_role"),
        ])

    static let dropdowns = [
        "sfs_role": Dropdown(
            id: "sfs_role", name: "Role",
            options: [
                .init(id: "sfso_u", name: "unknown"), .init(id: "sfso_s", name: "standard"),
                .init(id: "sfso_o", name: "old", isArchived: true),
            ])
    ]

    /// A mapping of one field of the run, or of results where `run` is not set.
    static func mapping(_ field: String, _ expression: String, inRun: Bool = false) -> String {
        let quoted = "'" + expression.replacing("'", with: "''") + "'"
        let fields = "{\(field): \(quoted)}"
        return """
            publish:
              - for: lc
                run: {schema: Run, fields: \(inRun ? fields : "{}")}
                results:
                  - of: peak
                    schema: Result
                    fields: \(inRun ? "{}" : fields)
            """
    }

    static func check(_ yaml: String, schemas: [AssaySchema] = [run, result], dropdowns: [String: Dropdown] = dropdowns) throws
        -> CheckedMapping
    {
        let configuration = try IngestConfiguration(text: yaml, file: "ingest.yaml")
        return try CheckedMapping(configuration.publish[0], schemas: schemas, dropdowns: dropdowns)
    }

    /// What one expression makes of one result, or of a run where there is none.
    static func map(
        _ field: String, _ expression: String, _ members: [String: JSONValue] = [:], run: [String: JSONValue] = [:],
        inRun: Bool = false,
        required: Bool = false, attachments: [JSONValue] = [], givenZone: String? = nil
    ) throws -> MappedFields {
        var sample = RecordsSample(run: run, results: [RecordsSample.result(14, members)])
        if let givenZone {
            let assumptions: JSONValue = ["timeZone": ["value": .string(givenZone), "why": "given"]]
            sample.lines[0] = .object(sample.lines[0].members.merging(["assumptions": assumptions]) { $1 })
        }
        sample.lines += attachments
        let text = try TemporaryText(sample.text)
        let file = try RecordsFile(path: text.path)
        func demanding(_ schema: AssaySchema) -> AssaySchema {
            var schema = schema
            for index in schema.fields.indices where schema.fields[index].name == field {
                schema.fields[index].isRequired = required
            }
            return schema
        }
        let checked = try check(mapping(field, expression, inRun: inRun), schemas: [demanding(self.run), demanding(result)])
        guard !inRun else { return checked.run.map(nil, run: file.runs[0], in: file) }
        return checked.form(for: "peak")!.map(try file.results().next(), run: file.runs[0], in: file)
    }
}
