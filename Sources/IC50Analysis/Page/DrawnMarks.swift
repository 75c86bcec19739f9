/// The few elements that drawings are made of.
extension Markup {
    /// Nothing when the path is empty.
    mutating func path(_ path: PlotPath, _ style: String) {
        guard !path.isEmpty else { return }
        raw("<path class=\"\(style)\" d=\"")
        append(path.markup)
        raw("\"/>")
    }

    /// With dashes of its own, which the style would not let an attribute set.
    mutating func path(_ path: PlotPath, _ style: String, dashes: String, offset: Int) {
        guard !path.isEmpty else { return }
        raw("<path class=\"\(style)\" style=\"stroke-dasharray:\(dashes);stroke-dashoffset:\(offset)\" d=\"")
        append(path.markup)
        raw("\"/>")
    }

    /// - Parameter drop: How far below y the text stands, in heights of its letters: for plots that change their size.
    mutating func label(_ text: String, _ style: String, x: Double, y: Double, drop: String? = nil) {
        raw(style.isEmpty ? "<text" : "<text class=\"\(style)\"")
        attribute("x", x)
        attribute("y", y)
        if let drop { raw(" dy=\"\(drop)\"") }
        raw(">")
        self.text(text)
        raw("</text>")
    }

    /// The marker of a curve, left open with a title for those who point at it.
    mutating func marker(_ number: Int, _ style: String, x: Double, y: Double, title: String? = nil) {
        raw("<use class=\"\(style)\" href=\"#m\(number)\"")
        attribute("x", x)
        attribute("y", y)
        guard let title else { return raw("/>") }
        raw("><title>")
        text(title)
        raw("</title></use>")
    }

    mutating func ring(x: Double, y: Double) {
        raw("<circle class=\"o\" r=\"8\"")
        attribute("cx", x)
        attribute("cy", y)
        raw("/>")
    }

    /// A shape about the origin, moved.
    mutating func symbol(_ shape: String, x: Double, y: Double) {
        raw("<path class=\"i\" transform=\"translate(")
        length(x)
        raw(" ")
        length(y)
        raw(")\" d=\"\(shape)\"/>")
    }
}
