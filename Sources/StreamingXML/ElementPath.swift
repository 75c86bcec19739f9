extension ElementReader {
    /// The path of a node from the outermost element on, in the names of the document, prefixes included.
    func path(of index: Int) -> String {
        var places: [Int] = []
        var place = index
        while place >= 0 {
            if !store.nodes[place].isText { places.append(place) }
            place = Int(store.nodes[place].parent)
        }
        var path = ""
        for place in places.reversed() {
            let node = store.nodes[place]
            path += "/"
            if let prefix = node.prefix { path += String(cString: prefix) + ":" }
            path += String(cString: node.name)
            if node.ordinal > 1 { path += "[\(node.ordinal)]" }
        }
        return path
    }
}
