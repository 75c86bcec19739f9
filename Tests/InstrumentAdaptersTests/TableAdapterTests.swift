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

@Test func `the path of a file is kept by its name alone`() async throws {
    let reading = try await TableAdapter().reading(
        "Made by: C:\\Users\\ann\\m.M\nSample Name,Data File,Note,RT [min],Area\nA,D:\\Data\\ann\\1.D,per ml/min,1.0,5\n")
    #expect(reading.results.first?.extras["Data File"] == "1.D")
    #expect(reading.results.first?.extras["Note"] == "per ml/min")
    #expect(!reading.lines.contains("ann"))
}
