import IngestCore
import Testing

@Test(arguments: [
    ("min", "s", 4.871, 292.26), ("min", "s", 0.1, 6), ("s", "min", 292.26, 4.871), ("min", "s", 12.844, 770.64),
    ("{mAU}.min", "{mAU}.s", 1234.5678, 74074.068), ("25.uV.s", "mV.s", 0.3, 0.0075), ("uL", "mL", 0.1, 0.0001),
    ("mL", "uL", 1e-7, 1e-4), ("Cel", "K", 25, 298.15), ("%", "1", 98.7, 0.987), ("min", "s", -8.610134, -516.60804),
    ("min", "s", 0, 0),
])
func `a decimal converts to the decimal one would write`(from: String, to: String, value: Double, expected: Double)
    throws
{
    #expect(try UnitConversion(from: Unit(from), to: Unit(to))(value) == expected)
}

@Test func `a value that is no short decimal is rounded once`() throws {
    #expect(try UnitConversion(from: .minute, to: .second)(1.0 / 3) == 20)
    #expect(try UnitConversion(from: .minute, to: .second)(1e300) == 6e301)
}
