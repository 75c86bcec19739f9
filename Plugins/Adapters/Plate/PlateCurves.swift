import IngestCore

/// Which columns of a table are responses, and whether they are one curve or several.
struct PlateCurves {
    private(set) var shape: PlateLayout.Shape?
    /// Nothing but numbers beside the dose tells that they are responses.
    private(set) var areUnknown = false

    init(_ columns: [PlateColumn?], numeric: Set<Int>, except dose: Int?) {
        var names: [MeasurementName] = []
        for case .response(let name)? in columns { names.append(name) }
        let series = columns.contains(.series)
        if !names.isEmpty, !series, Set(names).count == names.count {
            shape = .long
        } else if !names.isEmpty || series {
            shape = .wide
        } else if columns.indices.contains(where: { columns[$0] == nil && $0 != dose && numeric.contains($0) }) {
            (shape, areUnknown) = (.wide, true)
        }
    }

    /// The response of a table with one.
    func main(of columns: [PlateColumn?]) -> Int? {
        if let effect = columns.firstIndex(of: .response(.effect)) { return effect }
        let responses = columns.indices.filter { if case .response? = columns[$0] { true } else { false } }
        return responses.count == 1 ? responses[0] : nil
    }
}
