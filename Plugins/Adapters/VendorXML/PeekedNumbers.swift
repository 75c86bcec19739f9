import StreamingXML

extension XMLValue {
    /// The finite number that the text is, without taking it; `nil` for any other text, and for `NaN`, which shows nothing.
    var peekedNumber: Double? { Double(peek).flatMap { $0.isFinite ? $0 : nil } }
}
