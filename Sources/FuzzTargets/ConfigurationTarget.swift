import Benchling
import IngestCore
import IngestTesting
import RecordReading

extension FuzzTarget {
    /// `ingest.yaml`: read, checked against a tenant, and applied to a record.
    static let configuration = FuzzTarget("configuration", longest: 8_000, grace: 0.1) { input in
        guard let text = String(validating: input, as: UTF8.self) else { return }
        do {
            let configuration = try IngestConfiguration(text: text, file: "ingest.yaml")
            for entry in configuration.publish {
                try expect(entry.digest == entry.digest, "a digest that changes")
                let needed = CheckedMapping.dropdownsNeeded(entry, schemas: MappedTenant.schemas)
                let mapping = try CheckedMapping(
                    entry, schemas: MappedTenant.schemas, dropdowns: MappedTenant.dropdowns.filter { needed.contains($0.key) })
                try apply(mapping)
            }
        } catch let faults as ConfigurationFaults {
            try expect(!faults.diagnostics.isEmpty, "refused without a reason")
            let lines = text.split(omittingEmptySubsequences: false) { $0.isNewline }.count
            for fault in faults.diagnostics {
                let line = fault.location.line ?? 1
                try expect(line >= 1 && line <= lines + 1, "\(fault.code) at line \(line) of \(lines)")
                try expect((fault.location.column ?? 1) >= 1, "\(fault.code) at column \(fault.location.column ?? 0)")
            }
        }
    }

    private static func apply(_ mapping: CheckedMapping) throws {
        let records = try MappedTenant.records.get()
        let run = records.runs[0]
        _ = mapping.run.map(nil, run: run, in: records)
        let results = try records.results()
        while let result = try results.next() {
            guard let form = mapping.form(for: result.kind) else { continue }
            let mapped = form.map(result, run: run, in: records)
            let again = form.map(result, run: run, in: records)
            try expect(
                mapped.values == again.values && mapped.faults == again.faults && mapped.omissions == again.omissions,
                "one result is mapped in two ways")
        }
    }
}

/// Schemas to map to, and a records file to map.
private enum MappedTenant {
    static let schemas = [
        AssaySchema(
            id: "assaysch_run", name: "Run", kind: .run,
            fields: [
                field("instrument", "text"), field("started", "datetime"), field("report", "blob_link"),
                field("count", "integer"),
            ]),
        AssaySchema(
            id: "assaysch_result", name: "Result", kind: .result,
            fields: [
                field("run", "assay_run_link", schema: "assaysch_run"), field("sample", "entity_link", schema: "ts_sample"),
                field("analyte", "text"), field("rt", "float"), field("area", "float"), field("n", "integer"),
                field("day", "date"), field("at", "datetime"), field("role", "dropdown", dropdown: "sfs_role"),
                field("ok", "boolean"), field("more", "json"), field("file", "blob_link"),
                field("files", "blob_link", multi: true),
                field("names", "text", multi: true), field("kinds", "dropdown", multi: true, dropdown: "sfs_role"),
            ]),
    ]

    static let dropdowns = [
        "sfs_role": Dropdown(
            id: "sfs_role", name: "Role", options: [.init(id: "sfso_u", name: "unknown"), .init(id: "sfso_s", name: "standard")])
    ]

    private static func field(
        _ name: String, _ type: String, multi: Bool = false, dropdown: String? = nil, schema: String? = nil
    ) -> FieldDefinition {
        FieldDefinition(id: "f_" + name, name: name, type: type, isMulti: multi, dropdown: dropdown, schema: schema)
    }

    private static let file = Result {
        var sample = RecordsSample(
            run: [
                "instrument": ["name": "LC East"], "methods": [["role": "processing", "name": "P.M"]],
                "times": [
                    ["role": "started", "written": "2024-03-01 09:14:07", "local": "2024-03-01T09:14:07", "offset": "+01:00"]
                ],
            ],
            results: [
                RecordsSample.result(
                    3,
                    [
                        "ordinal": 3, "sample": ["name": "S-1", "role": "standard"], "analyte": ["name": "caffeine"],
                        "extras": ["Peak Type": "BB"],
                        "injection": ["ordinal": 2, "acquired": ["written": "02/08/2023 17:08", "local": "2023-08-02T17:08"]],
                        "measurements": [
                            ["name": "retentionTime", "written": "4.871", "value": 4.871, "unit": "min"],
                            ["name": "area", "written": "1e308", "value": 1e308],
                            ["name": "height", "written": "<0.05", "value": 0.05, "unit": "{mAU}", "bound": "below"],
                            ["name": "width", "written": "n.a.", "absent": "notReported"],
                            ["name": "Symmetry", "written": "1,02", "value": 1.02, "own": true],
                        ],
                    ]), RecordsSample.result(4),
            ])
        sample.lines[0] = .object(sample.lines[0].members.merging(["assumptions": [:]]) { $1 })
        return try TemporaryText(sample.text)
    }

    static let records = Result { try RecordsFile(path: file.get().path) }
}
