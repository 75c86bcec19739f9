import IngestCore
import StreamingXML
import TabularText

extension Quantity {
    /// What an element or attribute without a text says where a number belongs: that there is none.
    static func empty(_ unit: StatedUnit = .none) -> Quantity {
        Quantity(written: "", absent: .empty, unit: unit.unit, unitWritten: unit.written, unitIsFormats: unit.isFormats)
    }
}

extension Element {
    /// The number that is its text; `<Reading/>` has none, and says so.
    /// - Throws: A ``Diagnostic`` at the text that is no number, or that has elements before it.
    func ownQuantity(_ unit: StatedUnit = .none) throws -> Quantity {
        if let content { return try content.quantity(unit) }
        guard hasChildren else { return .empty(unit) }
        throw fault(
            "xml.elements-in-value", "there are elements where a value is expected, in <\(name)>",
            hint: "it was left out, the others were read; the file was edited or damaged: export it again")
    }
}
