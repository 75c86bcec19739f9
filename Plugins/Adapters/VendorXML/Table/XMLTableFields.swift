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
    var name: String
    /// The name of the element it is of.
    var parent: String
    var reach: Reach
    /// `nil` for an empty element.
    var value: XMLValue?
    var unit: XMLValue?
    /// The name of a pair.
    var label: XMLValue?
}

/// Lists the fields of an element in their order.
///
/// - `<Area unit="mAU*s">5</Area>` is a field with its unit, and so is `<Parameter Name="Area" Value="5" Unit="mAU*s"/>`.
/// - Beside `Area`, `AreaUnit` is its unit.
struct XMLTableFields {
    private(set) var fields: [XMLTableField] = []
    /// The name of the row.
    private var row: String?

    /// Of a row.
    init(of row: Element) {
        let name = row.name
        self.row = name
        visit(row, name, parent: name, .own, inside: .direct, isRow: true)
    }

    /// Of an element in something else: its own text is a field of that, the others are named by their path.
    init(of element: Element, in parent: String) {
        visit(element, element.name, parent: parent, .direct, inside: .nested, isRow: false)
    }

    /// Of the attributes of an element that is open.
    init(attributesOf element: OpenElement) {
        for value in element.element.attributes {
            fields.append(
                XMLTableField(
                    key: element.name + "@" + value.name, name: value.name, parent: element.name, reach: .nested, value: value))
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
        _ element: Element, _ path: String, parent: String, _ reach: XMLTableField.Reach, inside: XMLTableField.Reach, isRow: Bool
    ) {
        let attributes = element.attributes
        let children = Array(element.children)
        let pair = isRow ? nil : Pair(attributes)
        let units = UnitsBeside(attributes, children)
        let texts = element.texts
        let name = pair?.name.peek ?? element.name
        // The last name of the path is that of the element; a pair is called by its own.
        let key = pair == nil ? path : String(path.dropLast(element.name.count)) + name
        // `<Area unit="mAU*s"/>` is an area that has no value.
        let isEmpty = !isRow && texts.isEmpty && children.isEmpty && attributes.allSatisfy(UnitsBeside.isUnit)
        let ownUnit = pair == nil && texts.isEmpty && !isEmpty ? nil : attributes.first(where: UnitsBeside.isUnit)
        if let pair {
            fields.append(
                XMLTableField(
                    key: key, name: name, parent: parent, reach: reach, value: pair.value, unit: ownUnit,
                    label: pair.name))
        }
        for value in attributes where !units.isTaken(value) && pair?.has(value) != true {
            if let ownUnit, ownUnit == value { continue }
            fields.append(
                XMLTableField(
                    key: isRow ? value.name : key + "@" + value.name, name: value.name, parent: name, reach: inside,
                    value: value, unit: units.unit(of: value.name)))
        }
        for (index, text) in texts.enumerated() {
            fields.append(
                XMLTableField(
                    key: key, name: name, parent: parent, reach: reach, value: text, unit: index == 0 ? ownUnit : nil))
        }
        if isEmpty {
            fields.append(XMLTableField(key: key, name: name, parent: parent, reach: reach, value: nil, unit: ownUnit))
        }
        for child in children {
            let childName = child.name
            if units.isTaken(child) { continue }
            let first = fields.count
            let isInner = childName == row || inside == .inner
            let isWrapper = inside == .direct && Self.wrappers.contains(ColumnHeading.folded(childName))
            visit(
                child, isRow ? childName : key + "/" + childName, parent: name, isInner ? .inner : inside,
                inside: isInner ? .inner : isWrapper ? .direct : .nested, isRow: false)
            // The unit beside is that of the child's text.
            if let unit = units.unit(of: childName), first < fields.count, fields[first].unit == nil {
                fields[first].unit = unit
            }
        }
    }

    /// `Name="Area" Value="5"`, in any case.
    private struct Pair {
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

/// The units that stand in fields of their own beside those they are of: `Area` and `AreaUnit`.
private struct UnitsBeside {
    private var units: [String: XMLValue] = [:]

    static func isUnit(_ value: XMLValue) -> Bool { ["unit", "units"].contains(value.name.lowercased()) }

    init(_ attributes: [XMLValue], _ children: [Element]) {
        func stem(_ name: String) -> String? {
            let word = name.lowercased()
            guard let end = ["units", "unit"].first(where: word.hasSuffix), word.utf8.count > end.utf8.count else { return nil }
            return ColumnHeading.folded(String(word.dropLast(end.count)))
        }
        var found: [String: XMLValue] = [:]
        for value in attributes { if let stem = stem(value.name) { found[stem] = value } }
        for child in children {
            guard let stem = stem(child.name), child.attributes.isEmpty, !child.children.contains(where: { _ in true }),
                child.texts.count == 1
            else { continue }
            found[stem] = child.content
        }
        guard !found.isEmpty else { return }
        for name in attributes.map(\.name) + children.map(\.name) {
            let word = ColumnHeading.folded(name)
            if let unit = found[word] { units[word] = unit }
        }
    }

    func unit(of name: String) -> XMLValue? { units.isEmpty ? nil : units[ColumnHeading.folded(name)] }
    func isTaken(_ value: XMLValue) -> Bool { units.values.contains { $0 == value } }
    func isTaken(_ element: Element) -> Bool {
        guard !units.isEmpty, let content = element.content else { return false }
        return isTaken(content)
    }
}
