import Foundation
import Testing

/// The main job on our own XML samples: each format goes to the tenant built in, without a configuration.
struct XMLPublishingTests {
    private static let samples =
        #filePath.split(separator: "/").dropLast(3).reduce("") { $0 + "/" + $1 } + "/Samples"

    /// A healthy sample of each format, the schema of its runs, and how many results it has.
    static let healthy: [(sample: String, schema: String, results: Int)] = [
        ("xml.acaml/gc-injection/input.acam_", "Chromatography Run", 3),
        ("xml.animl/plate-and-chromatogram/input.animl", "Instrument Run", 6),
        ("xml.bioanalyzer/rna-pico/input.xml", "Electrophoresis Run", 10),
        ("xml.bioplex/plate/input.xml", "Instrument Run", 19),
        ("xml.chemstation/two-signals/input.D", "Chromatography Run", 5),
        ("xml.d300/plate-of-doses/input.xml", "Instrument Run", 67),
        ("xml.daml/confirmed/input.daml", "Chromatography Run", 2),
        ("xml.facsdiva/tubes/input.xml", "Instrument Run", 8),
        ("xml.flowjo/workspace/input.wsp", "Instrument Run", 11),
        ("xml.gaml/sequence/input.gaml", "Chromatography Run", 2),
        ("xml.openlab/sequence/input.rslt", "Chromatography Run", 2),
        ("xml.siriust3/fast-uv/input.t3r", "Instrument Run", 4),
        ("xml.softmax/endpoint/input.xml", "Plate Run", 18),
        ("xml.tapestation/rna/input.xml", "Electrophoresis Run", 7),
        ("xml.targetlynx/quantified/input.xml", "Chromatography Run", 10),
        ("xml.tecan/plate-of-doses/input.xml", "Plate Run", 40),
        ("xml.unicorn/whole/input.zip", "Instrument Run", 8),
    ]

    @Test func `a healthy sample of each format is published, and once`() async throws {
        let place = try Workplace([:])
        for (sample, schema, results) in Self.healthy {
            let line = "ingest --json --yes --new-run --accept-unknown '\(Self.samples)/\(sample)'"
            let published = try await place.run(line)
            #expect(published.status == 0, "\(sample): \(published.told)")
            let receipt = try #require(published.objects.first, "\(sample)")
            #expect((receipt["results"] as? [String])?.count == results, "\(sample)")
            let schemas = (receipt["runs"] as? [[String: Any]])?.compactMap { $0["schema"] as? String } ?? []
            #expect(!schemas.isEmpty && Set(schemas) == [schema], "\(sample): \(schemas)")
            #expect(try await place.run(line).status == 4, "\(sample)")
        }
    }

    @Test func `the mapping of the README publishes a TapeStation report`() async throws {
        let readme = try String(contentsOfFile: Self.samples + "/../README.md", encoding: .utf8)
        let blocks = readme.split(separator: "```yaml\n").compactMap { $0.split(separator: "```").first }
        let mapping = try #require(blocks.first { $0.contains("for: xml.tapestation") })
        let place = try Workplace(["ingest.yaml": String(mapping)])
        let doctor = try await place.run("ingest doctor")
        #expect(doctor.status == 0, "\(doctor.output)")
        let published = try await place.run("ingest --json '\(Self.samples)/xml.tapestation/rna/input.xml'")
        #expect(published.status == 0, "\(published.told)")
        let receipt = try #require(try published.objects.first)
        // The ladder and two samples.
        #expect((receipt["results"] as? [String])?.count == 3)
    }

    @Test func `a table read with other rows does not stand beside itself`() async throws {
        let table = """
            <Report><Sample Name="S1"><Peak Name="A" Area="5"/><Peak Name="B" Area="7"/></Sample></Report>

            """
        let place = try Workplace(["table.xml": table])
        let line = "ingest --json --yes --accept-unknown table.xml --element"
        #expect(try await place.run("\(line) Peak").status == 0)
        let other = try await place.run("\(line) Sample")
        #expect(other.status == 2 && other.told.contains("publish.other-reading"), "\(other.told)")
        #expect(try await place.run("\(line) Peak").status == 4)
        let again = try await place.run("\(line) Sample --again")
        #expect(again.status == 0, "\(again.told)")
        let undone = try await place.run("ingest undo --reason Error table.xml")
        #expect(undone.status == 0, "\(undone.told)")
    }

    @Test func `a report that is not whole is read and not published`() async throws {
        let place = try Workplace([:])
        for sample in ["xml.tecan/troubled/input.xml", "xml.acaml/cut/input.acam_", "xml.tapestation/troubled/input.xml"] {
            let refused = try await place.run("ingest --yes --new-run --accept-unknown '\(Self.samples)/\(sample)'")
            #expect(refused.status == 2, "\(sample): \(refused.told)")
            #expect(refused.output.contains("not published"))
        }
    }

    @Test func `a document with a DOCTYPE is refused by name, whoever is asked to read it`() async throws {
        let place = try Workplace(["evil.xml": "<!DOCTYPE r [<!ENTITY a SYSTEM \"file:///etc/hostname\">]>\n<r>&a;</r>\n"])
        for adapter in ["", "--adapter xml", "--adapter xml.tecan", "--adapter xml.table"] {
            let refused = try await place.run("ingest read \(adapter) evil.xml")
            #expect(refused.status == 2)
            #expect(refused.output == "")
            #expect(refused.told.contains("evil.xml:1:"), "\(adapter): \(refused.told)")
            #expect(refused.told.contains("[xml.doctype]"), "\(adapter): \(refused.told)")
        }
    }
}
