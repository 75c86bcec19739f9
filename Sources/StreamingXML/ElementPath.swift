import IngestCore

extension ElementReader {
    /// The path of an element from the outermost one on, in the names of the document, prefixes included.
    func path(of index: Int) -> ElementPath {
        let node = store.nodes + index
        let parent = Int(node.pointee.parent)
        let above = parent >= 0 ? store.nodes[parent].serial : 0
        if stem.parent != above || stem.name != node.pointee.name || stem.prefix != node.pointee.prefix {
            var text = parent >= 0 ? path(of: parent).description + "/" : "/"
            if let prefix = node.pointee.prefix { text += String(cString: prefix) + ":" }
            stem = Stem(
                parent: above, name: node.pointee.name, prefix: node.pointee.prefix,
                text: text + String(cString: node.pointee.name))
        }
        return ElementPath(stem: stem.text, ordinal: Int(node.pointee.ordinal))
    }

    /// What the paths of the elements of one name and parent begin with.
    struct Stem {
        var parent: UInt32
        var name: UnsafePointer<UInt8>?
        var prefix: UnsafePointer<UInt8>?
        var text: String
    }
}
