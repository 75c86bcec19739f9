/// What a document may ask for; one that asks for more is refused by name. Instrument reports stay far below.
///
/// Libxml2 adds limits of its own: ``name`` and ``value``, and 10 MB for all distinct names together.
public enum XMLLimits {
    /// How deep elements may stand in one another.
    public static let depth = 256
    /// Attributes of one element.
    public static let attributes = 1000
    /// Different names among the children of one element.
    public static let namesOfSiblings = 20_000
    /// Bytes of one name (libxml2's `XML_MAX_NAME_LENGTH`).
    public static let name = 50_000
    /// Bytes of one attribute value, comment or processing instruction (libxml2's `XML_MAX_TEXT_LENGTH`).
    public static let value = 10_000_000
    /// Bytes that an element taken whole may hold: its text, and what is kept of each of its elements and attributes.
    public static let wholeElement = 64 << 20
}
