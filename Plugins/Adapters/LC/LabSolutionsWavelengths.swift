import IngestCore
import TabularText

/// The wavelengths above the columns of `[PDA 3D]`: hundredths of a nanometre (`19000`) or nanometres (`190`), as the
/// start and end that the section states show. Where they fit neither, or nothing is stated, it cannot be told.
struct LabSolutionsWavelengths {
    /// Of each column, in nanometres; as written where ``fault`` tells why that is not known.
    private(set) var values: [Double]
    /// What is wrong with them, for people.
    private(set) var fault: String?

    /// A wavelength that the section states, and that of the column which should have it.
    private struct Bound {
        let text: String, stated: Double, column: Double

        /// What is stated may be rounded, and the range may end between two columns.
        func fits(_ scale: Double, _ gap: Double) -> Bool {
            abs(column / scale - stated) <= LastDigit.half(text) + gap / scale + 1e-9
        }
    }

    /// - Parameter stated: What the section states, by key.
    init(_ row: Row, columns: Int, _ stated: Extras, _ mark: DecimalMark?) {
        func number(_ text: String) -> Double? {
            if case .number(let value, .exact) = NumberText.read(text, mark: mark) { value } else { nil }
        }
        func bound(_ key: String, _ column: Double?) -> Bound? {
            guard let text = stated[key], let value = number(text), let column else { return nil }
            return Bound(text: text.trimmed, stated: value, column: column)
        }
        values = (1..<columns).map { number(row[$0]) ?? .nan }
        let bounds = [bound("Start Wavelength(nm)", values.first), bound("End Wavelength(nm)", values.last)].compactMap(\.self)
        let gaps = zip(values.dropFirst(), values).map { $0 - $1 }
        guard gaps.allSatisfy({ $0 > 0 }) else {
            fault = "the wavelengths above the columns do not rise"
            return
        }
        guard !bounds.isEmpty else {
            fault = "no Start Wavelength tells whether the columns are in nm or in hundredths of it"
            return
        }
        if let scale = [100.0, 1].first(where: { scale in bounds.allSatisfy { $0.fits(scale, gaps.min() ?? 0) } }) {
            values = values.map { $0 / scale }
        } else {
            let range = bounds.map(\.text).joined(separator: " to ")
            fault = "the section states wavelengths of \(range) nm, the columns have \(row[1]) to \(row[columns - 1])"
        }
    }
}
