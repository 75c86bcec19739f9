import IngestTesting
import Testing

@testable import IngestCore

/// Numbers in one unit become numbers in another, exactly, or not at all.
struct UnitDimensionTests {
    @Test(arguments: [
        ("{mAU}.min", "{mAU}.s", 1, 60), ("{mAU}.s", "{mAU}.min", 90, 1.5), ("uL", "mL", 5, 0.005),
        ("mL", "uL", 0.1, 100),
        ("ng/uL", "ug/mL", 7.3, 7.3), ("ng/uL", "mg/L", 7.3, 7.3), ("min", "s", 4.871, 292.26),
        ("s", "min", 292.26, 4.871),
        ("h", "min", 1.5, 90), ("d", "h", 1, 24), ("Cel", "K", 25, 298.15), ("K", "Cel", 298.15, 25),
        ("Cel", "K", -273.15, 0),
        ("[degF]", "Cel", 212, 100), ("Cel", "[degF]", -40, -40), ("[degF]", "K", -459.67, 0),
        ("[psi]", "Pa", 1, 6894.757293168362),
        ("bar", "MPa", 100, 10), ("bar", "[psi]", 1, 14.50377377302092), ("kgf/cm2", "kPa", 1, 98.0665),
        ("mbar", "hPa", 1013.25, 1013.25),
        ("mS/cm", "S/m", 1, 0.1), ("uS/cm", "mS/cm", 1413, 1.413), ("25.uV.s", "mV.s", 4, 0.1), ("25.uV", "mV", 40, 1),
        ("25.uV.s", "uV.min", 12, 5), ("mol/L", "umol/L", 0.5, 500_000), ("nmol/L", "pmol/L", 0.1, 100),
        ("umol/L", "nmol/mL", 3.3, 3.3),
        ("{AU}", "{mAU}", 0.12, 120), ("%", "[ppm]", 0.01, 100), ("mL/min", "uL/s", 0.6, 10), ("nm", "um", 254, 0.254),
        ("mm", "cm", 250, 25), ("nC", "pA.s", 1, 1000), ("nC.min", "uC.s", 1, 0.06),
        ("{counts}/s", "{counts}/min", 2, 120),
        ("kDa", "Da", 66.5, 66500), ("MHz", "Hz", 1, 1e6), ("fg", "kg", 1, 1e-18), ("mm3", "uL", 3, 3),
        ("L", "cm3", 1, 1000),
        ("g/L", "kg/m3", 1.5, 1.5), ("fmol", "mol", 3, 3e-15), ("m/s2", "cm/s2", 9.81, 981),
        ("s-1", "Hz", 5, 5), ("/min", "/h", 2, 120),
    ])
    func `a conversion is exact`(from: String, to: String, value: Double, expected: Double) throws {
        let convert = try UnitConversion(from: Unit(from), to: Unit(to))
        #expect(convert(value) == expected)
    }

    @Test(arguments: [
        ("{bp}", "{nt}"), ("{OD}", "{AU}"), ("{OD}", "{mAU}"), ("Cel", "min"), ("{counts}", "{RFU}"),
        ("{RFU}", "{RLU}"), ("%", "{mAU}"),
        ("ng/uL", "nmol/L"), ("mol", "mol/L"), ("{mAU}.s", "{mAU}"), ("{mAU}.s", "mV.s"), ("uL", "{CV}"), ("[pH]", "%"),
        ("nm", "Da"),
        ("V", "A"), ("pA.s", "uV.s"), ("{counts}/s", "{counts}"), ("{rpm}", "{g}"), ("{rpm}", "Hz"), ("mS/cm", "mS"),
        ("bar", "kgf"),
    ])
    func `units of different dimensions do not convert`(one: String, other: String) {
        #expect(throws: UnitFault.differentDimensions(Unit(one), Unit(other))) {
            try UnitConversion(from: Unit(one), to: Unit(other))
        }
        #expect(throws: UnitFault.differentDimensions(Unit(other), Unit(one))) {
            try UnitConversion(from: Unit(other), to: Unit(one))
        }
    }

    @Test(arguments: [
        ("parsec", "parsec"), ("m{AU}", "m{AU}"), ("mmin", "mmin"), ("", ""), ("mL/", ""), ("mL//min", ""),
        ("mL.x", "x"), ("k[psi]", "k[psi]"),
        ("Cel.min", "Cel.min"), ("Cel/min", "Cel/min"), ("Cel2", "Cel2"), ("m99", "m99"), ("MIN", "MIN"), ("µL", "µL"),
    ])
    func `an unknown unit is told by the part that is unknown`(code: String, part: String) {
        #expect(throws: UnitFault.unknown(part)) { try Unit(code).quantityDimension() }
    }

    /// Codes of all dimensions that instruments write.
    private static let codes = [
        "s", "ms", "min", "h", "d", "us", "mV", "uV", "V", "nV", "25.uV", "pA", "nA", "A", "nC", "pC", "uC", "{AU}",
        "{mAU}", "{mAU}.s",
        "{mAU}.min", "{AU}.s", "{AU}.min", "uL", "mL", "L", "nL", "mm3", "cm3", "g", "mg", "ug", "ng", "pg", "fg", "kg",
        "ng/uL", "pg/uL",
        "ug/mL", "mg/L", "g/L", "mg/mL", "mol/L", "mmol/L", "umol/L", "nmol/L", "pmol/L", "fmol", "pmol", "nmol",
        "umol", "mmol", "mol",
        "%", "[ppm]", "[ppb]", "mS/cm", "uS/cm", "S/m", "mL/min", "uL/min", "uL/s", "L/h", "MPa", "kPa", "Pa", "hPa",
        "bar", "mbar", "[psi]",
        "kgf/cm2", "Cel", "K", "[degF]", "nm", "um", "mm", "cm", "m", "Hz", "kHz", "MHz", "Da", "kDa", "{bp}",
        "{counts}", "{counts}/s",
        "{counts}/min", "uV.s", "mV.s", "25.uV.s", "uV.min", "pA.s", "nC.min",
    ]

    /// Every pair of codes that convert.
    private static let pairs: [(Unit, Unit, UnitConversion)] = codes.flatMap { from in
        codes.compactMap { to in
            (try? UnitConversion(from: Unit(from), to: Unit(to))).map { (Unit(from), Unit(to), $0) }
        }
    }

    @Test func `every code of the list is known`() {
        for code in Self.codes { #expect(throws: Never.self, "\(code)") { try Unit(code).quantityDimension() } }
        #expect(Self.pairs.count > 400)
    }

    @Test func `the parts of every factor are exact as doubles`() {
        for (from, to, conversion) in Self.pairs {
            for part in [
                conversion.factor.numerator, conversion.factor.denominator, conversion.offset.numerator,
                conversion.offset.denominator,
            ] {
                #expect(Int128(exactly: Double(part)) == part, "\(from) to \(to)")
            }
        }
    }

    @Test func `a number as it was written converts to the nearest double`() {
        var random = SeededGenerator(seed: 1)
        for (from, to, conversion) in Self.pairs where conversion.offset.isZero {
            for _ in 0..<SeededGenerator.trials(20) {
                let digits = Int(random.next() % 1_000_000_000_000_000) >> Int.random(in: 0..<48, using: &random)
                let decimals = Int.random(in: 0...15, using: &random)
                guard let value = Double("\(digits)e-\(decimals)"), let expected = exact(digits, decimals, conversion)
                else {
                    continue
                }
                #expect(conversion(value) == expected, "\(value) \(from) to \(to)")
                #expect(conversion(-value) == -expected, "-\(value) \(from) to \(to)")
            }
        }
    }

    /// `digits ÷ 10^decimals × factor` to 40 places by long division, read by the standard library.
    private func exact(_ digits: Int, _ decimals: Int, _ conversion: UnitConversion) -> Double? {
        let (top, tooLarge) = Int128(digits).multipliedReportingOverflow(by: conversion.factor.numerator)
        guard !tooLarge else { return nil }
        var (whole, rest) = top.quotientAndRemainder(dividingBy: conversion.factor.denominator)
        var text = "\(whole)."
        for _ in 0..<60 {
            (whole, rest) = (rest * 10).quotientAndRemainder(dividingBy: conversion.factor.denominator)
            text += "\(whole)"
        }
        return Double(text + "e-\(decimals)")
    }

    @Test func `a temperature as it was written converts to the decimal one would write`() throws {
        let toKelvin = try UnitConversion(from: .celsius, to: Unit("K"))
        let toCelsius = try UnitConversion(from: Unit("K"), to: .celsius)
        let toFahrenheit = try UnitConversion(from: .celsius, to: Unit("[degF]"))
        let back = try UnitConversion(from: Unit("[degF]"), to: .celsius)
        for tenths in -2731...5000 {
            let celsius = Double("\(tenths)e-1")!
            let kelvin = Double("\(tenths * 10 + 27315)e-2")!
            let fahrenheit = Double("\(tenths * 18 + 3200)e-2")!
            #expect(toKelvin(celsius) == kelvin && toCelsius(kelvin) == celsius, "\(celsius)")
            #expect(toFahrenheit(celsius) == fahrenheit && back(fahrenheit) == celsius, "\(celsius)")
        }
        #expect(toKelvin(1.0 / 3).isFinite && toKelvin(1e300) == 1e300)
        #expect(PossibleRange.bounds(of: .temperature, in: Unit("K")) == 0...5273.15)
    }

    @Test func `a calculated number converts to the nearest double`() {
        var random = SeededGenerator(seed: 3)
        for (from, to, conversion) in Self.pairs where conversion.offset.isZero {
            for _ in 0..<SeededGenerator.trials(20) {
                let value = Double(
                    sign: .plus, exponent: Int.random(in: -20...40, using: &random),
                    significand: Double.random(in: 1..<2, using: &random))
                // One that has a text of up to 15 digits stands for that text.
                guard value.description.utf8.count(where: { (48...57).contains($0) }) > 16 else { continue }
                let converted = conversion(value)
                func distance(_ candidate: Double) -> Float80 {
                    let scaled =
                        Float80(value) * Float80(conversion.factor.numerator) / Float80(conversion.factor.denominator)
                    return (scaled - Float80(candidate)).magnitude
                }
                #expect(
                    distance(converted) <= distance(converted.nextUp)
                        && distance(converted) <= distance(converted.nextDown), "\(value) \(from) to \(to)")
            }
        }
    }

    @Test func `there and back is the same but for the last bit`() throws {
        var random = SeededGenerator(seed: 2)
        for (from, to, conversion) in Self.pairs {
            let back = try UnitConversion(from: to, to: from)
            for _ in 0..<SeededGenerator.trials(5) {
                let value = Double.random(in: 0.001...10_000, using: &random)
                let error = (back(conversion(value)) - value).magnitude
                #expect(error <= max(value, conversion.offset.isZero ? 0 : 500).ulp * 2, "\(value) \(from) to \(to)")
            }
        }
    }
}
