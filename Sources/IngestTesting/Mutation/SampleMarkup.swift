/// An XML document taken apart into tags, attributes and texts, by their places in it.
///
/// As ``SampleText``, it shares no code with the reader.
struct SampleMarkup: Sendable {
    struct Attribute: Sendable {
        var name: Range<Int>
        /// Without its quotes.
        var value: Range<Int>
        /// From the name to the quote behind the value.
        var whole: Range<Int> { name.lowerBound..<value.upperBound + 1 }
    }

    struct Element: Sendable {
        var name: Range<Int>
        var parent: Int?
        /// From the `<` of its first tag to the `>` of its last.
        var whole: Range<Int>
        /// The name in its last tag; `nil` for `<a/>`.
        var closingName: Range<Int>?
        var attributes: [Attribute] = []
        var children: [Int] = []
        /// The text in it when it has no element in it.
        var text: Range<Int>?
    }

    let text: [UInt8]
    private(set) var elements: [Element] = []

    /// The text in UTF-8, whatever its declaration says.
    init(_ text: [UInt8]) {
        self.text = text
        var open: [Int] = []
        var place = 0
        var textStart = 0
        while place < text.count {
            guard text[place] == UInt8(ascii: "<") else {
                place += 1
                continue
            }
            if let end = passed(place) {
                place = end
                continue
            }
            let end = tagEnd(place)
            if place + 1 < text.count, text[place + 1] == UInt8(ascii: "/") {
                if let last = open.popLast() {
                    if elements[last].children.isEmpty { elements[last].text = textStart..<place }
                    elements[last].whole = elements[last].whole.lowerBound..<end
                    elements[last].closingName = place + 2..<nameEnd(place + 2)
                }
            } else {
                begin(place, end, in: open.last)
                if text[end - 2] != UInt8(ascii: "/") { open.append(elements.count - 1) }
            }
            place = end
            textStart = end
        }
    }

    private mutating func begin(_ start: Int, _ end: Int, in parent: Int?) {
        var element = Element(name: start + 1..<nameEnd(start + 1), parent: parent, whole: start..<end)
        var place = element.name.upperBound
        while place < end {
            guard text[place] > 32, !"/>=".utf8.contains(text[place]) else {
                place += 1
                continue
            }
            let name = place..<nameEnd(place)
            guard let open = text[name.upperBound..<end].firstIndex(where: { $0 == 34 || $0 == 39 }),
                let close = text[(open + 1)..<end].firstIndex(of: text[open])
            else { break }
            element.attributes.append(Attribute(name: name, value: open + 1..<close))
            place = close + 1
        }
        if let parent { elements[parent].children.append(elements.count) }
        elements.append(element)
    }

    private func nameEnd(_ start: Int) -> Int {
        var end = start
        while end < text.count, text[end] > 32, !"/>=".utf8.contains(text[end]) { end += 1 }
        return end
    }

    private func tagEnd(_ start: Int) -> Int {
        var quote: UInt8?
        var place = start
        while place < text.count {
            if let open = quote {
                if text[place] == open { quote = nil }
            } else if text[place] == 34 || text[place] == 39 {
                quote = text[place]
            } else if text[place] == UInt8(ascii: ">") {
                return place + 1
            }
            place += 1
        }
        return text.count
    }

    /// Behind a comment, an instruction, a CDATA section or a document type.
    private func passed(_ start: Int) -> Int? {
        for (begin, end) in [("<!--", "-->"), ("<![CDATA[", "]]>"), ("<?", "?>"), ("<!", ">")]
        where text[start...].starts(with: begin.utf8) {
            let end = Array(end.utf8)
            var place = start
            while place + end.count <= text.count {
                if text[place] == end[0], text[place..<place + end.count].elementsEqual(end) { return place + end.count }
                place += 1
            }
            return text.count
        }
        return nil
    }

    // MARK: Looked up

    func name(_ element: Int) -> String { String(decoding: text[elements[element].name], as: UTF8.self) }

    func string(_ range: Range<Int>) -> String { String(decoding: text[range], as: UTF8.self) }

    /// The line of a place, from 1.
    func line(_ place: Int) -> Int { text[..<place].count { $0 == 10 } + 1 }

    /// Elements of one name under parents of one name, in each list.
    func alike() -> [[Int]] {
        var groups: [String: [Int]] = [:]
        for index in elements.indices {
            groups[(elements[index].parent.map(name) ?? "") + "/" + name(index), default: []].append(index)
        }
        return groups.sorted { $0.key < $1.key }.map(\.value)
    }
}
