import Benchling
import IngestCore
import IngestTesting
import Testing

@Suite struct MappingCheckTests {
    private func faults(_ yaml: String, schemas: [AssaySchema] = [MappingTenant.run, MappingTenant.result]) throws -> [Diagnostic]
    {
        do {
            _ = try MappingTenant.check(yaml, schemas: schemas)
            return []
        } catch let error as ConfigurationFaults {
            return error.diagnostics
        }
    }

    @Test(arguments: [
        ("rt", "retentionTime in min"), ("rt", "value(area)"), ("rt", "ordinal"),
        ("rt", "retentionTime in s or value(retentionTime)"), ("n", "injection.ordinal"),
        ("day", "date(injection.acquired)"), ("day", "\"2024-02-29\""), ("at", "datetime(time(started))"),
        ("at", "\"2024-03-01T09:14:00+01:00\""),
        ("at", "\"2024-03-01T09:14:00Z\""), ("role", "\"standard\""), ("role", "sample.role"), ("ok", "true"), ("more", "extras"),
        ("more", "json(area)"), ("file", "blob(source)"),
        ("files", "blob(source)"), ("files", "[blob(source), blob(report)]"), ("names", "[analyte.name, analyte.id]"),
        ("sample", "entity(sample.name) if known"), ("run", "$run"),
        ("analyte", "written(area)"), ("analyte", "42"), ("analyte", "date(injection.acquired)"), ("other", "\"loc_1\""),
        ("area", "12.5"), ("kinds", "['standard', sample.role]"),
        ("area", "area in {counts}"),
    ])
    func `an expression that gives what its field takes is accepted`(field: String, expression: String) throws {
        #expect(try faults(MappingTenant.mapping(field, expression)).map(\.message) == [])
    }

    @Test(arguments: [
        ("rt", "retentionTime", "benchling.wrong-type"), ("rt", "analyte.name", "benchling.wrong-type"),
        ("rt", "retentionTime in mL", "benchling.wrong-unit"),
        ("rt", "areaPercent in min", "benchling.wrong-unit"), ("rt", "injection.volume in s", "benchling.wrong-unit"),
        ("rt", "signal.wavelength in nm or injection.volume in m", "benchling.wrong-unit"),
        ("n", "1.5", "benchling.out-of-range"), ("area", "-1", "benchling.out-of-range"),
        ("area", "1e7", "benchling.out-of-range"), ("area", "\"12\"", "benchling.wrong-type"),
        ("day", "injection.acquired", "benchling.wrong-type"), ("day", "\"2023-02-29\"", "benchling.wrong-type"),
        ("day", "\"1.3.2024\"", "benchling.wrong-type"), ("day", "sample.name", "benchling.wrong-type"),
        ("at", "date(injection.acquired)", "benchling.wrong-type"), ("at", "\"2024-03-01T09:14:00\"", "benchling.wrong-type"),
        ("role", "\"Standard\"", "benchling.unknown-option"),
        ("role", "\"old\"", "benchling.unknown-option"), ("ok", "\"true\"", "benchling.wrong-type"),
        ("more", "analyte.name", "benchling.wrong-type"), ("more", "area", "benchling.wrong-type"),
        ("file", "\"blob\"", "benchling.wrong-type"), ("names", "analyte.name", "benchling.wrong-type"),
        ("analyte", "[analyte.name]", "benchling.wrong-type"), ("sample", "sample.name", "benchling.wrong-type"),
        ("sample", "$run", "benchling.wrong-type"), ("run", "run.id", "benchling.wrong-type"),
        ("other", "sample.name", "benchling.wrong-type"), ("old", "analyte.name", "benchling.archived-field"),
        ("analit", "analyte.name", "benchling.unknown-field"), ("analyte", "area", "benchling.wrong-type"),
        ("kinds", "[\"standart\"]", "benchling.unknown-option"),
    ])
    func `an expression that does not is told with what to write`(field: String, expression: String, code: String) throws {
        let found = try faults(MappingTenant.mapping(field, expression))
        #expect(found.map(\.code) == [code])
        #expect(found.first?.location.line == 7)
        #expect(found.first?.excerpt != nil)
        if code != "benchling.out-of-range" { #expect(found.first?.hint?.isEmpty == false) }
    }

    @Test func `a measurement without a unit is told both cures`() throws {
        let fault = try #require(try faults(MappingTenant.mapping("rt", "retentionTime")).first)
        #expect(fault.hint?.contains("retentionTime in UNIT") == true)
        #expect(fault.hint?.contains("value(retentionTime)") == true)
        #expect(fault.location == SourceLocation(file: "ingest.yaml", line: 7, column: 23))
        #expect(fault.excerpt?.length == "retentionTime".count)
    }

    @Test(arguments: [
        ("analit", "did you mean \"analyte\"?"), ("Retention Time", "write rt"), ("zzzzz", "it has: analyte, area"),
    ])
    func `a wrong field is told its nearest right name`(field: String, hint: String) throws {
        #expect(try faults(MappingTenant.mapping(field, "analyte.name")).first?.hint?.hasPrefix(hint) == true)
    }

    @Test func `all faults are told at once, in the order of their lines`() throws {
        let yaml = """
            publish:
              - for: lc
                run: {schema: Runn, fields: {}}
                results:
                  - of: peak
                    schema: Result
                    fields:
                      analit: analyte.name
                      rt: retentionTime
                      role: "'standart' or sample.role"
                  - of: compound
                    schema: Run
            """
        let found = try faults(yaml)
        #expect(
            found.map { "\($0.location.line!):\($0.location.column!) \($0.code)" } == [
                "3:19 benchling.unknown-schema", "8:11 benchling.unknown-field", "9:15 benchling.wrong-type",
                "10:18 benchling.unknown-option", "12:17 benchling.unknown-schema",
            ])
        #expect(found[4].message == "\"Run\" is a run schema")
    }

    @Test func `a schema is found by name or id, live and once`() throws {
        var archived = MappingTenant.run
        archived.isArchived = true
        archived.id = "assaysch_old"
        var twin = MappingTenant.run
        twin.id = "assaysch_twin"
        let yaml = MappingTenant.mapping("analyte", "analyte.name")
        #expect(try faults(yaml, schemas: [archived, MappingTenant.run, MappingTenant.result]).isEmpty)
        #expect(try faults(yaml, schemas: [archived, MappingTenant.result]).map(\.code) == ["benchling.archived-schema"])
        let ambiguous = try faults(yaml, schemas: [twin, MappingTenant.run, MappingTenant.result])
        #expect(ambiguous.map(\.code) == ["benchling.ambiguous-schema"])
        #expect(ambiguous.first?.hint?.contains("assaysch_run, assaysch_twin") == true)
        let byID = yaml.replacing("schema: Run", with: "schema: assaysch_twin")
        #expect(try faults(byID, schemas: [twin, MappingTenant.run, MappingTenant.result]).isEmpty)
    }

    @Test func `a required field that is not mapped and a link to another schema are told`() throws {
        var result = MappingTenant.result
        result.fields[2].isRequired = true
        result.fields[0].schema = "assaysch_elsewhere"
        let found = try faults(MappingTenant.mapping("run", "$run"), schemas: [MappingTenant.run, result])
        #expect(found.map(\.code) == ["benchling.missing-field", "benchling.wrong-link"])
        #expect(found[0].message.contains("\"analyte\" (text)"))
    }

    @Test func `the dropdowns of mapped fields are asked for, and one that cannot be seen is told`() throws {
        let yaml = MappingTenant.mapping("role", "sample.role")
        let entry = try IngestConfiguration(text: yaml, file: "ingest.yaml").publish[0]
        #expect(CheckedMapping.dropdownsNeeded(entry, schemas: [MappingTenant.run, MappingTenant.result]) == ["sfs_role"])
        let fault = #expect(throws: ConfigurationFaults.self) { try MappingTenant.check(yaml, dropdowns: [:]) }
        #expect(fault?.diagnostics.map(\.code) == ["benchling.unknown-dropdown"])
    }

    @Test func `the digest is that of the meaning, not of the layout`() throws {
        let one = try MappingTenant.check(MappingTenant.mapping("analyte", "analyte.name"))
        let spread =
            "# a comment\n" + MappingTenant.mapping("analyte", " analyte.name ").replacing("of: peak", with: "of: [peak]")
        #expect(try MappingTenant.check(spread).digest == one.digest)
        #expect(try MappingTenant.check(MappingTenant.mapping("analyte", "analyte.id")).digest != one.digest)
        var result = MappingTenant.result
        result.fields[3].maximum = 7
        #expect(
            try MappingTenant.check(MappingTenant.mapping("analyte", "analyte.name"), schemas: [MappingTenant.run, result]).digest
                != one.digest)
    }
}
