import StreamingXML

extension Element {
    /// Whether anything in it was not taken yet.
    var hasUnread: Bool {
        if content?.isUnread == true || attributes.contains(where: \.isUnread) { return true }
        return children.contains { $0.hasUnread }
    }

    /// Leaves out every value in it, taken or not: of a part that could not be read to its end. The reason is told by whoever
    /// calls.
    /// - Parameter isKept: Elements in it that were read by themselves.
    func leaveOutAll(except isKept: (Element) -> Bool = { _ in false }) {
        content?.leaveOut()
        for attribute in attributes { attribute.leaveOut() }
        for child in children where !isKept(child) { child.leaveOutAll(except: isKept) }
        // Text between elements is of none of them.
        leaveOutRest()
    }
}
