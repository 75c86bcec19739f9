import IngestCore
import IngestPipeline
import StreamingXML

/// A document as a source, read in pieces of any length.
func source(
    _ bytes: [UInt8], name: String = "sample.xml", given: GivenAssumptions = GivenAssumptions(), chunkLength: Int = 1 << 18
) throws -> SourceFile {
    try OpenedSource(name: name, bytes: bytes).source(given: given, chunkLength: chunkLength)
}

func source(_ text: String, chunkLength: Int = 1 << 18) throws -> SourceFile {
    try source(Array(text.utf8), chunkLength: chunkLength)
}

/// What was found in a document, element by element, and what was told of it.
struct Walk {
    /// `path line:column`, then attributes and texts.
    var lines: [String] = []
    var diagnostics: [Diagnostic] = []
    var coverage = Coverage()
    var completeness: Completeness

    var codes: [String] { diagnostics.map(\.code) }

    /// Goes into every element; all values become extras.
    /// - Throws: What the reader throws.
    init(_ source: SourceFile) throws {
        completeness = Completeness(.unknown, why: "")
        defer { source.account.letGo() }
        let document = try ElementReader(source)
        var lines: [String] = []
        func take(_ element: Element) {
            lines.append("\(element.path) \(element.location.line ?? 0):\(element.location.column ?? 0)")
            for attribute in element.attributes { lines.append("  @\(attribute.name)=\(attribute.extra() ?? "")") }
            for text in element.texts { lines.append("  \"\(text.extra() ?? "")\"") }
            for child in element.children { take(child) }
        }
        func walk(_ open: OpenElement) throws {
            lines.append("\(open.element.path) \(open.location.line ?? 0):\(open.location.column ?? 0)")
            for attribute in open.element.attributes { lines.append("  @\(attribute.name)=\(attribute.extra() ?? "")") }
            // Every second level whole, every other one by one.
            while let child = try document.next(in: open) {
                if child.element.ordinal % 2 == 1 {
                    try walk(child)
                } else if let whole = try document.whole(child) {
                    take(whole)
                }
            }
        }
        try walk(document.root)
        try document.finish()
        self.lines = lines
        diagnostics = source.account.takeDiagnostics()
        coverage = source.account.coverage
        completeness = source.account.completeness
    }
}

/// What an adapter that keeps every value finds in a document: whole, or as far as it goes.
struct KeptDocument {
    var extras: Extras = [:]
    var diagnostics: [Diagnostic] = []
    var coverage = Coverage()
    var completeness: Completeness

    init(_ source: SourceFile) throws {
        defer { source.account.letGo() }
        let document = try ElementReader(source)
        document.root.keepAttributes(in: &extras)
        while let child = try document.next(in: document.root) { try document.keep(child, in: &extras) }
        try document.finish()
        diagnostics = source.account.takeDiagnostics()
        coverage = source.account.coverage
        completeness = source.account.completeness
    }

    var codes: [String] { diagnostics.map(\.code) }
}
