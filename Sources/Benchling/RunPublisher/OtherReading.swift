import IngestCore
import Publishing

/// Tells when a file that was published is read in another way, with other rows: another `--element`, another adapter. Its
/// results would then stand beside those of before, each peak twice.
///
/// An adapter that learned to read more still gives every result of before, and a changed mapping changes no reading.
struct OtherReading {
    /// Results of before that are read now as well.
    private var same: Set<String> = []
    private var fresh = 0

    mutating func take(_ record: String, _ standing: Standing) {
        if standing.known[record] == nil { fresh += 1 } else { same.insert(record) }
    }

    /// - Throws: A ``Diagnostic`` when what stands is of another reading.
    func check(_ standing: Standing, file: String) throws {
        guard fresh > 0, standing.publication != nil else { return }
        let gone = standing.known.values.filter { $0.kind == .result && $0.state == .live && !same.contains($0.record) }
        guard let one = gone.min(by: { $0.record < $1.record }) else { return }
        throw Diagnostic(
            "publish.other-reading",
            "this file was published with \(gone.count) results that it does not give now, such as \(one.record), and gives "
                + "\(fresh) others",
            at: SourceLocation(file: file),
            hint: "it was read in another way, with another --element or adapter; nothing was sent: read it as before, or "
                + "--again, which archives the publication of before and publishes this one")
    }
}
