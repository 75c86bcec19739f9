import Glibc
public import IngestCore
public import TabularText

/// The value of an attribute or the text of an element. Good as long as its element is.
///
/// Looking at it (``peek``) takes nothing; each of the other ways to read it says what became of it.
public struct XMLValue {
    /// Kept alive by the account of its source.
    unowned(unsafe) let reader: ElementReader
    let store: NodeStore
    let node: Int
    /// `nil` for a text.
    let attribute: Int?

    init(of element: Element, node: Int, attribute: Int?) {
        reader = element.reader
        store = element.store
        self.node = node
        self.attribute = attribute
    }

    var bytes: UnsafeBufferPointer<UInt8> {
        if let attribute {
            let value = store.attributes[attribute]
            return UnsafeBufferPointer(start: store.bytes + Int(value.start), count: Int(value.length))
        }
        let value = store.nodes[node]
        return UnsafeBufferPointer(start: store.bytes + Int(value.textStart), count: Int(value.textLength))
    }

    /// The bytes of the text, UTF-8, entities resolved; taken by whoever marks it. For readers in a hurry.
    public func withBytes<Result>(_ body: (UnsafeBufferPointer<UInt8>) throws -> Result) rethrows -> Result { try body(bytes) }

    /// The text without blanks at its ends; empty where there is none.
    public var peek: String { String(decoding: XMLTextContext.trimmed(bytes), as: UTF8.self) }

    /// The number it is, read as all numbers of the document are (`--decimal-mark`, `--missing`), without taking it; `nil`
    /// where it is none, or only bounds one (`<0.5`).
    public var peekNumber: Double? { reader.number(in: bytes) }

    /// The text as it stands.
    public var written: String { String(decoding: bytes, as: UTF8.self) }

    /// Nothing but blanks.
    public var isEmpty: Bool { XMLTextContext.trimmed(bytes).isEmpty }

    /// Whether the text, without blanks at its ends, is `text`.
    public func equals(_ text: StaticString) -> Bool {
        let bytes = XMLTextContext.trimmed(bytes)
        return bytes.count == text.utf8CodeUnitCount
            && (bytes.isEmpty || memcmp(bytes.baseAddress!, text.utf8Start, bytes.count) == 0)
    }

    // MARK: Taking

    /// The text as a description (sample, position, heading …), without blanks at its ends; `nil` when it is empty or one of
    /// the texts that stand for nothing.
    public func string() -> String? {
        mark(.described)
        let text = XMLTextContext.trimmed(bytes)
        return inContext { $0.isMissing(text) } ? nil : String(decoding: text, as: UTF8.self)
    }

    /// A number, or why there is none.
    /// - Throws: A ``Diagnostic`` at the value when it is neither.
    public func quantity(_ unit: StatedUnit = .none) throws -> Quantity {
        try checkPlain()
        do {
            let quantity = try reader.context.quantity(bytes, unit)
            mark(.measured)
            return quantity
        } catch {
            throw numberFault(error.fault)
        }
    }

    /// Reads the number into a quantity of the same field of another element, whose unit stays: ``quantity(_:)`` for readers in
    /// a hurry.
    /// - Throws: As ``quantity(_:)``.
    public func read(into quantity: inout Quantity) throws {
        let bytes = bytes
        guard isPlain, let (value, bound) = inContext({ $0.plainNumber(bytes) }) else {
            let unit = quantity.unit, written = quantity.unitWritten, isFormats = quantity.unitIsFormats
            quantity = try self.quantity()
            quantity.unit = unit
            quantity.unitWritten = written
            quantity.unitIsFormats = isFormats
            return
        }
        quantity.take(bytes, value, bound)
        mark(.measured)
    }

    /// A number that describes (a factor, a declared value): finite, or `nil` when there is none.
    /// - Throws: A ``Diagnostic`` at the value when it is no number.
    public func number() throws -> Double? {
        let quantity = try quantity()
        mark(.described)
        return quantity.value
    }

    /// A whole number that describes (an ordinal, a count); `nil` when there is none.
    /// - Throws: A ``Diagnostic`` at the value when it is no whole number below 10^15.
    public func integer() throws -> Int? {
        try checkPlain()
        guard let text = string() else { return nil }
        guard let value = Int(text), value.magnitude < 1_000_000_000_000_000 else {
            throw fault(
                "xml.not-a-whole-number", "\"\(text)\" is not a whole number, in \(label)",
                hint: "this result was left out, the others were read; correct the file at its source")
        }
        return value
    }

    /// A time; `nil` when there is none.
    /// - Throws: A ``Diagnostic`` at the value when it is no date and time.
    public func timestamp() throws -> Timestamp? {
        try checkPlain()
        guard let text = string() else { return nil }
        guard let time = inContext({ $0.timestamp(text) }) else {
            throw fault(
                "xml.not-a-time", "\"\(text)\" is not a date and time, in \(label)",
                hint: "this result was left out, the others were read")
        }
        return time
    }

    /// The text, to be kept as an extra; `nil` when there is none, and for one of more bytes than ``Extras/mostBytes``, which
    /// is left out and told.
    public func extra() -> String? {
        guard !bytes.isEmpty, isWithin([:]) else { return nil }
        mark(.extra)
        return written
    }

    /// A second element of a name whose first one was measured: nobody knows which of the two numbers is meant.
    func tellRepeated() {
        let here = store.nodes[node]
        guard attribute == nil, !here.isText, here.ordinal == 2, here.parent >= 0, !store.nodes[Int(here.parent)].isStreamed,
            let first = Element(reader, at: Int(here.parent)).children.first(where: { store.nodes[$0.index].name == here.name }),
            store.nodes[first.index].fate == .measured, !reader.isSurvey
        else { return }
        let account = reader.source.account
        account.report(
            fault(
                "xml.repeated-field", "<\(name)> stands here once more, with \"\(peek.prefix(80))\"; the first one was read",
                hint: "this one is among the extras; the file was edited or damaged: export it again"))
        account.contradict("\(element.path) is there twice")
    }

    /// Whether extras have room for it; if not, it is left out and told, once for the document.
    func isWithin(_ extras: Extras) -> Bool {
        if extras.hasRoom(for: bytes.count) { return true }
        leaveOut()
        reader.tellNoRoom(self)
        return false
    }

    /// Takes the value as a description without reading it.
    public func describe() { mark(.described) }
    /// Takes the value as measured: for values that ``withBytes(_:)`` read.
    public func measured() { mark(.measured) }
    /// Ignores the value by a rule, which the words name.
    public func ignore(_ rule: StaticString) { mark(.ignored) }
    /// Leaves out the value; the reason is told by whoever calls.
    public func leaveOut() { mark(.leftOut) }

    /// Nothing was said yet of what becomes of it.
    public var isUnread: Bool {
        (attribute.map { store.attributes[$0].fate } ?? store.nodes[node].fate) == .open
    }

    /// How numbers and times are read, without counting references.
    @inline(__always)
    private func inContext<Result>(_ body: (XMLTextContext) -> Result) -> Result {
        Unmanaged.passUnretained(reader)._withUnsafeGuaranteedRef { body($0.context) }
    }

    @inline(__always)
    func mark(_ fate: Fate) {
        if let attribute {
            store.attributes[attribute].fate = fate
            store.attributes[attribute].claim = store.claim
        } else {
            store.nodes[node].fate = fate
            store.nodes[node].claim = store.claim
        }
    }

    // MARK: Places and faults

    /// The element it is of.
    public var element: Element {
        Element(reader, at: store.nodes[node].isText ? Int(store.nodes[node].parent) : node)
    }

    /// The name of the attribute, or of the element whose text it is.
    public var name: String {
        guard let attribute else { return element.name }
        return String(cString: store.attributes[attribute].name)
    }

    /// Nothing stands in the element besides this text. `<Area>1<b/>05</Area>` is neither 1 nor 105.
    @inline(__always)
    private var isPlain: Bool { attribute != nil || Int(store.nodes[node].end) <= node &+ 1 }

    /// - Throws: A ``Diagnostic`` when there are elements or further texts in it.
    func checkPlain() throws {
        guard !isPlain else { return }
        throw fault(
            "xml.elements-in-value", "there are elements where a value is expected, in \(label)",
            hint: "it was left out, the others were read; the file was edited or damaged: export it again")
    }

    /// For sentences: `Area` of `<Peak Area="…">`, or `<Area>`.
    private var label: String { attribute == nil ? "<\(name)>" : "\(name) of <\(element.name)>" }

    /// Where it stands: its element, and in ``SourceLocation/path`` the attribute too.
    public var location: SourceLocation {
        var location = element.location
        if attribute != nil { location.path = ElementPath((location.path?.description ?? "") + "/@" + name) }
        return location
    }

    /// A diagnostic at this place, which shows the value.
    public func fault(
        _ code: String, _ message: String, severity: Diagnostic.Severity = .error, hint: String? = nil
    ) -> Diagnostic {
        Diagnostic(severity, code, message, at: location, hint: hint, excerpt: excerpt)
    }

    /// The value as the document has it, but for entities and the kind of quotes.
    private var excerpt: Diagnostic.Excerpt? {
        let text = written
        guard !text.isEmpty, text.count <= 120, !text.contains(where: \.isNewline) else { return nil }
        let before = attribute == nil ? "<\(name)>" : "\(name)=\""
        let behind = attribute == nil ? "</\(name)>" : "\""
        return Diagnostic.Excerpt(text: before + text + behind, start: before.count, length: text.count)
    }

    private func numberFault(_ fault: NumberText.Fault) -> Diagnostic {
        let text = peek
        let rest = "this result was left out, the others were read"
        switch fault {
        case .notANumber:
            return self.fault(
                "xml.not-a-number", "\"\(text)\" is not a number, in \(label)",
                hint: "\(rest); if \"\(text)\" means that there is no value, add --missing \"\(text)\"")
        case .otherMark, .openMark:
            let mark = reader.context.mark == .comma ? "comma" : "point"
            let isOpen = reader.source.given.decimalMark == nil && !(text.contains(",") && text.contains("."))
            return self.fault(
                "xml.other-decimal-mark", "\"\(text)\" is no number with a decimal \(mark), in \(label)",
                hint: isOpen
                    ? "\(rest); if the whole document writes numbers so, say which mark is decimal: --decimal-mark ,"
                    : "\(rest); groups of digits are not read, for nobody can tell them from decimals: correct the file at its source"
            )
        case .overflow:
            return self.fault(
                "xml.number-out-of-range", "\"\(text)\" is beyond what a number can hold, in \(label)",
                hint: "\(rest); correct the file at its source")
        }
    }
}

extension XMLValue: Equatable {
    /// Whether both are the same value of the same element, not only alike.
    public static func == (left: XMLValue, right: XMLValue) -> Bool {
        left.node == right.node && left.attribute == right.attribute && left.store == right.store
    }
}
