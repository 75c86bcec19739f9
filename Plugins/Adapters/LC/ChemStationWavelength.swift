import IngestCore

extension Quantity {
    /// `Sig=254,4 Ref=360,100` is 254 nm, 4 nm wide: ChemStation knows no other unit here. A text that is not wholly a
    /// number is no wavelength.
    init?(agilentSignal description: String) {
        guard description.hasPrefix("Sig=") else { return nil }
        let parts = description.dropFirst(4).prefix { $0 != " " }.split(separator: ",", omittingEmptySubsequences: false)
        let isPlain = { (text: Substring) in
            text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false).allSatisfy {
                !$0.isEmpty && $0.allSatisfy { $0.isASCII && $0.isNumber }
            }
        }
        guard parts.count == 2, parts.allSatisfy(isPlain), let value = Double(parts[0]), value > 0 else { return nil }
        let written = String(parts[0])
        self.init(written: written, value: value, unit: .nanometre, unitIsFormats: true)
    }
}
