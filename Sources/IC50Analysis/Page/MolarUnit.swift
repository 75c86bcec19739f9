import Glibc

/// Units in which a dose has a pIC50.
enum MolarUnit {
    /// n where the unit is 10^-n mol/L; `nil` for units that are not molar.
    static func exponent(of unit: String) -> Int? {
        // The micro sign and the Greek letter are two characters that look alike.
        let plain = String(unit.map { $0 == "\u{B5}" || $0 == "\u{3BC}" ? "u" : $0 })
        switch plain {
        case "M", "mol/L", "mol/l": return 0
        case "mM", "mmol/L", "mmol/l": return 3
        case "uM", "umol/L", "umol/l": return 6
        case "nM", "nmol/L", "nmol/l": return 9
        case "pM", "pmol/L", "pmol/l": return 12
        case "fM", "fmol/L", "fmol/l": return 15
        default: return nil
        }
    }

    /// -log10 of the dose in mol/L.
    static func pIC50(_ dose: Double, exponent: Int?) -> String? {
        exponent.map { DisplayNumber.fixed(Double($0) - log10(dose), decimals: 2) }
    }
}
