import IngestCore
import StreamingXML
import TabularText

/// What a row is about: its sample, position, injection, signal and analyte, from the elements around it and from itself.
struct XMLTableSubject: Hashable {
    private(set) var sample: Sample?
    private(set) var injection: Injection?
    private(set) var signal: Signal?
    private(set) var analyte: Analyte?
    private var place: Position?
    private var vial: String?
    private var plate: String?

    var position: Position? {
        guard var place = place ?? (vial ?? plate).map({ Position(written: $0) }) else { return nil }
        place.vial = vial
        if let plate { place.plate = plate }
        return place
    }

    /// Takes a fact as a description, if its text holds what the field is; an empty one changes nothing.
    /// - Throws: A ``Diagnostic`` at the value when it does not.
    mutating func take(_ field: ColumnField, _ value: XMLValue, unit: XMLValue?) throws -> Bool {
        switch field {
        case .injectionNumber:
            if let number = try value.integer() { Self.change(&injection, Injection()) { $0.ordinal = number } }
            return true
        case .acquired:
            if let time = try value.timestamp() { take(acquired: time) }
            return true
        case .injectionVolume:
            let quantity = try value.quantity(unit?.string().map { StatedUnit(written: $0) } ?? .none)
            if quantity.value != nil { Self.change(&injection, Injection()) { $0.volume = quantity } }
            return true
        case .sampleName, .sampleID, .sampleRole, .batch, .vial, .well, .position, .plate, .signal, .analyteName, .analyteID:
            if let text = value.string() { take(field, text) }
            return true
        default: return false
        }
    }

    mutating func take(acquired time: Timestamp) { Self.change(&injection, Injection()) { $0.acquired = time } }

    private mutating func take(_ field: ColumnField, _ written: String) {
        let text = PrivateText.withoutFolders(written)
        switch field {
        case .sampleName: Self.change(&sample, Sample()) { $0.name = text }
        case .sampleID: Self.change(&sample, Sample()) { $0.id = text }
        case .batch: Self.change(&sample, Sample()) { $0.batch = text }
        case .sampleRole:
            Self.change(&sample, Sample()) {
                $0.roleWritten = text
                $0.role = Sample.Role(written: text)
            }
        case .vial: vial = text
        case .plate: plate = text
        // V1 is the first vial more often than row 22 of a plate.
        case .well: place = Position(well: text) ?? Position(written: text)
        case .position: place = Position(written: text)
        case .signal: Self.change(&signal, Signal()) { $0.name = text }
        case .analyteName: Self.change(&analyte, Analyte()) { $0.name = text }
        case .analyteID: Self.change(&analyte, Analyte()) { $0.id = text }
        default: break
        }
    }

    private static func change<Fact>(_ fact: inout Fact?, _ blank: Fact, _ edit: (inout Fact) -> Void) {
        var changed = fact ?? blank
        edit(&changed)
        fact = changed
    }

    /// What tells one count of results from another.
    var counted: XMLTableSubject {
        var subject = self
        subject.analyte = nil
        return subject
    }
}

/// Counts the results of each injection and signal, also where they stand mixed.
struct XMLTableOrdinals {
    /// A document with more injections is taken to be sorted by them.
    private static let most = 10_000
    private var counts: [XMLTableSubject: Int] = [:]
    private var last: XMLTableSubject?
    private var count = 0

    /// The ordinal of the next result, from 1.
    mutating func next(_ subject: XMLTableSubject) -> Int {
        let subject = subject.counted
        if subject != last {
            if let last {
                if counts.count >= Self.most { counts.removeAll() }
                counts[last] = count
            }
            count = counts[subject] ?? 0
            last = subject
        }
        count += 1
        return count
    }
}
