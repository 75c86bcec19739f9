import CLibXML2
import IngestCore

/// An element, or a text that stands between elements, as the parser found it.
struct Node {
    /// Names are kept once each by the parser, for as long as it lives.
    var name: UnsafePointer<UInt8>
    var prefix: UnsafePointer<UInt8>?
    var namespace: UnsafePointer<UInt8>?
    /// Of an element, its text before its first child.
    var textStart: UInt32 = 0
    var textLength: UInt32 = 0
    var firstAttribute: UInt32
    var attributeCount: UInt16
    var depth: UInt16
    /// The node behind the last one inside; 0 while the element is open.
    var end: Int32 = 0
    var parent: Int32
    var line: Int32
    /// In characters; 0 where it is not known.
    var column: Int32
    /// From 1, among the siblings of the same name.
    var ordinal: Int32 = 1
    /// Which element of the document it is, from 1.
    var serial: UInt32 = 0
    var claim: UInt32 = 0
    var fate = Fate.open
    var isText = false
    /// The elements in it are read one by one.
    var isStreamed = false
}

/// What became of a value.
enum Fate: UInt8 { case open, measured, described, extra, ignored, leftOut }

struct AttributeNode {
    var name: UnsafePointer<UInt8>
    var prefix: UnsafePointer<UInt8>?
    /// The URI, kept once by the parser as names are; `nil` without a prefix.
    var namespace: UnsafePointer<UInt8>?
    var start: UInt32
    /// 0 for a value of nothing but blanks.
    var length: UInt32
    var claim: UInt32 = 0
    var fate = Fate.open
}
