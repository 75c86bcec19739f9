import IngestCore
import IngestPipeline
import IngestTesting
import InstrumentAdapters
import Testing

private let header = "[Header]\nApplication Name,LabSolutions\nVersion,5.97\n\n"

private let curve =
    header + """
        [LC Chromatogram(A)]
        Interval(msec),600
        # of Points,3
        Intensity Units,mV
        Intensity Multiplier,0.001
        Wavelength(nm),254
        R.Time (min),Intensity
        0.00,1
        0.01,2
        0.02,3

        """

private let matrix =
    header + """
        [PDA 3D]
        Interval(msec),600
        Start Wavelength(nm),190
        End Wavelength(nm),192
        # of Wavelength Axis Points,3
        # of Time Axis Points,2
        Intensity Multiplier,0.001
        R.Time (min),Intensity
        ,19000,19120,19240
        0.00,10,20,30
        0.01,11,21,31

        """

private func read(_ text: String) async throws -> AdapterReading { try await LabSolutionsAdapter().reading(text) }

@Test(arguments: [("Interval(msec),600", "Interval(msec),1e30"), ("0.02,3", "0.02,0e-9223372036854775808")])
func `absurd numbers of a trace are read`(was: String, now: String) async throws {
    let reading = try await read(curve.replacing(was, with: now))
    #expect(reading.traces.first?.count == 3)
}

@Test func `absurd counts of channels are not met`() async throws {
    let configuration = "[Configuration]\n# of Channels,9223372036854775807,1\n\n[LC Chr"
    let reading = try await read(curve.replacing("[LC Chr", with: configuration))
    #expect(reading.end?.completeness.verdict == .unknown)
    let garbled = try await read(curve.replacing("[LC Chr", with: configuration.replacing("9223372036854775807", with: "x")))
    #expect(garbled.end?.completeness.verdict == .unknown)
}

@Test func `a point beyond what a number can hold is left out`() async throws {
    let reading = try await read(
        curve.replacing("Multiplier,0.001", with: "Multiplier,1000").replacing("0.01,2", with: "0.01,1e308"))
    #expect(reading.codes == ["table.number-out-of-range"])
    #expect(reading.diagnostics.first?.location.column == 6)
    #expect(reading.traces.first?.count == 2 && reading.status == 1)
}

@Test func `the row behind one of the wrong length is right at any time`() async throws {
    let reading = try await read(curve.replacing("0.01,2", with: "0.01,2,2"))
    #expect(reading.codes == ["table.long-row"])
    #expect(reading.traces.first?.flags == [])
}

@Test(arguments: ["5.", ".5", "-1", "0"])
func `a multiplier that tables would refuse is none`(multiplier: String) async throws {
    let reading = try await read(curve.replacing("Multiplier,0.001", with: "Multiplier,\(multiplier)"))
    #expect(reading.codes == ["labsolutions.unscaled"])
}

@Test func `a wavelength cut in two by a comma is none`() async throws {
    let reading = try await read(curve.replacing("(nm),254", with: "(nm),254,5"))
    #expect(reading.codes == ["table.further-value"] && reading.status == 0)
    #expect(reading.traces.first?.signal?.wavelength == nil)
    #expect(reading.traces.first?.extras["Wavelength(nm)"] == "254,5")
}

@Test func `every axis has a name`() async throws {
    let blank = try await read(curve.replacing("R.Time (min),Intensity", with: " ,Intensity"))
    #expect(blank.traces.first?.axes.map(\.name) == ["column 1", "intensity"])
    let wide = try await read(
        curve.replacing("R.Time (min),Intensity", with: "R.Time (min),Intensity,").replacing("0.01,2", with: "0.01,2,7"))
    #expect(wide.traces.first?.axes.map(\.name) == ["time", "Intensity", "column 3"])
}

@Test func `a mass with its value is a key, whatever stands behind it`() async throws {
    let reading = try await read(curve.replacing("Wavelength(nm),254", with: "m/z,1-1 TIC,"))
    #expect(reading.traces.first?.extras["m/z"] == "1-1 TIC" && reading.traces.first?.count == 3)
}

// MARK: Absorbance over time and wavelength

@Test(arguments: [
    (matrix, [190, 191.2, 192.4]),
    (matrix.replacing("19000,19120,19240", with: "190,191,192"), [190, 191, 192]),
    (matrix.replacing("19000,19120,19240\n", with: "19000,19120,19240,\n"), [190, 191.2, 192.4]),
    (
        matrix.replacing("(nm),190", with: "(nm),256.1").replacing("(nm),192", with: "(nm),256.9")
            .replacing("19000,19120,19240", with: "25610,25640,25690"), [256.1, 256.4, 256.9]
    ),
])
func `wavelengths are in nm, or in hundredths of it`(text: String, wavelengths: [Double]) async throws {
    let reading = try await read(text)
    let trace = try #require(reading.traces.first)
    #expect(reading.diagnostics.isEmpty && reading.end?.completeness.verdict == .yes)
    #expect(trace.axes[1] == TraceRecord.Axis("wavelength", unit: .nanometre))
    let points = try #require(reading.points[trace.id])
    #expect(stride(from: 1, to: 9, by: 3).map { points[$0] } == wavelengths)
}

@Test(arguments: [
    ("19000,", "18000,"), ("Start Wavelength(nm),190", "Start Wavelength(nm),256"), ("19120", "91120"),
    ("End Wavelength(nm),192", "End Wavelength(nm),400"),
    ("Start Wavelength(nm),190\nEnd Wavelength(nm),192\n", ""),
])
func `wavelengths that contradict what is stated have no unit`(was: String, now: String) async throws {
    let reading = try await read(matrix.replacing(was, with: now))
    #expect(reading.codes == ["labsolutions.wavelengths"])
    #expect(reading.traces.first?.axes[1].unit == nil)
    #expect(reading.traces.first?.flags.map(\.code) == ["unscaled"])
    #expect(reading.end?.completeness.verdict == .no)
}

@Test func `a column less than is stated contradicts the section`() async throws {
    let reading = try await read(matrix.replacing("Axis Points,3", with: "Axis Points,4"))
    #expect(reading.codes == ["labsolutions.count"])
    #expect(reading.diagnostics.first?.location.line == 13)
    #expect(reading.end?.completeness.verdict == .no)
}

@Test(arguments: ["Intensity Multiplier,\n", ""])
func `points that lack their multiplier are told`(line: String) async throws {
    let reading = try await read(matrix.replacing("Intensity Multiplier,0.001\n", with: line))
    #expect(reading.codes == ["labsolutions.unscaled"])
    #expect(reading.traces.first?.flags.map(\.code) == ["unscaled"])
    #expect(reading.end?.completeness.verdict == .no)
}
