import IngestCore
import Testing

/// The spellings of units in exports, and the UCUM codes they mean.
struct UnitSpellingTests {
    @Test(arguments: [
        ("min", "min"), ("Minutes", "min"), ("MINUTES", "min"), ("Min.", "min"), ("minute", "min"), ("s", "s"),
        ("sec", "s"),
        ("Seconds", "s"), ("ms", "ms"), ("msec", "ms"), ("mAU", "{mAU}"), ("MAU", "{mAU}"), ("mVolts", "mV"),
        ("mV", "mV"),
        ("AU", "{AU}"), ("OD", "{OD}"), ("mAU*s", "{mAU}.s"), ("mAU·s", "{mAU}.s"), ("mAU.s", "{mAU}.s"),
        ("mAU*min", "{mAU}.min"), ("mAU × min", "{mAU}.min"), ("uV", "uV"), ("25 uV", "25.uV"), ("25uV", "25.uV"),
        ("25 uV*s", "25.uV.s"), ("uV*s", "uV.s"), ("uV*sec", "uV.s"), ("pA", "pA"), ("pA*s", "pA.s"), ("nC", "nC"),
        ("nC*min", "nC.min"), ("ul", "uL"), ("uL", "uL"), ("mm^3", "uL"), ("ml", "mL"), ("mL", "mL"), ("nL", "nL"),
        ("ng/ul", "ng/uL"), ("pg/ul", "pg/uL"), ("ug/ml", "ug/mL"), ("mg/L", "mg/L"), ("M", "mol/L"), ("mM", "mmol/L"),
        ("uM", "umol/L"), ("nM", "nmol/L"), ("pmol/l", "pmol/L"), ("%", "%"), ("%B", "%"), ("% (v/v)", "%"),
        ("ppm", "[ppm]"), ("mS/cm", "mS/cm"), ("ml/min", "mL/min"), ("MPa", "MPa"), ("bar", "bar"), ("psi", "[psi]"),
        ("lb/in²", "[psi]"), ("°C", "Cel"), ("degC", "Cel"), ("C", "Cel"), ("pH", "[pH]"), ("nm", "nm"), ("um", "um"),
        ("bp", "{bp}"), ("nt", "{nt}"), ("counts", "{counts}"), ("RFU", "{RFU}"), ("cps", "{counts}/s"), ("CV", "{CV}"),
        ("Hz", "Hz"), ("  min ", "min"), ("\u{A0}mAU\u{A0}", "{mAU}"), ("K", "K"), ("kDa", "kDa"), ("g", "g"),
    ])
    func `a spelling means its unit`(spelling: String, code: String) {
        #expect(Unit(spelling: spelling)?.code == code)
    }

    @Test(arguments: [
        ("µV", "uV"), ("25 µV", "25.uV"), ("25 µV*s", "25.uV.s"), ("µV*sec", "uV.s"), ("µl", "uL"), ("ng/µl", "ng/uL"),
        ("pg/µl", "pg/uL"), ("µg/ml", "ug/mL"), ("µM", "umol/L"), ("µm", "um"), ("µS/cm", "uS/cm"), ("µmol", "umol"),
        ("µL/min", "uL/min"),
    ])
    func `both micro signs are understood`(spelling: String, code: String) {
        #expect(Unit(spelling: spelling.replacing("µ", with: "\u{B5}"))?.code == code)
        #expect(Unit(spelling: spelling.replacing("µ", with: "\u{3BC}"))?.code == code)
    }

    @Test(arguments: [
        "", " ", "-", "min/", "/min", "*s", "mAU*", "mAU**s", "a/b", "mAU/s/min", "foo", "USP", "Area", "50%", "254 nm",
        "5 ppm",
        "280nm", "10 min", "0 uV", "025 uV", "v/v)", "%CV", "m{AU}", "EU", "n.a.", "N/A", "NA", "NC", "NM", "MM", "UM",
        "Pmol/mM",
        "ng/M", "mAU/cps", "%Area", "K'", "S/N", String(repeating: "s*", count: 30) + "s",
    ])
    func `a text that names no unit gives none`(text: String) {
        #expect(Unit(spelling: text) == nil)
    }

    @Test(arguments: [
        ("M", "m"), ("mM", "mm"), ("uM", "um"), ("nM", "nm"), ("S", "s"), ("mS", "ms"), ("C", "c"), ("CV", "cV"),
        ("K", "k"),
    ])
    func `case counts where it tells units apart`(one: String, other: String) {
        #expect(Unit(spelling: one) != nil)
        #expect(Unit(spelling: one) != Unit(spelling: other))
    }

    @Test func `no spelling gives metre-AU, and nanomolar is a concentration`() throws {
        for spelling in ["mAU", "MAU", "mAu", "mAU*s", "mAU.min", "mAU/min"] {
            let unit = try #require(Unit(spelling: spelling))
            #expect(unit.code.hasPrefix("{mAU}"))
            #expect(try unit.quantityDimension() != Unit("m").quantityDimension())
        }
        #expect(throws: UnitFault.unknown("m{AU}")) { try Unit("m{AU}").quantityDimension() }
        #expect(try Unit(spelling: "nM")?.quantityDimension() == Unit("mol/L").quantityDimension())
    }

    @Test(arguments: [
        "min", "mAU*s", "25 uV*s", "nC*min", "ng/ul", "M", "nM", "%B", "ppm", "mS/cm", "ml/min", "lb/in²", "°C", "pH",
        "bp", "cps",
        "CV", "kgf/cm2", "RIU", "nRIU", "kDa", "rpm", "x g", "hPa", "cm²", "°F", "mbar", "Hz", "MHz", "fmol", "mm^3",
        "% (v/v)",
    ])
    func `what a spelling means is known to conversions`(spelling: String) throws {
        let unit = try #require(Unit(spelling: spelling))
        #expect(throws: Never.self) { try unit.quantityDimension() }
        let same = try UnitConversion(from: unit, to: unit)
        #expect(same(12.345) == 12.345)
    }
}
