import IngestCore
import TabularText

/// The axes of a trace of two columns, by its heading. What of it is not understood is told, and stays as it is written.
struct TraceHeading {
    let axes: [TraceRecord.Axis]

    /// Of columns without a heading.
    static let none = TraceHeading(axes: [.init("x"), .init("y")])

    private init(axes: [TraceRecord.Axis]) { self.axes = axes }

    /// - Parameter row: That of the names, where faults are told.
    /// - Throws: A ``Diagnostic`` where the columns stand the other way round.
    init(_ header: Header, below row: Row) throws {
        if TraceHeading.isReversed(header.names) {
            throw row.fault(
                "trace.columns", "\"\(header.names[1])\" stands behind \"\(header.names[0])\"", at: 1,
                hint: "nothing was read; the first column has to be what the signal was measured over: exchange the columns")
        }
        axes = header.names.indices.map { column in
            TraceHeading.axis(header.names[column], header.units[column], column, row, isOver: column == 0)
        }
    }

    /// What was measured, in front of what it was measured over.
    static func isReversed(_ names: [String]) -> Bool {
        names.count == 2 && word(names[1], over) != nil && word(names[0], over) == nil && word(names[0], measured) != nil
    }

    /// Whether a heading is one of an axis, or of no column that is known as anything else.
    static func canBeAxis(_ heading: String) -> Bool {
        switch ColumnHeading.field(heading) {
        case nil, .measurement, .signal: true
        default: word(heading, over) != nil || word(heading, measured) != nil
        }
    }

    /// Whether a heading is known as what a signal is measured over.
    static func isKnownAxis(_ heading: String) -> Bool { word(heading, over) != nil }

    /// Whether a heading is known as what is measured.
    static func isKnownSignal(_ heading: String) -> Bool { word(heading, measured) != nil }

    /// The axis of a heading; what of it is not understood is told at its cell.
    /// - Parameter isOver: It is what the others are measured over.
    static func axis(_ name: String, _ unit: StatedUnit, _ column: Int, _ row: Row, isOver: Bool) -> TraceRecord.Axis {
        var axis = TraceRecord.Axis(name, unit: unit.unit, unitWritten: unit.written)
        // One that does not close, or has something behind it, was changed.
        let isBracketed = name.contains { "()[]".contains($0) }
        func tell(_ code: String, _ message: String, _ hint: String) {
            row.source.account.report(row.fault(code, message, at: column, severity: .warning, hint: hint))
        }
        if let bare = bareUnit(name) {
            axis = TraceRecord.Axis(isOver ? bare.over : bare.measured, unit: bare.unit, unitWritten: name)
        } else if let known = word(name, isOver ? over : measured) ?? word(name, isOver ? measured : over) {
            axis.name = known.name
            if let stated = unit.unit, let like = known.like, !isAlike(stated, like) {
                tell(
                    "trace.unit", "\"\(unit.written ?? stated.code)\" is no unit of \"\(name)\"",
                    "the numbers were read with this unit; the heading was changed: compare it with the instrument")
            }
        } else {
            let words = (isOver ? over : measured).keys.sorted()
            let near = NearestName.of(ColumnHeading.normalized(name), among: words)
            tell(
                "trace.heading", "the heading \"\(name)\" is not known",
                "the axis was named so; "
                    + (near.map { "if it is \"\($0)\", call it that" } ?? "known are time, signal, "
                        + "absorbance, wavelength and the like"))
        }
        if isBracketed, unit.unit == nil, bareUnit(name) == nil {
            tell(
                "trace.unit", "what stands in the brackets of \"\(name)\" is no unit that is known",
                "the numbers were read without a unit; write it as min, s, nm, mAU, mV …")
        }
        return axis
    }

    // MARK: Words

    struct Word {
        let name: String
        /// A unit of the kind that it has; `nil` for any.
        var like: Unit?
    }

    private static func word(_ heading: String, _ words: [String: Word]) -> Word? {
        if let word = words[ColumnHeading.normalized(heading)] { return word }
        // In front of brackets with something that is no unit.
        guard let open = heading.lastIndex(where: { $0 == "(" || $0 == "[" }), open > heading.startIndex else { return nil }
        return words[ColumnHeading.normalized(String(heading[..<open]))]
    }

    /// What a signal is measured over.
    private static let over: [String: Word] = [
        "time": Word(name: "time", like: .minute), "retentiontime": Word(name: "time", like: .minute),
        "rettime": Word(name: "time", like: .minute), "rt": Word(name: "time", like: .minute),
        "rtime": Word(name: "time", like: .minute), "t": Word(name: "time", like: .minute),
        "minutes": Word(name: "time", like: .minute), "volume": Word(name: "volume", like: .millilitre),
        "retentionvolume": Word(name: "retentionVolume", like: .millilitre),
        "elutionvolume": Word(name: "retentionVolume", like: .millilitre),
        "wavelength": Word(name: "wavelength", like: .nanometre), "wavenumber": Word(name: "wavenumber"),
        "m/z": Word(name: "massToCharge"), "mz": Word(name: "massToCharge"), "frequency": Word(name: "frequency"),
        "x": Word(name: "x"),
    ]

    /// What is measured.
    private static let measured: [String: Word] = [
        "signal": Word(name: "signal"), "intensity": Word(name: "intensity"), "value": Word(name: "value"),
        "absorbance": Word(name: "absorbance", like: .milliabsorbance), "abs": Word(name: "absorbance", like: .milliabsorbance),
        "uv": Word(name: "absorbance", like: .milliabsorbance), "response": Word(name: "response"),
        "abundance": Word(name: "abundance"), "counts": Word(name: "count"), "count": Word(name: "count"),
        "fluorescence": Word(name: "fluorescence"), "luminescence": Word(name: "luminescence"),
        "voltage": Word(name: "voltage", like: .millivolt), "current": Word(name: "current", like: Unit("pA")),
        "conductivity": Word(name: "conductivity"), "cond": Word(name: "conductivity"),
        "pressure": Word(name: "pressure", like: Unit("bar")), "temperature": Word(name: "temperature", like: .celsius),
        "temp": Word(name: "temperature", like: .celsius), "ph": Word(name: "pH"), "flow": Word(name: "flowRate"),
        "systemflow": Word(name: "flowRate"), "flowrate": Word(name: "flowRate"), "transmittance": Word(name: "transmittance"),
        "y": Word(name: "y"),
    ]

    /// A heading that is nothing but a unit, with what has it.
    private static func bareUnit(_ heading: String) -> (unit: Unit, over: String, measured: String)? {
        guard word(heading, over) == nil, word(heading, measured) == nil, let unit = Unit(spelling: heading) else { return nil }
        let name = [(Unit.minute, "time"), (.nanometre, "wavelength"), (.millilitre, "volume")].first { isAlike(unit, $0.0) }
        let signal = isAlike(unit, .milliabsorbance) ? "absorbance" : "signal"
        return (unit, name?.1 ?? "x", name?.1 ?? signal)
    }

    private static func isAlike(_ unit: Unit, _ other: Unit) -> Bool {
        // A unit that is not understood may be one of anything.
        guard let left = try? unit.quantityDimension(), let right = try? other.quantityDimension() else { return true }
        return left == right
    }
}
