import IngestCore
import StreamingXML

/// Keeps gates, matrices and transformations among extras, and ignores how they are drawn.
enum FlowJoGates {
    /// `spillover PE-A APC-A` is the coefficient of the second parameter for the first.
    static func keep(matrix: Element, in extras: inout Extras) {
        for row in matrix.children("spillover") {
            let name = row.attribute(ofAnyNamespace: "parameter")?.string() ?? ""
            for coefficient in row.children("coefficient") {
                let other = coefficient.attribute(ofAnyNamespace: "parameter")?.string() ?? ""
                if let text = coefficient["value"]?.extra() { extras.add("spillover \(name) \(other)", text) }
            }
        }
        matrix["color"]?.ignore("how matrices are shown")
        matrix.keepRest(in: &extras, under: matrix.name)
    }

    /// `FSC-A linear gain`: how the axis of a parameter is scaled.
    static func keep(transformations: Element, in extras: inout Extras) {
        for transformation in transformations.children {
            let parameter = transformation.child("parameter")?.string("name") ?? ""
            for value in transformation.attributes {
                if let text = value.extra() { extras.add("\(parameter) \(transformation.name) \(value.name)", text) }
            }
        }
        transformations.keepRest(in: &extras, under: transformations.name)
    }

    /// A gate under its kind: `PolygonGate/vertex/coordinate@value`.
    static func keep(_ gate: Element, in extras: inout Extras) {
        for attribute in gate.attributes {
            if let text = attribute.extra() { extras.add("gate \(attribute.name)", text) }
        }
        for shape in gate.children {
            for name in ["annoOffsetX", "annoOffsetY", "tint", "isTinted", "lineWeight"] {
                shape.attribute(name)?.ignore("how gates are drawn")
            }
            shape.keepRest(in: &extras, under: shape.name)
        }
        gate.keepRest(in: &extras, under: gate.name)
    }

    /// Folded or not, and where in the list.
    static func ignoreDisplay(_ node: Element) {
        for name in ["expanded", "sortPriority"] { node.attribute(name)?.ignore("how populations are listed") }
    }

    /// A limit or a coordinate that is none, or limits the wrong way round.
    static func problem(_ gate: Element) -> Element? {
        for shape in gate.children {
            for part in shape.children {
                if part.isNamed("dimension") {
                    let limits = ["min", "max"].map { part[$0] }
                    let numbers = limits.map { $0?.peekNumber }
                    if zip(limits, numbers).contains(where: { $0?.isEmpty == false && $1 == nil }) { return part }
                    if let low = numbers[0], let high = numbers[1], low > high { return part }
                } else if let wrong = wrongCoordinate(part) {
                    return wrong
                }
            }
        }
        return nil
    }

    /// Vertices stand in the gate, or below its foci and edge.
    private static func wrongCoordinate(_ element: Element) -> Element? {
        if element.isNamed("coordinate") { return element.attribute(ofAnyNamespace: "value")?.peekNumber == nil ? element : nil }
        for child in element.children {
            if let wrong = wrongCoordinate(child) { return wrong }
        }
        return nil
    }
}
