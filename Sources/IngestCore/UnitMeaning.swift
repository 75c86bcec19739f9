/// A UCUM code worked out: what it measures, its factor to the base units, and for temperatures its offset.
struct UnitMeaning: Sendable, Hashable {
    var dimension: Dimension
    var factor: Rational
    var offset: Rational = .zero

    /// - Throws: ``UnitFault/unknown(_:)`` with the atom that was not understood.
    init(_ unit: Unit) throws {
        var meaning = UnitMeaning(dimension: Dimension([:]), factor: .one)
        var sign = 1
        var parts = 0
        for part in UnitMeaning.terms(of: unit.code) {
            if part == "/" {
                sign = -1
                continue
            }
            if part == "." {
                sign = 1
                continue
            }
            let term = try UnitMeaning(term: part)
            parts += 1
            guard let power = term.factor.raised(to: sign), let factor = meaning.factor.times(power) else {
                throw UnitFault.unknown(unit.code)
            }
            meaning.factor = factor
            meaning.dimension = meaning.dimension * term.dimension.raised(to: sign)
            if !term.offset.isZero { meaning.offset = term.offset }
            // UCUM divides by the next term only: a/b.c is (a/b)·c.
            sign = 1
        }
        guard parts > 0, parts == 1 || meaning.offset.isZero else { throw UnitFault.unknown(unit.code) }
        self = meaning
    }

    private init(dimension: Dimension, factor: Rational, offset: Rational = .zero) {
        self.dimension = dimension
        self.factor = factor
        self.offset = offset
    }

    /// Splits at `.` and `/` outside braces and brackets, keeping both as parts of their own.
    private static func terms(of code: String) -> [Substring] {
        var terms: [Substring] = []
        var start = code.startIndex
        var depth = 0
        for index in code.indices {
            switch code[index] {
            case "{", "[": depth += 1
            case "}", "]": depth -= 1
            case ".", "/":
                guard depth == 0 else { continue }
                terms.append(code[start..<index])
                terms.append(code[index...index])
                start = code.index(after: index)
            default: continue
            }
        }
        terms.append(code[start...])
        return code.hasPrefix("/") ? Array(terms.dropFirst()) : terms
    }

    /// One term: a whole number, an annotation, or a prefixed atom with an exponent (`m2`, `s-1`).
    private init(term: Substring) throws {
        if let number = Int(term), number > 0 {
            self.init(dimension: Dimension([:]), factor: Rational(Int128(number), 1))
            return
        }
        if term.first == "{" {
            switch term {
            case "{AU}": self.init(dimension: Dimension(["{AU}": 1]), factor: .one)
            case "{mAU}": self.init(dimension: Dimension(["{AU}": 1]), factor: Rational(1, 1000))
            default: self.init(dimension: Dimension([String(term): 1]), factor: .one)
            }
            return
        }
        var atom = term
        var exponent = 1
        let digits = term.reversed().prefix { $0.isASCII && $0.isNumber }.count
        if digits > 0, digits < term.count {
            var split = term.index(term.endIndex, offsetBy: -digits)
            if term[term.index(before: split)] == "-" { split = term.index(before: split) }
            guard let power = Int(term[split...]), abs(power) <= 4 else { throw UnitFault.unknown(String(term)) }
            atom = term[..<split]
            exponent = power
        }
        guard let base = UnitMeaning.resolve(atom) else { throw UnitFault.unknown(String(term)) }
        guard exponent != 1 else {
            self = base
            return
        }
        guard base.offset.isZero, let factor = base.factor.raised(to: exponent) else {
            throw UnitFault.unknown(String(term))
        }
        self.init(dimension: base.dimension.raised(to: exponent), factor: factor)
    }

    private static func resolve(_ atom: Substring) -> UnitMeaning? {
        if let whole = atoms[String(atom)] { return whole.meaning }
        for (prefix, power) in prefixes where atom.hasPrefix(prefix) {
            guard let base = atoms[String(atom.dropFirst(prefix.count))], base.metric,
                let factor = base.meaning.factor.times(power)
            else { continue }
            return UnitMeaning(dimension: base.meaning.dimension, factor: factor)
        }
        return nil
    }

    private struct Atom {
        let meaning: UnitMeaning
        let metric: Bool
        init(_ dimension: [String: Int], _ factor: Rational = .one, offset: Rational = .zero, metric: Bool = true) {
            meaning = UnitMeaning(dimension: Dimension(dimension), factor: factor, offset: offset)
            self.metric = metric
        }
    }

    private static let prefixes: [(String, Rational)] = [
        ("da", Rational(10, 1)), ("G", Rational(1_000_000_000, 1)), ("M", Rational(1_000_000, 1)),
        ("k", Rational(1000, 1)), ("h", Rational(100, 1)), ("d", Rational(1, 10)), ("c", Rational(1, 100)),
        ("m", Rational(1, 1000)), ("u", Rational(1, 1_000_000)), ("n", Rational(1, 1_000_000_000)),
        ("p", Rational(1, 1_000_000_000_000)), ("f", Rational(1, 1_000_000_000_000_000)),
    ]

    /// Base units: s, m, g, mol, A, K. Factors are the defined, exact ones (SI brochure; NIST SP 811 for psi).
    private static let atoms: [String: Atom] = [
        "s": Atom(["time": 1]),
        "min": Atom(["time": 1], Rational(60, 1), metric: false),
        "h": Atom(["time": 1], Rational(3600, 1), metric: false),
        "d": Atom(["time": 1], Rational(86400, 1), metric: false),
        "Hz": Atom(["time": -1]),
        "m": Atom(["length": 1]),
        "g": Atom(["mass": 1]),
        "mol": Atom(["amount": 1]),
        "A": Atom(["current": 1]),
        "C": Atom(["current": 1, "time": 1]),
        "V": Atom(["mass": 1, "length": 2, "time": -3, "current": -1], Rational(1000, 1)),
        "W": Atom(["mass": 1, "length": 2, "time": -3], Rational(1000, 1)),
        "S": Atom(["mass": -1, "length": -2, "time": 3, "current": 2], Rational(1, 1000)),
        "Pa": Atom(["mass": 1, "length": -1, "time": -2], Rational(1000, 1)),
        "bar": Atom(["mass": 1, "length": -1, "time": -2], Rational(100_000_000, 1)),
        "[psi]": Atom(
            ["mass": 1, "length": -1, "time": -2], Rational(44_482_216_152_605_000, 6_451_600_000), metric: false),
        "kgf": Atom(["mass": 1, "length": 1, "time": -2], Rational(9_806_650, 1000), metric: false),
        "L": Atom(["length": 3], Rational(1, 1000)),
        "l": Atom(["length": 3], Rational(1, 1000)),
        "K": Atom(["temperature": 1]),
        "Cel": Atom(["temperature": 1], offset: Rational(27315, 100), metric: false),
        "[degF]": Atom(["temperature": 1], Rational(5, 9), offset: Rational(45967 * 5, 100 * 9), metric: false),
        "%": Atom([:], Rational(1, 100), metric: false),
        "[ppm]": Atom([:], Rational(1, 1_000_000), metric: false),
        "[ppb]": Atom([:], Rational(1, 1_000_000_000), metric: false),
        "[pH]": Atom(["[pH]": 1], metric: false),
        "Da": Atom(["Da": 1]),
        "deg": Atom(["angle": 1], metric: false),
    ]
}
