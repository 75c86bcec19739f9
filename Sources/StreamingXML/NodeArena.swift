import CLibXML2
import IngestCore

/// Nodes, attributes and texts in the order of the document, from the oldest that is still needed to the last one parsed.
///
/// Three arrays that are filled and emptied over and over: an element costs no allocation. A subtree is a range of nodes.
struct NodeArena {
    private(set) var nodes: UnsafeMutablePointer<Node>
    private(set) var count = 0
    private var capacity = 1 << 10
    private(set) var attributes: UnsafeMutablePointer<AttributeNode>
    private(set) var attributeCount = 0
    private var attributeCapacity = 1 << 10
    private(set) var bytes: UnsafeMutablePointer<UInt8>
    private(set) var byteCount = 0
    private var byteCapacity = 1 << 16

    /// The open elements of the parser, outermost first.
    private(set) var open: UnsafeMutablePointer<Int32>
    private(set) var depth = 0
    /// How often each name was met among the children of each open element: those of the innermost stand last.
    private var tallies: UnsafeMutablePointer<(key: UInt, count: Int32)>
    private var tallyCount = 0
    private var tallyCapacity = 1 << 8
    private var tallyStarts: UnsafeMutablePointer<Int>
    /// The node whose text may go on.
    private var writing = -1

    /// All elements met so far.
    private(set) var elements = 0
    /// Set when an element has children of too many names.
    private(set) var hasTooManyNames = false
    /// Numbers the results of the reader.
    var claim: UInt32 = 1

    init() {
        nodes = .allocate(capacity: capacity)
        attributes = .allocate(capacity: attributeCapacity)
        bytes = .allocate(capacity: byteCapacity + NodeArena.padding)
        open = .allocate(capacity: XMLLimits.depth + 1)
        tallies = .allocate(capacity: tallyCapacity)
        tallyStarts = .allocate(capacity: XMLLimits.depth + 2)
        tallyStarts[0] = 0
    }

    func deallocate() {
        nodes.deallocate()
        attributes.deallocate()
        bytes.deallocate()
        open.deallocate()
        tallies.deallocate()
        tallyStarts.deallocate()
    }

    /// Readable bytes behind every text, for readers that look at 16 at a time.
    static let padding = 16

    /// The bytes taken by what is kept.
    var size: Int {
        byteCount + count * MemoryLayout<Node>.stride + attributeCount * MemoryLayout<AttributeNode>.stride
    }

    // MARK: Filled by the parser

    @inline(__always)
    mutating func begin(
        _ name: UnsafePointer<UInt8>, _ prefix: UnsafePointer<UInt8>?, _ namespace: UnsafePointer<UInt8>?,
        attributes count: Int, _ line: Int32, _ column: Int32
    ) {
        finishText()
        if self.count == capacity { growNodes() }
        (nodes + self.count).initialize(
            to: Node(
                name: name, prefix: prefix, namespace: namespace, firstAttribute: UInt32(truncatingIfNeeded: attributeCount),
                attributeCount: UInt16(truncatingIfNeeded: count), depth: UInt16(truncatingIfNeeded: depth),
                parent: depth > 0 ? open[depth &- 1] : -1, line: line, column: column))
        elements &+= 1
        nodes[self.count].serial = UInt32(truncatingIfNeeded: elements)
        nodes[self.count].ordinal = ordinal(UInt(bitPattern: name) &+ UInt(bitPattern: prefix) &* 31)
        open[depth] = Int32(truncatingIfNeeded: self.count)
        depth &+= 1
        tallyStarts[depth] = tallyCount
        writing = self.count
        self.count &+= 1
    }

    @inline(__always)
    mutating func attribute(
        _ name: UnsafePointer<UInt8>, _ prefix: UnsafePointer<UInt8>?, _ value: UnsafePointer<UInt8>, _ length: Int
    ) {
        if attributeCount == attributeCapacity { growAttributes() }
        var kept = length
        if length > 0, value.pointee <= 32, Self.isBlank(value, length) { kept = 0 }
        let start = byteCount
        append(value, kept)
        (attributes + attributeCount).initialize(
            to: AttributeNode(
                name: name, prefix: prefix, start: UInt32(truncatingIfNeeded: start), length: UInt32(truncatingIfNeeded: kept)))
        attributeCount &+= 1
    }

    @inline(__always)
    mutating func text(_ text: UnsafePointer<UInt8>, _ length: Int) {
        guard depth > 0 else { return }
        if writing < 0 {
            // Between elements there is hardly ever anything but indentation.
            if Self.isBlank(text, length) { return }
            beginText()
        }
        let node = nodes + writing
        if node.pointee.textLength == 0 { node.pointee.textStart = UInt32(truncatingIfNeeded: byteCount) }
        append(text, length)
        node.pointee.textLength &+= UInt32(truncatingIfNeeded: length)
    }

    @inline(__always)
    mutating func end() {
        finishText()
        guard depth > 0 else { return }
        depth &-= 1
        nodes[Int(open[depth])].end = Int32(truncatingIfNeeded: count)
        tallyCount = tallyStarts[depth &+ 1]
        writing = -1
    }

    /// A text behind a child: a node of its own.
    private mutating func beginText() {
        if count == capacity { growNodes() }
        let parent = nodes[Int(open[depth &- 1])]
        (nodes + count).initialize(
            to: Node(
                name: parent.name, firstAttribute: UInt32(truncatingIfNeeded: attributeCount), attributeCount: 0,
                depth: UInt16(truncatingIfNeeded: depth), parent: open[depth &- 1],
                line: parent.line, column: parent.column))
        nodes[count].isText = true
        writing = count
        count &+= 1
    }

    /// The text that was written does not go on. One of nothing but blanks is none.
    @inline(__always)
    mutating func finishText() {
        guard writing >= 0 else { return }
        let node = nodes + writing
        if node.pointee.isText { node.pointee.end = Int32(truncatingIfNeeded: writing &+ 1) }
        let length = Int(node.pointee.textLength)
        guard length > 0, Self.isBlank(bytes + Int(node.pointee.textStart), length) else { return }
        byteCount = Int(node.pointee.textStart)
        node.pointee.textLength = 0
    }

    @inline(__always)
    private static func isBlank(_ text: UnsafePointer<UInt8>, _ length: Int) -> Bool {
        var index = 0
        while index < length {
            let byte = text[index]
            if byte > 32 || byte != 32 && byte != 10 && byte != 13 && byte != 9 { return false }
            index &+= 1
        }
        return true
    }

    @inline(__always)
    private mutating func ordinal(_ key: UInt) -> Int32 {
        let start = tallyStarts[depth]
        var index = tallyCount
        while index > start {
            index &-= 1
            if tallies[index].key == key {
                tallies[index].count &+= 1
                return tallies[index].count
            }
        }
        if tallyCount &- start == XMLLimits.namesOfSiblings { hasTooManyNames = true }
        if tallyCount == tallyCapacity {
            tallies = tallies.moved(tallyCount, to: tallyCapacity * 2)
            tallyCapacity *= 2
        }
        tallies[tallyCount] = (key, 1)
        tallyCount &+= 1
        return 1
    }

    @inline(__always)
    private mutating func append(_ text: UnsafePointer<UInt8>, _ length: Int) {
        if byteCount &+ length > byteCapacity { growBytes(length) }
        memcpy(bytes + byteCount, text, length)
        byteCount &+= length
    }

    @inline(never)
    private mutating func growNodes() {
        nodes = nodes.moved(count, to: capacity * 2)
        capacity *= 2
    }

    @inline(never)
    private mutating func growAttributes() {
        attributes = attributes.moved(attributeCount, to: attributeCapacity * 2)
        attributeCapacity *= 2
    }

    @inline(never)
    private mutating func growBytes(_ more: Int) {
        while byteCapacity < byteCount + more { byteCapacity *= 2 }
        bytes = bytes.moved(byteCount, to: byteCapacity + NodeArena.padding)
    }

    // MARK: Emptied by the reader

    /// Forgets all but some open elements, the outermost ones in order, and the nodes from `first` on, which stand inside
    /// the last of them. Afterwards an open element has its depth as its number.
    mutating func drop(keeping entered: inout [Int], from first: Int) {
        guard first > entered.count else { return }
        var keptBytes: [UInt8] = []
        var keptAttributes: [AttributeNode] = []
        var keptNodes: [Node] = []
        func keep(_ start: UInt32, _ length: UInt32) -> UInt32 {
            let place = UInt32(keptBytes.count)
            keptBytes.append(contentsOf: UnsafeBufferPointer(start: bytes + Int(start), count: Int(length)))
            return place
        }
        for (depth, index) in entered.enumerated() {
            var node = nodes[index]
            let firstAttribute = keptAttributes.count
            for place in 0..<Int(node.attributeCount) {
                var attribute = attributes[Int(node.firstAttribute) + place]
                attribute.start = keep(attribute.start, attribute.length)
                keptAttributes.append(attribute)
            }
            node.firstAttribute = UInt32(firstAttribute)
            // Last, for it may go on.
            node.textStart = keep(node.textStart, node.textLength)
            node.parent = Int32(depth - 1)
            keptNodes.append(node)
            entered[depth] = depth
        }
        let tail = count - first
        let attributeStart = tail > 0 ? Int(nodes[first].firstAttribute) : attributeCount
        var byteStart = byteCount
        if attributeStart < attributeCount { byteStart = Int(attributes[attributeStart].start) }
        for index in first..<count where nodes[index].textLength > 0 {
            byteStart = min(byteStart, Int(nodes[index].textStart))
            break
        }
        // What is kept of the open elements was copied; it is never more than stood there before.
        let byteTail = byteCount - byteStart, attributeTail = attributeCount - attributeStart
        memmove(bytes + keptBytes.count, bytes + byteStart, byteTail)
        memmove(
            attributes + keptAttributes.count, attributes + attributeStart, attributeTail * MemoryLayout<AttributeNode>.stride)
        memmove(nodes + keptNodes.count, nodes + first, tail * MemoryLayout<Node>.stride)
        keptBytes.withUnsafeBufferPointer { if let base = $0.baseAddress { memcpy(bytes, base, $0.count) } }
        for (index, attribute) in keptAttributes.enumerated() { attributes[index] = attribute }
        for (index, node) in keptNodes.enumerated() { nodes[index] = node }

        let byteShift = Int64(byteStart - keptBytes.count), attributeShift = attributeStart - keptAttributes.count
        let nodeShift = first - keptNodes.count
        for index in keptNodes.count..<keptNodes.count + tail {
            let parent = Int(nodes[index].parent)
            nodes[index].parent = Int32(parent >= first ? parent - nodeShift : Int(nodes[index].depth) - 1)
            if nodes[index].end > 0 { nodes[index].end -= Int32(nodeShift) }
            nodes[index].firstAttribute -= UInt32(attributeShift)
            if nodes[index].textLength > 0 { nodes[index].textStart = UInt32(Int64(nodes[index].textStart) - byteShift) }
        }
        for index in keptAttributes.count..<keptAttributes.count + attributeTail {
            attributes[index].start = UInt32(Int64(attributes[index].start) - byteShift)
        }
        for level in 0..<depth {
            let index = Int(open[level])
            open[level] = Int32(index >= first ? index - nodeShift : level)
        }
        if writing >= first { writing -= nodeShift } else if writing >= 0 { writing = Int(nodes[writing].depth) }
        count = keptNodes.count + tail
        attributeCount = keptAttributes.count + attributeTail
        byteCount = keptBytes.count + byteTail
    }
}
