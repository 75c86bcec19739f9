import CLibXML2
import IngestCore

/// Feeds a source to libxml2's push parser, which fills a ``NodeStore``.
///
/// No document can make it open a file or a connection, or grow: it has no callback for entities, a DOCTYPE stops it, and
/// what a document may ask for is bounded (``XMLLimits``).
///
/// For whoever changes this: the callbacks get this object as user data, so none of libxml2's own (`xmlSAX2…`), which take
/// the parser for it, may ever be among them. Never add NOENT, DTDLOAD, HUGE or RECOVER to the options.
final class XMLScanner {
    let source: SourceFile
    let store = NodeStore()
    @exclusivity(unchecked) private(set) var context: xmlParserCtxtPtr?
    /// What stopped the parser before the end of the document.
    @exclusivity(unchecked) private(set) var fault: Fault?
    /// Something libxml2 reads over, such as a prefix that stands for nothing; the first of them.
    @exclusivity(unchecked) private(set) var oddity: Fault?
    private(set) var isAtEnd = false
    private let buffer: UnsafeMutableRawBufferPointer
    private var filled = 0..<0
    private var unfinished = UnfinishedTag()
    private var offset = 0

    /// How much is parsed at a time, in bytes: what comes of it stays in the cache until it is read.
    static let stretch = 1 << 15

    /// - Throws: A ``Diagnostic`` when the source cannot be read.
    init(_ source: SourceFile) throws {
        self.source = source
        buffer = .allocate(byteCount: max(source.chunkLength, 16), alignment: 16)
        _ = XMLScanner.isSealed
        try open()
    }

    deinit {
        if let context { xmlFreeParserCtxt(context) }
        store.deallocate()
        buffer.deallocate()
    }

    /// Whatever should ask libxml2 for an entity by a path that nobody thought of gets nothing.
    private static let isSealed: Bool = {
        xmlInitParser()
        xmlSetExternalEntityLoader { _, _, _ in nil }
        ingest_be_silent()
        return true
    }()

    private func open() throws {
        ingest_be_silent()
        var handlers = XMLScanner.handlers()
        let me = Unmanaged.passUnretained(self).toOpaque()
        // The first four bytes tell the parser the encoding.
        try fill(atLeast: 4)
        let first = Int32(min(4, filled.count))
        let start = buffer.baseAddress?.assumingMemoryBound(to: CChar.self)
        guard let context = xmlCreatePushParserCtxt(&handlers, me, start, first, nil) else {
            fault = Fault(kind: .refused, message: "there is not enough memory to parse it", line: 1, column: 1)
            return
        }
        filled = Int(first)..<filled.upperBound
        self.context = context
        var options = Int32(XML_PARSE_NONET.rawValue)
        if let encoding = XMLEncoding.imposed(on: source) {
            options |= Int32(XML_PARSE_IGNORE_ENC.rawValue)
            xmlCtxtUseOptions(context, options)
            guard let handler = xmlFindCharEncodingHandler(encoding.iconvName),
                xmlSwitchToEncoding(context, handler) == 0
            else {
                fault = Fault(
                    kind: .encoding, message: "the encoding \(encoding.rawValue) cannot be read here", line: 1, column: 1)
                return
            }
        } else {
            xmlCtxtUseOptions(context, options)
        }
    }

    /// What the document says of its encoding, once its first line was parsed.
    var declaredEncoding: String? {
        context?.pointee.encoding.map { String(cString: $0) }
    }

    // MARK: Parsing

    /// Parses on; false when there is no more, for whatever reason.
    /// - Throws: `CancellationError`, or a ``Diagnostic`` when the source cannot be read.
    func feed() throws -> Bool {
        guard let context, fault == nil, !isAtEnd else { return false }
        try Task.checkCancellation()
        if filled.isEmpty { try fill(atLeast: 1) }
        let length = min(filled.count, XMLScanner.stretch)
        let start = buffer.baseAddress! + filled.lowerBound
        filled = filled.lowerBound + length..<filled.upperBound
        isAtEnd = length == 0
        xmlParseChunk(context, start.assumingMemoryBound(to: CChar.self), Int32(length), isAtEnd ? 1 : 0)
        guard fault == nil else { return true }
        if store.size > XMLLimits.wholeElement {
            refuse("an element holds more than \(XMLLimits.wholeElement >> 20) MB")
        }
        unfinished.look(at: context)
        if unfinished.attributes > XMLLimits.attributes { refuseAttributes() }
        return true
    }

    private func fill(atLeast count: Int) throws {
        while filled.count < count {
            if filled.isEmpty { filled = 0..<0 }
            let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[filled.upperBound...])
            let read = try source.read(into: rest, at: offset)
            if read == 0 { return }
            offset += read
            filled = filled.lowerBound..<filled.upperBound + read
        }
    }

    fileprivate func refuse(_ message: String, _ kind: Fault.Kind = .refused) {
        guard fault == nil, let context else { return }
        fault = Fault(
            kind: kind, message: message, line: max(1, Int(ingest_line(context))), column: max(1, Int(ingest_column(context))))
        xmlStopParser(context)
    }

    private func refuseAttributes() { refuse("an element has more than \(XMLLimits.attributes) attributes") }

    fileprivate func note(_ error: UnsafePointer<xmlError>) {
        let level = error.pointee.level
        guard level == XML_ERR_FATAL || level == XML_ERR_ERROR, fault == nil else { return }
        let code = xmlParserErrors(rawValue: UInt32(error.pointee.code))
        let found = Fault(
            error.pointee, code, line: max(1, Int(error.pointee.line)), column: max(1, Int(error.pointee.int2)))
        // What libxml2 reads over is no well-formedness error: undeclared prefixes, mostly.
        if level == XML_ERR_FATAL || error.pointee.domain != Int32(XML_FROM_NAMESPACE.rawValue) {
            fault = found
        } else if oddity == nil {
            oddity = found
        }
    }

    @inline(__always)
    fileprivate func start(
        _ name: UnsafePointer<UInt8>, _ prefix: UnsafePointer<UInt8>?, _ namespace: UnsafePointer<UInt8>?, _ count: Int,
        _ values: UnsafeMutablePointer<UnsafePointer<UInt8>?>?
    ) {
        guard let context, fault == nil else { return }
        if store.depth >= XMLLimits.depth { return refuse("elements stand more than \(XMLLimits.depth) deep in one another") }
        if count > XMLLimits.attributes { return refuseAttributes() }
        var line: Int32 = 0, column: Int32 = 0
        ingest_tag_place(context, &line, &column)
        store.fill { $0.begin(name, prefix, namespace, attributes: count, line, column) }
        if store.hasTooManyNames {
            return refuse("an element has children of more than \(XMLLimits.namesOfSiblings) names")
        }
        guard count > 0, let values else { return }
        store.fill { store in
            var value = values
            for _ in 0..<count {
                // Five pointers each: name, prefix, namespace, value, end of the value.
                if let name = value[0], let start = value[3], let end = value[4] {
                    store.attribute(name, value[1], value[2], start, end - start)
                }
                value += 5
            }
        }
    }

    // MARK: Callbacks

    private static func handlers() -> xmlSAXHandler {
        var handlers = ingest_no_handlers()
        handlers.startElementNs = { user, name, prefix, namespace, _, _, count, _, values in
            guard let user, let name else { return }
            Unmanaged<XMLScanner>.fromOpaque(user)._withUnsafeGuaranteedRef {
                $0.start(name, prefix, namespace, Int(count), values)
            }
        }
        handlers.endElementNs = { user, _, _, _ in
            guard let user else { return }
            Unmanaged<XMLScanner>.fromOpaque(user)._withUnsafeGuaranteedRef { $0.store.fill { $0.end() } }
        }
        let text: charactersSAXFunc = { user, text, length in
            guard let user, let text else { return }
            Unmanaged<XMLScanner>.fromOpaque(user)._withUnsafeGuaranteedRef { $0.store.fill { $0.text(text, Int(length)) } }
        }
        handlers.characters = text
        // The same for both, or libxml2 would look at each text to tell which it is.
        handlers.ignorableWhitespace = text
        handlers.cdataBlock = text
        handlers.internalSubset = { user, _, _, _ in
            guard let user else { return }
            Unmanaged<XMLScanner>.fromOpaque(user)._withUnsafeGuaranteedRef {
                $0.refuse("it has a DOCTYPE, by which a document can ask for other files and for endless text", .doctype)
            }
        }
        handlers.serror = { user, error in
            guard let user, let error else { return }
            Unmanaged<XMLScanner>.fromOpaque(user)._withUnsafeGuaranteedRef { $0.note(error) }
        }
        return handlers
    }
}
