extension Unit {
    /// The unit that an instrument means by a text such as `mAU*s`, `µl` or `25 uV`; `nil` for a text that names no
    /// known unit. Both micro signs (U+00B5 and U+03BC) are understood. Nothing is guessed: case counts where it
    /// tells units apart (`M` molar, `m` metre, `mM` millimolar).
    public init?(spelling written: some StringProtocol) {
        var text = written.trimmed
        let isASCII = text.utf8.allSatisfy { $0 < 0x80 }
        if !isASCII { text = text.replacing("\u{3BC}", with: "u").replacing("\u{B5}", with: "u") }
        guard !text.isEmpty, text.utf8.count <= 40 else { return nil }
        if let whole = UnitSpelling.atom(text) {
            self.init(whole)
            return
        }
        // Any cell may be asked for its unit, and few hold what sets factors apart.
        if isASCII, !text.utf8.contains(where: UnitSpelling.mayPart) { return nil }
        guard let code = UnitSpelling.composite(text) else { return nil }
        self.init(code)
    }
}

/// How vendors write units (`corpus` facts; see the table in the documentation of ``Unit``).
private enum UnitSpelling {
    /// `25 uV*s` is a factor, a product; `ng/ul` a quotient; at most one slash.
    ///
    /// Only detector signals have factors: `254 nm` is a wavelength, `50%` the height a width was taken at, and neither
    /// is the unit of its column.
    static func composite(_ text: String) -> String? {
        var rest = text[...]
        var code = ""
        let digits = rest.prefix { $0.isASCII && $0.isNumber }
        if !digits.isEmpty, digits.count < rest.count, digits.first != "0" {
            code = digits + "."
            rest = rest.dropFirst(digits.count).trimmed[...]
        }
        let sides = rest.split(separator: "/", omittingEmptySubsequences: false)
        guard sides.count <= 2 else { return nil }
        var codes: [String] = []
        for side in sides {
            var factors: [String] = []
            for factor in side.split(omittingEmptySubsequences: false, whereSeparator: { "*·.×".contains($0) }) {
                // A quotient below the slash would be divided by in part only: ng/M is not ng/mol/L.
                guard let atom = atom(factor.trimmed), codes.isEmpty || !atom.contains("/") else { return nil }
                factors.append(atom)
            }
            codes.append(factors.joined(separator: "."))
        }
        guard code.isEmpty || signals.contains(where: { codes[0] == $0 || codes[0].hasPrefix($0 + ".") }) else { return nil }
        return code + codes.joined(separator: "/")
    }

    /// False for a byte that no text in ASCII of several factors needs: one of them has a sign between them, or a number in
    /// front.
    static func mayPart(_ byte: UInt8) -> Bool {
        byte &- 48 < 10 || byte == UInt8(ascii: "*") || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "/")
    }

    private static let signals = ["uV", "mV", "nV", "V", "pA", "nA", "mA", "{AU}", "{mAU}", "{RIU}", "{nRIU}", "{counts}"]

    static func atom(_ text: String) -> String? { exact[text] ?? folded[text.lowercased()] }

    /// Spellings in which case carries meaning: `nm` is a length, `nM` a concentration, `NM` could be either; `NA` and
    /// `NC` are "not available" and "not calculated", `MS` and `UV` detectors.
    private static let exact: [String: String] = [
        "M": "mol/L", "mM": "mmol/L", "uM": "umol/L", "nM": "nmol/L", "pM": "pmol/L", "fM": "fmol/L", "m": "m", "mm": "mm",
        "um": "um",
        "nm": "nm", "uA": "uA", "ms": "ms", "uV": "uV", "uv": "uV",
        "C": "Cel", "K": "K", "S": "S", "mS": "mS", "A": "A", "mA": "mA", "V": "V", "mV": "mV", "MPa": "MPa",
        "kPa": "kPa", "Pa": "Pa", "hPa": "hPa", "g": "g", "CV": "{CV}", "pA": "pA", "nA": "nA", "nC": "nC",
        "uC": "uC", "h": "h", "Da": "Da", "kDa": "kDa",
    ]

    /// Spellings that mean the same in any case.
    private static let folded: [String: String] = [
        "min": "min", "min.": "min", "mins": "min", "minute": "min", "minutes": "min",
        "s": "s", "sec": "s", "sec.": "s", "secs": "s", "second": "s", "seconds": "s",
        "msec": "ms", "hr": "h", "hour": "h", "hours": "h", "hz": "Hz",
        "mau": "{mAU}", "au": "{AU}", "od": "{OD}", "mv": "mV", "mvolts": "mV", "mvolt": "mV", "v": "V", "volts": "V",
        "nv": "nV",
        "ul": "uL", "mm^3": "uL", "ml": "mL", "nl": "nL", "l": "L", "cm": "cm",
        "ng": "ng", "pg": "pg", "ug": "ug", "mg": "mg", "kg": "kg", "fg": "fg",
        "mol": "mol", "mmol": "mmol", "umol": "umol", "nmol": "nmol", "pmol": "pmol", "fmol": "fmol",
        "%": "%", "%b": "%", "% (v/v)": "%", "% v/v": "%", "percent": "%", "ppm": "[ppm]", "ppb": "[ppb]",
        "bar": "bar", "mbar": "mbar", "psi": "[psi]", "lb/in²": "[psi]", "lb/in2": "[psi]", "kgf/cm2": "kgf/cm2",
        "kgf/cm²": "kgf/cm2", "°c": "Cel", "degc": "Cel", "deg c": "Cel", "°f": "[degF]",
        "ph": "[pH]", "bp": "{bp}", "nt": "{nt}", "counts": "{counts}", "count": "{counts}", "rfu": "{RFU}",
        "rlu": "{RLU}", "riu": "{RIU}", "nriu": "{nRIU}", "cps": "{counts}/s", "ms/cm": "mS/cm", "us/cm": "uS/cm",
        "cm2": "cm2", "cm²": "cm2", "mhz": "MHz", "khz": "kHz", "kda": "kDa", "x g": "{g}", "rpm": "{rpm}",
    ]
}

extension StringProtocol {
    /// Without blanks, tabs and no-break spaces at either end.
    public var trimmed: String {
        // Most texts have nothing to trim.
        let whole = String(self)
        if let first = whole.utf8.first, let last = whole.utf8.last, first > 32, first < 128, last > 32, last < 128 {
            return whole
        }
        func isBlank(_ scalar: Unicode.Scalar) -> Bool { scalar == " " || scalar == "\t" || scalar == "\u{A0}" }
        let scalars = unicodeScalars
        guard let first = scalars.firstIndex(where: { !isBlank($0) }),
            let last = scalars.lastIndex(where: { !isBlank($0) })
        else { return "" }
        return String(self[first..<scalars.index(after: last)])
    }
}
