import Foundation
import Testing

/// A plate reader's file and the dispenser's report of its doses, to published IC50s.
struct DispensedPlateTests {
    private static let samples =
        #filePath.split(separator: "/").dropLast(3).reduce("") { $0 + "/" + $1 } + "/Samples"

    private static func sample(_ name: String) throws -> String {
        try String(contentsOfFile: samples + "/" + name + "/plate-of-doses/input.xml", encoding: .utf8)
    }

    private func place(_ change: (String, String) -> (String, String) = { ($0, $1) }) throws -> Workplace {
        let (reader, doses) = change(try Self.sample("xml.tecan"), try Self.sample("xml.d300"))
        return try Workplace(["reader.xml": reader, "doses.DATA.xml": doses])
    }

    @Test func `two files and two commands make published IC50s`() async throws {
        let place = try place()
        let fitted = try await place.run("ingest ic50 reader.xml doses.DATA.xml -o out --format json")
        #expect(fitted.status == 0, "\(fitted.told)")
        let rows = try fitted.objects
        #expect(rows.map { $0["curve"] as? String } == ["CPD-201", "CPD-202"])
        #expect(rows.allSatisfy { $0["verdict"] as? String == "good" && $0["unit"] as? String == "uM" })
        #expect(rows.allSatisfy { $0["series"] as? String == "Ex485_Em535" && $0["n"] as? Int == 23 })
        // 0.42 and 2.5 uM are what the readings were made from.
        #expect(abs((rows[0]["ic50"] as? Double ?? 0) - 0.42) < 0.03 && abs((rows[1]["ic50"] as? Double ?? 0) - 2.5) < 0.25)
        #expect(fitted.told.contains("39 of 40 readings belong to curves") && fitted.told.contains("D10"))
        let published = try await place.run("ingest publish --json out/ic50.jsonl")
        #expect(published.status == 0, "\(published.told)")
        #expect(try (published.objects.first?["results"] as? [String])?.count == 2)
    }

    @Test func `the report names both files, and each point its well`() async throws {
        let place = try place()
        #expect(try await place.run("ingest ic50 --quiet reader.xml doses.DATA.xml -o out").status == 0)
        let page = try place.text(of: "out/ic50.html"), records = try place.text(of: "out/ic50.jsonl")
        for text in [page, records] { #expect(text.contains("reader.xml") && text.contains("doses.DATA.xml")) }
        let digests = try await place.run("sha256sum reader.xml doses.DATA.xml")
        for line in digests.output.split(separator: "\n") { #expect(records.contains(line.prefix(64))) }
        #expect(page.contains("well A1") && page.contains("well D9"))
    }

    @Test func `either order and records files give the same`() async throws {
        let place = try place()
        let first = try await place.run("ingest ic50 --quiet reader.xml doses.DATA.xml --format csv")
        let read = try await place.run("for f in reader.xml doses.DATA.xml; do ingest read --quiet $f -o $f.jsonl; done")
        #expect(first.status == 0 && read.status == 0)
        for inputs in ["doses.DATA.xml reader.xml", "reader.xml.jsonl doses.DATA.xml.jsonl", "doses.DATA.xml.jsonl reader.xml"] {
            let other = try await place.run("ingest ic50 --quiet --format csv \(inputs)")
            #expect(other.status == 0 && other.output == first.output, "\(inputs): \(other.told)")
        }
    }

    @Test func `each file alone says which one is missing`() async throws {
        let place = try place()
        let doses = try await place.run("ingest ic50 doses.DATA.xml")
        #expect(doses.status == 2 && doses.output == "" && doses.told.contains("ic50.no-readings"))
        #expect(doses.told.contains("doses.DATA.xml: error") && doses.told.contains("plate reader"))
        let reader = try await place.run("ingest ic50 reader.xml")
        #expect(reader.status == 2 && reader.output == "" && reader.told.contains("ic50.no-dose"))
        #expect(reader.told.contains("dispenser"))
    }

    @Test func `a simulated run is told, from the report and from its records`() async throws {
        let place = try place { ($0, $1.replacing("<Simulated>False<", with: "<Simulated>True<")) }
        let direct = try await place.run("ingest ic50 reader.xml doses.DATA.xml -o out")
        #expect(direct.status == 0 && direct.told.contains("d300.simulated"))
        #expect(try place.text(of: "out/ic50.html").contains("the run was simulated"))
        let records = try await place.run("ingest read --quiet doses.DATA.xml -o d.jsonl; ingest ic50 reader.xml d.jsonl")
        #expect(records.status == 0 && records.told.contains("d300.simulated"))
    }

    @Test func `a report that is not whole gives no doses`() async throws {
        let place = try place {
            ($0, $1.replacing("Volume=\"50\"", with: "Volume=\"5\""))
        }
        let outcome = try await place.run("ingest ic50 reader.xml doses.DATA.xml")
        #expect(outcome.status == 2 && outcome.output == "" && outcome.told.contains("incomplete"), "\(outcome.told)")
    }

    @Test func `an entry that cannot be read refuses the report, lenient or not`() async throws {
        // Without its compound this well would pass for an untreated one.
        let place = try place { reader, doses in
            let heads = doses.firstRange(of: "<DispenseHeads>"), behind = doses.firstRange(of: "</DispenseHeads>")
            guard let heads, let behind else { return (reader, doses) }
            let open = String(doses[..<heads.lowerBound]) + String(doses[behind.upperBound...])
            return (
                reader, open.replacing("<Fluid Index=\"0\" TotalVolume=\"50\">", with: "<Fluid Index=\"0\" TotalVolume=\"5O\">")
            )
        }
        let outcome = try await place.run("ingest ic50 --lenient reader.xml doses.DATA.xml")
        #expect(outcome.status == 2 && outcome.told.contains("ic50.unreadable-doses"), "\(outcome.told)")
    }

    @Test func `an overflow is dropped and counted, a garbled reading refuses the file`() async throws {
        let over = try place { ($0.replacing(Self.first(of: $0), with: ">OVER<"), $1) }
        let counted = try await over.run("ingest ic50 --quiet reader.xml doses.DATA.xml --format json")
        #expect(counted.status == 0)
        #expect(try counted.objects.map { $0["rows_dropped"] as? Int } == [1, 0])
        let garbled = try place { ($0.replacing(Self.first(of: $0), with: ">1O57<"), $1) }
        let refused = try await garbled.run("ingest ic50 reader.xml doses.DATA.xml")
        #expect(refused.status == 2 && refused.told.contains("ic50.unreadable-rows"))
        let lenient = try await garbled.run("ingest ic50 --quiet --lenient reader.xml doses.DATA.xml --format json")
        #expect(lenient.status == 0)
        #expect(try lenient.objects.map { $0["n"] as? Int } == [22, 23])
    }

    /// The first reading with its brackets.
    private static func first(of reader: String) -> String {
        guard let start = reader.firstRange(of: "Status=\"Measured\"") else { return "" }
        let rest = reader[start.upperBound...]
        return String(rest.prefix { $0 != "<" }) + "<"
    }

    @Test func `of two dispensed plates the one that was read is named by hand`() async throws {
        let second = """
            <Plate Index="1"><ID>PL-0299</ID><Rows>8</Rows><Cols>12</Cols><AssayVolume>100000</AssayVolume></Plate></Plates>
            """
        let place = try place {
            (
                $0.replacing("<BC>PL-0201</BC>", with: "<BC>1</BC>"),
                $1.replacing("</Plates>", with: second)
                    .replacing(
                        "</Dispensed>",
                        with: """
                            <Plate Index="1"><Well R="0" C="0"><Fluid Index="0" TotalVolume="0" /></Well></Plate></Dispensed>
                            """)
            )
        }
        let unnamed = try await place.run("ingest ic50 reader.xml doses.DATA.xml")
        #expect(unnamed.status == 2 && unnamed.told.contains("ic50.which-plate"), "\(unnamed.told)")
        #expect(unnamed.told.contains("PL-0201") && unnamed.told.contains("PL-0299"))
        let named = try await place.run("ingest ic50 reader.xml doses.DATA.xml --plate pl-0201 --format json")
        #expect(named.status == 0 && named.told.contains("as --plate says"))
        #expect(try named.objects.count == 2)
        let table = try await place.run(
            "printf 'curve,dose,response\\na,1,2\\n' >t.csv; ingest ic50 t.csv --plate PL-0201")
        #expect(table.status == 2 && table.told.contains("ic50.no-such-plate"))
    }

    @Test func `a table beside a plate is a data set of its own`() async throws {
        let place = try place()
        try place.write(IC50Tests.long, to: "long.csv")
        let outcome = try await place.run("ingest ic50 --quiet long.csv reader.xml doses.DATA.xml --format json")
        #expect(outcome.status == 0, "\(outcome.told)")
        #expect(try outcome.objects.map { $0["curve"] as? String } == ["A", "B", "C", "CPD-201", "CPD-202"])
    }

    @Test func `the mapping of the README publishes the wells of a plate`() async throws {
        let place = try place { ($0.replacing(Self.first(of: $0), with: ">OVER<"), $1) }
        let readme = try String(contentsOfFile: Self.samples + "/../README.md", encoding: .utf8)
        let blocks = readme.split(separator: "```yaml\n").compactMap { $0.split(separator: "```").first }
        try place.write(String(try #require(blocks.first { $0.contains("for: xml.tecan") })), to: "ingest.yaml")
        let doctor = try await place.run("ingest doctor")
        #expect(doctor.status == 0, "\(doctor.output)")
        let published = try await place.run("ingest --json reader.xml")
        #expect(published.status == 0, "\(published.told)")
        let receipt = try #require(try published.objects.first)
        #expect((receipt["results"] as? [String])?.count == 40 && (receipt["runs"] as? [Any])?.count == 1)
    }
}
