public import IngestCore

/// An element with all that is in it. Good until the reader goes on.
///
/// A field is named as the format names it, whether it is an attribute (`<Peak Area="5">`) or a child (`<Area>5</Area>`):
/// ``subscript(_:)`` finds either. What nobody took is kept by ``keepRest(in:under:)``.
public struct Element {
    /// Kept alive by the account of its source.
    public unowned(unsafe) let reader: ElementReader
    let store: NodeStore
    let index: Int

    init(_ reader: ElementReader, at index: Int) {
        self.reader = reader
        store = reader.store
        self.index = index
    }

    init(_ other: Element, at index: Int) {
        reader = other.reader
        store = other.store
        self.index = index
    }

    /// The reader at hand, without counting a reference to it.
    @inline(__always)
    func inReader<Result>(_ body: (ElementReader) -> Result) -> Result {
        Unmanaged.passUnretained(reader)._withUnsafeGuaranteedRef(body)
    }

    private var node: UnsafeMutablePointer<Node> { store.nodes + index }

    // MARK: What it is

    /// The name without its prefix.
    public var name: String { String(cString: node.pointee.name) }
    /// The URI of its namespace; `nil` when it has none.
    public var namespace: String? { node.pointee.namespace.map { String(cString: $0) } }
    /// Whether the name, without its prefix, is `name`.
    @inline(__always)
    public func isNamed(_ name: StaticString) -> Bool { node.pointee.name.equals(name) }
    /// How many elements of its name stand before it in the same parent, itself counted.
    public var ordinal: Int { Int(node.pointee.ordinal) }

    /// Where it begins: line, column and path.
    public var location: SourceLocation {
        var location = reader.source.location(
            line: Int(node.pointee.line), column: node.pointee.column > 0 ? Int(node.pointee.column) : nil)
        location.path = path
        return location
    }

    /// Its path from the outermost element on, `/File/Samples/Sample[3]`; an element without a number is the first of its
    /// name.
    public var path: ElementPath { reader.path(of: index) }

    // MARK: What is in it

    /// The elements in it, in order.
    public var children: Children { Children(of: self) }

    /// Whether anything stands in it besides its first text.
    public var hasChildren: Bool { Int(node.pointee.end) > index &+ 1 }

    /// The first element in it.
    public var first: Element? { element(from: index &+ 1, before: Int(node.pointee.end)) }

    /// The element behind it in the same one; `nil` behind the last, and for an element that was read whole itself.
    public var next: Element? {
        let parent = Int(node.pointee.parent)
        guard parent >= 0, !store.nodes[parent].isStreamed else { return nil }
        return element(from: Int(node.pointee.end), before: Int(store.nodes[parent].end))
    }

    @inline(__always)
    private func element(from start: Int, before end: Int) -> Element? {
        var place = start
        while place < end {
            if !store.nodes[place].isText { return Element(self, at: place) }
            place &+= 1
        }
        return nil
    }

    /// ``child(_:)`` for readers in a hurry.
    public func child(known name: StaticString) -> Element? {
        let end = Int(node.pointee.end)
        var place = index &+ 1
        var foreign: Element?
        while place < end {
            let child = store.nodes + place
            if !child.pointee.isText, child.pointee.name.equals(name) {
                if isOwn(child) { return Element(self, at: place) }
                foreign = foreign ?? Element(self, at: place)
            }
            place = Int(child.pointee.end)
        }
        return foreign
    }

    /// ``attribute(_:)`` for readers in a hurry.
    public func attribute(known name: StaticString) -> XMLValue? {
        var place = Int(node.pointee.firstAttribute)
        let end = place &+ Int(node.pointee.attributeCount)
        while place < end {
            if store.attributes[place].name.equals(name), isOwn(store.attributes + place) {
                return XMLValue(of: self, node: index, attribute: place)
            }
            place &+= 1
        }
        return nil
    }

    /// The first child of that name in its own namespace or in none; one of another namespace only where there is no such.
    public func child(_ name: String) -> Element? {
        var name = name
        return name.withUTF8 { name in
            var foreign: Element?
            for child in children where child.node.pointee.name.equals(name) {
                if isOwn(child.node) { return child }
                foreign = foreign ?? child
            }
            return foreign
        }
    }

    /// A child in a namespace of its own belongs to another vocabulary. Namespaces are told apart by their addresses.
    @inline(__always)
    private func isOwn(_ child: UnsafeMutablePointer<Node>) -> Bool {
        child.pointee.namespace == nil || child.pointee.namespace == node.pointee.namespace
    }

    /// The same for an attribute: without a prefix it belongs to its element.
    @inline(__always)
    private func isOwn(_ attribute: UnsafeMutablePointer<AttributeNode>) -> Bool {
        attribute.pointee.namespace == nil || attribute.pointee.namespace == node.pointee.namespace
    }

    /// The children of that name.
    public func children(_ name: String) -> [Element] {
        var name = name
        return name.withUTF8 { name in children.filter { $0.node.pointee.name.equals(name) } }
    }

    /// The first element at a path of names below this one: `Assay/Units`.
    public func descendant(_ path: String) -> Element? {
        path.split(separator: "/").reduce(self) { $0?.child(String($1)) }
    }

    /// The text before its first child; `nil` when there is none.
    public var content: XMLValue? {
        node.pointee.textLength > 0 ? XMLValue(of: self, node: index, attribute: nil) : nil
    }

    /// The texts between its children, in order; ``content`` is the first, where it stands before them.
    public var texts: [XMLValue] {
        var texts = content.map { [$0] } ?? []
        var place = index + 1
        while place < Int(node.pointee.end) {
            if store.nodes[place].isText { texts.append(XMLValue(of: self, node: place, attribute: nil)) }
            place = Int(store.nodes[place].end)
        }
        return texts
    }

    /// The attribute of that name, without a prefix or with one for the element's own namespace; `nil` when there is none.
    /// An empty one is there.
    public func attribute(_ name: String) -> XMLValue? { attribute(name) { isOwn($0) } }

    /// The first attribute of that name whatever its prefix: for vocabularies that are mixed, as in `xsi:type` or
    /// `<Gate gating:id="…">`.
    public func attribute(ofAnyNamespace name: String) -> XMLValue? { attribute(name) { _ in true } }

    private func attribute(_ name: String, _ isMeant: (UnsafeMutablePointer<AttributeNode>) -> Bool) -> XMLValue? {
        var name = name
        return name.withUTF8 { name in
            let first = Int(node.pointee.firstAttribute)
            for place in first..<first + Int(node.pointee.attributeCount)
            where store.attributes[place].name.equals(name) && isMeant(store.attributes + place) {
                return XMLValue(of: self, node: index, attribute: place)
            }
            return nil
        }
    }

    /// The attributes, in order.
    public var attributes: [XMLValue] {
        let first = Int(node.pointee.firstAttribute)
        return (first..<first + Int(node.pointee.attributeCount)).map {
            XMLValue(of: self, node: index, attribute: $0)
        }
    }

    /// The field of that name: the ``attribute(_:)``, or the text of the ``child(_:)``, empty or not; `nil` when there is
    /// neither.
    public subscript(name: String) -> XMLValue? {
        if let attribute = attribute(name) { return attribute }
        return child(name).map { XMLValue(of: self, node: $0.index, attribute: nil) }
    }

    /// The elements in an element.
    public struct Children: Sequence, IteratorProtocol {
        public typealias Element = StreamingXML.Element
        private let parent: StreamingXML.Element
        private var place: Int
        private let end: Int

        init(of parent: StreamingXML.Element) {
            self.parent = parent
            place = parent.index + 1
            let end = Int(parent.store.nodes[parent.index].end)
            // An open element has none that could be looked at.
            self.end = end > 0 ? end : place
        }

        public mutating func next() -> StreamingXML.Element? {
            while place < end {
                let index = place
                place = Int(parent.store.nodes[index].end)
                if !parent.store.nodes[index].isText { return StreamingXML.Element(parent, at: index) }
            }
            return nil
        }
    }
}

extension SourceLocation {
    /// Becomes the place of another element of the same document: ``Element/location`` for readers in a hurry.
    public mutating func take(_ element: Element) {
        let node = element.store.nodes + element.index
        line = Int(node.pointee.line)
        column = node.pointee.column > 0 ? Int(node.pointee.column) : nil
        // The texts are one text, seldom compared byte by byte.
        let isOfStem = element.inReader { $0.isOfStem(node) && path?.stem == $0.stem.text }
        if isOfStem { path?.ordinal = Int(node.pointee.ordinal) } else { path = element.path }
    }
}

extension UnsafePointer<UInt8> {
    /// Whether these bytes, up to a NUL, are those of `name`.
    @inline(__always)
    func equals(_ name: StaticString) -> Bool {
        let length = name.utf8CodeUnitCount
        return begins(with: name.utf8Start, length) && self[length] == 0
    }

    @inline(__always)
    func equals(_ name: UnsafeBufferPointer<UInt8>) -> Bool {
        guard let start = name.baseAddress else { return pointee == 0 }
        return begins(with: start, name.count) && self[name.count] == 0
    }

    /// Stops at the first byte that differs, so it never reads past the NUL.
    @inline(__always)
    private func begins(with other: UnsafePointer<UInt8>, _ length: Int) -> Bool {
        var index = 0
        while index < length {
            if self[index] != other[index] { return false }
            index &+= 1
        }
        return true
    }
}
