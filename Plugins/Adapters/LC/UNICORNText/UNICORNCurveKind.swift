import IngestCore

/// What a curve of UNICORN is, told by the name that the instrument gives it.
enum UNICORNCurveKind: Hashable {
    case absorbance, conductivity, percent, pH, pressure, flow, linearFlow, temperature, other
    /// Texts at places.
    case fractions, events

    /// - Parameter name: `UV 1_280`, `UV1_280nm`, `Conc B`; `UV 1_280@01,BASEM` for a curve made of another.
    init?(named name: String) {
        let base = Self.folded(name.split(separator: "@", maxSplits: 1).first ?? "")
        if let kind = Self.kinds[base] {
            self = kind
        } else if Self.isAbsorbance(base) {
            self = .absorbance
        } else if Self.isDerived(name), base.hasPrefix("uv") {
            self = .absorbance
        } else if Self.isDerived(name), let stem = Self.kinds.keys.filter({ base.hasPrefix($0) }).max(by: { $0.count < $1.count }) {
            self = Self.kinds[stem] ?? .other
        } else {
            return nil
        }
    }

    /// Told by the unit: `(Fractions)`, `Logbook`.
    init?(eventsIn unit: String) {
        switch Self.folded(unit.filter { $0 != "(" && $0 != ")" }) {
        case "fraction", "fractions": self = .fractions
        case "injection", "injections", "logbook", "setmark", "setmarks", "runlog": self = .events
        default: return nil
        }
    }

    var isText: Bool { self == .fractions || self == .events }

    /// Made by the user of another curve, of which it may be a part.
    static func isDerived(_ name: String) -> Bool { name.contains("@") }

    /// Names as the instrument writes them, for hints.
    static let names = [
        "UV", "UV 1_280", "UV 2_260", "UV 3_214", "UV1_280nm", "Cond", "% Cond", "Cond temp", "Conc", "Conc B", "pH",
        "Pressure", "System pressure", "Sample pressure", "PreC pressure", "DeltaC pressure", "PostC pressure", "Flow",
        "System flow", "Sample flow", "System linear flow", "Temp", "Fraction", "Fractions", "Injection", "Inject", "Run Log",
        "Logbook",
    ]

    // MARK: Values

    /// What the second axis of its trace is; `nil` where only the curve's own name says.
    func quantity(in unit: Unit?) -> MeasurementName? {
        switch self {
        case .absorbance: .absorbance
        case .conductivity: .conductivity
        case .pressure: .pressure
        case .temperature: .temperature
        case .pH: .pH
        case .flow: unit.map { MeasurementName.flowRate.canBe(in: $0) } == true ? .flowRate : nil
        default: nil
        }
    }

    /// Whether UNICORN shows such a curve in this unit; `nil` for one without.
    func isUsual(_ unit: Unit?) -> Bool {
        let dimension = unit.flatMap { try? $0.quantityDimension().exponents }
        switch self {
        case .absorbance: return unit == .milliabsorbance
        case .conductivity: return unit.map { ["mS/cm", "uS/cm"].contains($0.code) } ?? false
        case .percent: return unit == .percent
        case .pH: return unit == nil || unit == .pH
        case .pressure: return unit.map { ["MPa", "kPa", "bar", "[psi]"].contains($0.code) } ?? false
        case .flow: return dimension == ["length": 3, "time": -1]
        case .linearFlow: return dimension == ["length": 1, "time": -1]
        case .temperature: return unit == .celsius || unit == Unit("[degF]")
        case .other, .fractions, .events: return true
        }
    }

    /// In words, for hints.
    var usualUnit: String {
        switch self {
        case .absorbance: "mAU"
        case .conductivity: "mS/cm"
        case .percent: "%"
        case .pH: "none"
        case .pressure: "MPa, bar or psi"
        case .flow: "ml/min"
        case .linearFlow: "cm/h"
        case .temperature: "°C"
        case .other, .fractions, .events: "any"
        }
    }

    /// Values beyond these were garbled: wide, for detectors have offsets and drift.
    var possible: ClosedRange<Double> {
        switch self {
        case .absorbance: -1e5...1e5
        case .conductivity: -1e3...1e6
        case .percent: -1e3...1e3
        case .pH: MeasurementName.pH.possible?.range ?? -3...20
        case .pressure: -1e4...1e5
        case .flow, .linearFlow: -1e6...1e6
        case .temperature: -273.15...1e3
        case .other, .fractions, .events: -Double.greatestFiniteMagnitude...Double.greatestFiniteMagnitude
        }
    }

    // MARK: Names

    private static func folded(_ name: some StringProtocol) -> String {
        name.lowercased().filter { $0 != " " && $0 != "_" && $0 != "." }
    }

    /// `uv`, `uv1280`, `uv1280nm`.
    private static func isAbsorbance(_ name: String) -> Bool {
        guard name.hasPrefix("uv") else { return false }
        let rest = name.dropFirst(2).drop { $0.isASCII && $0.isNumber }
        return (rest.isEmpty || rest == "nm") && name.count <= 8
    }

    private static let kinds: [String: UNICORNCurveKind] = {
        let names: [(UNICORNCurveKind, String)] = [
            (.conductivity, "cond conductivity"), (.percent, "%cond conc conca concb conc1 conc2 concq1 concq2 gradient"),
            (.pH, "ph"),
            (.pressure, "pressure systempressure samplepressure precpressure deltacpressure postcpressure feedpressure"),
            (.pressure, "retentatepressure permeatepressure precolumnpressure deltacolumnpressure postcolumnpressure tmp"),
            (.flow, "flow systemflow sampleflow feedflow retentateflow permeateflow"),
            (.linearFlow, "linearflow systemlinearflow samplelinearflow"),
            (.temperature, "temp temperature condtemp uvtemp phtemp fractemp columntemp"),
            (.other, "ratiouv2/uv1 uvcellpathlength"), (.fractions, "fraction fractions frac"),
            (.events, "injection injections inject runlog logbook setmark setmarks phase"),
        ]
        var kinds: [String: UNICORNCurveKind] = [:]
        for (kind, words) in names { for word in words.split(separator: " ") { kinds[String(word)] = kind } }
        return kinds
    }()
}
