import IngestCore
import StreamingXML

/// A look through a whole document: which elements there are, how many of each, and what its rows hold.
final class XMLTableSurvey {
    private(set) var root: SurveyedElement?
    /// What the rows hold.
    private(set) var columns: XMLTableColumns
    /// The document breaks off.
    private(set) var isBroken = false

    /// An element with more in it is read piece by piece.
    private static let mostWhole = 10_000
    private static let mostPaths = 100_000

    private let source: SourceFile
    private let row: RowElement?
    private var paths = 0

    /// - Parameter row: What a row is; `nil` only looks which elements there are.
    init(_ source: SourceFile, row: RowElement?) throws {
        self.source = source
        self.row = row
        columns = XMLTableColumns(source.given)
        let document = try ElementReader(source, survey: true)
        let root = SurveyedElement(document.root.element, in: nil, order: 0)
        self.root = root
        _ = try walk(document.root, root, document)
        try document.finish()
        isBroken = document.isBroken
    }

    /// The elements that are rows.
    var rows: [SurveyedElement] { row.map { row in elements.filter(row.matches) } ?? [] }

    /// In the order met.
    var elements: [SurveyedElement] { root?.all ?? [] }

    /// - Returns: How many elements it has in it.
    private func walk(_ open: OpenElement, _ place: SurveyedElement, _ document: ElementReader) throws -> Int {
        place.count += 1
        for value in open.element.attributes { place.note(attribute: value.name) }
        if let row, row.matches(place) {
            place.parent?.noteRow()
            if let element = try document.whole(open) { columns.note(element) }
            return 0
        }
        var count = 0
        while let child = try document.next(in: open) {
            count += try 1 + walk(child, try self.child(child, of: place), document)
        }
        if count > Self.mostWhole { place.isLarge = true }
        return count
    }

    private func child(_ open: OpenElement, of place: SurveyedElement) throws -> SurveyedElement {
        if let known = place.child(like: open) { return known }
        paths += 1
        guard paths <= Self.mostPaths else {
            throw Diagnostic(
                "xml.table.too-many-names", "the document has more than \(Self.mostPaths) different elements",
                at: source.location(), hint: "nothing was read; a table has a few, however many rows it has")
        }
        let child = SurveyedElement(open.element, in: place, order: paths)
        place.add(child)
        return child
    }

    // MARK: What could be a row

    /// It is what a browser shows: the outermost element is `<html>`.
    var isWebPage: Bool { root?.name.lowercased() == "html" }

    /// The error for a web page that has no element named by anyone.
    func webPage() -> Diagnostic {
        let line = elements.first { $0.name.lowercased() == "tr" }?.name
        return Diagnostic(
            "xml.table.web-page", "this is a web page, not a report: its outermost element is <\(root?.writtenName ?? "")>",
            at: source.location(),
            hint: "nothing was read; "
                + (line.map {
                    "if its table is what you want, --element \($0) makes each line of it a row, else export the report again"
                }
                    ?? "such pages are saved in place of a report when a login or a server fails: export the report again"))
    }

    /// The error for a document of which nobody said what a row is.
    func noElement() -> Diagnostic {
        Diagnostic(
            "xml.table.no-element", "nothing says which element is a row of the table; \(list)", at: source.location(),
            hint:
                "nothing was read; say which, for example --element \(example), or element: \(example) for xml.table in ingest.yaml"
        )
    }

    /// The error for elements of which there is none.
    func noSuchElement(_ names: [String]) -> Diagnostic {
        let names = names.map { "\"\($0)\"" }.joined(separator: " or ")
        return Diagnostic(
            "xml.table.no-such-element",
            "there is no element \(names) in this document\(isBroken ? ", which breaks off" : ""); \(list)",
            at: source.location(),
            hint: "nothing was read; name one that is there, for example --element \(example)")
    }

    /// Those with several fields first: the others are rather fields than rows.
    private var repeating: [SurveyedElement] {
        elements.filter { $0.count > 1 }.sorted {
            ($0.isRowLike ? 0 : 1, $1.count, $0.order) < ($1.isRowLike ? 0 : 1, $0.count, $1.order)
        }
    }

    private var list: String {
        guard !repeating.isEmpty else { return "none of its elements repeats" }
        return "those that repeat: " + repeating.prefix(10).map { "\($0.count) \($0.path)" }.joined(separator: ", ")
            + (repeating.count > 10 ? ", and \(repeating.count - 10) more" : "")
    }

    /// The element that is most likely a row: the one that repeats most and has several fields, the inner one of two.
    private var example: String {
        let rows = repeating.filter(\.isRowLike)
        let likely = rows.last { $0.count == rows[0].count } ?? repeating.first ?? root
        guard let likely else { return "Peak" }
        if elements.count(where: { $0.name == likely.name }) == 1 { return likely.name }
        let isOnly = elements.count { $0.writtenName == likely.writtenName } == 1
        return isOnly && likely.prefix != nil ? likely.writtenName : likely.path
    }
}
