import IngestCore
import IngestTesting
import InstrumentAdapters
import Testing

@Test func `each row keeps its own injection time, and a row without one has none`() async throws {
    let reading = try await TableAdapter().reading(
        "Sample Name,Injection Time,RT [min],Area\nA,2024-03-01 09:14,1.0,5\nA,2024-03-01 09:30,1.1,6\nB,,1.2,7\n")
    #expect(reading.results.map { $0.injection?.acquired?.written } == ["2024-03-01 09:14", "2024-03-01 09:30", nil])
    #expect(reading.codes.isEmpty)
}

@Test func `ordinals begin anew with each injection`() async throws {
    let reading = try await TableAdapter().reading(
        """
        date\ttime\tRT [min]\tArea\tInj Vol [uL]
        2024-03-01\t10:05\t1.0\t5\t2
        2024-03-01\t10:05\t1.1\t6\t2
        2024-03-01\t10:06\t1.0\t5\t2
        2024-03-02\t10:06\t1.0\t5\t2
        2024-03-02\t10:06\t1.0\t5\t4

        """)
    #expect(reading.results.map(\.ordinal) == [1, 2, 1, 1, 1])
}

@Test func `a row that is left out takes no ordinal`() async throws {
    let reading = try await TableAdapter().reading("#,Sample Name,RT [min],Area\n1,A,1,5\nx,A,2,6\n2,A,3,7\n")
    #expect(reading.results.map(\.ordinal) == [1, 2])
    #expect(reading.end?.leftOut == 1)
}

@Test func `a time of day without a date, or beside a whole time, is kept as it stands`() async throws {
    let lone = try await TableAdapter().reading("Sample Name,Date,Time,RT [min],Area\nA,,10:14,1.0,5\nB,2024-03-01,10:15,1.0,5\n")
    #expect(lone.results.map { $0.extras["Time"] } == ["10:14", nil])
    #expect(lone.results.map { $0.injection?.acquired?.written } == [nil, "2024-03-01 10:15"])
    let beside = try await TableAdapter().reading(
        "Sample Name,Injection Date,Injection Time,RT [min],Area\nA,2024-03-01 09:14,09:14,1.0,5\n")
    #expect(beside.results.first?.extras["Injection Time"] == "09:14")
    #expect(lone.codes + beside.codes == [])
}

@Test(
    arguments: [
        // A garbled number, a cell too few, one too many: the number of the row can be read.
        ["1,A,1,5", "2,A,2,x", "3,A,3,7"], ["1,A,1,5", "2,A,2", "3,A,3,7"], ["1,A,1,5", "2,A,2,6,7", "3,A,3,7"],
        // It cannot: the rows below it are as they should be, as far as anybody can tell.
        ["1,A,1,5", "x,A,2,6", "3,A,3,7", "4,A,4,8"],
        // The first of the next injection.
        ["1,A,1,5", "1,B,1,x", "2,B,3,7"],
    ])
func `the row below one that is left out is not told for its number`(rows: [String]) async throws {
    let reading = try await TableAdapter().reading("#,Sample Name,RT [min],Area\n" + rows.joined(separator: "\n") + "\n")
    #expect(reading.end?.leftOut == 1)
    #expect(reading.results.flatMap(\.flags) == [])
    #expect(!reading.codes.contains("table.numbering"))
}

@Test func `a number that is missing besides the row left out is still told`() async throws {
    let reading = try await TableAdapter().reading(
        "#,Sample Name,RT [min],Area\n1,A,1,5\n2,A,2,x\n4,A,3,7\n5,A,4,8\n")
    #expect(reading.results.map { $0.flags.map(\.code) } == [[], ["numbering"], []])
    #expect(reading.diagnostic("table.numbering")?.message == "number 4 follows 2")
}

@Test func `of the path of a file its name alone is kept`() async throws {
    let reading = try await TableAdapter().reading(
        #"""
        Project,C:\Data\Ann\T3.prj

        Sample Name,RT [min],Area,File,Note
        A,1.0,5,\\server\lims\Ann\run 1.raw,split 1/10

        """#)
    #expect(reading.runs.first?.extras == ["Project": "T3.prj"])
    #expect(reading.results.first?.extras == ["File": "run 1.raw", "Note": "split 1/10"])
    #expect(reading.codes.isEmpty)
}

@Test func `a vial and a well are both kept, whichever of them changes from row to row`() async throws {
    let reading = try await TableAdapter().reading(
        """
        Sample Name,Vial,Well,Position,RT [min],Area
        A,1,B2,left,1.5,10
        A,2,B2,left,1.6,11
        A,2,B3,right,1.7,12
        A,,B3,,1.8,13
        A,4,,,1.9,14

        """)
    #expect(reading.results.map { $0.position?.written } == ["B2", "B2", "B3", "B3", "4"])
    #expect(reading.results.map { $0.position?.vial } == ["1", "2", "2", nil, "4"])
    #expect(reading.results.map { $0.position?.column } == [2, 2, 3, 3, nil])
    #expect(reading.results.map { $0.extras["Position"] } == ["left", "left", "right", nil, nil])
    #expect(reading.codes.isEmpty)
}

@Test func `a title above the table stays with the run`() async throws {
    let reading = try await TableAdapter().reading(
        "Stability study 7\nAnalyst:,\nRoom,B2\n\nSample Name,RT [min],Area\nA,1.5,10\n")
    #expect(reading.runs.first?.extras == ["line 1": "Stability study 7", "Room": "B2"])
    #expect(reading.end?.coverage.addsUp == true)
    #expect(reading.codes.isEmpty)
}
