import IngestCore

/// All elements of a document at one path, as a look ahead found them.
final class SurveyedElement {
    /// Without its prefix.
    let name: String
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
    private var children: [String: SurveyedElement] = [:]
    private var attributes: Set<String> = []

    init(_ name: String, in parent: SurveyedElement?, order: Int) {
        self.name = name
        self.parent = parent
        self.order = order
    }

    /// Elements of that name in these.
    func child(_ name: String) -> SurveyedElement? { children[name] }

    func add(_ child: SurveyedElement) {
        children[child.name] = child
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

    var path: String { (parent?.path ?? "") + "/" + name }

    /// They and all within, in the order met.
    var all: [SurveyedElement] { ([self] + children.values.flatMap(\.all)).sorted { $0.order < $1.order } }
}
