import IngestCore
import StreamingXML
import TabularText

/// Values that tell about a result without being it: one that cannot be read costs nothing but itself.
extension XMLValue {
    /// A time; a text that is none is told as `<format>.time` and kept among the extras.
    func time(_ format: String, orKeptIn extras: inout Extras) -> Timestamp? {
        do {
            return try timestamp()
        } catch {
            element.reader.source.account.report(
                fault(
                    "\(format).time", "\"\(peek)\" is not a date and time, in <\(name)>", severity: .warning,
                    hint: "it is kept as a text among the extras, the results were read without a time"))
            if let text = extra() { extras.add(name, text) }
            return nil
        }
    }

    /// A number that tells about results, with its unit; a text that is none is told as `<format>.setting` and kept among the
    /// extras.
    func setting(_ format: String, _ unit: StatedUnit, orKeptIn extras: inout Extras) -> Quantity? {
        do {
            return try quantity(unit)
        } catch {
            element.reader.source.account.report(
                fault(
                    "\(format).setting", "\"\(peek)\" is not a number, in <\(name)>", severity: .warning,
                    hint: "it is kept as a text among the extras, the results were read without it"))
            if let text = extra() { extras.add(name, text) }
            return nil
        }
    }
}
