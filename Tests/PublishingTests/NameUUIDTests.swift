import Testing

@testable import Publishing

@Suite struct NameUUIDTests {
    // RFC 9562, appendix A.4: the DNS namespace and www.example.com.
    @Test func `a UUID follows from a name as RFC 9562 says`() {
        let uuid = NameUUID.of(name: "www.example.com", namespace: "6ba7b810-9dad-11d1-80b4-00c04fd430c8")
        #expect(uuid == "2ed6657d-e927-568b-95e1-2665a8aea6a2")
    }

    @Test func `the same names give the same UUID from version to version`() {
        #expect(NameUUID.of(["acme.benchling.com", "assaysch_1", "ab01", "14.1"]) == "a42c5468-83b2-57da-9b34-83d5548e9dbd")
    }

    @Test func `no two lists of names share a UUID`() {
        let lists: [[String]] = [
            [], [""], ["", ""], ["a", "b"], ["ab"], ["a", "b", ""], ["", "a", "b"], ["1:a", "b"], ["a1:b"], ["1:a1:b"],
            ["a\u{0}b"], ["é"], ["e\u{301}"],
        ]
        #expect(Set(lists.map(NameUUID.of)).count == lists.count)
    }
}
