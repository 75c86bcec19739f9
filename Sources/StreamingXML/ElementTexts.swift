extension Element {
    /// The texts directly in it, in order: before its first child (``content``), between its children and behind them.
    ///
    /// For the few formats that write a number behind the elements that tell about it; elsewhere ``content`` is all there is.
    public var texts: [XMLValue] {
        let nodes = reader.store.nodes
        var texts = content.map { [$0] } ?? []
        var place = index + 1
        // An open element has none yet that could be looked at.
        while place < Int(nodes[index].end) {
            if nodes[place].isText { texts.append(XMLValue(reader: reader, node: place, attribute: nil)) }
            place = Int(nodes[place].end)
        }
        return texts
    }
}
