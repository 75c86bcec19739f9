import CLibXML2
import Foundation
import FoundationXML
import IngestCore
import IngestPipeline
import StreamingXML

/// What parsing an XML document costs: located by us, bare with libxml2, and with Foundation.
enum XMLBench {
    /// Every element, one by one, with its place, its attributes and its text at hand: the number of elements.
    static func located(_ path: String) throws -> Int {
        let document = try ElementReader(SourceOpener.open(path).unhashedSource(), survey: true)
        var elements = 1
        func walk(_ parent: OpenElement) throws {
            while let child = try document.next(in: parent) {
                elements += 1
                try walk(child)
            }
        }
        try walk(document.root)
        try document.finish()
        return elements
    }

    /// Libxml2's push parser with callbacks that do nothing: the bytes.
    static func bare(_ path: String) throws -> Int {
        var handlers = ingest_no_handlers()
        handlers.startElementNs = { _, _, _, _, _, _, _, _, _ in }
        handlers.endElementNs = { _, _, _, _ in }
        handlers.characters = { _, _, _ in }
        handlers.ignorableWhitespace = handlers.characters
        let source = try SourceOpener.open(path).unhashedSource()
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 16)
        defer { buffer.deallocate() }
        let context = xmlCreatePushParserCtxt(&handlers, nil, nil, 0, nil)
        defer { xmlFreeParserCtxt(context) }
        xmlCtxtUseOptions(context, Int32(XML_PARSE_NONET.rawValue))
        var offset = 0
        while true {
            let count = try source.read(into: buffer, at: offset)
            let start = buffer.baseAddress?.assumingMemoryBound(to: CChar.self)
            guard xmlParseChunk(context, start, Int32(count), count == 0 ? 1 : 0) == 0 else {
                throw Bench.BenchFault(["libxml2 refuses \(path)"])
            }
            if count == 0 { return offset }
            offset += count
        }
    }

    /// Foundation's `XMLParser`, with a delegate that counts: the number of elements.
    static func foundation(_ path: String) throws -> Int {
        let counter = Counter()
        guard let stream = InputStream(fileAtPath: path) else { throw Bench.BenchFault(["\(path) cannot be opened"]) }
        let parser = XMLParser(stream: stream)
        parser.delegate = counter
        guard parser.parse() else { throw Bench.BenchFault(["Foundation refuses \(path)"]) }
        return counter.elements
    }

    private final class Counter: NSObject, XMLParserDelegate {
        var elements = 0
        func parser(
            _ parser: XMLParser, didStartElement elementName: String, namespaceURI: String?, qualifiedName qName: String?,
            attributes attributeDict: [String: String] = [:]
        ) { elements += 1 }
    }
}
