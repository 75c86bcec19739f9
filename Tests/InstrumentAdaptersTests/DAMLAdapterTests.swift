import IngestCore
import IngestTesting
import InstrumentAdapters
import Testing

@Suite struct DAMLAdapterTests {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")

    private func base64(_ text: String) -> String {
        let bytes = Array(text.utf8)
        return stride(from: 0, to: bytes.count, by: 3).map { start in
            let three = (0..<3).map { start + $0 < bytes.count ? Int(bytes[start + $0]) : 0 }
            let word = three[0] << 16 | three[1] << 8 | three[2]
            let digits = (0..<4).map { String(Self.alphabet[word >> (18 - 6 * $0) & 63]) }
            let known = min(3, bytes.count - start)
            return digits.prefix(known + 1).joined() + String(repeating: "=", count: 3 - known)
        }.joined()
    }

    private func document(_ results: String, targets: String = "", created: String = "3/14/2031 1:58:00 PM") -> String {
        """
        <?xml version="1.0" encoding="utf-8"?>
        <DAML version="30" timestamp="3/14/2031 2:03:00 PM"><datafile_attribs>
          <raw_datafile>\\\\server\\share\\ann\\EX-1.lcd</raw_datafile><creation_date>\(created)</creation_date>
          <sample_name>EX-1</sample_name><vial>13</vial><inj_vol>0</inj_vol></datafile_attribs>
          <proc_data_options><targets>\(targets)</targets></proc_data_options>
          <results>\(results)</results></DAML>
        """
    }

    private func chromatogram(_ text: String, _ peaks: String = "", id: Int = 12) -> String {
        """
        <lc_chros><chro><id>\(id)</id><data>\(base64(text))</data>\(peaks)<wavelength>254</wavelength></chro></lc_chros>
        """
    }

    private func peak(_ changes: [String: String] = [:], details: String? = nil) -> String {
        var fields = [
            "ID": "13", "ChroID": "12", "PN": "1", "ApRT": "65703", "StRT": "63840", "EdRT": "168160", "Hgt": "6975.5",
            "A": "10433.96", "APc": "0.849",
        ]
        fields.merge(changes) { $1 }
        let data = fields.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: ";")
        let summary = details ?? "ID=13, Peak#=1, ChroID=12, RT=1.095mins (1.064-2.803mins), Area=10434, Area%=0.849"
        return "<peak details=\"\(summary)\"><data>\(base64(data))</data></peak>"
    }

    private func spectrum(_ points: String, base: (Int, Int) = (2_051_000, 42000), total: Int = 42789, peak: Int = 13) -> String {
        """
        <spectra><spec><id>43</id><data>\(base64("1:MS(+);1:MS(+);;;" + points))</data><peak_id>\(peak)</peak_id>
        <base_peak_mz>\(base.0)</base_peak_mz><base_peak_int>\(base.1)</base_peak_int><tic>\(total)</tic></spec></spectra>
        """
    }

    private func target(mass: String = "204.11", purity: String = "81.25", found: String = "205.1", intensity: String = "42000")
        -> String
    {
        """
        <target><id>3</id><mass>\(mass)</mass><name/><rt>0</rt><purity>\(purity)</purity><confirmed>True</confirmed>
        <target_ion><id>4</id><adduct_formula>H</adduct_formula><ion_mass>205.118</ion_mass><purity>\(purity)</purity>
        <found_mass>\(found)</found_mass><pc_bpi>0</pc_bpi><intensity>\(intensity)</intensity></target_ion></target>
        """
    }

    private let curve = "254nm,4nm;254nm,4nm;;;0;0;80;-8.73;160;12.5"

    @Test func `a text in base64 becomes a trace in milliseconds`() async throws {
        let reading = try await DAMLAdapter().reading(document(chromatogram(curve, peak())))
        #expect(reading.codes == [])
        let trace = try #require(reading.traces.first)
        #expect(reading.points[trace.id] == [0, 0, 80, -8.73, 160, 12.5])
        #expect(trace.axes.map(\.unit) == [.millisecond, nil])
        #expect(trace.signal?.name == "254nm,4nm")
        #expect(trace.signal?.wavelength?.value == 254)
        #expect(reading.runs.first?.name == "EX-1.lcd")
        #expect(!reading.lines.contains("share"))
        #expect(reading.end?.coverage.addsUp == true)
    }

    @Test func `a peak beyond a hundred seconds is as possible as any`() async throws {
        let reading = try await DAMLAdapter().reading(document(chromatogram(curve, peak())))
        let result = try #require(reading.results.first { $0.kind == .peak })
        let values = Dictionary(uniqueKeysWithValues: result.measurements.map { ($0.name, $0.quantity) })
        #expect(values["retentionTime"]?.value == 65703)
        #expect(values["retentionTime"]?.unit == .millisecond)
        #expect(values["endTime"]?.value == 168_160)
        #expect(values["areaPercent"]?.unit == .percent)
        #expect(values["area"]?.unit == nil)
    }

    @Test(arguments: [
        ("254nm;254nm;;;0;0;80;-8.7E;160;1", "xml.not-a-number"), ("254nm;254nm;;;0;0;80", "daml.points"),
        ("254nm", "daml.points"), ("254nm;254nm;;;0;0;80;", "xml.not-a-number"),
        ("254nm;254nm;;;0;0;80;1e999", "xml.not-a-number"),
    ])
    func `a curve with a point that is none is left out, and its peaks are not`(text: String, code: String) async throws {
        let reading = try await DAMLAdapter().reading(document(chromatogram(text, peak())))
        #expect(reading.codes == [code])
        #expect(reading.traces.isEmpty)
        #expect(reading.results.filter { $0.kind == .peak }.count == 1)
        #expect(reading.end?.coverage.addsUp == true)
    }

    @Test func `what is no base64 or no text is told`() async throws {
        let broken = try await DAMLAdapter().reading(
            document("<lc_chros><chro><id>1</id><data>QUJD*A==</data></chro></lc_chros>"))
        #expect(broken.codes == ["xml.base64"])
        let bytes = try await DAMLAdapter().reading(document("<lc_chros><chro><id>1</id><data>/////w==</data></chro></lc_chros>"))
        #expect(bytes.codes == ["daml.text"])
        #expect(broken.traces.isEmpty && bytes.traces.isEmpty)
    }

    @Test func `times that go back are flagged`() async throws {
        let reading = try await DAMLAdapter().reading(document(chromatogram("a;a;;;0;1;160;2;80;3")))
        #expect(reading.codes == ["daml.order"])
        #expect(reading.traces.first?.flags.map(\.code) == ["contradiction"])
    }

    @Test(arguments: [
        (["A": "20433.96"], "daml.details"), (["ApRT": "75703"], "daml.details"), (["ID": "14"], "daml.details"),
        (["StRT": "70000"], "daml.outside-peak"),
    ])
    func `a summary that says something else than the data is flagged`(changes: [String: String], code: String) async throws {
        let reading = try await DAMLAdapter().reading(document(chromatogram(curve, peak(changes))))
        #expect(reading.codes == [code])
        #expect(reading.results.first?.flags.map(\.code) == ["contradiction"])
    }

    @Test(arguments: [
        (["A": "10x"], "xml.not-a-number"), (["ChroID": "11"], "daml.other-chromatogram"),
        (["ApRT": "-70000"], "record.impossible-value"),
    ])
    func `a peak that cannot be is left out alone`(changes: [String: String], code: String) async throws {
        let reading = try await DAMLAdapter().reading(
            document(chromatogram(curve, peak(changes) + peak(["ID": "14"], details: ""))))
        #expect(reading.codes.contains(code))
        #expect(reading.results.filter { $0.kind == .peak }.map { $0.extras["ID"] } == ["14"])
        #expect(reading.end?.coverage.addsUp == true)
    }

    @Test(
        arguments: [
            ((2_051_000, 42000), 42789, nil), ((2_051_000, 41000), 42789, "daml.base-peak"),
            ((1_000_500, 42000), 42789, "daml.base-peak"),
            ((2_051_000, 42000), 52789, "daml.tic"),
        ] as [((Int, Int), Int, String?)])
    func `a spectrum has the base peak and the total it states`(base: (Int, Int), total: Int, code: String?) async throws {
        let reading = try await DAMLAdapter().reading(
            document(chromatogram(curve, peak()) + spectrum("1000500;789;2051000;42000", base: base, total: total)))
        #expect(reading.codes == (code.map { [$0] } ?? []))
        let trace = try #require(reading.traces.last)
        #expect(reading.points[trace.id] == [1_000_500, 789, 2_051_000, 42000])
        #expect(trace.axes.first?.unit == nil)
        #expect(trace.flags.isEmpty == (code == nil))
    }

    @Test func `a spectrum of a peak that is not there is told`() async throws {
        let reading = try await DAMLAdapter().reading(document(spectrum("1000500;789;2051000;42000", peak: 99)))
        #expect(reading.codes == ["daml.unknown-peak"])
    }

    @Test func `the zeros of an ion that was not found are no numbers`() async throws {
        let reading = try await DAMLAdapter().reading(
            document("", targets: target() + target(purity: "0", found: "0", intensity: "0")))
        #expect(reading.codes == [])
        #expect(reading.results.map(\.analyte?.role) == [.target, .qualifier, .target, .qualifier])
        let masses = reading.results.map { result in result.measurements.first { $0.standard == .massToCharge }?.quantity }
        #expect(masses.map { $0?.value } == [nil, 205.1, nil, nil])
        #expect(masses[3]?.absent == .notFound)
        #expect(reading.results[2].measurements.first { $0.name == "purity" }?.quantity.absent == .notFound)
        // Not the ion's share of the base peak: 0 can be one where the ion was found.
        #expect(reading.results[1].measurements.first { $0.name == "pc_bpi" }?.quantity.value == 0)
        #expect(reading.results.first?.flags.map(\.code) == ["confirmed"])
    }

    @Test func `a mass that is garbled leaves the ions it was looked for as`() async throws {
        let reading = try await DAMLAdapter().reading(document("", targets: target(mass: "2o4.11")))
        #expect(reading.codes == ["xml.not-a-number"])
        #expect(reading.results.map(\.analyte?.role) == [.qualifier])
        #expect(reading.results.first?.extras["adduct_formula"] == "H")
        #expect(reading.end?.coverage.addsUp == true)
    }

    @Test func `a purity above 100 leaves out what it is of`() async throws {
        let reading = try await DAMLAdapter().reading(document("", targets: target(purity: "181.25")))
        #expect(reading.codes == ["daml.purity", "daml.purity"])
        #expect(reading.results.isEmpty)
    }

    @Test func `a date that is none is left out, and the file is read`() async throws {
        let reading = try await DAMLAdapter().reading(document(chromatogram(curve), created: "13/14/2031 1:58:00 PM"))
        #expect(reading.codes == ["xml.not-a-time"])
        #expect(reading.traces.count == 1)
        #expect(reading.traces.first?.injection == nil)
    }

    @Test func `cut anywhere, the file is not whole`() async throws {
        let bytes = Array(document(chromatogram(curve, peak()), targets: target()).utf8)
        for length in stride(from: 60, to: bytes.count - 8, by: 29) {
            let reading = try await DAMLAdapter().reading(String(decoding: bytes[..<length], as: UTF8.self))
            #expect(reading.end?.completeness.verdict != .yes)
            #expect(reading.end?.coverage.addsUp != false)
            #expect(!reading.codes.contains { $0.hasPrefix("adapter.") })
            #expect(reading.traces.allSatisfy { $0.count == 3 })
        }
    }

    @Test(arguments: [("", "0"), ("0", ""), ("NaN", "0")])
    func `zeros of an ion that was not found stay none where one of them is lost`(found: String, intensity: String) async throws {
        let reading = try await DAMLAdapter().reading(
            document("", targets: target(purity: "0", found: found, intensity: intensity)), name: "a.daml")
        #expect(!reading.results.flatMap(\.measurements).contains { $0.quantity.value == 0 })
    }

    @Test func `a wavelength that is garbled is told, and the curve read without it`() async throws {
        let text = document(chromatogram("PDA;;;;0;1;100;2")).replacing("<wavelength>254", with: "<wavelength>2S4")
        let reading = try await DAMLAdapter().reading(text, name: "a.daml")
        #expect(reading.codes.contains("daml.setting"))
        #expect(reading.traces.first?.signal?.wavelength == nil)
        #expect(reading.traces.first?.extras["wavelength"] == "2S4")
    }

    @Test func `a base peak that is no number is told`() async throws {
        let text = document(spectrum("205100;42000;206100;789")).replacing("<tic>42789", with: "<tic>4278g")
        let reading = try await DAMLAdapter().reading(text, name: "a.daml")
        #expect(reading.codes.contains("daml.base-peak"))
    }

    @Test func `an ion of zeros with a decimal comma was not found, and packed texts keep their own mark`() async throws {
        let given = GivenAssumptions(decimalMark: .comma)
        let targets = target(mass: "204,11", purity: "0", found: "0,00", intensity: "0,0").replacing("205.118", with: "205,118")
        let reading = try await DAMLAdapter().reading(document(chromatogram(curve, peak()), targets: targets), given: given)
        #expect(reading.codes == [])
        let ion = try #require(reading.results.first { $0.analyte?.role == .qualifier })
        let notFound = ion.measurements.map(\.quantity).filter { $0.absent == .notFound }
        #expect(notFound.map(\.written).sorted() == ["0", "0", "0,0", "0,00"])
        let points = [0, 0, 80, -8.73, 160, 12.5]
        #expect(reading.traces.map { reading.points[$0.id] } == [points])
        let commas = curve.replacing("8.73", with: "8,73").replacing("2.5", with: "2,5")
        let other = try await DAMLAdapter().reading(document(chromatogram(commas)), given: given)
        #expect(other.traces.map { other.points[$0.id] } == [points])
    }

    @Test func `points that stand for none are left out of a curve and counted`() async throws {
        let reading = try await DAMLAdapter().reading(
            document(chromatogram(curve, peak(["Hgt": "-8.73"]))), given: GivenAssumptions(missing: ["-8.73"]))
        #expect(reading.codes == [])
        let trace = try #require(reading.traces.first)
        #expect(reading.points[trace.id] == [0, 0, 160, 12.5])
        #expect(trace.flags == [Flag("missingPoints", written: "1")])
        let height = reading.results.flatMap(\.measurements).first { $0.standard == .height }
        #expect(height?.quantity.absent == .notReported && height?.quantity.written == "-8.73")
    }

    @Test func `results that are there twice, or not at all, are told`() async throws {
        let text = document(chromatogram(curve, peak()))
        let start = try #require(text.firstRange(of: "<results>")).lowerBound
        let end = try #require(text.firstRange(of: "</DAML>")).lowerBound
        let twice = try await DAMLAdapter().reading(text[..<end] + String(text[start...]))
        #expect(twice.codes.contains("daml.repeated-results") && twice.end?.completeness.verdict == .no)
        let none = try await DAMLAdapter().reading(text[..<start] + "</DAML>")
        #expect(none.codes == ["xml.no-results"] && none.end?.completeness.verdict == .unknown)
    }
}
