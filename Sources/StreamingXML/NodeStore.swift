/// The nodes of a document, as its parser, its reader and their elements share them.
///
/// Nothing but an address, so that an element, which is handed around a million times a second, is copied without counting
/// references. Its owner is the parser (``XMLScanner``).
struct NodeStore: Equatable {
    private let arena: UnsafeMutablePointer<NodeArena>

    /// An empty one, to be ended by ``deallocate()``.
    init() {
        arena = .allocate(capacity: 1)
        arena.initialize(to: NodeArena())
    }

    func deallocate() {
        arena.pointee.deallocate()
        arena.deinitialize(count: 1)
        arena.deallocate()
    }

    @inline(__always) var nodes: UnsafeMutablePointer<Node> { arena.pointee.nodes }
    @inline(__always) var attributes: UnsafeMutablePointer<AttributeNode> { arena.pointee.attributes }
    @inline(__always) var bytes: UnsafeMutablePointer<UInt8> { arena.pointee.bytes }
    @inline(__always) var count: Int { arena.pointee.count }
    @inline(__always) var depth: Int { arena.pointee.depth }
    @inline(__always) var elements: Int { arena.pointee.elements }
    @inline(__always) var size: Int { arena.pointee.size }
    @inline(__always) var hasTooManyNames: Bool { arena.pointee.hasTooManyNames }

    /// Numbers the results, so that what was taken for one can be told.
    @inline(__always)
    var claim: UInt32 {
        get { arena.pointee.claim }
        nonmutating set { arena.pointee.claim = newValue }
    }

    /// The parser alone fills it.
    @inline(__always)
    func fill(_ change: (inout NodeArena) -> Void) { change(&arena.pointee) }

    /// See ``NodeArena/finishText()``.
    func finishText() { arena.pointee.finishText() }

    /// See ``NodeArena/drop(keeping:from:)``.
    func drop(keeping entered: inout [Int], from first: Int) { arena.pointee.drop(keeping: &entered, from: first) }
}
