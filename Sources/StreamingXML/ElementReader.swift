public import IngestCore
import TabularText

/// Reads an XML document element by element, in constant memory, with an account of every attribute and text.
///
///     let document = try ElementReader(source, missing: ["-": .notReported])
///     let root = document.root                                   // <File>, still open
///     while let part = try document.next(in: root) {
///         switch part.name {
///         case "Samples":
///             while let sample = try document.nextWhole(in: part) { … }     // read to its end, with all that is in it
///         default: try document.keep(part, in: &run.extras)
///         }
///     }
///     try document.finish()
///
/// Whatever is taken from an element also says what became of it (``Element``). What is read past is an error of the adapter,
/// told to the user. A document that is not well-formed ends where it breaks: what had been read stays, the element that was
/// not whole is left out, and the file is no longer complete. One that asks for too much (``XMLLimits``) or has a DOCTYPE is
/// refused as a whole.
public final class ElementReader {
    public let source: SourceFile
    let scanner: XMLScanner
    let store: NodeStore
    let context: XMLTextContext
    /// A look ahead, of which nothing is counted and told.
    let isSurvey: Bool
    /// The open elements the adapter went into, outermost first, by their nodes.
    @exclusivity(unchecked) var entered: [Int] = []
    /// The node after the last one that was given out.
    @exclusivity(unchecked) private var cursor = 0
    /// The nodes given out and not yet counted.
    @exclusivity(unchecked) private var pending = 0..<0
    @exclusivity(unchecked) var coverage = Coverage()
    /// Of the element placed last.
    @exclusivity(unchecked) var stem = Stem(parent: 0, name: nil, prefix: nil, text: "")
    private var isFinished = false
    private var toldUnread = 0
    private var hasToldNoRoom = false

    /// Opens a document and reads as far as its outermost element.
    ///
    /// - Parameters:
    ///   - missing: Texts that stand for no number, and why there is none; the user's (`--missing`) are known already.
    ///   - survey: Only looks ahead: nothing is counted, so that the document can be read once more.
    /// - Throws: A ``Diagnostic`` when the source is no XML, is refused, or cannot be read.
    public init(_ source: SourceFile, missing: [String: Quantity.Absence] = [:], survey: Bool = false) throws {
        self.source = source
        isSurvey = survey
        scanner = try XMLScanner(source)
        store = scanner.store
        context = XMLTextContext(source, missing: missing)
        while store.count == 0 {
            guard try scanner.feed() else { break }
        }
        guard store.count > 0 else { throw noDocument() }
        if let fault = scanner.fault, fault.kind == .doctype || fault.kind == .refused { throw refusal(fault) }
        // Elements are handed around without counting references to it.
        source.account.keep(self)
        entered = [0]
        cursor = 1
        if !survey {
            source.account.readerStarted()
            let encoding = XMLEncoding.choice(source, declared: scanner.declaredEncoding)
            let mark = context.mark.rawValue
            let isGiven = source.given.decimalMark != nil
            source.account.assume {
                $0.encoding = encoding
                $0.decimalMark = .init(mark, why: isGiven ? "given" : "what numbers in XML have (xs:decimal, xs:double)")
            }
            context.recordAssumptions()
        }
    }

    /// The outermost element, open.
    public var root: OpenElement { OpenElement(reader: self, depth: 0) }

    /// What the document says of its encoding.
    public var declaredEncoding: String? { scanner.declaredEncoding }

    /// A part of a text, such as one of the numbers of a list, read as all numbers of the document are (`--decimal-mark`,
    /// `--missing`); `nil` where it is none, or only bounds one (`<0.5`).
    public func number(in text: some StringProtocol) -> Double? {
        var text = String(text)
        return text.withUTF8 { number(in: $0) }
    }

    func number(in bytes: UnsafeBufferPointer<UInt8>) -> Double? { context.exactNumber(bytes) }

    // MARK: Going on

    /// The next element inside an open one, itself open; `nil` behind the last one. What was given out before is then no
    /// longer good, but for the open elements around.
    ///
    /// - Throws: A ``Diagnostic`` when the document is refused or cannot be read on.
    public func next(in parent: OpenElement) throws -> OpenElement? {
        settle()
        while entered.count > parent.depth + 1 { try leave() }
        guard entered.count == parent.depth + 1 else { return nil }
        store.nodes[entered[parent.depth]].isStreamed = true
        guard let place = try step() else { return nil }
        entered.append(place)
        cursor = place + 1
        return OpenElement(reader: self, depth: parent.depth + 1)
    }

    /// The next element inside an open one, read to its end; `nil` behind the last one, and when the document breaks off
    /// within it.
    public func nextWhole(in parent: OpenElement) throws -> Element? {
        guard let open = try next(in: parent) else { return nil }
        return try whole(open)
    }

    /// Reads an element that was just opened to its end; `nil` when the document breaks off within it.
    public func whole(_ open: OpenElement) throws -> Element? {
        precondition(entered.count == open.depth + 1, "only the element opened last can be read whole")
        var place = entered.removeLast()
        if store.nodes[place].end == 0 {
            store.drop(keeping: &entered, from: place)
            place = entered.count
        }
        while store.nodes[place].end == 0 {
            guard try advance() else {
                leaveOutRest(from: place)
                return nil
            }
        }
        let end = Int(store.nodes[place].end)
        pending = place..<end
        cursor = end
        return Element(self, at: place)
    }

    /// Reads the outermost element whole: for documents of which all parts are needed together. It may hold as much as
    /// ``XMLLimits/wholeElement`` says.
    public func wholeRoot() throws -> Element? { try whole(root) }

    /// Reads an element that was just opened to its end and keeps all of it among extras, under the path from it on.
    public func keep(_ open: OpenElement, in extras: inout Extras) throws {
        guard let element = try whole(open) else { return }
        element.keepRest(in: &extras, under: element.name)
    }

    /// Reads an element that was just opened to its end and ignores all of it, by a rule.
    public func ignore(_ open: OpenElement, _ rule: StaticString) throws {
        try whole(open)?.ignore(rule)
    }

    /// Reads what is left, and says whether the document is whole. To be called once, at the end.
    public func finish() throws {
        guard !isFinished else { return }
        isFinished = true
        settle()
        while !entered.isEmpty { try leave() }
        while try advance() {}
        guard !isSurvey else { return }
        source.account.add(coverage)
        source.account.readerFinished()
        tellEnd()
    }

    /// Whether the document was not well-formed up to its end, as far as is known.
    public var isBroken: Bool { scanner.fault != nil }

    // MARK: Steps

    /// The next child of the innermost open element; `nil` behind its last one.
    private func step() throws -> Int? {
        while true {
            let parent = entered[entered.count - 1]
            if cursor < store.count {
                let node = store.nodes + cursor
                // A node that is not in the open element stands behind its end.
                guard Int(node.pointee.parent) == parent else { return nil }
                guard node.pointee.isText else { return cursor }
                if node.pointee.end > 0 {
                    strayText(cursor)
                    cursor += 1
                    continue
                }
            } else if store.nodes[parent].end > 0 {
                return nil
            }
            store.drop(keeping: &entered, from: cursor)
            cursor = entered.count
            guard try advance() else {
                if cursor < store.count, store.nodes[cursor].textLength > 0 { strayText(cursor) }
                cursor = store.count
                return nil
            }
        }
    }

    /// Parses on; false at the end or where the document breaks.
    private func advance() throws -> Bool {
        let isFed = try scanner.feed()
        guard let fault = scanner.fault else { return isFed }
        if fault.kind == .doctype || fault.kind == .refused { throw refusal(fault) }
        // Nothing follows that could show whether the last text goes on.
        store.finishText()
        return isFed
    }

    /// Leaves the innermost open element: what was not read of it is told.
    private func leave() throws {
        settle()
        let end = Int(store.nodes[entered[entered.count - 1]].end)
        if end > 0, cursor >= end { return settleLeft() }
        while let place = try step() {
            entered.append(place)
            cursor = place + 1
            let open = OpenElement(reader: self, depth: entered.count - 1)
            guard try whole(open) != nil else { break }
            settle()
        }
        settle()
        settleLeft()
    }

    /// Counts the innermost open element, of which all that is in it was read.
    private func settleLeft() {
        let left = entered.removeLast()
        let node = store.nodes[left]
        if node.isStreamed, node.textLength > 0, node.fate == .open { strayText(left) } else { count(left) }
    }

    /// Counts what was given out last.
    func settle() {
        if pending.isEmpty { return }
        for index in pending { count(index) }
        pending = 0..<0
    }

    // MARK: Account

    @inline(__always)
    private func count(_ index: Int) {
        guard !isSurvey else { return }
        let node = store.nodes + index
        if node.pointee.textLength > 0 { count(node.pointee.fate, index, attribute: nil) }
        var attribute = Int(node.pointee.firstAttribute)
        for _ in 0..<Int(node.pointee.attributeCount) {
            if store.attributes[attribute].length > 0 { count(store.attributes[attribute].fate, index, attribute: attribute) }
            attribute &+= 1
        }
    }

    @inline(__always)
    private func count(_ fate: Fate, _ index: Int, attribute: Int?) {
        coverage.values &+= 1
        switch fate {
        case .measured: coverage.measured &+= 1
        case .described: coverage.described &+= 1
        case .extra: coverage.extras &+= 1
        case .ignored: coverage.ignored &+= 1
        case .leftOut: coverage.leftOut &+= 1
        case .open:
            coverage.leftOut &+= 1
            tellUnread(XMLValue(of: Element(self, at: index), node: index, attribute: attribute))
        }
    }

    @inline(never)
    private func tellUnread(_ value: XMLValue) {
        toldUnread += 1
        guard toldUnread <= 100 else { return }
        source.account.report(
            Diagnostic(
                "adapter.unread-value", "the adapter read past this: \"\(value.peek.prefix(80))\"", at: value.location,
                hint: "this is a fault of the adapter, not of the file; please report it"))
    }

    /// An extra that its record has no room for.
    func tellNoRoom(_ value: XMLValue) {
        guard !isSurvey, !hasToldNoRoom else { return }
        hasToldNoRoom = true
        source.account.report(
            value.fault(
                "xml.too-many-extras",
                "one record cannot hold more than \(Extras.mostFields) values that have no place of their own in it, or "
                    + "\(Extras.mostBytes >> 20) MB of them",
                hint: "this one and others of that record were left out, the rest was read; elements that repeat are read as "
                    + "results by --adapter xml.table --element"))
    }

    /// Text between the elements of an open one: nothing belongs there.
    private func strayText(_ index: Int) {
        store.nodes[index].fate = .leftOut
        if !isSurvey {
            let value = XMLValue(of: Element(self, at: index), node: index, attribute: nil)
            source.account.report(
                Diagnostic(
                    "xml.stray-text", "\"\(value.peek.prefix(80))\" stands between the elements of <\(value.element.name)>",
                    at: value.location,
                    hint: "it was left out, the elements were read; the file was edited or damaged: export it again"))
        }
        count(index)
    }

    /// Of an element that is not whole nothing is used.
    private func leaveOutRest(from place: Int) {
        for index in place..<store.count {
            store.nodes[index].fate = .leftOut
            let first = Int(store.nodes[index].firstAttribute)
            for attribute in first..<first + Int(store.nodes[index].attributeCount) {
                store.attributes[attribute].fate = .leftOut
            }
        }
        pending = place..<store.count
        settle()
        cursor = store.count
    }
}
