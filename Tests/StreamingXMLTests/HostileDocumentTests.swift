import FoundationEssentials
import IngestCore
import StreamingXML
import Testing

/// What a document can ask for beyond its own text is refused by name, at once.
struct HostileDocumentTests {
    private func refusal(_ text: String, chunkLength: Int = 1 << 18) throws -> Diagnostic? {
        do {
            _ = try KeptDocument(source(text, chunkLength: chunkLength))
            return nil
        } catch let diagnostic as Diagnostic {
            return diagnostic
        }
    }

    @Test(arguments: [
        // Ten entities, each ten times the one before: a billion laughs.
        "<!DOCTYPE r [<!ENTITY a \"ha\">"
            + (1...9).map { "<!ENTITY a\($0) \"\(String(repeating: $0 == 1 ? "&a;" : "&a\($0 - 1);", count: 10))\">" }.joined()
            + "]><r>&a9;</r>",
        // One long entity, often: quadratic.
        "<!DOCTYPE r [<!ENTITY a \"\(String(repeating: "x", count: 50_000))\">]><r>\(String(repeating: "&a;", count: 50_000))</r>",
        "<!DOCTYPE r [<!ENTITY a SYSTEM \"file:///etc/hostname\">]><r>&a;</r>",
        "<!DOCTYPE r [<!ENTITY a SYSTEM \"http://127.0.0.1:9/x\">]><r>&a;</r>",
        "<!DOCTYPE r [<!ENTITY % p SYSTEM \"file:///etc/hostname\"> %p;]><r/>",
        "<!DOCTYPE r SYSTEM \"http://127.0.0.1:9/x.dtd\"><r/>",
        "<!DOCTYPE r PUBLIC \"-//X\" \"file:///dev/zero\"><r/>",
        "<!DOCTYPE r><r/>",
    ])
    func `a DOCTYPE is refused by name, and nothing of it is looked up`(text: String) throws {
        let clock = ContinuousClock()
        let start = clock.now
        for chunk in [5, 1 << 18] {
            let refusal = try #require(try refusal(text, chunkLength: chunk))
            #expect(refusal.code == "xml.doctype")
            #expect(refusal.location.line == 1)
        }
        #expect(clock.now - start < .seconds(5))
    }

    @Test func `an entity that nobody declared breaks the document`() throws {
        let kept = try KeptDocument(source("<r><a>1</a><b>&nbsp;</b></r>"))
        #expect(kept.codes == ["xml.malformed"])
        #expect(kept.completeness.verdict == .no)
        #expect(kept.extras.fields.map(\.text) == ["1"])
    }

    @Test func `elements deep in one another are refused`() throws {
        let deepest = String(repeating: "<a>", count: XMLLimits.depth) + String(repeating: "</a>", count: XMLLimits.depth)
        #expect(try refusal(deepest) == nil)
        #expect(try refusal(String(repeating: "<a>", count: 200_000))?.code == "xml.refused")
    }

    @Test func `an element with too many attributes is refused`() throws {
        func text(_ count: Int) -> String { "<r><a " + (0..<count).map { "a\($0)=\"\"" }.joined(separator: " ") + "/></r>" }
        #expect(try refusal(text(XMLLimits.attributes)) == nil)
        #expect(try refusal(text(XMLLimits.attributes + 1))?.code == "xml.refused")
    }

    @Test(.timeLimit(.minutes(1)), arguments: [32, 1 << 18])
    func `an element with attributes without end is refused while they come`(chunk: Int) throws {
        let many = (0..<300_000).map { "a\($0)=\"1\" xmlns:p\($0)='>'" }.joined(separator: " ")
        for text in ["<r><a \(many)/></r>", "<r \(many)/>", "<r><b/><a \(many)"] {
            #expect(try refusal(text, chunkLength: chunk)?.code == "xml.refused")
        }
        // A long value is one attribute, whatever it holds.
        let quotes = String(repeating: "<a b='\"' c=\"'\">", count: 1000).replacing("<", with: "&lt;").replacing(
            "\"", with: "&quot;")
        let long = try KeptDocument(source("<r><a b=\"\(quotes)\"/></r>", chunkLength: chunk))
        #expect(long.completeness.verdict == .yes)
    }

    @Test func `what stops the parser is said in words that help`() throws {
        let entity = try KeptDocument(source("<r><a>1</a><b>5&micro;g</b></r>"))
        #expect(entity.diagnostics.first?.message.contains("\"&micro;\" stands for nothing") == true)
        let encoding = try #require(try refusal("<?xml version=\"1.0\" encoding=\"x-foo\"?><r/>"))
        #expect(encoding.code == "xml.encoding" && encoding.message.contains("\"x-foo\", an encoding that is not known"))
        let value = try #require(try refusal("<r a=\"\(String(repeating: "v", count: 11_000_000))\"/>"))
        #expect(value.message.contains("longer than 10 MB"))
        let name = try #require(try refusal("<r><\(String(repeating: "n", count: 60_000))/></r>"))
        #expect(name.message.contains("a name is longer than 50000 bytes"))
    }

    @Test func `a name, an attribute and a number of names without end are refused`() throws {
        let name = String(repeating: "n", count: 60_000)
        #expect(try refusal("<r><\(name)/></r>")?.code == "xml.refused")
        #expect(try refusal("<r><a \(name)=\"1\"/></r>")?.code == "xml.refused")
        let names = (0...XMLLimits.namesOfSiblings).map { "<n\($0)/>" }.joined()
        #expect(try refusal("<r>\(names)</r>")?.code == "xml.refused")
        let long = "<r><a b=\"\(String(repeating: "v", count: 11_000_000))\"/></r>"
        #expect(try refusal(long)?.code == "xml.refused")
    }

    @Test func `what one record cannot hold is left out and told`() throws {
        let many = (0..<Extras.mostFields + 10).map { "<n><v>\($0)</v></n>" }.joined()
        let kept = try KeptDocument(source("<r>\(many)</r>"))
        #expect(kept.codes == ["xml.too-many-extras"])
        #expect(kept.extras.count == Extras.mostFields && kept.coverage.leftOut == 10 && kept.coverage.addsUp)
        let long = try KeptDocument(source("<r><a>\(String(repeating: "x", count: Extras.mostBytes + 1))</a><b c='1'/></r>"))
        #expect(long.codes == ["xml.too-many-extras"] && long.extras.fields.map(\.text) == ["1"])
        #expect(long.coverage.leftOut == 1 && long.coverage.addsUp)
    }

    @Test func `an element that is read whole may not hold without end`() throws {
        let rows = String(repeating: "<v>1234567890</v>", count: 1_200_000)
        #expect(try refusal("<r><all>\(rows)</all></r>")?.code == "xml.refused")
        // One by one they are no trouble.
        let one = try source("<r>\(rows)</r>")
        let document = try ElementReader(one, survey: true)
        var count = 0
        while try document.nextWhole(in: document.root) != nil { count += 1 }
        #expect(count == 1_200_000)
    }

    @Test(arguments: ["{\"a\": 1}", "a,b\n1,2\n", "PK\u{3}\u{4}", "", "   \n", "<", "<?xml version=\"1.0\"?>", "<!-- only -->"])
    func `what is no XML says so`(text: String) throws {
        let refusal = try #require(try refusal(text))
        #expect(["xml.not-xml", "xml.no-element"].contains(refusal.code))
    }

    @Test func `HTML breaks where it is no XML`() throws {
        let html = "<html><head><meta charset=utf-8></head><body><p>Not found<br></body></html>"
        let outcome = Result { try KeptDocument(source(html)) }
        switch outcome {
        case .success(let kept): #expect(kept.completeness.verdict == .no && kept.codes == ["xml.malformed"])
        case .failure(let error): #expect((error as? Diagnostic)?.code == "xml.not-xml")
        }
    }

    @Test(arguments: ["<r/><r/>", "<r/>text", "<r></s>", "<r a='1' a='2'/>", "<r>\u{1}</r>", "<r>]]></r>", "<r><a></r>"])
    func `a document that is not well-formed is never complete`(text: String) throws {
        let outcome = Result { try KeptDocument(source(text)) }
        guard case .success(let kept) = outcome else { return }
        #expect(kept.completeness.verdict == .no, "\(text)")
        #expect(kept.codes == ["xml.malformed"])
    }

    @Test func `a prefix that stands for nothing is told, and read as it is written`() throws {
        let kept = try KeptDocument(source("<r><x:a>1</x:a></r>"))
        #expect(kept.codes == ["xml.namespace"])
        #expect(kept.completeness.verdict == .yes)
        #expect(kept.extras.fields.map(\.text) == ["1"])
    }

    @Test func `random damage gives an error or other text, never a crash`() throws {
        let document = Array(RandomDocument(seed: 7).text.utf8)
        var state: UInt64 = 88_172_645_463_325_252
        for _ in 0..<2000 {
            var bytes = document
            for _ in 0..<3 {
                state ^= state << 13
                state ^= state >> 7
                state ^= state << 17
                bytes[Int(state >> 20) % bytes.count] = UInt8(truncatingIfNeeded: state >> 8)
            }
            guard let kept = try? KeptDocument(source(bytes, chunkLength: 1 + Int(state % 97))) else { continue }
            #expect(kept.coverage.addsUp)
            #expect(
                kept.completeness.verdict != .yes || kept.codes.allSatisfy { ["xml.namespace", "xml.stray-text"].contains($0) })
        }
    }
}
