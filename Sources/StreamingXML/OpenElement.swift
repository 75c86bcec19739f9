public import IngestCore

/// An element that was begun: its attributes can be read, the elements in it come one by one from
/// ``ElementReader/next(in:)``. Good as long as the reader is inside it.
public struct OpenElement {
    /// Kept alive by the account of its source.
    public unowned(unsafe) let reader: ElementReader
    let depth: Int

    /// The element as far as it was read: its attributes, its place, the text before its first child.
    ///
    /// Take it anew after the reader went on: the place where it is kept moves.
    public var element: Element {
        precondition(depth < reader.entered.count, "the reader has left this element")
        return Element(reader, at: reader.entered[depth])
    }

    /// The name without its prefix.
    public var name: String { element.name }
    public var namespace: String? { element.namespace }
    public var location: SourceLocation { element.location }

    /// See ``Element/attribute(_:)``.
    public func attribute(_ name: String) -> XMLValue? { element.attribute(name) }
    /// See ``Element/attribute(ofAnyNamespace:)``.
    public func attribute(ofAnyNamespace name: String) -> XMLValue? { element.attribute(ofAnyNamespace: name) }

    /// Keeps the attributes that nobody took, under the element's name and theirs: `Section@Name`.
    public func keepAttributes(in extras: inout Extras) {
        let element = element
        for value in element.attributes where value.isUnread {
            if let text = value.extra() { extras.add(element.name + "@" + value.name, text) }
        }
    }
}
