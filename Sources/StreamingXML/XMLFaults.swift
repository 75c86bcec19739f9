import IngestCore

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
                hint: "nothing of it was used; no report of an instrument known here comes near this limit")
        }
    }

    private func encodingFault(_ fault: XMLScanner.Fault) -> Diagnostic {
        Diagnostic(
            "xml.encoding", "the text is not in the encoding of the document: \(fault.message)", at: location(fault),
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
