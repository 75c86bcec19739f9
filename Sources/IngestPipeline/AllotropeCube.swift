import IngestCore

/// Streams one trace into a measurement document: as its chromatogram data cube where it is a curve over time or volume,
/// as a cube of the same form in the custom information where the model has none for it.
///
/// Points come as rows, a cube holds columns: the first goes straight out, the others wait in spools.
struct AllotropeCube {
    private struct Component {
        var concept: String
        var unit: String?
        var conversion: UnitConversion?
    }

    let json: JSONStream
    /// How many objects and arrays were open before.
    private let depth: Int
    private let components: [Component]
    private let spools: [TextSpool]

    /// Begins the cube, as the last part of an open measurement document.
    init(_ trace: TraceRecord, into json: JSONStream) {
        self.json = json
        depth = json.depth
        components = trace.axes.enumerated().map { AllotropeCube.component($1, isDimension: $0 == 0) }
        spools = components.dropFirst().map { _ in TextSpool() }

        var custom = CustomInformation()
        custom.add(trace.analyte, withName: true)
        custom.add(trace.flags)
        custom.add(trace.extras)
        // The model knows one curve over time or volume; a spectrum or a matrix is none.
        if components.count == 2, let first = components.first, AllotropeCube.dimensions.contains(first.concept) {
            custom.write(to: json)
            json.key("chromatogram data cube")
        } else {
            json.key("custom information document")
            json.beginObject()
            custom.writeFields(to: json)
            json.key("data cube")
        }
        json.beginObject()
        json.text("label", trace.signal?.name ?? trace.axes.last?.name)
        json.key("cube-structure")
        json.beginObject()
        structure("dimensions", components.prefix(1))
        structure("measures", components.dropFirst())
        json.end()
        json.key("data")
        json.beginObject()
        json.key("dimensions")
        json.beginArray()
        json.beginArray()
    }

    func write(_ points: PointsRecord) throws {
        for (index, value) in points.values.enumerated() {
            let axis = index % points.axes
            let converted = components[axis].conversion?(value) ?? value
            if axis == 0 { json.number(converted) } else { try spools[axis - 1].append(converted) }
        }
    }

    /// Writes the columns that waited, and closes what `init` opened.
    /// - Parameter flush: Takes what is written so far out of the buffer, so that it stays small.
    func end(flush: () throws -> Void) throws {
        json.end()
        json.end()
        json.key("measures")
        json.beginArray()
        for spool in spools {
            json.beginArray()
            try spool.read {
                json.elements($0)
                try flush()
            }
            json.end()
        }
        json.end(downTo: depth)
    }

    private func structure(_ key: StaticString, _ components: ArraySlice<Component>) {
        json.key(key)
        json.beginArray()
        for component in components {
            json.beginObject()
            json.text("@componentDatatype", "double")
            json.text("concept", component.concept)
            json.text("unit", component.unit)
            json.end()
        }
        json.end()
    }

    private static let dimensions: Set<String> = ["retention time", "retention volume"]

    private static func component(_ axis: TraceRecord.Axis, isDimension: Bool) -> Component {
        func component(_ concept: String, _ targets: [AllotropeNames.Target]) -> Component? {
            guard let unit = axis.unit else { return axis.unitWritten == nil ? Component(concept: concept) : nil }
            return AllotropeNames.convert(unit, to: targets).map {
                Component(concept: concept, unit: $1, conversion: $0)
            }
        }
        let found: Component? =
            switch (isDimension, axis.name) {
            case (true, "time"): component("retention time", [AllotropeNames.time])
            case (true, "volume"): component("retention volume", [AllotropeNames.volume])
            // Another unit of the same reading is the same curve; peaks are converted alike.
            case (false, _): axis.unit == nil ? nil : component(axis.name, AllotropeNames.readings)
            default: nil
            }
        let unit = axis.unit.map(AllotropeNames.spelling) ?? axis.unitWritten
        return found ?? Component(concept: axis.name, unit: unit)
    }
}
