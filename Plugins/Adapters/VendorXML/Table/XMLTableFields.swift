import IngestCore
import StreamingXML

/// One field of a row: an attribute, the text of an element, or a pair of a name and a value.
struct XMLTableField {
    /// How near to the row it stands, and with it how sure its name says something of the row.
    enum Reach {
        /// The text of the row itself.
        case own
        /// An attribute or child of the row, also in a wrapper such as `<Results>`.
        case direct
        /// Of something in the row: its name alone does not say of what.
        case nested
        /// Of a row in the row, which is another.
        case inner
    }

    /// The path from the row on: `Area`, `Filter/Width`, `Filter@Name`.
    var key: String
    /// The key without prefixes, which fields of several namespaces may share.
    var plainKey: String
    var name: String
    /// The name of the element it is of.
    var parent: String
    var reach: Reach
    /// `nil` for an empty element.
    var value: XMLValue?
    var unit: XMLValue?
    /// The name of a pair.
    var label: XMLValue?
    /// The name of the fields that it is the unit of one of, of which nothing says which.
    var openUnitOf: String?
}

/// Lists the fields of an element in their order.
///
/// - `<Area unit="mAU*s">5</Area>` is a field with its unit, and so is `<Parameter Name="Area" Value="5" Unit="mAU*s"/>`.
/// - Beside `Area`, `AreaUnit` is its unit. Where there are several of both, they have to take turns.
struct XMLTableFields {
    private(set) var fields: [XMLTableField] = []
    /// Elements with fields of their own that stand behind another of their name.
    private(set) var repeated: [Repeated] = []
    /// The name of the row.
    private var row: String?

    struct Repeated {
        let key: String, element: Element
    }

    /// The path of a field from the row on, with and without prefixes.
    private struct Path {
        var written: String
        var plain: String

        init(_ written: String, _ plain: String) {
            self.written = written
            self.plain = plain
        }

        init(_ name: String) { self.init(name, name) }

        func joined(_ separator: String, _ path: Path) -> Path {
            Path(written + separator + path.written, plain + separator + path.plain)
        }

        /// With another last name.
        func renamed(_ name: String, from last: String) -> Path {
            Path(written.dropLast(last.count) + name, plain.dropLast(last.count) + name)
        }
    }

    /// Of a row.
    init(of row: Element) {
        let name = row.name
        self.row = name
        visit(row, Path(name), parent: name, .own, inside: .direct, isRow: true)
    }

    /// Of an element in something else: its own text is a field of that, the others are named by their path.
    init(of element: Element, in parent: String) {
        visit(element, Path(element.name), parent: parent, .direct, inside: .nested, isRow: false)
    }

    /// Of the attributes of an element that is open.
    init(attributesOf element: OpenElement) {
        for value in element.element.attributes {
            fields.append(
                XMLTableField(
                    key: element.name + "@" + value.name, plainKey: element.name + "@" + value.name, name: value.name,
                    parent: element.name, reach: .nested, value: value))
        }
    }

    /// Elements that only group what is said of a row.
    private static let wrappers: Set<String> = [
        "values", "results", "result", "data", "measurements", "measurement", "properties", "parameters", "fields", "columns",
        "cells", "attributes", "quantitation", "quantification", "integration", "details",
    ]

    /// - Parameters:
    ///   - parent: The name of the element around it.
    ///   - reach: Of its own text.
    ///   - inside: The reach of what is in it.
    private mutating func visit(
        _ element: Element, _ path: Path, parent: String, _ reach: XMLTableField.Reach, inside: XMLTableField.Reach,
        isRow: Bool,
        unitBeside: XMLValue? = nil
    ) {
        let attributes = element.attributes
        let children = Array(element.children)
        let pair = isRow ? nil : Pair(attributes)
        let units = UnitsBeside(attributes, children)
        let texts = element.texts
        let name = pair?.name.peek ?? element.name
        // The last name of the path is that of the element; a pair is called by its own.
        let key = pair == nil ? path : path.renamed(name, from: element.name)
        // `<Area unit="mAU*s"/>` is an area that has no value.
        let isEmpty = !isRow && texts.isEmpty && children.isEmpty && attributes.allSatisfy(UnitsBeside.isUnit)
        let ownUnit = pair == nil && texts.isEmpty && !isEmpty ? nil : attributes.first(where: UnitsBeside.isUnit)
        let unit = ownUnit ?? unitBeside
        if let pair {
            fields.append(
                XMLTableField(
                    key: key.written, plainKey: key.plain, name: name, parent: parent, reach: reach, value: pair.value,
                    unit: unit,
                    label: pair.name))
        }
        for (index, value) in attributes.enumerated() where !units.isTaken(index) && pair?.has(value) != true {
            if let ownUnit, ownUnit == value { continue }
            let place = Self.path(of: value, in: element)
            let path = isRow ? place : key.joined("@", place)
            fields.append(
                XMLTableField(
                    key: path.written, plainKey: path.plain, name: value.name, parent: name, reach: inside,
                    value: value, unit: units.unit(of: index), openUnitOf: units.openUnit(index)))
        }
        for (index, text) in texts.enumerated() {
            fields.append(
                XMLTableField(
                    key: key.written, plainKey: key.plain, name: name, parent: parent, reach: reach, value: text,
                    unit: index == 0 ? unit : nil))
        }
        if isEmpty {
            fields.append(
                XMLTableField(
                    key: key.written, plainKey: key.plain, name: name, parent: parent, reach: reach, value: nil, unit: unit))
        }
        let namespace = element.namespace
        var names: Set<String> = []
        for (index, child) in zip(attributes.count..., children) where !units.isTaken(index) {
            let place = Self.path(of: child, in: namespace)
            let path = isRow ? place : key.joined("/", place)
            if !names.insert(place.written).inserted, Self.hasFields(child) {
                repeated.append(Repeated(key: path.written, element: child))
            }
            let childName = child.name
            let first = fields.count
            let isInner = childName == row || inside == .inner
            let isWrapper = inside == .direct && Self.wrappers.contains(ColumnHeading.folded(childName))
            visit(
                child, path, parent: name, isInner ? .inner : inside,
                inside: isInner ? .inner : isWrapper ? .direct : .nested, isRow: false, unitBeside: units.unit(of: index))
            if let name = units.openUnit(index), first < fields.count { fields[first].openUnitOf = name }
        }
    }

    /// The name of a child, with its prefix where it is of another namespace than its element.
    private static func path(of child: Element, in namespace: String?) -> Path {
        let name = child.name
        guard let own = child.namespace, own != namespace else { return Path(name) }
        // Without a prefix its namespace is one that it declares itself.
        return Path((child.prefix ?? "xmlns") + ":" + name, name)
    }

    /// The name of an attribute, of which it is only known whether it has a prefix for another namespace.
    private static func path(of attribute: XMLValue, in element: Element) -> Path {
        let name = attribute.name
        return element.attribute(name) == attribute ? Path(name) : Path("other:" + name, name)
    }

    /// It is no field, but has some: children, or several attributes that are no pair.
    private static func hasFields(_ element: Element) -> Bool {
        guard element.texts.isEmpty else { return false }
        let attributes = element.attributes
        guard Pair(attributes) == nil else { return false }
        return element.first != nil || attributes.count { !UnitsBeside.isUnit($0) } > 1
    }

    /// `Name="Area" Value="5"`, in any case.
    fileprivate struct Pair {
        let name: XMLValue, value: XMLValue

        init?(_ attributes: [XMLValue]) {
            func find(_ word: String) -> XMLValue? { attributes.first { $0.name.lowercased() == word } }
            guard attributes.count > 1, let value = find("value"), let name = find("name"), !name.isEmpty else { return nil }
            self.name = name
            self.value = value
        }

        func has(_ other: XMLValue) -> Bool { other == name || other == value }
    }
}

/// The units that stand in fields of their own beside those they are of: `Area` and `AreaUnit`. Attributes and children are
/// told by their place among both.
private struct UnitsBeside {
    private var units: [Int: XMLValue] = [:]
    private var taken: Set<Int> = []
    private var open: [Int: String] = [:]

    static func isUnit(_ value: XMLValue) -> Bool { ["unit", "units"].contains(value.name.lowercased()) }

    init(_ attributes: [XMLValue], _ children: [Element]) {
        // By the folded name of what they are of.
        var found: [String: [(place: Int, value: XMLValue)]] = [:]
        for (place, value) in attributes.enumerated() where !value.isEmpty {
            if let stem = Self.stem(value.name) { found[stem, default: []].append((place, value)) }
        }
        for (place, child) in zip(attributes.count..., children) {
            guard let stem = Self.stem(child.name), child.attributes.isEmpty, child.first == nil, child.texts.count == 1,
                let value = child.content
            else { continue }
            found[stem, default: []].append((place, value))
        }
        guard !found.isEmpty else { return }
        var numbers: [String: [(place: Int, isPlain: Bool)]] = [:]
        for (place, value) in attributes.enumerated() {
            numbers[ColumnHeading.folded(value.name), default: []].append((place, true))
        }
        for (place, child) in zip(attributes.count..., children) {
            numbers[ColumnHeading.folded(child.name), default: []].append((place, Self.canHaveUnit(child)))
        }
        for (stem, units) in found {
            guard let numbers = numbers[stem] else { continue }
            let isOne = units.count == 1 && numbers.count == 1
            if numbers.allSatisfy(\.isPlain), isOne || Self.takeTurns(numbers.map(\.place), units.map(\.place), attributes.count)
            {
                for (number, unit) in zip(numbers, units) {
                    self.units[number.place] = unit.value
                    taken.insert(unit.place)
                }
            } else {
                let first = numbers[0].place
                let name = first < attributes.count ? attributes[first].name : children[first - attributes.count].name
                for unit in units { open[unit.place] = name }
            }
        }
    }

    /// Of `AreaUnit` the word that `Area` is.
    private static func stem(_ name: String) -> String? {
        let word = name.lowercased()
        guard let end = ["units", "unit"].first(where: word.hasSuffix), word.utf8.count > end.utf8.count else { return nil }
        return ColumnHeading.folded(String(word.dropLast(end.count)))
    }

    /// It has a number of its own, and says nothing of its unit itself.
    private static func canHaveUnit(_ element: Element) -> Bool {
        let attributes = element.attributes
        guard !attributes.contains(where: isUnit) else { return false }
        return !element.texts.isEmpty || XMLTableFields.Pair(attributes) != nil || attributes.isEmpty && element.first == nil
    }

    /// Number, unit, number, unit; or the units first. Attributes have no order.
    private static func takeTurns(_ numbers: [Int], _ units: [Int], _ attributes: Int) -> Bool {
        guard numbers.count == units.count, (numbers + units).allSatisfy({ $0 >= attributes }) else { return false }
        let isNumberFirst = numbers[0] < units[0]
        let (first, second) = isNumberFirst ? (numbers, units) : (units, numbers)
        return zip(first, second).allSatisfy { $0 < $1 } && zip(second, first.dropFirst()).allSatisfy { $0 < $1 }
    }

    func unit(of place: Int) -> XMLValue? { units[place] }
    func isTaken(_ place: Int) -> Bool { taken.contains(place) }
    /// The name of those one of which a unit is of, if nothing says which.
    func openUnit(_ place: Int) -> String? { open[place] }
}
