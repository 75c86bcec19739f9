/// Whether markup is well-formed: what a page and a drawing of ours may contain, not all of XML.
struct MarkupCheck {
    /// How often each element occurs.
    private(set) var elements: [String: Int] = [:]
    private let bytes: [UInt8]
    private var place = 0
    private var open: [String] = []

    /// - Throws: What is wrong, with what stands there.
    init(_ markup: String) throws {
        bytes = Array(markup.utf8)
        let doctype = "<!DOCTYPE html>"
        if markup.hasPrefix(doctype) { place = doctype.utf8.count }
        while place < bytes.count {
            let start = place
            while place < bytes.count, bytes[place] != UInt8(ascii: "<") { place += 1 }
            try checkReferences(start..<place)
            if place < bytes.count { try tag() }
        }
        if let last = open.last { throw Fault(description: "\(last) is not closed") }
    }

    struct Fault: Error, CustomStringConvertible {
        let description: String
    }

    private mutating func tag() throws {
        let start = place + 1
        var isQuoted = false
        while place < bytes.count, bytes[place] != UInt8(ascii: ">") || isQuoted {
            if bytes[place] == UInt8(ascii: "\"") { isQuoted.toggle() }
            place += 1
        }
        guard place < bytes.count else { throw fault("unclosed tag", start) }
        let end = place
        place += 1
        if bytes[start] == UInt8(ascii: "/") {
            guard open.popLast() == text(start + 1..<end) else { throw fault("closes what is not open", start) }
            return
        }
        let isEmpty = bytes[end - 1] == UInt8(ascii: "/")
        let nameEnd = bytes[start..<end].firstIndex { $0 <= 0x20 || $0 == UInt8(ascii: "/") } ?? end
        let name = text(start..<nameEnd)
        elements[name, default: 0] += 1
        try checkAttributes(nameEnd..<(isEmpty ? end - 1 : end))
        if isEmpty { return }
        if name == "script" || name == "style" { try skip(to: Array("</\(name)>".utf8)) } else { open.append(name) }
    }

    /// HTML reads no markup in scripts and styles, up to the first end tag.
    private mutating func skip(to end: [UInt8]) throws {
        let start = place
        while place + end.count <= bytes.count {
            if bytes[place] == end[0], bytes[place..<place + end.count].elementsEqual(end) {
                place += end.count
                return
            }
            place += 1
        }
        throw fault("no end tag", start)
    }

    /// ` name="value"`, no name twice, no `<` in a value.
    private func checkAttributes(_ range: Range<Int>) throws {
        var at = range.lowerBound, names: Set<String> = []
        while at < range.upperBound {
            guard bytes[at] != UInt8(ascii: " ") else {
                at += 1
                continue
            }
            guard let equals = bytes[at..<range.upperBound].firstIndex(of: UInt8(ascii: "=")),
                names.insert(text(at..<equals)).inserted, bytes[equals + 1] == UInt8(ascii: "\""),
                let end = bytes[(equals + 2)..<range.upperBound].firstIndex(of: UInt8(ascii: "\"")),
                !bytes[equals..<end].contains(UInt8(ascii: "<"))
            else { throw fault("attribute", at) }
            try checkReferences(equals + 2..<end)
            at = end + 1
        }
    }

    private func checkReferences(_ range: Range<Int>) throws {
        for at in range where bytes[at] == UInt8(ascii: "&") {
            let rest = text(at + 1..<min(at + 6, range.upperBound))
            guard ["amp;", "lt;", "gt;", "quot;", "#39;"].contains(where: rest.hasPrefix) else { throw fault("bare &", at) }
        }
    }

    private func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

    private func fault(_ what: String, _ at: Int) -> Fault {
        Fault(description: "\(what): \(text(at..<min(at + 120, bytes.count)))")
    }
}
