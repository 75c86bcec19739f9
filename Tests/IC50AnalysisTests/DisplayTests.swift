@testable import IC50Analysis
import Testing

@Suite struct DisplayTests {
    @Test(arguments: [
        (22.921944, "22.92"), (0.04123456, "0.04123"), (1500, "1500"), (99.999, "100.0"), (0.000099999, "0.0001000"),
        (3.2144e-7, "3.214 × 10⁻⁷"), (-0.5, "−0.5000"), (0, "0"), (123_456.7, "123500"), (6.02214e23, "6.022 × 10²³"),
        (.leastNonzeroMagnitude, "4.941 × 10⁻³²⁴"), (.greatestFiniteMagnitude, "1.798 × 10³⁰⁸"), (.nan, "–"), (.infinity, "–"),
    ])
    func `numbers have four significant digits`(value: Double, text: String) {
        #expect(DisplayNumber.text(value) == text)
    }

    @Test(arguments: [(50.0, "50"), (0.3, "0.3"), (12.5, "12.5"), (49.99999999, "50"), (3e-7, "3 × 10⁻⁷"), (300, "300")])
    func `chosen numbers have no zeros at the end`(value: Double, text: String) {
        #expect(DisplayNumber.short(value) == text)
    }

    @Test(arguments: [(0.0, 2, "0.00"), (-0.001, 2, "0.00"), (-12.345, 1, "−12.3"), (7, 0, "7")])
    func `ticks have the decimals of their axis`(value: Double, decimals: Int, text: String) {
        #expect(DisplayNumber.fixed(value, decimals: decimals) == text)
    }

    @Test func `names are one line, in their own order, and end`() {
        #expect(DisplayName.shown("  a\n\tb\u{0}c  ") == "a b c")
        #expect(DisplayName.shown("x\u{202E}gnp") == "xgnp")
        #expect(DisplayName.shown(String(repeating: "a", count: 500), limit: 10) == "aaaaaaaaa…")
        #expect(DisplayName.shown("👩🏽‍🔬") == "👩🏽‍🔬")
        #expect(DisplayName.fitted("abcdef", width: 30, perCharacter: 10) == "abc…")
        #expect(DisplayName.lines("one two three four", width: 8, atMost: 2) == ["one two", "three …"])
    }

    @Test(arguments: [
        ("uM", 2.669, "5.57"), ("µM", 2.669, "5.57"), ("μM", 2.669, "5.57"), ("nM", 10, "8.00"), ("mol/L", 1e-9, "9.00"),
    ])
    func `molar doses have a pIC50`(unit: String, dose: Double, text: String) {
        #expect(MolarUnit.pIC50(dose, exponent: MolarUnit.exponent(of: unit)) == text)
        #expect(MolarUnit.pIC50(dose, exponent: MolarUnit.exponent(of: "mg/L")) == nil)
    }

    @Test func `paths are written as steps that add up`() {
        var path = PlotPath(steps: 100)
        path.lines([(x: 1.234, y: 5), (x: 1.734, y: 4.25), (x: 1.734, y: 4.25), (x: 2, y: 10)])
        path.dot(3, 4)
        #expect(path.markup.string == "M1.23 5l.5-.75.27 5.75M3 4h0" || path.markup.string == "M1.23 5l.5-.75 .27 5.75M3 4h0")
        var whole = PlotPath(steps: 1)
        whole.lines([(x: 10.4, y: 20.6), (x: 30, y: Double.nan)])
        #expect(whole.markup.string == "M10 21l20-21")
    }
}
