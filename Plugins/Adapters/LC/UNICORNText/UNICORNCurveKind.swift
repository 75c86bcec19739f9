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
        } else if Self.isDerived(name),
            let stem = Self.kinds.filter({ base.hasPrefix($0.key) }).max(by: { $0.key.count < $1.key.count })
        {
            self = stem.value
        } else {
            return nil
        }
    }

    /// Told by the unit: `(Fractions)`, `Logbook`.
    init?(eventsIn unit: String) {
        switch Self.folded(unit.filter { $0 != "(" && $0 != ")" }) {
        case "fraction", "fractions": self = .fractions
        case "injection", "injections", "logbook", "set mark", "set marks", "run log": self = .events
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

    /// `1` of `UV 1_280`: detectors and wavelengths are numbered, and stand in that order.
    static func number(of name: String) -> Int? {
        guard name.lowercased().hasPrefix("uv"), !isDerived(name) else { return nil }
        return Int(name.dropFirst(2).drop { $0 == " " }.prefix { $0.isASCII && $0.isNumber })
    }

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
        name.lowercased().split(whereSeparator: { $0 == " " || $0 == "_" }).joined(separator: " ")
    }

    /// `uv`, `uv 1 280`, `uv1 280nm`.
    private static func isAbsorbance(_ name: String) -> Bool {
        guard name.hasPrefix("uv") else { return false }
        let rest = name.dropFirst(2).drop { $0 == " " || $0.isASCII && $0.isNumber }
        return (rest.isEmpty || rest == "nm") && name.count <= 10
    }

    private static let kinds: [String: UNICORNCurveKind] = {
        let names: [(UNICORNCurveKind, String)] = [
            (.conductivity, "cond,conductivity"), (.percent, "% cond,conc,conc a,conc b,conc 1,conc 2,conc q1,conc q2,gradient"),
            (.pH, "ph"), (.pressure, "pressure,system pressure,sample pressure,feed pressure,retentate pressure,tmp"),
            (.pressure, "prec pressure,deltac pressure,postc pressure,permeate pressure"),
            (.flow, "flow,system flow,sample flow,feed flow,retentate flow,permeate flow"),
            (.linearFlow, "linear flow,system linear flow,sample linear flow"),
            (.temperature, "temp,temperature,cond temp,uv temp,ph temp,frac temp,column temp"),
            (.other, "ratio uv2/uv1,uv cell path length"), (.fractions, "fraction,fractions,frac"),
            (.events, "injection,injections,inject,run log,logbook,set mark,set marks,phase"),
        ]
        var kinds: [String: UNICORNCurveKind] = [:]
        for (kind, words) in names { for word in words.split(separator: ",") { kinds[String(word)] = kind } }
        return kinds
    }()
}
