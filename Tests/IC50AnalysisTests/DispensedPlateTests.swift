import DoseResponse
import IngestCore
import Testing

@testable import IC50Analysis

/// How the readings of a plate and the volumes dispensed into it become curves.
struct DispensedPlateTests {
    private func place(_ well: String) throws -> (row: Int, column: Int) {
        let position = try #require(Position(well: well))
        return (position.row ?? 0, position.column ?? 0)
    }

    private func quantity(_ value: Double?, _ unit: String?) -> Quantity {
        let known = unit.flatMap { Unit(spelling: $0) }
        guard let value else { return Quantity(written: "", absent: .overflow, unit: known, unitWritten: unit) }
        return Quantity(written: "\(value)", value: value, unit: known, unitWritten: unit)
    }

    private func dispensed(
        _ well: String, _ fluid: String, _ volume: Double, stock: Double? = 10, unit: String = "mM", plate: String? = "P",
        volumeUnit: String = "nL", assay: Double? = 100, assayUnit: String = "uL", file: String = "d.xml"
    ) throws -> ObservedWell {
        let (row, column) = try place(well)
        var measurements = [Measurement(.volume, quantity(volume, volumeUnit))]
        if let stock { measurements.append(Measurement(.concentration, quantity(stock, unit))) }
        if let assay { measurements.append(Measurement(own: "AssayVolume", quantity(assay, assayUnit))) }
        return ObservedWell(
            ResultRecord(
                kind: .well, position: Position(row: row, column: column, plate: plate),
                analyte: Analyte(name: fluid), measurements: measurements, flags: fluid == "DMSO" ? [Flag("normalization")] : [],
                location: SourceLocation(file: file, line: 9)))
    }

    private func read(
        _ well: String, _ value: Double?, plate: String? = "P", signal: String = "Fl", cycle: String? = nil, run: String = "r1",
        file: String = "t.xml"
    ) throws -> ObservedWell {
        let (row, column) = try place(well)
        var extras: Extras = [:]
        if let cycle { extras.add("Cycle", cycle) }
        var record = ResultRecord(
            kind: .well, position: Position(written: well, plate: plate, row: row, column: column), signal: Signal(name: signal),
            measurements: [Measurement(.fluorescence, quantity(value, nil)), Measurement(.temperature, quantity(25, "°C"))],
            extras: extras, location: SourceLocation(file: file, line: 7))
        record.run = run
        return ObservedWell(record)
    }

    private func join(
        _ entries: [ObservedWell], _ files: [ObservedWell]..., plate: String? = nil, options: DatasetOptions = DatasetOptions()
    ) throws -> DoseResponseDataset {
        var doses = DispensedDoses()
        for entry in entries {
            #expect(DispensedDoses.isMeant(by: entry))
            try doses.add(entry)
        }
        let readings = try files.map { wells in
            var readings = PlateReadings(options)
            readings.begin(file: wells.first?.location.file ?? "")
            for well in wells {
                #expect(!DispensedDoses.isMeant(by: well))
                try readings.add(well)
            }
            return readings
        }
        return try DispensedPlateJoin.dataset(doses, readings, plate: plate, options)
    }

    private func points(_ dataset: DoseResponseDataset) -> [String: [Double]] {
        Dictionary(uniqueKeysWithValues: dataset.curves.map { ("\($0.name) · \($0.series)", $0.points.map(\.dose)) })
    }

    @Test func `a dose is stock times volume by assay volume, and keeps its well`() throws {
        let found = try join(
            [
                dispensed("A1", "X", 200), dispensed("A2", "X", 91.6), dispensed("A2", "DMSO", 108.4, stock: nil),
                dispensed("A3", "DMSO", 200, stock: nil),
            ],
            [read("A1", 5), read("A2", 6), read("A3", 7)])
        #expect(found.diagnostics.isEmpty && found.curves.count == 1)
        #expect(found.curves[0].points.map(\.dose) == [20, 9.16, 0] && found.curves[0].points.map(\.response) == [5, 6, 7])
        #expect(found.curves[0].points.map(\.place) == ["well A1", "well A2", "well A3"])
        #expect(found.curves[0].doseUnit?.written == "uM" && found.curves[0].doseUnit?.molar == 1e-6)
    }

    @Test(arguments: [
        (10, "mM", 100.0, "uM", 10), (10, "mM", 0.05, "nM", 5), (10, "mM", 0.000005, "pM", 0.5), (10, "M", 200.0, "mM", 20),
        (2.5, "mg/mL", 200.0, "mg/mL", 0.005), (10, "µM", 100.0, "nM", 10),
    ])
    func `the unit follows from the highest dose of molar stocks, others keep theirs`(
        stock: Double, unit: String, volume: Double, shown: String, dose: Double
    ) throws {
        let found = try join([dispensed("A1", "X", volume, stock: stock, unit: unit)], [read("A1", 5)])
        #expect(found.curves[0].doseUnit?.written == shown && found.curves[0].points.map(\.dose) == [dose])
    }

    @Test func `of stocks in different units the first well of the plate decides, every time`() throws {
        for _ in 0..<20 {
            let found = try join(
                [
                    dispensed("B2", "X", 100, stock: 5, unit: "ug/mL"), dispensed("A2", "X", 100, stock: 5, unit: "mg/mL"),
                    dispensed("A3", "X", 100, stock: 7, unit: "ug/mL"), dispensed("C1", "X", 100, stock: 8, unit: "ug/mL"),
                ],
                ["A2", "A3", "B2", "C1"].map { try read($0, 5) })
            #expect(found.curves[0].doseUnit?.written == "mg/mL")
        }
    }

    @Test(arguments: [0, -5.0])
    func `a stock of no amount makes no untreated well`(stock: Double) throws {
        let found = try join(
            [dispensed("A1", "X", 100, stock: stock), dispensed("A2", "Y", 100)], [read("A1", 5), read("A2", 6)])
        #expect(found.isRefused && found.diagnostics.map(\.code) == ["ic50.stock"])
        #expect(found.diagnostics[0].message.contains("concentration of \(stock)"))
    }

    @Test func `two volumes of a fluid add up, and so do two stocks of one name`() throws {
        let found = try join(
            [
                dispensed("A1", "X", 60), dispensed("A1", "X", 40), dispensed("A2", "X", 1000, stock: 1),
                dispensed("A3", "X", 0.1), dispensed("A4", "X", 1, stock: 1),
            ],
            ["A1", "A2", "A3", "A4"].map { try read($0, 5) })
        // Of different stocks, and yet one level.
        #expect(found.curves[0].points.map(\.dose) == [10, 10, 0.01, 0.01])
    }

    @Test func `two fluids of one name are told`() throws {
        var other = try dispensed("A2", "X", 10, stock: 1)
        other.analyteID = "4"
        let found = try join([dispensed("A1", "X", 100), other], [read("A1", 5), read("A2", 6)])
        #expect(found.remarks.contains { $0.contains("2 fluids are named \"X\"") })
        #expect(try !join([dispensed("A1", "X", 100)], [read("A1", 5)]).remarks.contains { $0.contains("fluids") })
    }

    @Test func `volumes in different units are brought into one`() throws {
        let found = try join([dispensed("A1", "X", 0.1, volumeUnit: "uL", assay: 0.1, assayUnit: "mL")], [read("A1", 5)])
        #expect(found.curves[0].points.map(\.dose) == [10])
        let refused = try join([dispensed("A1", "X", 0.1, volumeUnit: "uL", assay: 5, assayUnit: "mg")], [read("A1", 5)])
        #expect(refused.diagnostics.map(\.code) == ["ic50.no-assay-volume"])
        #expect(try join([dispensed("A1", "X", 1, assay: nil)], [read("A1", 5)]).isRefused)
    }

    @Test func `the vehicle alone is the dose 0 of each compound of its plate`() throws {
        let found = try join(
            [dispensed("A1", "X", 100), dispensed("A2", "Y", 100), dispensed("A3", "DMSO", 100, stock: nil)],
            [read("A1", 1), read("A2", 2), read("A3", 3)])
        #expect(points(found) == ["X · Fl": [10, 0], "Y · Fl": [10, 0]])
    }

    @Test func `a well that nobody dispensed into is part of no curve, and told`() throws {
        let found = try join([dispensed("A1", "X", 100)], [read("A1", 1), read("H12", 2)])
        #expect(points(found) == ["X · Fl": [10]])
        #expect(found.remarks.contains { $0.contains("H12") && $0.contains("nothing was dispensed") })
    }

    @Test func `dispensed wells without a reading are told`() throws {
        let found = try join([dispensed("A1", "X", 100), dispensed("A2", "X", 10)], [read("A1", 1)])
        #expect(found.remarks.contains { $0.contains("1 dispensed well has no reading (A2)") })
    }

    // MARK: Several compounds

    @Test func `a second compound at one dose is background and named`() throws {
        let found = try join(
            [
                dispensed("A1", "X", 100), dispensed("A1", "Y", 50), dispensed("A2", "X", 10), dispensed("A2", "Y", 50),
                dispensed("A3", "Y", 50), dispensed("A3", "DMSO", 50, stock: nil), dispensed("A4", "DMSO", 100, stock: nil),
            ],
            ["A1", "A2", "A3", "A4"].map { try read($0, 5) })
        #expect(points(found) == ["X + Y 5 uM · Fl": [10, 1, 0]])
        // Without the background the vehicle is no dose 0 of that curve.
        #expect(found.remarks.contains { $0.contains("A4") && $0.contains("controls of no compound") })
    }

    @Test func `a compound alone and over a background are two curves`() throws {
        let found = try join(
            [
                dispensed("A1", "X", 100), dispensed("A2", "X", 10), dispensed("B1", "X", 100), dispensed("B1", "Y", 50),
                dispensed("B2", "X", 10), dispensed("B2", "Y", 50), dispensed("C1", "Y", 50), dispensed("C2", "Y", 5),
            ],
            ["A1", "A2", "B1", "B2", "C1", "C2"].map { try read($0, 5) })
        #expect(points(found) == ["X · Fl": [10, 1], "X + Y 5 uM · Fl": [10, 1, 0], "Y · Fl": [5, 0.5]])
    }

    @Test func `two compounds that vary together are left out and told`() throws {
        let found = try join(
            [
                dispensed("A1", "X", 100), dispensed("A1", "Y", 50), dispensed("A2", "X", 10), dispensed("A2", "Y", 5),
                dispensed("B1", "X", 100),
            ], ["A1", "A2", "B1"].map { try read($0, 5) })
        #expect(points(found) == ["X · Fl": [10]])
        #expect(found.diagnostics.map(\.code) == ["ic50.combined-compounds"] && found.diagnostics[0].severity == .warning)
        #expect(found.diagnostics[0].message.contains("A1, A2"))
    }

    @Test func `a stock without a concentration is no vehicle`() throws {
        let found = try join([dispensed("A1", "X", 100), dispensed("A2", "Z", 100, stock: nil)], [read("A1", 1), read("A2", 2)])
        #expect(points(found) == ["X · Fl": [10]] && found.diagnostics.map(\.code) == ["ic50.unknown-dose"])
    }

    // MARK: Readings

    @Test func `an overflow is a dropped cell of its curve`() throws {
        let found = try join([dispensed("A1", "X", 100), dispensed("A2", "X", 10)], [read("A1", nil), read("A2", 2)])
        #expect(points(found) == ["X · Fl": [1]] && found.curves[0].rowsDropped == 1)
    }

    @Test func `sections are series of their own, and so are cycles of one`() throws {
        let wells = try [
            read("A1", 1), read("A1", 2, signal: "Abs"), read("A1", 3, signal: "K", cycle: "1"),
            read("A1", 4, signal: "K", cycle: "2"),
        ]
        let found = try join([dispensed("A1", "X", 100)], wells)
        #expect(found.curves.map(\.series) == ["Fl", "Abs", "K, cycle 1", "K, cycle 2"])
    }

    @Test func `wavelengths and analytes of a well are series of their own`() throws {
        func result(_ signal: Signal?, _ analyte: Analyte?, _ name: MeasurementName) -> ObservedWell {
            ObservedWell(
                ResultRecord(
                    kind: .well, position: Position(written: "A1", row: 1, column: 1), signal: signal, analyte: analyte,
                    measurements: [Measurement(name, quantity(1, nil))], location: SourceLocation(file: "t.xml", line: 7)))
        }
        let wells = [
            result(Signal(wavelength: quantity(450, "nm")), nil, .absorbance),
            result(Signal(wavelength: quantity(570, "nm")), nil, .absorbance), result(nil, Analyte(name: "IL-6"), .median),
        ]
        let found = try join([dispensed("A1", "X", 100)], wells)
        #expect(found.curves.map(\.series) == ["absorbance 450.0 nm", "absorbance 570.0 nm", "IL-6 median"])
    }

    @Test func `two sections of one name are no replicates`() throws {
        let found = try join([dispensed("A1", "X", 100)], [read("A1", 1), read("A1", 2, run: "r2")])
        #expect(found.curves.map(\.series) == ["Fl", "Fl (2)"])
    }

    @Test func `a well read twice gives two points, and is told`() throws {
        let found = try join([dispensed("A1", "X", 100)], [read("A1", 1), read("A1", 2)])
        #expect(points(found) == ["X · Fl": [10, 10]] && found.remarks.contains { $0.contains("read more than once (A1)") })
    }

    @Test func `readings that tell doses themselves are joined to nothing`() throws {
        var readings = PlateReadings(DatasetOptions())
        var well = try read("A1", 1)
        try readings.add(well)
        #expect(readings.isJoinable)
        well.readings.append(
            ObservedWell.Reading(name: "dose", isOwn: false, value: 1, bound: .exact, written: "1", unit: nil, unitWritten: nil))
        try readings.add(well)
        #expect(!readings.isJoinable)
    }

    // MARK: Plates

    @Test(arguments: [("p", "P"), (nil, "P"), ("P", nil), (nil, nil)] as [(String?, String?)])
    func `one plate is joined by its name, or where a name is missing`(reader: String?, dispenser: String?) throws {
        let found = try join([dispensed("A1", "X", 100, plate: dispenser)], [read("A1", 1, plate: reader)])
        #expect(points(found) == ["X · Fl": [10]])
        #expect(!found.remarks.contains { $0.contains("taken for") })
    }

    @Test func `one plate each of different names is joined and told`() throws {
        let found = try join([dispensed("A1", "X", 100)], [read("A1", 1, plate: "1")])
        #expect(points(found) == ["X · Fl": [10]] && found.remarks.contains { $0.contains("\"1\"") && $0.contains("\"P\"") })
    }

    @Test func `of two plates read the one that was dispensed counts`() throws {
        let found = try join([dispensed("A1", "X", 100)], [read("A1", 1), read("A1", 2, plate: "Q")])
        #expect(found.curves[0].points.map(\.response) == [1] && found.diagnostics.map(\.code) == ["ic50.other-plate"])
        let none = try join([dispensed("A1", "X", 100)], [read("A1", 1, plate: "Q"), read("A1", 1, plate: "R")])
        #expect(none.diagnostics.map(\.code) == ["ic50.which-plate"])
    }

    @Test func `of several dispensed plates the one that was read has to be named`() throws {
        let doses = try [dispensed("A1", "X", 100, plate: "P"), dispensed("A1", "X", 10, plate: "Q")]
        let named = try join(doses, [read("A1", 1, plate: "q")])
        #expect(points(named) == ["X · Fl": [1]])
        let unknown = try join(doses, [read("A1", 1, plate: nil)])
        #expect(unknown.diagnostics.map(\.code) == ["ic50.which-plate"])
        #expect(unknown.diagnostics[0].message.contains("\"P\", \"Q\""))
        let asked = try join(doses, [read("A1", 1, plate: "1")], plate: "Q")
        #expect(points(asked) == ["X · Fl": [1]] && asked.remarks.contains { $0.contains("--plate") })
        #expect(try join(doses, [read("A1", 1)], plate: "S").diagnostics.map(\.code) == ["ic50.no-such-plate"])
    }

    @Test func `plates in two files are replicates when the dispenser has two, and never when it has one`() throws {
        let doses = try [dispensed("A1", "X", 100, plate: "P"), dispensed("A1", "X", 10, plate: "Q")]
        let two = try join(doses, [read("A1", 1, plate: "P", file: "1.xml")], [read("A1", 2, plate: "Q", file: "2.xml")])
        #expect(points(two) == ["X · Fl": [10, 1]] && two.curves[0].plates == ["P", "Q"])
        let twice = try join([doses[0]], [read("A1", 1, file: "1.xml")], [read("A1", 2, file: "2.xml")])
        #expect(twice.diagnostics.map(\.code) == ["ic50.duplicate-curve"] && twice.curves.isEmpty)
    }

    @Test func `two reports of one plate are refused`() throws {
        let found = try join(
            [dispensed("A1", "X", 100), dispensed("A1", "X", 100, file: "again.xml")], [read("A1", 1)])
        #expect(found.diagnostics.map(\.code) == ["ic50.plate-dispensed-twice"])
    }

    @Test func `controls are named by their fluid, and by what they are`() throws {
        let doses = try [dispensed("A1", "X", 100), dispensed("A2", "X", 10), dispensed("A3", "DMSO", 100, stock: nil)]
        let wells = try [read("A1", 25), read("A2", 75), read("A3", 100), read("A4", 0)]
        for controls in [("undispensed", "DMSO"), ("undispensed", "control")] {
            let found = try join(
                doses, wells, options: DatasetOptions(controls: DatasetOptions.Controls(low: controls.0, high: controls.1)))
            #expect(found.diagnostics.isEmpty && found.curves[0].points.map(\.response) == [25, 75, 100])
        }
    }
}
