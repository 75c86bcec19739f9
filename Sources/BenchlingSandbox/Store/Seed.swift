import FoundationEssentials
import GRDB
import IngestCore

/// What a new tenant begins with: the schemas, samples and the analysis of the walkthrough.
struct Seed {
    private let db: Database
    private let now = Instant.now().text

    private let partRows: Int?

    init(_ db: Database, partRows: Int?) {
        self.db = db
        self.partRows = partRows
    }

    /// - Returns: The id of the analysis.
    func plant() throws -> String {
        let dropdown = try add(
            .dropdown, "sfs_",
            [
                "name": "Instrument Status", "archiveRecord": .null,
                "options": .array([option("Qualified"), option("Out of service"), option("Retired", archived: true)]),
            ])
        for name in ["Analytical Development", "Bioassay"] {
            _ = try add(.project, "src_", ["name": .string(name), "archiveRecord": .null, "owner": Self.organization])
        }
        let registry = try add(
            .registry, "src_", ["name": "Sandbox Registry", "modifiedAt": .string(now), "owner": Self.organization])
        let folder = try add(.folder, "lib_", ["name": "Chromatography"])
        let sample = try add(.entitySchema, "ts_", ["name": "Sample", "archiveRecord": .null, "fieldDefinitions": []])
        try plantSamples(schema: sample, registry: registry, folder: folder)
        try plantSchemas(sample: sample, dropdown: dropdown)
        return try plantAnalysis(folder: folder)
    }

    /// Adds the schemas of runs and results that a tenant of an earlier version lacks. What is there stays as it is, whatever
    /// it is called by now or was changed to; a tenant that began empty stays empty.
    func plantMissingSchemas() throws {
        let documents = Documents(db)
        guard try Bool.fetchOne(db, sql: "SELECT EXISTS (SELECT 1 FROM analysis)") == true,
            let sample = try planted(.entitySchema, "Sample", in: documents),
            let dropdown = try planted(.dropdown, "Instrument Status", in: documents)
        else { return }
        try plantSchemas(sample: sample, dropdown: dropdown)
    }

    /// The document of that name, or the first, which it was when it was planted.
    private func planted(_ kind: DocumentKind, _ name: String, in documents: Documents) throws -> String? {
        let all = try documents.all(kind)
        return (all.first { $0.name == name } ?? all.first)?["id"]?.string
    }

    private func plantSchemas(sample: String, dropdown: String) throws {
        let run = try plantRunSchemas(dropdown: dropdown)
        try plantResultSchemas(run: run, sample: sample)
        try plantIC50Schemas(sample: sample)
        try plantPlateSchemas()
        try plantElectrophoresisSchemas(sample: sample)
        try plantInstrumentSchemas(sample: sample)
    }

    private static let organization: JSONValue = ["handle": "sandbox", "id": "org_sandbox01", "name": "Sandbox"]

    private func add(_ kind: DocumentKind, _ prefix: String, _ body: [String: JSONValue]) throws -> String {
        let id = Identifier.prefixed(prefix)
        try Documents(db).put(kind, .object(body.merging(["id": .string(id)]) { $1 }))
        return id
    }

    private func option(_ name: String, archived: Bool = false) -> JSONValue {
        [
            "id": .string(Identifier.prefixed("sfso_")), "name": .string(name),
            "archiveRecord": archived ? ["reason": "Retired"] : .null,
        ]
    }

    private func field(_ name: String, _ type: String, required: Bool = false, _ more: [String: JSONValue] = [:]) -> JSONValue {
        let plain: [String: JSONValue] = [
            "id": .string(Identifier.prefixed("tsf_")), "name": .string(name), "type": .string(type),
            "isRequired": .bool(required),
            "isMulti": false, "archiveRecord": .null,
        ]
        return .object(plain.merging(more) { $1 })
    }

    private func schema(
        _ kind: DocumentKind, _ name: String, system: String, archived: Bool = false, fields: [JSONValue]
    ) throws -> String {
        // Users see and change the name, never the system name.
        let there = try Documents(db).all(kind).first { $0["systemName"]?.string == system }
        if let id = there?["id"]?.string { return id }
        var body: [String: JSONValue] = [
            "name": .string(name), "systemName": .string(system), "archiveRecord": archived ? ["reason": "Retired"] : .null,
            "fieldDefinitions": .array(fields), "organization": Self.organization, "derivedFrom": .null,
            "modifiedAt": .string(now),
            "type": kind == .runSchema ? "assay_run" : "assay_result",
        ]
        if kind == .runSchema {
            body["automationInputFileConfigs"] = []
            body["automationOutputFileConfigs"] = []
        }
        return try add(kind, "assaysch_", body)
    }

    private func plantRunSchemas(dropdown: String) throws -> String {
        // The archived namesake comes first: who takes the first schema of a name takes the wrong one.
        _ = try schema(
            .runSchema, "Chromatography Run", system: "chromatography_run_old", archived: true,
            fields: [field("instrument", "text")])
        let run = try schema(
            .runSchema, "Chromatography Run", system: "chromatography_run",
            fields: ["instrument", "method", "sequence", "operator"].map { field($0, "text") } + [
                field("started", "datetime"), field("source_sha256", "text"),
            ])
        _ = try schema(
            .runSchema, "Instrument Check", system: "instrument_check",
            fields: [
                field("instrument", "text", required: true),
                field("status", "dropdown", ["dropdownId": .string(dropdown)]),
                field("injections", "integer", ["numericMin": 1, "numericMax": 1000, "unit": .null]),
                field("passed", "boolean"), field("remarks", "long_text"), field("details", "json"),
                field("tags", "text", ["isMulti": true]),
            ])
        return run
    }

    private func plantResultSchemas(run: String, sample: String) throws {
        let anyNumber: [String: JSONValue] = [
            "numericMin": .null, "numericMax": .null, "unit": .null, "decimalPrecision": .null, "legalTextDropdownId": .null,
        ]
        _ = try schema(
            .resultSchema, "Chromatography Result", system: "chromatography_result_old", archived: true,
            fields: [field("analyte", "text")])
        _ = try schema(
            .resultSchema, "Chromatography Result", system: "chromatography_result",
            fields: [
                field("run", "assay_run_link", required: true, ["schemaId": .string(run)]), field("analyte", "text"),
                field("retention_time", "float", anyNumber.merging(["numericMin": 0]) { $1 }),
                field("peak_area", "float", anyNumber),
                field("run_date", "date"), field("sample_name", "text"), field("chromatogram_file", "blob_link"),
                field("sample", "entity_link", ["schemaId": .string(sample)]),
            ])
    }

    private func plantIC50Schemas(sample: String) throws {
        let anyNumber: [String: JSONValue] = [
            "numericMin": .null, "numericMax": .null, "unit": .null, "decimalPrecision": .null, "legalTextDropdownId": .null,
        ]
        let run = try schema(
            .runSchema, "IC50 Run", system: "ic50_run",
            fields: [field("software", "text"), field("settings", "json"), field("source_sha256", "text")])
        _ = try schema(
            .resultSchema, "IC50 Result", system: "ic50_result",
            fields: [
                field("run", "assay_run_link", required: true, ["schemaId": .string(run)]),
                field("sample", "entity_link", ["schemaId": .string(sample)]),
            ] + ["curve", "series", "cell", "verdict", "ic50_text", "unit", "model"].map { field($0, "text") }
                + [field("reasons", "long_text")]
                + ["hours", "ic50", "ic50_low", "ic50_high", "pic50", "hill"].map { field($0, "float", anyNumber) }
                + [field("page", "blob_link")])
    }

    /// For what plate readers measure, well by well.
    private func plantPlateSchemas() throws {
        let anyNumber: [String: JSONValue] = [
            "numericMin": .null, "numericMax": .null, "unit": .null, "decimalPrecision": .null, "legalTextDropdownId": .null,
        ]
        let run = try schema(
            .runSchema, "Plate Run", system: "plate_run",
            fields: ["name", "instrument", "operator"].map { field($0, "text") } + [
                field("started", "datetime"), field("settings", "json"), field("source_sha256", "text"),
            ])
        _ = try schema(
            .resultSchema, "Plate Well Result", system: "plate_well_result",
            fields: [field("run", "assay_run_link", required: true, ["schemaId": .string(run)])]
                + ["plate", "well", "signal", "cycle"].map { field($0, "text") }
                + ["row", "column"].map { field($0, "integer", ["numericMin": 1, "numericMax": .null, "unit": .null]) }
                + ["reading", "temperature"].map { field($0, "float", anyNumber) }
                + [field("reading_text", "text"), field("flags", "json")])
    }

    /// For chips and tapes of nucleic acids and proteins.
    private func plantElectrophoresisSchemas(sample: String) throws {
        let anyNumber: [String: JSONValue] = [
            "numericMin": .null, "numericMax": .null, "unit": .null, "decimalPrecision": .null, "legalTextDropdownId": .null,
        ]
        let run = try schema(
            .runSchema, "Electrophoresis Run", system: "electrophoresis_run",
            fields: ["name", "assay", "instrument", "operator", "source_sha256"].map { field($0, "text") })
        _ = try schema(
            .resultSchema, "Electrophoresis Result", system: "electrophoresis_result",
            fields: [
                field("run", "assay_run_link", required: true, ["schemaId": .string(run)]),
                field("sample", "entity_link", ["schemaId": .string(sample)]),
            ] + ["sample_name", "well", "kind", "name", "size_text"].map { field($0, "text") }
                + ["integrity", "concentration", "molarity", "size"].map { field($0, "float", anyNumber) }
                + [field("flags", "json"), field("report", "blob_link")])
    }

    /// For reports of any instrument.
    private func plantInstrumentSchemas(sample: String) throws {
        let run = try schema(
            .runSchema, "Instrument Run", system: "instrument_run",
            fields: ["name", "instrument", "method", "operator", "source_sha256"].map { field($0, "text") } + [
                field("details", "json")
            ])
        _ = try schema(
            .resultSchema, "Instrument Result", system: "instrument_result",
            fields: [
                field("run", "assay_run_link", required: true, ["schemaId": .string(run)]),
                field("sample", "entity_link", ["schemaId": .string(sample)]),
            ] + ["kind", "sample_name", "position", "signal", "analyte"].map { field($0, "text") }
                + ["measurements", "flags"].map { field($0, "json") } + [field("source_file", "blob_link")])
    }

    private func plantSamples(schema: String, registry: String, folder: String) throws {
        let samples: [(registryID: String, name: String, aliases: [JSONValue])] = [
            ("S-0031", "Stability batch 7, 3 months", []), ("S-0032", "Stability batch 7, 6 months", []),
            ("S-0033", "Stability batch 7, 9 months", []), ("S-0034", "Stability batch 7, 12 months", ["QC 5"]),
            ("C-0003", "Cal 03", ["Calibration 3"]), ("LOT7-0412", "Lot 7, vial 412", []), ("LOT7-0413", "Lot 7, vial 413", []),
            ("LOT7-0414", "Lot 7, vial 414", ["Rückstand"]), ("SMP-0001", "Caffeine, 10 mg/L", ["STD-A", "Std A"]),
            ("SMP-0002", "Caffeine, 20 mg/L", ["Std B"]), ("SMP-0003", "Theobromine, 5 mg/L", ["Mix 2"]),
            ("SMP-0004", "Blank 1", ["Blank"]),
        ]
        for sample in samples {
            _ = try Documents(db).addEntity(
                name: sample.name, registryID: sample.registryID, aliases: sample.aliases, schema: schema, schemaName: "Sample",
                registry: registry, folder: folder)
        }
    }

    private func plantAnalysis(folder: String) throws -> String {
        let analysis = Identifier.prefixed("ana_")
        let frame = Identifier.prefixed("dset_")
        try db.execute(
            sql: "INSERT INTO analysis (id, folder, name) VALUES (?, ?, 'Dose response, compound 12')",
            arguments: [analysis, folder])
        // Two curves with some scatter about IC50s of 3.1 and 0.9, in duplicate.
        let csv = """
            Concentration,Mortality 24h,Mortality 48h
            0.01,1.9,2.8
            0.01,0.6,1.1
            0.1,3.4,9.2
            0.1,2.2,11.6
            0.3,8.1,24.9
            0.3,6.7,22.4
            1,21.8,53.9
            1,24.6,50.7
            3,48.2,78.8
            3,50.9,81.3
            10,79.4,93.5
            10,76.1,95.2
            30,92.7,98.4
            30,94.9,97.1
            100,98.3,99.6
            100,97.2,99.2

            """
        try db.execute(
            sql: """
                INSERT INTO data_frame (id, name, file, status, created) VALUES (?, 'Mortality of compound 12', 'mortality.csv', 'IN_PROGRESS', ?)
                """, arguments: [frame, Instant.now().microseconds])
        try Contents(db).store(Data(csv.utf8), owner: DataFrames.upload(frame), number: 1)
        try DataFrames(db).validate(frame, partRows: partRows)
        try db.execute(
            sql: "INSERT INTO analysis_item (analysis, kind, item) VALUES (?, 'dataFrame', ?)", arguments: [analysis, frame])
        return analysis
    }
}
