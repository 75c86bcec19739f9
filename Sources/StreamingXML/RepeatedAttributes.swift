public import IngestCore

/// The attributes that nobody took, kept as extras, of elements that hardly differ: `LabelId="1"` of each well. They are
/// made into texts only where they differ from those of the element before.
///
/// Attributes alone: what else is in an element has to be kept by ``Element/keepRest(in:under:)``.
public struct RepeatedAttributes {
    /// What stands before them in ``extras``.
    public let base: Extras
    public private(set) var extras: Extras
    private var parts: [(name: UnsafePointer<UInt8>, end: Int)] = []
    private var bytes: [UInt8] = []

    public init(after base: Extras = [:]) {
        self.base = base
        extras = base
    }

    /// Takes the open attributes of an element and of one in it.
    /// - Returns: Whether ``extras`` changed.
    @inline(__always)
    public mutating func take(_ element: Element, _ inner: Element) -> Bool {
        var part = 0
        if take(element, &part), take(inner, &part), part == parts.count { return false }
        rebuild(element, inner)
        return true
    }

    /// Marks the open attributes as kept while they are those of before.
    @inline(__always)
    private func take(_ element: Element, _ part: inout Int) -> Bool {
        let store = element.store
        let node = store.nodes[element.index]
        var place = Int(node.firstAttribute)
        let end = place &+ Int(node.attributeCount)
        while place < end {
            let attribute = store.attributes + place
            if attribute.pointee.fate == .open, attribute.pointee.length > 0 {
                guard part < parts.count, parts[part].name == attribute.pointee.name else { return false }
                let start = part == 0 ? 0 : parts[part &- 1].end
                let length = parts[part].end &- start
                guard length == Int(attribute.pointee.length) else { return false }
                let value = store.bytes + Int(attribute.pointee.start)
                for index in 0..<length where bytes[start &+ index] != value[index] { return false }
                attribute.pointee.fate = .extra
                attribute.pointee.claim = element.store.claim
                part &+= 1
            }
            place &+= 1
        }
        return true
    }

    @inline(never)
    private mutating func rebuild(_ element: Element, _ inner: Element) {
        extras = base
        parts.removeAll(keepingCapacity: true)
        bytes.removeAll(keepingCapacity: true)
        for value in element.attributes + inner.attributes {
            // Those before the first that differs were marked a moment ago.
            guard value.isUnread || value.isExtra(of: element.store.claim), let text = value.extra() else { continue }
            extras.add(value.name, text)
            value.withBytes { bytes.append(contentsOf: $0) }
            parts.append((value.namePointer, bytes.count))
        }
    }
}

extension XMLValue {
    fileprivate func isExtra(of claim: UInt32) -> Bool {
        guard let attribute else { return false }
        return store.attributes[attribute].fate == .extra && store.attributes[attribute].claim == claim
    }

    fileprivate var namePointer: UnsafePointer<UInt8> {
        attribute.map { store.attributes[$0].name } ?? store.nodes[node].name
    }
}
