import RecordReading
import Testing

@Test func `a file that is not there is told by its path`() {
    #expect(throws: (any Error).self) { try RecordsFile(path: "/nonexistent/records.jsonl") }
}
