import Benchling
import IngestCore
import IngestTesting
import Testing

@Suite struct MappingEvaluationTests {
    private static func quantity(_ name: String, _ written: String, _ more: [String: JSONValue]) -> JSONValue {
        .object(["name": .string(name), "written": .string(written)].merging(more, uniquingKeysWith: { $1 }))
    }

    private static let members: [String: JSONValue] = [
        "ordinal": 3, "sample": ["name": "S-1", "role": "standard"], "analyte": ["name": "caffeine"],
        "extras": ["Peak Type": "BB"],
        "injection": [
            "ordinal": 2, "acquired": ["written": "02/08/2023 17:08", "local": "2023-08-02T17:08", "offset": "+02:00"],
        ],
        "flags": [["code": "manualIntegration", "written": "MM"]],
        "measurements": [
            quantity("retentionTime", "4.871", ["value": 4.871, "unit": "min"]), quantity("area", "1250.25", ["value": 1250.25]),
            quantity("height", "<0.05", ["value": 0.05, "unit": "{mAU}", "bound": "below"]),
            quantity("width", "n.a.", ["absent": "notReported"]),
            quantity("Symmetry (USP)", "1,02", ["value": 1.02, "own": true]),
            quantity("amount", "-3", ["value": -3, "unit": "mg"]),
        ],
    ]
    private static let run: [String: JSONValue] = [
        "instrument": ["name": "LC East"], "methods": [["role": "processing", "name": "P.M"]], "extras": ["Multiplier": "1"],
        "times": [["role": "started", "written": "2024-03-01 09:14:07", "local": "2024-03-01T09:14:07", "offset": "+01:00"]],
    ]

    private static let values: [(String, String, PlannedValue)] = [
        ("rt", "retentionTime in s", .json(292.26)), ("rt", "retentionTime in min", .json(4.871)),
        ("rt", "value(area)", .json(1250.25)),
        ("rt", "measurement(\"Symmetry (USP)\") in % or value(measurement(\"Symmetry (USP)\"))", .json(1.02)),
        ("rt", "height in {mAU} or 7", .json(7)),
        ("rt", "area in {mAU}.s or value(area)", .json(1250.25)), ("n", "ordinal", .json(3)),
        ("analyte", "analyte.id or analyte.name", .json("caffeine")),
        ("analyte", "extra('Peak Type')", .json("BB")), ("analyte", "written(height)", .json("<0.05")),
        ("analyte", "written(injection.acquired)", .json("02/08/2023 17:08")),
        ("analyte", "ordinal", .json("3")), ("analyte", "method(acquisition) or method(processing)", .json("P.M")),
        ("analyte", "run.instrument.name", .json("LC East")),
        ("analyte", "file.name", .json("run7.csv")), ("analyte", "complete", .json("yes")), ("analyte", "format", .json("Table")),
        ("analyte", "adapter.name", .json("lc.table")),
        ("day", "date(injection.acquired)", .json("2023-08-02")),
        ("at", "datetime(injection.acquired)", .json("2023-08-02T17:08:00+02:00")),
        ("at", "datetime(time(finished) or time(started))", .json("2024-03-01T09:14:07+01:00")),
        ("role", "sample.role", .json("sfso_s")), ("role", "'unknown'", .json("sfso_u")),
        ("ok", "false", .json(false)), ("more", "extras", .json(["Peak Type": "BB"])),
        ("more", "json(analyte.name)", .json(["value": "caffeine"])),
        ("more", "flags", .json([["code": "manualIntegration", "written": "MM"]])), ("run", "$run", .run),
        ("file", "blob(source)", .blob("a1")), ("files", "blob(source)", .list([.blob("a1")])),
        (
            "sample", "entity(sample.id, sample.name) if known",
            .entity(EntityWish(text: "S-1", schema: "ts_sample", ifKnown: true))
        ),
        ("names", "[analyte.name, analyte.id, sample.name]", .list([.json("caffeine"), .json("S-1")])),
        ("kinds", "['unknown', sample.role]", .list([.json("sfso_u"), .json("sfso_s")])),
    ]

    @Test(arguments: values.indices)
    func `an expression gives the value of the record`(index: Int) throws {
        let (field, expression, value) = Self.values[index]
        let mapped = try MappingTenant.map(field, expression, Self.members, run: Self.run)
        #expect(mapped.values == [field: value], "\(expression)")
        #expect(mapped.faults.isEmpty && mapped.omissions.isEmpty)
    }

    /// Field, expression, the code when the field is optional and when it is required; `nil` for nothing to tell.
    private static let failures: [(String, String, optional: String?, isFault: Bool, required: String)] = [
        ("rt", "startTime in min", nil, false, "mapping.no-value"), ("rt", "value(width)", nil, false, "mapping.no-value"),
        ("analyte", "analyte.id", nil, false, "mapping.no-value"),
        ("names", "[analyte.id]", nil, false, "mapping.no-value"),
        ("rt", "height in {mAU}", "mapping.bound", false, "mapping.bound"),
        ("rt", "value(height)", "mapping.bound", false, "mapping.bound"),
        ("rt", "area in {mAU}.s", "mapping.no-unit", true, "mapping.no-unit"),
        ("rt", "amount in mol", "mapping.wrong-unit", true, "mapping.wrong-unit"),
        ("area", "value(amount)", "mapping.out-of-range", true, "mapping.out-of-range"),
        ("n", "value(area)", "mapping.out-of-range", true, "mapping.out-of-range"),
        ("role", "analyte.name", "mapping.unknown-option", true, "mapping.unknown-option"),
        ("kinds", "[analyte.name]", "mapping.unknown-option", true, "mapping.unknown-option"),
        ("rt", "area in {mAU}.s or startTime in min", "mapping.no-unit", true, "mapping.no-unit"),
        ("file", "blob(report)", nil, false, "mapping.no-value"),
    ]

    @Test(arguments: failures.indices)
    func `what cannot be had is an omission or a fault, and never a wrong value`(index: Int) throws {
        let (field, expression, code, isFault, requiredCode) = Self.failures[index]
        let optional = try MappingTenant.map(field, expression, Self.members, run: Self.run)
        #expect(optional.values.isEmpty, "\(expression)")
        #expect(optional.faults.map(\.code) == (isFault ? [code!] : []), "\(expression)")
        #expect(optional.omissions.map(\.code) == (isFault ? [] : [code].compactMap { $0 }), "\(expression)")
        let required = try MappingTenant.map(field, expression, Self.members, run: Self.run, required: true)
        #expect(required.faults.map(\.code) == [requiredCode], "\(expression)")
        #expect(required.omissions.isEmpty && required.values.isEmpty)
        for diagnostic in optional.faults + optional.omissions + required.faults {
            #expect(diagnostic.location.file == "run7.csv" && diagnostic.location.line == 14)
            #expect(diagnostic.hint != nil)
        }
        #expect(required.faults.allSatisfy { $0.severity == .error } && optional.omissions.allSatisfy { $0.severity == .warning })
    }

    @Test(
        arguments: [
            (
                ["written": "02/08/2023", "unsettled": ["dayMonth"]], "day", "date(injection.acquired)", "mapping.open-date",
                "--date-order"
            ),
            (
                ["written": "02/08/2023", "unsettled": ["dayMonth"]], "at", "datetime(injection.acquired)", "mapping.open-date",
                "--date-order"
            ),
            (
                ["written": "2.8.2023 17:08", "local": "2023-08-02T17:08"], "at", "datetime(injection.acquired)",
                "mapping.no-offset", "--time-zone"
            ),
            (["written": "2.8.2023", "local": "2023-08-02"], "at", "datetime(injection.acquired)", "mapping.no-time", "date(…)"),
        ] as [(JSONValue, String, String, String, String)])
    func `a time that is open is told with what settles it`(
        time: JSONValue, field: String, expression: String, code: String, hint: String
    ) throws {
        let mapped = try MappingTenant.map(field, expression, ["injection": ["acquired": time]])
        #expect(mapped.values.isEmpty)
        #expect(mapped.omissions.map(\.code) == [code])
        #expect(mapped.omissions.first?.hint?.contains(hint) == true)
        #expect(
            try MappingTenant.map(field, expression, ["injection": ["acquired": time]], required: true).faults.map(\.code) == [
                code
            ])
    }

    private static func part(_ id: String, _ name: String) -> JSONValue {
        [
            "type": "attachment", "id": .string(id), "name": .string(name), "bytes": 1,
            "sha256": .string(String(repeating: "0", count: 64)), "role": "source",
        ]
    }

    @Test func `of a bundle the part is taken where the result stands`() throws {
        let parts = [Self.part("a2", "REPORT01.CSV"), Self.part("a3", "REPORT02.CSV")]
        let here: [String: JSONValue] = ["at": ["member": "REPORT02.CSV", "line": 14]]
        #expect(try MappingTenant.map("file", "blob(source)", here, attachments: parts).values == ["file": .blob("a3")])
        // A part of an archive in the bundle: the archive.
        let inside: [String: JSONValue] = ["at": ["member": "REPORT01.CSV/Base/Peaks", "line": 14]]
        #expect(try MappingTenant.map("file", "blob(source)", inside, attachments: parts).values == ["file": .blob("a2")])
        #expect(
            try MappingTenant.map("files", "blob(source)", here, attachments: parts).values == [
                "files": .list([.blob("a1"), .blob("a2"), .blob("a3")])
            ])
        #expect(
            try MappingTenant.map("file", "blob(source)", attachments: parts).faults.map(\.code) == [
                "mapping.several-attachments"
            ])
        #expect(
            try MappingTenant.map("report", "blob(source)", inRun: true, attachments: parts).faults.map(\.code) == [
                "mapping.several-attachments"
            ])
    }

    @Test func `a part of a bundle is taken by its name`() throws {
        let parts = [Self.part("a2", "REPORT01.CSV"), Self.part("a3", "Report.TXT")]
        for (field, inRun) in [("file", false), ("report", true)] {
            let named = try MappingTenant.map(field, "blob('Report.TXT')", inRun: inRun, attachments: parts)
            #expect(named.values == [field: .blob("a3")])
        }
        #expect(
            try MappingTenant.map("files", #"[blob("Report.TXT"), blob("none")]"#, attachments: parts).values == [
                "files": .list([.blob("a3")])
            ])
        let none = try MappingTenant.map("file", "blob('none')", required: true, attachments: parts)
        #expect(none.faults.map(\.code) == ["mapping.no-attachment"])
        let near = try MappingTenant.map("file", "blob('report.txt')", attachments: parts)
        #expect(near.omissions.map(\.code) == ["mapping.no-attachment"])
        #expect(near.omissions.first?.hint?.contains("did you mean \"Report.TXT\"") == true)
    }

    @Test func `an hour that a zone skips or repeats is told as such`() throws {
        let night: [String: JSONValue] = [
            "injection": [
                "acquired": ["written": "2024-03-31 02:30", "local": "2024-03-31T02:30", "unsettled": ["zone"]]
            ]
        ]
        for (zone, words) in [
            (nil, "names no time zone"), ("Europe/Berlin", "an hour that Europe/Berlin has twice or not at all"),
        ] {
            let mapped = try MappingTenant.map("at", "datetime(injection.acquired)", night, givenZone: zone)
            #expect(mapped.omissions.map(\.code) == ["mapping.no-offset"] && mapped.omissions[0].message.contains(words))
        }
    }

    @Test func `the fields of a run come from the run`() throws {
        #expect(
            try MappingTenant.map("instrument", "run.instrument.name", run: Self.run, inRun: true).values == [
                "instrument": .json("LC East")
            ])
        #expect(
            try MappingTenant.map("instrument", "extra('Multiplier')", run: Self.run, inRun: true).values == [
                "instrument": .json("1")
            ])
        #expect(
            try MappingTenant.map("started", "datetime(time(started))", run: Self.run, inRun: true).values == [
                "started": .json("2024-03-01T09:14:07+01:00")
            ])
        #expect(try MappingTenant.map("count", "file.bytes", inRun: true).values == ["count": .json(512)])
    }

    @Test func `a number is the same in any unit it is written in`() throws {
        var random = SeededGenerator(seed: 17)
        let units: [(String, Double)] = [("min", 60), ("s", 1), ("h", 3600), ("ms", 0.001)]
        for _ in 0..<SeededGenerator.trials(20) {
            let seconds = Double(Int.random(in: 1...1_000_000, using: &random)) / 100
            for (unit, factor) in units {
                let time = Self.quantity("retentionTime", "x", ["value": .number(seconds / factor), "unit": .string(unit)])
                let mapped = try MappingTenant.map("rt", "retentionTime in s", ["measurements": [time]])
                guard case .json(.number(let value))? = mapped.values["rt"] else {
                    Issue.record("no value in \(unit)")
                    continue
                }
                #expect(abs(value - seconds) <= seconds.ulp * 2)
            }
        }
    }
}
