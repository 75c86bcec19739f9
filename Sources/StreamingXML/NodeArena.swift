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
    private var tallies: UnsafeMutablePointer<Tally>
    private var tallyCount = 0
    private var tallyCapacity = 1 << 8
    private var tallyStarts: UnsafeMutablePointer<Int>
    /// The same for elements with children of many names, by depth: of the names after the first few.
    private var furtherTallies: [Int: [QualifiedName: Int32]] = [:]
    private static let fewNames = 24
    /// The node whose text may go on.
    private var writing = -1

    /// Names are told apart by their addresses: the parser keeps each once.
    private struct QualifiedName: Hashable {
        var name: UnsafePointer<UInt8>
        var prefix: UnsafePointer<UInt8>?
    }

    private struct Tally {
        var name: UnsafePointer<UInt8>
        var prefix: UnsafePointer<UInt8>?
        var count: Int32
    }

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
        nodes[self.count].ordinal = ordinal(name, prefix)
        open[depth] = Int32(truncatingIfNeeded: self.count)
        depth &+= 1
        tallyStarts[depth] = tallyCount
        writing = self.count
        self.count &+= 1
    }

    @inline(__always)
    mutating func attribute(
        _ name: UnsafePointer<UInt8>, _ prefix: UnsafePointer<UInt8>?, _ namespace: UnsafePointer<UInt8>?,
        _ value: UnsafePointer<UInt8>, _ length: Int
    ) {
        if attributeCount == attributeCapacity { growAttributes() }
        var kept = length
        if length > 0, value.pointee <= 32, Self.isBlank(value, length) { kept = 0 }
        let start = byteCount
        append(value, kept)
        (attributes + attributeCount).initialize(
            to: AttributeNode(
                name: name, prefix: prefix, namespace: namespace, start: UInt32(truncatingIfNeeded: start),
                length: UInt32(truncatingIfNeeded: kept)))
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
        if !furtherTallies.isEmpty { furtherTallies[depth &+ 1] = nil }
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

    /// Of the characters up to the space XML allows only blanks and line ends. Eight at a time: a byte above it carries into
    /// its highest bit when 0x5F is added, or has that bit already.
    @inline(__always)
    private static func isBlank(_ text: UnsafePointer<UInt8>, _ length: Int) -> Bool {
        var index = 0
        while index &+ 8 <= length {
            let eight = UnsafeRawPointer(text + index).loadUnaligned(as: UInt64.self)
            let above = (eight & 0x7F7F_7F7F_7F7F_7F7F) &+ 0x5F5F_5F5F_5F5F_5F5F | eight
            if above & 0x8080_8080_8080_8080 != 0 { return false }
            index &+= 8
        }
        while index < length {
            if text[index] > 32 { return false }
            index &+= 1
        }
        return true
    }

    /// How many elements of that name the innermost open element has so far, with this one.
    @inline(__always)
    private mutating func ordinal(_ name: UnsafePointer<UInt8>, _ prefix: UnsafePointer<UInt8>?) -> Int32 {
        let start = tallyStarts[depth]
        var index = tallyCount
        while index > start {
            index &-= 1
            if tallies[index].name == name, tallies[index].prefix == prefix {
                tallies[index].count &+= 1
                return tallies[index].count
            }
        }
        return newOrdinal(name, prefix)
    }

    @inline(never)
    private mutating func newOrdinal(_ name: UnsafePointer<UInt8>, _ prefix: UnsafePointer<UInt8>?) -> Int32 {
        if tallyCount &- tallyStarts[depth] == NodeArena.fewNames {
            let key = QualifiedName(name: name, prefix: prefix)
            let count = (furtherTallies[depth, default: [:]][key] ?? 0) &+ 1
            furtherTallies[depth, default: [:]][key] = count
            if (furtherTallies[depth]?.count ?? 0) + NodeArena.fewNames > XMLLimits.namesOfSiblings { hasTooManyNames = true }
            return count
        }
        if tallyCount == tallyCapacity {
            tallies = tallies.moved(tallyCount, to: tallyCapacity * 2)
            tallyCapacity *= 2
        }
        tallies[tallyCount] = Tally(name: name, prefix: prefix, count: 1)
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
    ///
    /// What is kept stands in the order in which it came, and moves forward to where what is forgotten was; what already
    /// stands there, as the open elements do from the second time on, is not touched.
    mutating func drop(keeping entered: inout [Int], from first: Int) {
        guard first > entered.count else { return }
        var keptBytes = 0, keptAttributes = 0
        for depth in entered.indices {
            var node = nodes[entered[depth]]
            let firstAttribute = keptAttributes
            for place in 0..<Int(node.attributeCount) {
                var attribute = attributes[Int(node.firstAttribute) + place]
                attribute.start = bring(attribute.start, attribute.length, to: &keptBytes)
                attributes[keptAttributes] = attribute
                keptAttributes += 1
            }
            node.firstAttribute = UInt32(firstAttribute)
            // Last, for it may go on.
            node.textStart = bring(node.textStart, node.textLength, to: &keptBytes)
            node.parent = Int32(depth - 1)
            nodes[depth] = node
            entered[depth] = depth
        }
        let keptNodes = entered.count
        let tail = count - first
        let attributeStart = tail > 0 ? Int(nodes[first].firstAttribute) : attributeCount
        var byteStart = byteCount
        if attributeStart < attributeCount { byteStart = Int(attributes[attributeStart].start) }
        for index in first..<count where nodes[index].textLength > 0 {
            byteStart = min(byteStart, Int(nodes[index].textStart))
            break
        }
        let byteTail = byteCount - byteStart, attributeTail = attributeCount - attributeStart
        memmove(bytes + keptBytes, bytes + byteStart, byteTail)
        memmove(attributes + keptAttributes, attributes + attributeStart, attributeTail * MemoryLayout<AttributeNode>.stride)
        memmove(nodes + keptNodes, nodes + first, tail * MemoryLayout<Node>.stride)
        let byteShift = UInt32(byteStart - keptBytes), attributeShift = UInt32(attributeStart - keptAttributes)
        let nodeShift = first - keptNodes
        for index in keptNodes..<keptNodes + tail {
            let parent = Int(nodes[index].parent)
            nodes[index].parent = Int32(parent >= first ? parent - nodeShift : Int(nodes[index].depth) - 1)
            if nodes[index].end > 0 { nodes[index].end -= Int32(nodeShift) }
            nodes[index].firstAttribute -= attributeShift
            if nodes[index].textLength > 0 { nodes[index].textStart -= byteShift }
        }
        for index in keptAttributes..<keptAttributes + attributeTail { attributes[index].start -= byteShift }
        for level in 0..<depth {
            let index = Int(open[level])
            open[level] = Int32(index >= first ? index - nodeShift : level)
        }
        if writing >= first { writing -= nodeShift } else if writing >= 0 { writing = Int(nodes[writing].depth) }
        count = keptNodes + tail
        attributeCount = keptAttributes + attributeTail
        byteCount = keptBytes + byteTail
    }

    /// Moves a text forward to the end of what is kept.
    private func bring(_ start: UInt32, _ length: UInt32, to kept: inout Int) -> UInt32 {
        guard length > 0 else { return 0 }
        if Int(start) != kept { memmove(bytes + kept, bytes + Int(start), Int(length)) }
        defer { kept += Int(length) }
        return UInt32(kept)
    }
}
