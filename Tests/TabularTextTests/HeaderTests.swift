import IngestCore
import TabularText
import Testing

/// Headings, the units in them, and the names that extras have.
struct HeaderTests {
    @Test(arguments: [
        ("RT [min]", "min", "min"), ("Area (mAU*min)", "{mAU}.min", "mAU*min"), ("Height [25 uV]", "25.uV", "25 uV"),
        ("Area [25 µV*s]", "25.uV.s", "25 µV*s"),
        ("Amount ( ng/µl )", "ng/uL", "ng/µl"), ("Temp (C)", "Cel", "C"), ("Conc. (%)", "%", "%"),
        ("  RT (min)  ", "min", "min"), ("A (B) [mV]", "mV", "mV"),
        ("Size [bp]", "{bp}", "bp"), ("Inj Vol (µl)", "uL", "µl"),
    ])
    func `a unit in the last brackets is the column's`(heading: String, code: String, written: String) {
        let unit = StatedUnit(heading: heading)
        #expect(unit.unit?.code == code && unit.written == written && !unit.isFormats)
        #expect(Header([heading]).units == [unit])
    }

    @Test(arguments: [
        "RT", "Width (50%)", "Tailing (USP)", "Abs (254 nm)", "Peak []", "Peak ()", "Peak (", "min", "(min) RT",
        "RT [min", "RT min]", "Plates (EP)", "Level (1)",
        "Ref (NA)", "",
    ])
    func `what is no unit in brackets is none`(heading: String) { #expect(StatedUnit(heading: heading) == .none) }

    @Test func `a row of units is stronger than the headings, cell by cell`() {
        let header = Header(["RT [min]", "Area", "Height (mAU)", "Name"], units: ["s", "mAU*s", " ", "foo"])
        #expect(header.units.map(\.unit?.code) == ["s", "{mAU}.s", "{mAU}", nil])
        #expect(header.units.map(\.written) == ["s", "mAU*s", "mAU", "foo"])
        #expect(Header(["A", "B"], units: ["min"]).units.map(\.unit?.code) == ["min", nil])
    }

    @Test func `the unit of the format is told apart from one that is written`() {
        let unit = StatedUnit(ofFormat: .minute)
        #expect(unit.unit == .minute && unit.written == nil && unit.isFormats)
    }

    @Test func `headings are found as they are written, the first where several are alike`() {
        let header = Header([" Name ", "RT", "RT", "", "rt"])
        #expect(header.count == 5)
        #expect(header.names == ["Name", "RT", "RT", "", "rt"])
        #expect(
            header.column("RT") == 1 && header.column("rt") == 4 && header.column("Name") == 0
                && header.column("Rt") == nil)
    }

    @Test(arguments: [
        (["A", "B"], ["A", "B"]), (["A", "A", "A"], ["A", "A (2)", "A (3)"]), (["", ""], ["column 1", "column 2"]),
        (["", "column 1"], ["column 1", "column 1 (2)"]),
        (["A", "A (2)", "A"], ["A", "A (2)", "A (3)"]), (["A", "A", "A (2)"], ["A", "A (2)", "A (2) (2)"]),
        (["column 2", "", "A", "A", "A (2)", "A"], ["column 2", "column 2 (2)", "A", "A (2)", "A (2) (2)", "A (3)"]),
    ])
    func `every column has a name of its own`(headings: [String], names: [String]) {
        let distinct = Header(headings).distinct
        #expect(distinct == names)
        #expect(Set(distinct).count == headings.count)
    }

    @Test func `a header of many columns of one name is made in no time`() {
        let distinct = Header(Array(repeating: "A", count: 1 << 16)).distinct
        #expect(distinct.last == "A (65536)")
        #expect(Set(distinct).count == 1 << 16)
    }
}
