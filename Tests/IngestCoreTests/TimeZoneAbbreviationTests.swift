import IngestCore
import Testing

@Test(arguments: ["EST", "EDT", "CET", "cest", "IST"])
func `an abbreviated zone is no fault, and settles no offset`(zone: String) throws {
    let time = try #require(Timestamp("1/17/2032 3:22:48 PM \(zone)"))
    #expect(time.local?.description == "2032-01-17T15:22:48")
    #expect(time.offset == nil)
    #expect(time.unsettled == [.zone])
    #expect(time.written.hasSuffix(zone))
}

@Test func `a word that is no zone is a fault`() {
    #expect(Timestamp("1/17/2032 3:22:48 PM XYZT") == nil)
    #expect(Timestamp("1/17/2032 CET 3:22") == nil)
}
