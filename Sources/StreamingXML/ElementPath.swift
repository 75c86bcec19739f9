import IngestCore

extension ElementReader {
    /// The path of an element from the outermost one on, in the names of the document, prefixes included.
    func path(of index: Int) -> ElementPath {
        let node = store.nodes + index
        let parent = Int(node.pointee.parent)
        if !isOfStem(node) {
            let above = parent >= 0 ? store.nodes[parent].serial : 0
            var text = parent >= 0 ? path(of: parent).description + "/" : "/"
            if let prefix = node.pointee.prefix { text += String(cString: prefix) + ":" }
            stem = Stem(
                parent: above, name: node.pointee.name, prefix: node.pointee.prefix,
                text: text + String(cString: node.pointee.name))
        }
        return ElementPath(stem: stem.text, ordinal: Int(node.pointee.ordinal))
    }

    /// Whether an element has the name and the parent of the one placed last.
    @inline(__always)
    func isOfStem(_ node: UnsafeMutablePointer<Node>) -> Bool {
        let parent = Int(node.pointee.parent)
        return stem.parent == (parent >= 0 ? store.nodes[parent].serial : 0) && stem.name == node.pointee.name
            && stem.prefix == node.pointee.prefix
    }

    /// What the paths of the elements of one name and parent begin with.
    struct Stem {
        var parent: UInt32
        var name: UnsafePointer<UInt8>?
        var prefix: UnsafePointer<UInt8>?
        var text: String
    }
}
