import IngestCore

/// How the liquid chromatography model of the Allotrope Foundation (BENCHLING/2023/09) names what was measured, and the
/// units it asks for. The names are those of the published model; what it has no name for keeps ours, and its own unit,
/// and belongs into a custom information document.
struct AllotropeNames {
    /// Where a measurement goes.
    struct Place {
        var name: String
        /// Whether the model has a field of this name that takes this unit.
        var isField: Bool
        var unit: String
        var conversion: UnitConversion?

        func converted(_ value: Double) -> Double { conversion?(value) ?? value }
    }

    private struct Key: Hashable { var name: MeasurementName, unit: Unit?, written: String? }
    private var places: [Key: Place] = [:]

    /// The place of a measurement, remembered: a table asks again for each row.
    mutating func place(of name: MeasurementName, _ quantity: Quantity) -> Place {
        let key = Key(name: name, unit: quantity.unit, written: quantity.unitWritten)
        if let known = places[key] { return known }
        let place = AllotropeNames.work(out: name, quantity)
        places[key] = place
        return place
    }

    private static func work(out name: MeasurementName, _ quantity: Quantity) -> Place {
        guard let field = fields[name] else {
            return Place(name: spaced(name.rawValue), isField: false, unit: unit(of: quantity))
        }
        if let stated = quantity.unit, let (conversion, unit) = convert(stated, to: field.units) {
            return Place(name: field.name, isField: true, unit: unit, conversion: conversion)
        }
        let isPure = field.units.first?.written == unitless
        let fits = field.takesAnyUnit || isPure && quantity.unit == nil && quantity.unitWritten == nil
        return Place(name: field.name, isField: fits, unit: unit(of: quantity))
    }

    // MARK: Fields

    struct Target {
        var unit: Unit, written: String
        init(_ code: String, _ written: String) {
            unit = Unit(code)
            self.written = written
        }
    }

    private struct Field {
        var name: String
        /// The units the model has for it; the first with the right dimension is taken.
        var units: [Target]
        var takesAnyUnit = false
    }

    static let unitless = "(unitless)"
    static let time = Target("s", "s"), volume = Target("mL", "mL"), percent = Target("%", "%")
    static let injectionVolume = Target("uL", "mm^3"), wavelength = Target("nm", "nm")
    private static let pure = Target("1", unitless)

    /// What detectors give, and its integral over time or volume.
    static let readings = [
        Target("{mAU}", "mAU"), Target("mV", "mV"), Target("pA", "pA"), Target("nC", "nC"),
        Target("{counts}", "counts"),
    ]
    private static let integrals = [
        Target("{mAU}.s", "mAU.s"), Target("{mAU}.mL", "mAU.mL"), Target("mV.s", "mV.s"), Target("pA.s", "pA.s"),
        Target("nC.s", "nC.s"), Target("{counts}.s", "counts.s"),
    ]

    // `symmetry` and `tailing` are left out: vendors define them in opposite ways, and the model's names are definitions.
    private static let fields: [MeasurementName: Field] = [
        .retentionTime: Field(name: "retention time", units: [time]),
        .retentionVolume: Field(name: "retention volume", units: [volume]),
        .startTime: Field(name: "peak start", units: [time, volume]),
        .endTime: Field(name: "peak end", units: [time, volume]),
        .area: Field(name: "peak area", units: integrals, takesAnyUnit: true),
        .height: Field(name: "peak height", units: readings, takesAnyUnit: true),
        .areaPercent: Field(name: "relative peak area", units: [percent]),
        .heightPercent: Field(name: "relative peak height", units: [percent]),
        .baseWidth: Field(name: "peak width at baseline", units: [time, volume]),
        .width: Field(name: "peak width", units: [time, volume]),
        .widthAtHalfHeight: Field(name: "peak width at half height", units: [time, volume]),
        .plates: Field(name: "number of theoretical plates (chromatography)", units: [pure]),
        .resolution: Field(name: "chromatographic peak resolution", units: [pure]),
        .separationFactor: Field(name: "peak selectivity (chromatography)", units: [pure]),
        .capacityFactor: Field(name: "capacity factor (chromatography)", units: [pure]),
    ]

    // MARK: Units

    /// The first of `targets` that `unit` converts to.
    static func convert(_ unit: Unit, to targets: [Target]) -> (UnitConversion, String)? {
        for target in targets {
            // Where it does not convert, the next may.
            if let conversion = try? UnitConversion(from: unit, to: target.unit) { return (conversion, target.written) }
        }
        return nil
    }

    /// A unit as the model spells it; a unit we do not know as the file spells it.
    static func unit(of quantity: Quantity) -> String {
        quantity.unit.map(spelling) ?? quantity.unitWritten ?? unitless
    }

    /// `{mAU}.min` is `mAU.min`, `uL` is `μL`, `Cel` is `degC`.
    static func spelling(_ unit: Unit) -> String {
        var text = ""
        var term = ""
        var depth = 0
        func endTerm() {
            text +=
                spellings[term] ?? (term.hasPrefix("u") ? "μ" + term.dropFirst() : term.filter { !"{}[]".contains($0) })
            term = ""
        }
        for character in unit.code {
            if character == "{" || character == "[" { depth += 1 }
            if character == "}" || character == "]" { depth -= 1 }
            if depth == 0, character == "." || character == "/" {
                endTerm()
                text.append(character)
            } else {
                term.append(character)
            }
        }
        endTerm()
        return text
    }

    private static let spellings = ["Cel": "degC", "[degF]": "degF", "1": unitless]

    /// `signalToNoise` is `signal to noise`.
    static func spaced(_ name: String) -> String {
        if name == "pH" { return name }
        return name.reduce(into: "") { text, character in
            if character.isUppercase { text += " " }
            text += character.lowercased()
        }
    }
}
