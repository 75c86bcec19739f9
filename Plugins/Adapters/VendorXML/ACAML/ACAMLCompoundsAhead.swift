import IngestCore
import StreamingXML

/// Looks one injection ahead: the list of compounds stands behind the peaks it says something of.
///
/// A second look at the document runs along with the reading, from the results of one injection to those of the next, so only
/// one list is kept in mind.
final class ACAMLCompoundsAhead {
    private let document: ElementReader
    /// Where the look is: the elements around the results, from the outermost on.
    private var open: [OpenElement]
    /// The compounds of the injection at hand, in order; `nil` for one that cannot be read.
    private var compounds: [ACAMLCompound?] = []
    /// Those with one peak, by its id.
    private var ofPeak: [String: Int] = [:]
    /// Those that complete a peak.
    private var taken: Set<Int> = []

    /// Real injections have hundreds.
    static let most = 50_000

    init(_ file: SourceFile) throws {
        document = try ElementReader(file, missing: ACAMLReading.missing, survey: true)
        open = [document.root]
    }

    /// Goes on to the compounds of the next injection.
    /// - Throws: A ``Diagnostic`` when there are more than one injection can have.
    func next() throws {
        compounds = []
        ofPeak = [:]
        taken = []
        let path = ["Doc", "Content", "Injections", "Result"]
        while let last = open.last {
            guard let part = try document.next(in: last) else {
                open.removeLast()
                continue
            }
            guard part.name == path[open.count - 1] else { continue }
            if open.count == path.count { return try look(at: part) }
            open.append(part)
        }
    }

    private func look(at result: OpenElement) throws {
        while let part = try document.next(in: result) {
            guard part.name == "InjectionCompound", let element = try document.whole(part) else { continue }
            guard compounds.count < Self.most else {
                throw element.fault(
                    "acaml.too-many-compounds", "an injection has more than \(Self.most) compounds",
                    hint: "nothing was read; no injection has so many")
            }
            // What is wrong with it is told when it is read for good.
            let compound = try? ACAMLCompound(element, nil)
            if let compound, compound.peaks.count == 1, ofPeak[compound.peaks[0]] == nil {
                ofPeak[compound.peaks[0]] = compounds.count
            }
            compounds.append(compound)
        }
    }

    /// The compound that is made of that peak alone, with its number.
    func compound(ofPeak id: String) -> (number: Int, compound: ACAMLCompound)? {
        guard let number = ofPeak[id], !taken.contains(number), let compound = compounds[number] else { return nil }
        return (number, compound)
    }

    /// A peak has what the compound says.
    func take(_ number: Int) { taken.insert(number) }
    func isTaken(_ number: Int) -> Bool { taken.contains(number) }
}
