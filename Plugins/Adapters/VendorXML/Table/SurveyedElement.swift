import IngestCore
import StreamingXML

/// All elements of a document at one path, as a look ahead found them.
final class SurveyedElement {
    /// Without its prefix.
    let name: String
    /// Of its name, as the first of them has it.
    let prefix: String?
    private let namespace: String?
    unowned let parent: SurveyedElement?
    /// How many there are.
    var count = 0
    /// How many attributes and children they have, of different names.
    private(set) var fields = 0
    /// They stand around rows.
    private(set) var holdsRows = false
    /// Some of them hold so many elements that they are better not read whole.
    var isLarge = false
    /// Their place among all paths, in the order in which these were met.
    let order: Int
    private var children: [Name: SurveyedElement] = [:]
    private var attributes: Set<String> = []

    /// Elements of one name in two namespaces are two.
    private struct Name: Hashable {
        let name: String, namespace: String?
    }

    init(_ element: Element, in parent: SurveyedElement?, order: Int) {
        name = element.name
        prefix = element.prefix
        namespace = element.namespace
        self.parent = parent
        self.order = order
    }

    /// Elements of the name of that one in these.
    func child(like open: OpenElement) -> SurveyedElement? {
        let element = open.element
        return children[Name(name: element.name, namespace: element.namespace)]
    }

    func add(_ child: SurveyedElement) {
        children[Name(name: child.name, namespace: child.namespace)] = child
        fields += 1
    }

    func note(attribute name: String) { if attributes.insert(name).inserted { fields += 1 } }

    /// A row stands in one of them.
    func noteRow() {
        guard !holdsRows else { return }
        holdsRows = true
        parent?.noteRow()
    }

    /// They have several fields, and are no pair of a name and a value, which is a field.
    var isRowLike: Bool {
        let words = Set(attributes.map { $0.lowercased() })
        return fields > 1 && !(words.contains("name") && words.contains("value"))
    }

    /// There is but one of them.
    var isUnique: Bool { count <= 1 }

    /// The name with its prefix.
    var writtenName: String { prefix.map { $0 + ":" + name } ?? name }

    /// In the names of the document, prefixes included.
    var path: String { (parent?.path ?? "") + "/" + writtenName }

    /// They and all within, in the order met.
    var all: [SurveyedElement] { ([self] + children.values.flatMap(\.all)).sorted { $0.order < $1.order } }
}

extension Element {
    /// The prefix of its name; `nil` where it has none.
    var prefix: String? {
        guard namespace != nil, let written = location.path?.description.split(separator: "/").last else { return nil }
        return written.firstIndex(of: ":").map { String(written[..<$0]) }
    }
}
