import Foundation
import Testing

/// A file that is laid out otherwise than the last of its instrument: told before anything is published.
struct LayoutTests {
    private static let headings = "Sample,RT (min),Area (mAU*s),Height\n"
    private static func rows(_ name: String) -> String { (1...5).map { "\(name)\($0),\($0).512,32\($0).25,11.2\n" }.joined() }

    private static func files() -> [String: String] {
        [
            "first.csv": headings + rows("A"), "same.csv": headings + rows("B"),
            "unit.csv": headings.replacing("mAU*s", with: "mAU*min") + rows("C"),
            "coarse.csv": headings + rows("D").replacing(".25,", with: ".3,"),
            "column.csv": headings.replacing("Height", with: "Height,Symmetry")
                + rows("E").replacing("11.2\n", with: "11.2,1.02\n"),
            "gone.csv": "Sample,RT (min),Height\n" + (1...5).map { "F\($0),\($0).512,11.2\n" }.joined(),
            "comma.csv": (headings + rows("G")).replacing(",", with: ";").replacing(".", with: ","),
        ]
    }

    @Test(
        arguments: [
            ("unit.csv", "unit.csv:1:17: warning: unit mAU*s of \"Area\" is now mAU*min"),
            ("coarse.csv", "\"area\" of peaks had 2 decimals and now has 1"),
            ("comma.csv", "decimal mark . is now ,"),
            ("gone.csv", "\"area\" of peaks, which is published, is not there any more"),
        ])
    func `what can alter numbers is a question, and nothing is sent before it is agreed to`(file: String, told: String)
        async throws
    {
        let place = try Workplace(LayoutTests.files())
        #expect(try await place.run("ingest --accept-unknown first.csv").status == 0)
        let refused = try await place.run("ingest --accept-unknown \(file)")
        #expect(refused.status == 2 && refused.told.contains(told), "\(refused.told)")
        #expect(refused.told.contains("publish.needs-consent") && refused.told.contains("since first.csv of"))
        #expect(try await place.run("ingest history --json").objects.filter { $0["type"] as? String == "publication" }.count == 1)
        // A refusal is not remembered; what was agreed to is, and not asked for again.
        #expect(try await place.run("ingest --accept-unknown \(file)").status == 2)
        let agreed = try await place.run("ingest --accept-unknown --yes \(file)")
        #expect(agreed.status == 0 && agreed.told.contains(told), "\(agreed.told)")
        try place.write(place.text(of: file).replacing("1", with: "2").replacing("22", with: "21"), to: "next-\(file)")
        let next = try await place.run("ingest --accept-unknown next-\(file)")
        #expect(next.status == 0 && !next.told.contains("layout."), "\(next.told)")
        #expect(try await place.run("ingest history").output.contains("layout changed: "))
    }

    @Test func `the same layout is not mentioned, a new column is told and does not ask`() async throws {
        let place = try Workplace(LayoutTests.files())
        #expect(try await place.run("ingest --accept-unknown first.csv").status == 0)
        let same = try await place.run("ingest --accept-unknown same.csv")
        #expect(same.status == 0 && !same.told.contains("layout"), "\(same.told)")
        let column = try await place.run("ingest --accept-unknown column.csv")
        #expect(column.status == 0 && column.told.contains("column.csv:1:37: warning: new column 5 \"Symmetry\""))
    }

    @Test func `a dry run shows the change and the question, and remembers nothing`() async throws {
        let place = try Workplace(LayoutTests.files())
        #expect(try await place.run("ingest --accept-unknown first.csv").status == 0)
        for _ in 0..<2 {
            let plan = try await place.run("ingest --accept-unknown --dry-run unit.csv")
            #expect(plan.status == 0 && plan.output.contains("note      unit.csv:1:17: unit mAU*s of \"Area\""), "\(plan.output)")
            #expect(plan.output.contains("asks      the layout has changed since first.csv"))
            #expect(plan.told.contains("and asks first (--yes agrees)"))
        }
        let json = try await place.run("ingest --accept-unknown --dry-run --json unit.csv")
        #expect(json.told.contains("[layout.changed]"))
    }

    @Test func `records and saved plans ask as well, and remember once they are carried out`() async throws {
        let place = try Workplace(LayoutTests.files())
        #expect(try await place.run("ingest --accept-unknown first.csv").status == 0)
        #expect(try await place.run("ingest read unit.csv -o unit.jsonl").status == 0)
        let records = try await place.run("ingest publish --accept-unknown unit.jsonl")
        #expect(records.status == 2 && records.told.contains("unit mAU*s of \"area\" of peaks is now mAU*min"), "\(records.told)")
        #expect(try await place.run("ingest --accept-unknown --plan p.plan unit.csv").status == 0)
        let refused = try await place.run("ingest publish --plan p.plan")
        #expect(refused.status == 2 && refused.told.contains("publish.needs-consent"), "\(refused.told)")
        #expect(try await place.run("ingest publish --yes --plan p.plan").status == 0)
        try place.write(place.text(of: "unit.csv").replacing("C", with: "K"), to: "next.csv")
        #expect(try await place.run("ingest --accept-unknown next.csv").status == 0)
    }

    @Test func `of files that are the first of an instrument together, one is compared with the other`() async throws {
        let place = try Workplace(LayoutTests.files())
        let outcome = try await place.run("ingest --accept-unknown --json first.csv unit.csv")
        #expect(outcome.status == 2 && outcome.told.contains("is now mAU*"), "\(outcome.told)")
        #expect(try outcome.objects.compactMap { $0["status"] as? Int }.sorted() == [0, 2])
    }

    @Test func `undo does not make a layout forgotten`() async throws {
        let place = try Workplace(LayoutTests.files())
        #expect(try await place.run("ingest --accept-unknown first.csv").status == 0)
        #expect(try await place.run("ingest undo first.csv --reason test").status == 0)
        #expect(try await place.run("ingest --accept-unknown unit.csv").status == 2)
    }
}
