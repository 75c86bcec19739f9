import IngestCore
import IngestPipeline
import StreamingXML
import Testing

struct ElementReaderTests {
    @Test func `an element has its line, its column in characters, and its path`() throws {
        let text = """
            <?xml version="1.0"?>
            <File>
              <Samples><Sample/><Sample n="µµ"/>
                <x:Other xmlns:x="urn:x"
                    a="1"
                    b="2"/><Sample>é</Sample></Samples>
            </File>
            """
        let kept = try source(text)
        let document = try ElementReader(kept)
        var places: [String] = []
        let samples = try #require(try document.next(in: document.root))
        while let child = try document.nextWhole(in: samples) {
            places.append("\(child.path) \(child.location.line ?? 0):\(child.location.column ?? 0)")
            child.ignore("the places alone are looked at")
        }
        #expect(
            places == [
                "/File/Samples/Sample 3:12", "/File/Samples/Sample[2] 3:21", "/File/Samples/x:Other 4:5",
                "/File/Samples/Sample[3] 6:16",
            ])
        try document.finish()
        #expect(kept.account.coverage == Coverage(values: 4, ignored: 4))
        #expect(kept.account.completeness.verdict == .yes)
    }

    @Test func `reading ends at once when it is cancelled`() async throws {
        let rows = String(repeating: "<v>1</v>", count: 100_000)
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try KeptDocument(source("<r>\(rows)</r>")).coverage.values
        }
        await #expect(throws: CancellationError.self) { try await task.value }
    }

    @Test func `a second element of a name whose first one was measured is told`() throws {
        let one = try source("<r><p><a>1</a><a>7</a><a>8</a><b>2</b><b>3</b></p><p><a>1</a></p></r>")
        let document = try ElementReader(one)
        var extras: Extras = [:]
        while let element = try document.nextWhole(in: document.root) {
            #expect(try element.quantity("a")?.value == 1)
            element.keepRest(in: &extras)
        }
        try document.finish()
        #expect(one.account.takeDiagnostics().map(\.code) == ["xml.repeated-field"])
        #expect(one.account.completeness.verdict == .no && one.account.completeness.why.contains("/r/p/a[2] is there twice"))
        #expect(extras.fields.map(\.text) == ["7", "8", "2", "3"])
    }

    @Test func `a name of another vocabulary hides none of the element's own`() throws {
        let text = """
            <r xmlns:q="urn:q" xmlns:m="urn:m"><s q:c="999"><c>352</c></s><s><q:c>999</q:c><c>100</c></s>
            <s q:c="1"/><s><q:c>7</q:c></s><m:s m:c="5" q:c="6"/><s q:c="6" c="5"/></r>
            """
        let document = try ElementReader(source(text))
        var found: [String?] = []
        while let element = try document.nextWhole(in: document.root) { found.append(element["c"]?.peek) }
        #expect(found == ["352", "100", nil, "7", "5", "5"])
    }

    @Test func `any attribute can be asked for whatever its prefix`() throws {
        let document = try ElementReader(source("<r xmlns:x=\"urn:x\"><s x:type=\"T\"/></r>"))
        let element = try #require(try document.nextWhole(in: document.root))
        #expect(element.attribute("type") == nil)
        #expect(element.attribute(ofAnyNamespace: "type")?.peek == "T")
    }

    @Test func `elements of many names and of names in two namespaces are counted apart`() throws {
        let long = (100..<140).map { String(repeating: "N", count: $0) }
        let others = (0..<60).map { "n\($0)" } + long
        let body = (0..<3).map { _ in others.map { "<b:\($0)/><a:\($0)/><\($0)/>" }.joined() }.joined()
        let document = try ElementReader(source("<r xmlns:a=\"urn:a\" xmlns:b=\"urn:b\">\(body)</r>"))
        var seen: [String: Int] = [:]
        while let element = try document.nextWhole(in: document.root) {
            let name = String(element.path.description.split(separator: "/")[1].split(separator: "[")[0])
            seen[name, default: 0] += 1
            #expect(element.ordinal == seen[name])
        }
        #expect(seen.count == 300 && seen.values.allSatisfy { $0 == 3 })
    }

    @Test func `the text of an open element stays whole while what stands behind it is forgotten`() throws {
        let text = String(repeating: "abcdefghij", count: 30_000)
        let rows = (0..<20_000).map { "<v i=\"\($0)\">\($0 + 1)</v>" }.joined()
        let document = try ElementReader(source("<r z=\"9\">\(text)<s y=\"8\">tail \(rows)</s></r>", chunkLength: 1000))
        let open = try #require(try document.next(in: document.root))
        var count = 0
        while let row = try document.nextWhole(in: open) {
            #expect(row.attribute("i")?.peek == "\(count)" && row.content?.peek == "\(count + 1)")
            count += 1
        }
        #expect(count == 20_000 && open.element.content?.peek == "tail" && open.attribute("y")?.peek == "8")
        #expect(document.root.element.content?.written == text && document.root.attribute("z")?.peek == "9")
    }

    @Test func `names are told by URI and local name, whatever the prefix`() throws {
        let kept = try source("<a:R xmlns:a='urn:one' xmlns='urn:two'><b/><c xmlns='urn:three' a:x='1' y='2'/></a:R>")
        let document = try ElementReader(kept)
        let root = try #require(try document.wholeRoot())
        #expect(root.name == "R")
        #expect(root.namespace == "urn:one")
        #expect(root.children.map(\.namespace) == ["urn:two", "urn:three"])
        #expect(root.child("c")?.attribute(ofAnyNamespace: "x")?.string() == "1")
        #expect(root.child("c")?["y"]?.string() == "2")
        try document.finish()
        #expect(kept.account.coverage == Coverage(values: 2, described: 2))
    }

    @Test func `text, CDATA and entities of an element are one text`() throws {
        let kept = try source("<r><v>1<![CDATA[2<3]]>&amp;&#52;<!-- no -->5</v><w> \n </w><e/></r>")
        let document = try ElementReader(kept)
        let root = try #require(try document.wholeRoot())
        #expect(root["v"]?.written == "12<3&45")
        #expect(root.child("w")?.content == nil)
        #expect(root["e"] != nil)
        #expect(root["f"] == nil)
        root.describe("v", "f")
        try document.finish()
        #expect(kept.account.coverage == Coverage(values: 1, described: 1))
    }

    @Test func `a text behind a child is a value of its own`() throws {
        let kept = try KeptDocument(source("<r><p>one <b>two</b> three <b>four</b></p></r>"))
        #expect(kept.extras.fields.map { "\($0.heading)=\($0.text)" } == ["p=one ", "p/b=two", "p (2)= three ", "p/b (2)=four"])
        #expect(kept.coverage == Coverage(values: 4, extras: 4))
    }

    @Test func `a text between the elements of a list is told and left out`() throws {
        let kept = try KeptDocument(source("<r>\n  <p/>garbage<p/></r>"))
        #expect(kept.codes == ["xml.stray-text"])
        #expect(kept.coverage == Coverage(values: 1, leftOut: 1))
    }

    @Test func `what the adapter reads past is its fault, and told`() throws {
        let kept = try source("<r><a x='1'>t</a><b/></r>")
        let document = try ElementReader(kept)
        while try document.next(in: document.root) != nil {}
        try document.finish()
        #expect(kept.account.takeDiagnostics().map(\.code) == ["adapter.unread-value", "adapter.unread-value"])
        #expect(kept.account.coverage == Coverage(values: 2, leftOut: 2))
    }

    @Test(arguments: [1, 2, 3, 7, 64, 4093])
    func `a document is read alike however it is cut into chunks`(chunkLength: Int) throws {
        for seed in 1...(chunkLength < 64 ? 12 : 40) {
            let text = RandomDocument(seed: UInt64(seed)).text
            let whole = try Walk(source(text))
            let cut = try Walk(source(text, chunkLength: max(chunkLength, 1)))
            #expect(cut.lines == whole.lines)
            #expect(cut.coverage == whole.coverage)
            #expect(whole.coverage.addsUp)
            #expect(whole.completeness.verdict == .yes)
        }
    }

    @Test func `every value of a random document is read once`() throws {
        for seed in 1...200 {
            let document = RandomDocument(seed: UInt64(seed))
            let walk = try Walk(source(document.text))
            #expect(walk.coverage.values == document.values, "\(document.text)")
            #expect(walk.coverage.extras == walk.coverage.values - walk.coverage.leftOut)
            #expect(walk.codes.allSatisfy { $0 == "xml.stray-text" })
        }
    }

    @Test func `a document cut at any byte is never complete, and nothing of a cut element is used`() throws {
        let text = "<?xml version='1.0'?>\n<File><S n='1'><A>5</A></S>\n<S n='2'><A>67</A></S><T>89</T></File>"
        let bytes = Array(text.utf8)
        for length in 0..<bytes.count {
            do {
                let kept = try KeptDocument(source(Array(bytes[..<length])))
                #expect(kept.completeness.verdict == .no, "cut at \(length)")
                #expect(kept.codes == ["xml.malformed"])
                #expect(kept.diagnostics[0].location.line != nil)
                #expect(kept.coverage.addsUp)
                for field in kept.extras.fields { #expect(["1", "5", "2", "67", "89"].contains(field.text)) }
            } catch let diagnostic as Diagnostic {
                #expect(["xml.not-xml", "xml.no-element"].contains(diagnostic.code), "cut at \(length): \(diagnostic)")
            }
        }
        #expect(try KeptDocument(source(bytes)).completeness.verdict == .yes)
    }

    @Test(arguments: ["", "\u{FEFF}"], ["utf-16", "UTF-16LE"])
    func `a document that says UTF-16 and is UTF-8 is read as what it is`(mark: String, declared: String) throws {
        let one = try source(mark + "<?xml version=\"1.0\" encoding=\"\(declared)\"?>\n<r><u>µg</u></r>")
        let kept = try KeptDocument(one)
        #expect(kept.extras.fields.map(\.text) == ["µg"] && kept.completeness.verdict == .yes && kept.codes.isEmpty)
        #expect(one.account.assumptions.encoding?.value == "utf-8")
        #expect(one.account.assumptions.encoding?.why.contains("says UTF-16") == true)
    }

    @Test(arguments: ["utf-8", "utf-8 mark", "utf-16le mark", "utf-16be mark", "utf-16le", "utf-16be", "latin1", "windows-1252"])
    func `an encoding is known by its mark, its declaration or its pattern`(form: String) throws {
        let declared = ["latin1": "ISO-8859-1", "windows-1252": "windows-1252"][form]
        let declaration = declared.map { "<?xml version=\"1.0\" encoding=\"\($0)\"?>\n" } ?? ""
        let text = declaration + "<File><Unit>µg</Unit><Name>Größe é</Name></File>"
        var bytes = form.hasSuffix("mark") ? Array("\u{FEFF}".utf8) : []
        if form.hasPrefix("utf-16") {
            let units = Array(((form.hasSuffix("mark") ? "\u{FEFF}" : "") + text).utf16)
            bytes = units.flatMap {
                form.hasPrefix("utf-16le") ? [UInt8($0 & 255), UInt8($0 >> 8)] : [UInt8($0 >> 8), UInt8($0 & 255)]
            }
        } else if declared != nil {
            bytes = text.unicodeScalars.map { UInt8($0.value) }
        } else {
            bytes += Array(text.utf8)
        }
        for chunk in [3, 5, 1 << 18] {
            let kept = try KeptDocument(source(bytes, chunkLength: chunk))
            #expect(kept.extras.fields.map(\.text) == ["µg", "Größe é"])
            #expect(kept.completeness.verdict == .yes)
        }
    }

    @Test func `bytes that are not of the declared encoding are told with their line, and --encoding settles it`() throws {
        let bytes = Array("<File>\n<Unit>".utf8) + [0xB5] + Array("g</Unit></File>".utf8)
        let kept = try KeptDocument(source(bytes))
        #expect(kept.codes == ["xml.encoding"])
        #expect(kept.diagnostics[0].location.line == 2)
        #expect(kept.completeness.verdict == .no)
        let given = try KeptDocument(source(bytes, given: GivenAssumptions(encoding: .windows1252)))
        #expect(given.extras.fields.map(\.text) == ["µg"])
    }

    @Test func `numbers have a point; another mark is an error and no other number`() throws {
        let text = "<r><a>1.5</a><b>1,5</b><c>n.a.</c><d/><e>&lt;0.05</e><f>OVER</f><g>1e400</g><h> 7 </h></r>"
        let document = try ElementReader(source(text), missing: ["OVER": .overflow])
        let root = try #require(try document.wholeRoot())
        #expect(try root.quantity("a")?.value == 1.5)
        #expect(throws: Diagnostic.self) { try root.quantity("b") }
        #expect(throws: Diagnostic.self) { try root.quantity("c") }
        #expect(try root.quantity("d")?.absent == .empty)
        #expect(try root.quantity("e")?.bound == .below)
        #expect(try root.quantity("f")?.absent == .overflow)
        #expect(throws: Diagnostic.self) { try root.quantity("g") }
        #expect(try root.quantity("h")?.value == 7)
        #expect(try root.quantity("h")?.written == " 7 ")
        do { _ = try root.quantity("b") } catch let fault as Diagnostic {
            #expect(fault.code == "xml.other-decimal-mark")
            #expect(fault.location.path?.description == "/r/b")
            #expect(fault.excerpt?.text == "<b>1,5</b>")
        }
    }
}

extension ElementReaderTests {
    @Test(arguments: ["1<b/>05", "<b>7</b>", "<b/>7", "7<b>8</b>"])
    func `a number with elements in it is none`(text: String) throws {
        let document = try ElementReader(source("<r><v>\(text)</v><w>1<!-- of -->05</w></r>"))
        let root = try #require(try document.wholeRoot())
        let value = try #require(root["v"])
        var quantity = Quantity(written: "3", value: 3)
        for read in [
            { _ = try value.quantity() }, { _ = try value.integer() }, { _ = try value.number() }, { _ = try value.timestamp() },
            { try value.read(into: &quantity) }, { _ = try value.numbers() },
            { _ = try value.numbers(base64: NumberEncoding(.float32)) },
        ] as [() throws -> Void] {
            do {
                try read()
                Issue.record("\(text) was read")
            } catch let fault as Diagnostic { #expect(fault.code == "xml.elements-in-value") }
        }
        // A comment is no part of a text.
        #expect(try root.quantity("w")?.value == 105)
    }
}

/// A document of random elements, attributes and texts, the same for the same seed.
struct RandomDocument {
    private(set) var text = ""
    /// The non-empty attributes and texts in it.
    private(set) var values = 0
    private var state: UInt64

    init(seed: UInt64) {
        state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
        element(depth: 0)
    }

    private mutating func random(_ bound: Int) -> Int {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return Int(state >> 33) % bound
    }

    private mutating func element(depth: Int) {
        let name = ["a", "b", "sample", "Wert"][random(4)]
        text += "<" + name
        for attribute in ["x", "y", "längs"] where random(3) == 0 {
            let value = ["", " ", "5", "ä ö", "1 &lt; 2"][random(5)]
            if !value.allSatisfy({ $0 == " " }) { values += 1 }
            text += (random(4) == 0 ? "\n  " : " ") + attribute + "=\"" + value + "\""
        }
        if random(5) == 0 {
            text += "/>"
            return
        }
        text += ">"
        var isText = false
        for _ in 0..<random(depth > 5 ? 2 : 5) {
            switch random(5) {
            case 0 where !isText:
                text += ["7", " zwölf ", "<![CDATA[<&>]]>"][random(3)]
                values += 1
                isText = true
            case 1: text += "\n   "
            case 2: text += "<!-- & -->"
            default:
                if depth < 7 {
                    element(depth: depth + 1)
                    isText = false
                }
            }
        }
        text += "</" + name + ">"
    }
}
