import FoundationEssentials
import IngestCore
import Testing

@testable import IngestPipeline

@Test func `a small table gives this document, with the digest of its records file`() async throws {
    let path = temporaryPath()
    defer { try? FileManager.default.removeItem(atPath: path) }
    let sink = JSONLinesSink(try OutputFile(path: path))
    for record in smallTable { try await sink.write(record) }
    try await sink.finish()
    let last = try #require(try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").last)
    let digest = try #require(try JSONValue(parsing: String(last))["digest"]?.string)
    #expect(digest.count == 64)
    #expect(try await document(smallTable) == smallDocument.replacing("DIGEST", with: digest))
}

@Test func `the same records give the same bytes`() async throws {
    #expect(try await document(smallTable) == document(smallTable))
}

@Test func `neighbouring results of one injection and signal share a measurement`() async throws {
    let results = [
        result(2, ordinal: 1, signal: "A"), result(3, ordinal: 2, signal: "A"), result(4, ordinal: 1, signal: "B"),
        // The numbering begins anew: another injection of the same name.
        result(5, ordinal: 1, signal: "B"), result(6, ordinal: 2, signal: "B"),
    ]
    let measurements = try measurements(try await document(of: results))
    #expect(measurements.map { peaks($0).count } == [2, 1, 2])
}

@Test func `measurements share an injection that the file tells apart from others`() async throws {
    func injected(_ line: Int, _ ordinal: Int?, signal: String) -> ResultRecord {
        var result = result(line, ordinal: 1, signal: signal)
        result.injection = Injection(ordinal: ordinal)
        return result
    }
    let identifiers = try measurements(
        try await document(of: [
            injected(2, 1, signal: "A"), injected(3, 1, signal: "B"), injected(4, 2, signal: "A"),
            injected(5, nil, signal: "A"),
            injected(6, nil, signal: "B"),
        ])
    ).compactMap { $0["injection document"]?["injection identifier"]?.string }
    #expect(identifiers.count == 5)
    #expect(identifiers[0] == identifiers[1])
    #expect(Set(identifiers).count == 4)
}

// MARK: Units

@Test(
    arguments: [
        (MeasurementName.retentionTime, "min", 4.871, "retention time", 292.26, "s"),
        (.retentionTime, "ms", 291_500, "retention time", 291.5, "s"),
        (.retentionVolume, "uL", 1500, "retention volume", 1.5, "mL"),
        (.startTime, "min", 1.1, "peak start", 66, "s"),
        (.endTime, "mL", -8.61, "peak end", -8.61, "mL"),
        (.area, "{mAU}.min", 2.5, "peak area", 150, "mAU.s"),
        (.area, "25.uV.s", 1000, "peak area", 25, "mV.s"),
        (.area, "{mAU}.uL", 250, "peak area", 0.25, "mAU.mL"),
        (.area, "nC.min", 0.1, "peak area", 6, "nC.s"),
        (.area, "{counts}", 12, "peak area", 12, "counts"),
        (.area, "{RIU}.s", 12, "peak area", 12, "RIU.s"),
        (.height, "{AU}", 0.5, "peak height", 500, "mAU"),
        (.areaPercent, "%", 12.5, "relative peak area", 12.5, "%"),
        (.widthAtHalfHeight, "min", 0.07, "peak width at half height", 4.2, "s"),
        (.resolution, nil, 2.31, "chromatographic peak resolution", 2.31, "(unitless)"),
        (.area, nil, 20114.5, "peak area", 20114.5, "(unitless)"),
    ] as [(MeasurementName, String?, Double, String, Double, String)])
func `a value is converted to the unit of the model`(
    name: MeasurementName, unit: String?, value: Double, field: String, converted: Double, written: String
) async throws {
    let quantity = Quantity(written: "\(value)", value: value, unit: unit.map { Unit($0) })
    let peak = try await peak(with: [Measurement(name, quantity)])
    #expect(peak[field] == .quantity(converted, written))
    #expect(peak["custom information document"] == nil)
}

@Test(
    arguments: [
        (MeasurementName.retentionTime, nil, nil, "retention time", "(unitless)"),
        (.retentionTime, nil, "furlong", "retention time", "furlong"),
        (.retentionTime, "mL", "ml", "retention time", "mL"),
        (.areaPercent, nil, nil, "relative peak area", "(unitless)"),
        (.concentration, "ug/mL", "µg/ml", "concentration", "μg/mL"),
        (.temperature, "Cel", "C", "temperature", "degC"),
        (.symmetry, nil, nil, "symmetry", "(unitless)"),
        (.signalToNoise, nil, nil, "signal to noise", "(unitless)"),
    ] as [(MeasurementName, String?, String?, String, String)])
func `what the model has no field for, or not in this unit, is custom information`(
    name: MeasurementName, unit: String?, unitWritten: String?, key: String, written: String
) async throws {
    let quantity = Quantity(written: "1.5", value: 1.5, unit: unit.map { Unit($0) }, unitWritten: unitWritten)
    let peak = try await peak(with: [Measurement(name, quantity)])
    #expect(Set(peak.members.keys) == ["identifier", "peak index", "custom information document"])
    #expect(peak["custom information document"]?[key] == .quantity(1.5, written))
}

@Test func `volume and wavelength are settings where they are numbers`() async throws {
    var result = result(2, ordinal: 1)
    result.injection = Injection(
        ordinal: 3, acquired: Timestamp("2024-03-01 09:14:05+01:00"),
        volume: Quantity(written: "0,005", value: 0.005, unit: .millilitre))
    result.signal = Signal(name: "DAD1 A", wavelength: Quantity(written: "210", value: 210, unit: .nanometre))
    let measurement = try #require(try measurements(try await document(of: [result])).first)
    let injection = try #require(measurement["injection document"])
    #expect(injection["autosampler injection volume setting (chromatography)"] == .quantity(5, "mm^3"))
    #expect(injection["injection time"] == .string("2024-03-01T09:14:05+01:00"))
    #expect(measurement["measurement time"] == .string("2024-03-01T09:14:05+01:00"))
    #expect(injection["custom information document"]?["injection number"] == .string("3"))
    let control = measurement["device control aggregate document"]?["device control document"]?[0]
    #expect(control?["detector wavelength setting"] == .quantity(210, "nm"))
    #expect(control?["custom information document"]?["signal name"] == .string("DAD1 A"))
}

// MARK: Nothing is invented, nothing is dropped

@Test func `a value that is missing or bounded is never the number of a field`() async throws {
    let peak = try await peak(with: [
        Measurement(.retentionTime, Quantity(written: "0.000", absent: .notFound, unit: .minute)),
        Measurement(.area, Quantity(written: "", absent: .empty)),
        Measurement(.height, Quantity(written: "<0.5", value: 0.5, unit: Unit("{AU}"), bound: .below)),
        Measurement(.concentration, Quantity(written: ">100", value: 100, unit: Unit("mg/L"), bound: .above)),
    ])
    #expect(Set(peak.members.keys) == ["identifier", "peak index", "custom information document"])
    let custom = try #require(peak["custom information document"])
    #expect(
        custom
            == .object([
                "retention time absent": .string("notFound"), "retention time written": .string("0.000"),
                "peak area absent": .string("empty"), "peak height below": .quantity(500, "mAU"),
                "concentration above": .quantity(100, "mg/L"),
            ]))
}

@Test func `a time without a zone is no injection time`() async throws {
    var result = result(2, ordinal: 1)
    result.injection = Injection(acquired: Timestamp("02/08/2023 17:08"))
    let measurement = try #require(try measurements(try await document(of: [result])).first)
    let injection = try #require(measurement["injection document"])
    #expect(injection["injection time"] == nil)
    #expect(measurement["measurement time"] == nil)
    #expect(
        injection["custom information document"]
            == .object([
                "injection time written": .string("02/08/2023 17:08"),
                "injection time unsettled": .string("dayMonth, zone"),
            ]))
}

@Test func `flags, extras, own measurements and the second of a name are kept`() async throws {
    let area = Quantity(written: "1", value: 1, unit: Unit("{mAU}.s"))
    let document = try await document(of: [
        ResultRecord(
            kind: .peak, ordinal: 1, analyte: Analyte(name: "Caffeine", id: "C8", role: .istd),
            measurements: [
                Measurement(.area, area), Measurement(.area, area), Measurement(own: "Ion \"Ratio\"", area),
                Measurement(own: "flags", area),
            ],
            flags: [Flag("manualIntegration", written: "MM"), Flag("repeatedRow")],
            extras: ["Note": "a", "peak area": "b"],
            location: SourceLocation(file: "t.csv", line: 2))
    ])
    let peak = try #require(try measurements(document).flatMap(peaks).first)
    #expect(peak["written name"] == .string("Caffeine"))
    #expect(peak["peak area"] == .quantity(1, "mAU.s"))
    #expect(
        peak["custom information document"]
            == .object([
                "analyte identifier": .string("C8"), "analyte role": .string("istd"),
                "peak area": .quantity(1, "mAU.s"), "Ion \"Ratio\"": .quantity(1, "mAU.s"),
                "flags": .quantity(1, "mAU.s"),
                "flags (2)": .array([
                    .object(["code": .string("manualIntegration"), "written": .string("MM")]),
                    .object(["code": .string("repeatedRow")]),
                ]),
                "Note": .string("a"), "peak area (2)": .string("b"),
            ]))
}

@Test func `a compound that was found is a peak, another result a document of its own`() async throws {
    let time = Measurement(.retentionTime, Quantity(written: "1", value: 1, unit: .minute))
    let none = Measurement(.retentionTime, Quantity(written: "", absent: .notFound, unit: .minute))
    var results = [time, none, time].enumerated().map {
        result($0 + 2, kind: .compound, ordinal: $0 + 1, measurements: [$1])
    }
    results.append(result(9, kind: .sample, ordinal: 4, measurements: [time]))
    let measurement = try #require(try measurements(try await document(of: results)).first)
    let documents = processed(measurement)
    #expect(documents.map { $0["peak list"]?["peak"]?.elements.count } == [1, nil, 1, nil])
    #expect(
        documents[0]["peak list"]?["peak"]?[0]?["custom information document"]?["result kind"] == .string("compound"))
    #expect(documents[1]["custom information document"]?["retention time absent"] == .string("notFound"))
    #expect(documents[3]["custom information document"]?["retention time"] == .quantity(60, "s"))
    #expect(documents[3]["custom information document"]?["result kind"] == .string("sample"))
}

@Test(arguments: ["quote \" backslash \\", "line\nbreak\ttab\r", "\u{1}\u{1F}\u{7F}", "µl 峰 é 🧪", "</script>"])
func `any text survives`(text: String) async throws {
    var result = result(2, ordinal: 1)
    result.sample = Sample(name: text)
    result.extras = [text: text]
    let document = try await document(of: [result])
    let measurement = try #require(try measurements(document).first)
    #expect(measurement["sample document"]?["written name"] == .string(text))
    #expect(peaks(measurement).first?["custom information document"]?[text] == .string(text))
}

@Test func `names that differ in bytes alone are two`() async throws {
    let names = ["\u{E9}", "e\u{301}", "a\u{323}\u{307}", "a\u{307}\u{323}"]
    let results = names.enumerated().map {
        var result = result($0 + 2, ordinal: $0 + 1)
        result.sample = Sample(name: $1)
        return result
    }
    let written = try measurements(try await document(of: results)).compactMap { $0["sample document"]?["written name"]?.string }
    #expect(written.map { Array($0.utf8) } == names.map { Array($0.utf8) })
}

@Test func `a file without results is a valid document`() async throws {
    let document = try JSONValue(parsing: try await document(of: []))
    let runs = document["liquid chromatography aggregate document"]?["liquid chromatography document"]
    #expect(runs?.elements.count == 1)
    let measurement = runs?[0]?["measurement aggregate document"]?["measurement document"]?[0]
    #expect(measurement?["sample document"]?["sample identifier"] == .string("N/A"))
    #expect(measurement?["processed data aggregate document"] == nil)
}

// MARK: The file

@Test func `a reading that fails leaves no file`() async throws {
    let path = temporaryPath()
    do {
        let sink = AllotropeSink(try OutputFile(path: path))
        try await sink.write(.source(source))
        try await sink.write(.run(run("r1")))
    }
    #expect(!FileManager.default.fileExists(atPath: path))
}
