extension DoseResponseModel {
    /// A model by its name: `LL.2` to `LL.5`, `LL.3u`, `W1.3`, `W1.4`, `W2.3`, `W2.4`, `MM.2`. The upper plateau of `LL.2` and
    /// `LL.3u` is 100 unless it follows in brackets: `LL.2(1)`; so do both of `LL.5(0,100)`. `nil` for any other name.
    public init?(name: String) {
        let parts = name.split(separator: "(", maxSplits: 1, omittingEmptySubsequences: false)
        var numbers: [Double] = []
        if parts.count == 2 {
            guard parts[1].last == ")" else { return nil }
            for text in parts[1].dropLast().split(separator: ",", omittingEmptySubsequences: false) {
                guard let number = Double(text), number.isFinite else { return nil }
                numbers.append(number)
            }
        }
        switch (parts[0].uppercased(), numbers.count) {
        case ("LL.5", 0): self.init(.logLogistic, asymmetry: nil)
        case ("LL.5", 2) where numbers[0] < numbers[1]:
            self.init(.logLogistic, bottom: numbers[0], top: numbers[1], asymmetry: nil)
        case ("LL.4", 0): self.init(.logLogistic)
        case ("LL.3", 0): self.init(.logLogistic, bottom: 0)
        case ("LL.3U", 0...1): self.init(.logLogistic, top: numbers.first ?? 100)
        case ("LL.2", 0...1) where numbers.first != 0: self.init(.logLogistic, bottom: 0, top: numbers.first ?? 100)
        case ("W1.4", 0): self.init(.weibull1)
        case ("W1.3", 0): self.init(.weibull1, bottom: 0)
        case ("W2.4", 0): self.init(.weibull2)
        case ("W2.3", 0): self.init(.weibull2, bottom: 0)
        case ("MM.2", 0): self.init(.logLogistic, slope: -1, bottom: 0)
        default: return nil
        }
    }

    /// The names that ``init(name:)`` takes.
    public static let names = [
        "LL.2", "LL.3", "LL.3u", "LL.4", "LL.5", "W1.3", "W1.4", "W2.3", "W2.4", "MM.2",
    ]

    private var isAsymmetric: Bool { family == .logLogistic && fixed.asymmetry != 1 }

    /// The family and the size of its whole parameter set, as drc names the function: `LL.4`, `LL.5`, `W1.4`.
    public var description: String { family.rawValue + (isAsymmetric ? ".5" : ".4") }

    /// The usual name of the model with its fixed plateaus: `LL.2`, `LL.3`, `LL.3u`, `LL.4`, `W1.3`.
    public var name: String {
        guard !isAsymmetric, fixed.location == nil else { return description }
        switch (fixed.bottom, fixed.top) {
        case (0?, nil): return family.rawValue + ".3"
        case (nil, .some): return family.rawValue + ".3u"
        case (0?, .some): return family.rawValue + ".2"
        default: return description
        }
    }

    /// What is fixed, beside an asymmetry of 1: `bottom=0,top=100`; empty when nothing is.
    public var fixedText: String {
        let names: [(Parameter, String)] = [
            (.slope, "slope"), (.bottom, "bottom"), (.top, "top"), (.location, "ic50"), (.asymmetry, "asymmetry"),
        ]
        return names.compactMap { parameter, name in
            guard let value = fixed[parameter], !(parameter == .asymmetry && value == 1) else { return nil }
            return value == value.rounded() && Swift.abs(value) < 1e15 ? "\(name)=\(Int(value))" : "\(name)=\(value)"
        }.joined(separator: ",")
    }
}
