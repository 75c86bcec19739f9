import StreamingXML

extension Element {
    /// The elements in the one at a path of names below this one, in order; none where it is not there.
    func inside(_ path: String) -> [Element] { descendant(path).map { Array($0.children) } ?? [] }
}
