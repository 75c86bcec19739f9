import CLibXML2
import IngestCore

extension XMLScanner {
    /// What stopped the parser, and where.
    struct Fault {
        enum Kind { case malformed, doctype, refused, encoding }
        var kind: Kind
        var message: String
        var line: Int
        var column: Int
    }
}

extension XMLScanner.Fault {
    /// An error of libxml2, in its own words where they are for people.
    init(_ error: xmlError, _ code: xmlParserErrors, line: Int, column: Int) {
        let words = error.message.map { String(cString: $0) } ?? "it is not well-formed"
        let name = error.str1.map { String(cString: $0).prefix(80) } ?? ""
        kind = .malformed
        message = words.split(whereSeparator: \.isNewline).joined(separator: ", ")
        self.line = line
        self.column = column
        switch code {
        case XML_ERR_UNSUPPORTED_ENCODING, XML_ERR_UNKNOWN_ENCODING:
            kind = .encoding
            message = "it says that it is in \"\(name)\", an encoding that is not known here"
        case XML_ERR_INVALID_ENCODING, XML_I18N_CONV_FAILED, XML_I18N_NO_OUTPUT:
            kind = .encoding
        case XML_ERR_UNDECLARED_ENTITY, XML_WAR_UNDECLARED_ENTITY:
            message =
                "\"&\(name);\" stands for nothing: without a DOCTYPE, XML knows &lt; &gt; &amp; &quot; and &apos; alone"
        case XML_ERR_NAME_TOO_LONG:
            kind = .refused
            message = "a name is longer than \(XMLLimits.name) bytes"
        default:
            if words.contains("not proper UTF-8") {
                kind = .encoding
            } else if words.contains("too long") || words.contains("too big") || words.contains("Huge input") {
                kind = .refused
                message = "an attribute, a comment or an instruction is longer than \(XMLLimits.value / 1_000_000) MB"
            }
        }
    }
}

/// What is told of a document that is none, is not whole, or is refused.
extension ElementReader {
    private func location(_ fault: XMLScanner.Fault) -> SourceLocation {
        source.location(line: fault.line, column: fault.column)
    }

    /// The error for a document without any element.
    func noDocument() -> Diagnostic {
        guard let fault = scanner.fault else {
            return Diagnostic(
                "xml.no-element", "there is no element in this document", at: source.location(),
                hint: "nothing was read; copy or export it again")
        }
        if fault.kind != .malformed { return refusal(fault) }
        let begins = source.opening.firstLine.prefix(60)
        return Diagnostic(
            "xml.not-xml", "this is not XML: it begins with \"\(begins)\" (\(fault.message))", at: location(fault),
            hint: "nothing was read; ingest detect shows what it is")
    }

    func refusal(_ fault: XMLScanner.Fault) -> Diagnostic {
        switch fault.kind {
        case .doctype:
            Diagnostic(
                "xml.doctype", "the document is refused: \(fault.message)", at: location(fault),
                hint: "nothing was read; no instrument needs one: remove the <!DOCTYPE …> if you trust the file")
        case .encoding: encodingFault(fault)
        case .refused, .malformed:
            Diagnostic(
                "xml.refused", "the document is refused: \(fault.message)", at: location(fault),
                hint: "nothing of it was used; no report of an instrument known here comes near this limit: export it again, and "
                    + "in parts if it was that large")
        }
    }

    private func encodingFault(_ fault: XMLScanner.Fault) -> Diagnostic {
        Diagnostic(
            "xml.encoding", "the text of the document cannot be decoded: \(fault.message)", at: location(fault),
            hint: "what stands behind this place was not read; if you know the encoding, say so: --encoding windows-1252")
    }

    /// Says whether the document is whole, once all of it was read.
    func tellEnd() {
        let member = source.isMember ? "\(source.name): " : ""
        if let oddity = scanner.oddity {
            source.account.report(
                Diagnostic(
                    .note, "xml.namespace", oddity.message, at: location(oddity),
                    hint: "it was read by the names as they are written"))
        }
        guard let fault = scanner.fault else {
            source.account.prove("\(member)the outermost element is closed")
            return
        }
        if fault.kind == .encoding {
            source.account.report(encodingFault(fault))
        } else {
            source.account.report(
                Diagnostic(
                    "xml.malformed", "the document breaks here: \(fault.message)", at: location(fault),
                    hint: "\(store.elements) elements before it were read, nothing behind it; the file is cut or damaged: "
                        + "copy or export it again"))
        }
        source.account.contradict("\(member)the document breaks at line \(fault.line), column \(fault.column)")
    }
}
