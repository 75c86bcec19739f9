public import IngestCore
public import TabularText

/// Taking the fields of an element: each says what became of it. A field that is not there is `nil`.
extension Element {
    /// The text of a field as a description; see ``XMLValue/string()``.
    public func string(_ field: String) -> String? { self[field]?.string() }

    /// The number of a field, or why there is none; `nil` only where the field is not there at all.
    /// - Throws: A ``Diagnostic`` at the value when it is neither.
    public func quantity(_ field: String, _ unit: StatedUnit = .none) throws -> Quantity? {
        try self[field]?.quantity(unit)
    }

    /// A measurement of the vocabulary, when the field is there.
    /// - Throws: A ``Diagnostic`` at the value when it is no number.
    public func measurement(_ name: MeasurementName, _ field: String, _ unit: StatedUnit = .none) throws -> Measurement? {
        try quantity(field, unit).map { Measurement(name, $0) }
    }

    /// A measurement under the field's own name, when it is there.
    /// - Throws: A ``Diagnostic`` at the value when it is no number.
    public func measurement(own field: String, _ unit: StatedUnit = .none) throws -> Measurement? {
        try quantity(field, unit).map { Measurement(own: field, $0) }
    }

    /// A number that describes; see ``XMLValue/number()``.
    public func number(_ field: String) throws -> Double? { try self[field]?.number() }

    /// A whole number that describes; see ``XMLValue/integer()``.
    public func integer(_ field: String) throws -> Int? { try self[field]?.integer() }

    /// A time; see ``XMLValue/timestamp()``.
    public func timestamp(_ field: String) throws -> Timestamp? { try self[field]?.timestamp() }

    /// Looks at the text of a field without taking it; empty where there is none.
    public func peek(_ field: String) -> String { self[field]?.peek ?? "" }

    /// Looks at the number of a field without taking it; see ``XMLValue/peekNumber``.
    public func peekNumber(_ field: String) -> Double? { self[field]?.peekNumber }

    /// Takes fields as descriptions without reading them.
    public func describe(_ fields: String...) { for field in fields { self[field]?.describe() } }

    // MARK: Whole elements

    /// Every value in it that nobody took, in order, is kept: an attribute under its name, a child under the path to it,
    /// `Filter/Width` or `Filter@Name`.
    ///
    /// What is more than one record can hold (``Extras/mostFields``) is left out and told, once for the document.
    ///
    /// - Parameter heading: Stands before each of them, with a slash; without one, the headings begin at this element.
    public func keepRest(in extras: inout Extras, under heading: String = "") {
        visit(heading) { value, path in
            guard value.isUnread, value.isWithin(extras), let text = value.extra() else { return }
            value.tellRepeated()
            extras.add(path, text)
        }
    }

    /// Every value in it that nobody took.
    public var unread: Extras {
        var extras = Extras()
        keepRest(in: &extras)
        return extras
    }

    /// Ignores every value in it that nobody took, by a rule, which the words name: `"the layout of the printed report"`.
    public func ignore(_ rule: StaticString) { markOpen(.ignored) }

    /// Leaves out every value in it that nobody took; the reason is told by whoever calls.
    public func leaveOutRest() { markOpen(.leftOut) }

    /// A diagnostic at this element.
    public func fault(
        _ code: String, _ message: String, severity: Diagnostic.Severity = .error, hint: String? = nil
    ) -> Diagnostic {
        Diagnostic(severity, code, message, at: location, hint: hint)
    }

    private func markOpen(_ fate: Fate) {
        for place in nodes {
            if store.nodes[place].fate == .open { store.nodes[place].fate = fate }
            let first = Int(store.nodes[place].firstAttribute)
            for attribute in first..<first + Int(store.nodes[place].attributeCount)
            where store.attributes[attribute].fate == .open {
                store.attributes[attribute].fate = fate
            }
        }
    }

    /// It and all that is in it; of an open element, it alone.
    var nodes: Range<Int> { index..<max(index + 1, Int(store.nodes[index].end)) }

    /// Leaves out what is open, and what was taken since `claim` began: a result that could not be read.
    func leaveOut(claim: UInt32) {
        for place in nodes {
            if store.nodes[place].fate == .open || store.nodes[place].claim == claim { store.nodes[place].fate = .leftOut }
            let first = Int(store.nodes[place].firstAttribute)
            for attribute in first..<first + Int(store.nodes[place].attributeCount)
            where store.attributes[attribute].fate == .open || store.attributes[attribute].claim == claim {
                store.attributes[attribute].fate = .leftOut
            }
        }
    }

    /// Each value with its heading.
    private func visit(_ path: String, _ body: (XMLValue, String) -> Void) {
        let node = store.nodes[index]
        if node.textLength > 0 {
            body(XMLValue(of: self, node: index, attribute: nil), path.isEmpty ? name : path)
        }
        let first = Int(node.firstAttribute)
        for place in first..<first + Int(node.attributeCount) {
            let value = XMLValue(of: self, node: index, attribute: place)
            body(value, path.isEmpty ? value.name : path + "@" + value.name)
        }
        guard node.end > 0 else { return }
        var next = index + 1
        while next < Int(node.end) {
            if store.nodes[next].isText {
                body(XMLValue(of: self, node: next, attribute: nil), path.isEmpty ? name : path)
            } else {
                let child = Element(self, at: next)
                child.visit(path.isEmpty ? child.name : path + "/" + child.name, body)
            }
            next = Int(store.nodes[next].end)
        }
    }
}
