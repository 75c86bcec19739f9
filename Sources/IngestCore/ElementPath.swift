/// The path of an element or attribute of XML: `/File/Samples/Sample[3]/@Name`. An element without a number is the first of
/// its name among its siblings.
///
/// Elements of one name and parent share what stands before their number, so that placing each of millions costs no text.
public struct ElementPath: Sendable, CustomStringConvertible {
    /// The path without the number at its end.
    public var stem: String
    /// From 1.
    public var ordinal: Int

    public init(stem: String, ordinal: Int) {
        self.stem = stem
        self.ordinal = ordinal
    }

    public init(_ text: String) { self.init(stem: text, ordinal: 1) }

    public var description: String { ordinal > 1 ? "\(stem)[\(ordinal)]" : stem }
}

extension ElementPath: Hashable {
    public static func == (left: ElementPath, right: ElementPath) -> Bool {
        left.ordinal == right.ordinal ? left.stem == right.stem : left.description == right.description
    }

    public func hash(into hasher: inout Hasher) { hasher.combine(description) }
}
