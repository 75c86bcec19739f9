import IngestCore
import IngestPipeline
import IngestTesting
import InstrumentAdapters
import Testing

@Suite struct SkylineAdapterTests {
    private let heading =
        "Molecule Name,Replicate Name,Precursor Mz,Precursor Charge,Product Mz,Retention Time,Area,Background,Peak Rank\n"

    private var table: String {
        heading
            + ["R1", "R2", "R3"].map {
                """
                Caffeine,\($0),195.1,1,138.1,4.87,20114,118,1
                Caffeine,\($0),195.1,1,110.1,4.88,1204,54,2
                Theobromine,\($0),181.1,1,138.1,#N/A,#N/A,#N/A,#N/A

                """
            }.joined()
    }

    private func reading(_ text: String) async throws -> AdapterReading {
        let reading = try await SkylineAdapter().reading(text, name: "report.csv")
        #expect(!reading.codes.contains { $0.hasPrefix("adapter.") })
        if let end = reading.end { #expect(end.coverage.addsUp) }
        return reading
    }

    @Test func `each transition of each replicate is a peak`() async throws {
        let reading = try await reading(table)
        #expect(reading.codes.isEmpty)
        #expect(reading.results.count == 9)
        #expect(reading.results[1].kind == .peak)
        #expect(reading.results[1].analyte?.name == "Caffeine")
        #expect(reading.results[1].sample?.name == "R1")
        #expect(
            reading.results[1].measurements.map(\.name) == [
                "massToCharge", "Precursor Charge", "Product Mz", "retentionTime", "area", "Background", "Peak Rank",
            ])
        #expect(reading.results[1].measurements.map(\.quantity.value) == [195.1, 1, 110.1, 4.88, 1204, 54, 2])
        #expect(reading.results[2].measurements[3].quantity.absent == .notReported)
    }

    @Test func `of columns that say the same the best one counts, the others keep their heading`() async throws {
        let reading = try await reading(
            """
            SampleName;BestRetentionTime;TotalArea;Peptide;PeptideModifiedSequence;ReplicateName;PrecursorMz;RetentionTime;Area
            x;4,5;10;PEP;PEP[+8];R1;400,5;4,4;9

            """)
        let result = try #require(reading.results.first)
        #expect(result.sample?.name == "R1")
        #expect(result.analyte?.name == "PEP[+8]")
        #expect(result.measurements.map(\.name) == ["BestRetentionTime", "TotalArea", "massToCharge", "retentionTime", "area"])
        #expect(result.measurements.map(\.quantity.value) == [4.5, 10, 400.5, 4.4, 9])
        #expect(result.extras == ["SampleName": "x", "Peptide": "PEP"])
    }

    @Test func `a precursor is a compound, and a hand, a cut peak and a standard are told by their columns`() async throws {
        let reading = try await reading(
            """
            Molecule Name,Replicate Name,Precursor Mz,Total Area,User Set Total,Truncated,Standard Type,Sample Type
            A,R1,100.5,10,TRUE,False,Surrogate Standard,Quality Control
            B,R1,100.5,10,FALSE,True,,Quality Control

            """)
        #expect(reading.results.map(\.kind) == [.compound, .compound])
        #expect(reading.results.map { $0.flags.map(\.code) } == [["manualIntegration"], ["truncated"]])
        #expect(reading.results.map(\.analyte?.role) == [.istd, nil])
        #expect(reading.results.map(\.sample?.role) == [.qc, .qc])
    }

    @Test(arguments: ["2x0114", "20.1.14", "20114 a"])
    func `a garbled number leaves out its row`(cell: String) async throws {
        let reading = try await reading(table.replacing("20114", with: cell))
        #expect(reading.results.count == 6)
        #expect(reading.codes.filter { $0.hasPrefix("table.") }.count == 3)
    }

    @Test(arguments: ["Retention Time", "Area", "Background", "Peak Rank", "Product Mz", "Precursor Mz"])
    func `a heading that Skyline does not have is told`(name: String) async throws {
        let told = try #require(try await reading(table.replacing(name, with: name + "s")).diagnostic("skyline.unknown-heading"))
        #expect(told.message.contains("\"\(name)\""))
    }

    @Test(arguments: 1...9)
    func `a transition that a replicate lacks or has twice is told`(row: Int) async throws {
        var lines = table.split(separator: "\n")
        let line = lines.remove(at: row)
        #expect(try await reading(lines.joined(separator: "\n") + "\n").codes.contains("skyline.uneven-samples"))
        lines.insert(line, at: row)
        lines.insert(line, at: row)
        #expect(try await reading(lines.joined(separator: "\n") + "\n").codes.contains("skyline.uneven-samples"))
    }
}
