import Testing

/// `--element` and `element:` in `ingest.yaml`: which element of an XML document is a row.
struct RowElementTests {
    static let report = """
        <Report><Row x="1"/><Sample name="A"><Peak RT="1.5" Area="2"/><Peak RT="2.5" Area="3"/></Sample></Report>
        """

    /// An entry for `xml.table` with a key more.
    private static func yaml(_ key: String, for adapter: String = "xml.table") -> String {
        """
        publish:
          - for: \(adapter)
            \(key)
            run: {schema: Chromatography Run, fields: {source_sha256: file.sha256}}
            results:
              - of: peak or sample
                schema: Chromatography Result
                fields: {run: $run, sample_name: sample.name, peak_area: value(area)}
        """
    }

    @Test(arguments: [
        ("ingest read report.xml", 2, "xml.table.no-element"),
        ("ingest --to none report.xml", 2, "xml.table.no-element"),
        ("ingest read --element Peek report.xml", 2, "xml.table.no-such-element"),
        ("ingest read --element Peak report.xml", 0, "xml.table, 2 results"),
        ("ingest --to none --element Sample/Peak report.xml", 0, "xml.table, 2 results"),
        ("ingest read --adapter xml --element Row report.xml", 0, "xml.table, 2 results"),
        ("ingest detect --element Peak report.xml", 0, ""),
        ("ingest read --element Peak - <report.xml", 0, "xml.table, 2 results"),
        ("ingest read --element Peak whole.csv", 2, "xml.not-xml"),
    ])
    func `a row is named on the command line`(line: String, status: Int32, told: String) async throws {
        let place = try Workplace()
        try place.write(Self.report, to: "report.xml")
        let outcome = try await place.run(line)
        #expect(outcome.status == status, "\(outcome.told)")
        #expect(told.isEmpty || outcome.told.contains(told), "\(outcome.told)")
    }

    @Test(
        arguments: [
            ("element: Peak", "", 2), ("element: [Nothing, Row, Peak]", "", 2), ("element: Row", "--element Peak", 2),
            ("element: /Report/Sample/Peak", "", 2), ("element: Nothing", "", nil), ("accept-unknown: true", "", nil),
        ] as [(String, String, Int?)])
    func `a row is named in a mapping`(key: String, option: String, results: Int?) async throws {
        let place = try Workplace()
        try place.write(Self.report, to: "report.xml")
        try place.write(Self.yaml(key), to: "ingest.yaml")
        for command in ["ingest read", "ingest --to none", "ingest --to local"] {
            let outcome = try await place.run("\(command) \(option) report.xml")
            #expect(outcome.status == (results == nil ? 2 : 0), "\(command) \(outcome.told)")
            if let results { #expect(outcome.told.contains("xml.table, \(results) results"), "\(command) \(outcome.told)") }
        }
    }

    @Test func `what is wrong with the configuration is told by files that need it alone`() async throws {
        let place = try Workplace()
        try place.write(Self.report, to: "report.xml")
        try place.write(Self.yaml("element: {a: b}"), to: "ingest.yaml")
        #expect(try await place.run("ingest read whole.csv").status == 0)
        #expect(try await place.run("ingest read --element Peak report.xml").status == 0)
        let outcome = try await place.run("ingest read report.xml")
        #expect(outcome.status == 2 && outcome.told.contains("ingest.yaml:3:14"), "\(outcome.told)")
    }
}
