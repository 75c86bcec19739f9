import DoseResponse
import IngestCore
import Testing

@testable import IC50Analysis

/// How wells become curves.
struct DatasetTests {
    private func well(
        _ name: String?, dose: Double?, _ response: Double?, series: String = "Signal", role: String? = nil,
        unit: String? = "uM", cell: String? = nil, line: Int = 2
    ) -> ObservedWell {
        var extras: Extras = [:]
        if let cell { extras.add("Cell line", cell) }
        func quantity(_ value: Double?, _ unit: String?) -> Quantity {
            guard let value else { return Quantity(written: "", absent: .empty) }
            return Quantity(written: "\(value)", value: value, unit: unit.flatMap { Unit(spelling: $0) }, unitWritten: unit)
        }
        let record = ResultRecord(
            kind: .well, sample: Sample(name: name, role: role.map { Sample.Role(written: $0) }, roleWritten: role),
            measurements: [
                Measurement(.dose, quantity(dose, unit)), Measurement(own: series, quantity(response, nil)),
            ], extras: extras, location: SourceLocation(file: "t.csv", line: line, column: 1))
        return ObservedWell(record)
    }

    private func dataset(_ wells: [ObservedWell], _ options: DatasetOptions = DatasetOptions()) throws -> DoseResponseDataset {
        var builder = DatasetBuilder(options)
        builder.begin(file: "t.csv")
        for well in wells { try builder.add(well) }
        return builder.finish(leftOut: 0)
    }

    @Test func `compounds, cell lines and columns are curves of their own`() throws {
        let found = try dataset([
            well("A", dose: 1, 5), well("B", dose: 1, 6), well("A", dose: 2, 7, cell: "HT-7"), well("A", dose: 2, 8),
            well("A", dose: 2, 9, series: "Signal 48h"),
        ])
        #expect(found.diagnostics.isEmpty)
        #expect(found.curves.map(\.name) == ["A", "B", "A", "A"])
        #expect(found.curves.map(\.points.count) == [2, 1, 1, 1])
        #expect(found.curves[2].cell == "HT-7" && found.curves[3].hours == 48)
    }

    @Test func `missing cells are counted and nothing else`() throws {
        let found = try dataset([well("A", dose: 1, nil), well("A", dose: nil, 4), well("A", dose: 2, 7)])
        #expect(found.curves.count == 1 && found.curves[0].points.count == 1 && found.curves[0].rowsDropped == 2)
    }

    @Test func `molar units become one, others never`() throws {
        let molar = try dataset([well("A", dose: 1, 1, unit: "uM"), well("A", dose: 500, 2, unit: "nM")])
        #expect(molar.diagnostics.isEmpty && molar.curves[0].points.map(\.dose) == [1, 0.5])
        let mass = try dataset([well("A", dose: 1, 1, unit: "uM"), well("A", dose: 500, 2, unit: "ng/mL")])
        #expect(mass.diagnostics.map(\.code) == ["ic50.mixed-units"])
        let asked = try dataset([well("A", dose: 1, 1, unit: "uM")], DatasetOptions(doseUnit: "nM"))
        #expect(asked.curves[0].points.map(\.dose) == [1000] && asked.curves[0].doseUnit?.written == "nM")
    }

    @Test func `control wells are part of no curve`() throws {
        let found = try dataset([
            well("A", dose: 1, 5), well("DMSO", dose: 0, 9, role: "Vehicle"), well("medium", dose: nil, 0, role: "Blank"),
        ])
        #expect(found.curves.map(\.name) == ["A"] && found.controlWells == 2)
    }

    @Test func `the untreated wells of a curve are its dose 0`() throws {
        let found = try dataset([well("A", dose: 0, 99, role: "Control"), well("A", dose: 1, 50), well("A", dose: 2, 20)])
        #expect(found.curves.map(\.points.count) == [3])
    }

    @Test func `controls that are not there are named`() throws {
        let found = try dataset(
            [well("A", dose: 1, 5)], DatasetOptions(controls: DatasetOptions.Controls(low: "blank", high: "vehicle")))
        #expect(found.diagnostics.map(\.code) == ["ic50.no-controls"])
    }

    @Test func `too many points are refused while they are read`() throws {
        var options = DatasetOptions()
        options.mostPoints = 100
        var builder = DatasetBuilder(options)
        builder.begin(file: "t.csv")
        let one = well("A", dose: 1, 5)
        for _ in 0..<100 { try builder.add(one) }
        #expect(throws: Diagnostic.self) { try builder.add(one) }
    }
}
