import IngestCore
import TabularText

/// One curve of a text export: a column of places and one of what was there.
final class UNICORNTextCurve {
    /// What stands above it.
    struct Heading {
        /// As written, and what version 5 writes beside it.
        let written: String, beside: String
        /// Without the run.
        var name: String
        /// Of the places, from 0; the values follow.
        let column: Int
        let location: SourceLocation
        var place = StatedUnit.none, value = StatedUnit.none
        var unitLocations = (place: SourceLocation(file: ""), value: SourceLocation(file: ""))
        var isTime = false
        var kind = UNICORNCurveKind.other
        var isNameKnown = false
        var extras: Extras = [:]

        init(written: String, beside: String, column: Int, location: SourceLocation) {
            (self.written, self.beside, self.column, self.location) = (written, beside, column, location)
            name = written
            if !beside.isEmpty { extras.add("line \(location.line ?? 1)", beside) }
        }

        /// The name is known: what it is of.
        mutating func settle() {
            let named = UNICORNCurveKind(named: name)
            isNameKnown = named != nil
            kind = UNICORNCurveKind(eventsIn: value.written ?? "") ?? named ?? .other
        }
    }

    let heading: Heading
    var column: Int { heading.column }
    let columns: Range<Int>
    let isText: Bool
    /// Texts that were counted.
    @exclusivity(unchecked) var events = 0
    /// Of the last text.
    @exclusivity(unchecked) var lastPlace = -Double.infinity
    var extras: Extras
    @exclusivity(unchecked) var clock = UNICORNTextClock()
    /// No more of it stood in the row before.
    @exclusivity(unchecked) var hasEnded = false
    var holes = 0
    /// The line of the last of its points.
    @exclusivity(unchecked) var lastLine = 0
    let possible: ClosedRange<Double>

    init(_ heading: Heading) {
        self.heading = heading
        columns = heading.column..<heading.column + 2
        isText = heading.kind.isText
        extras = heading.extras
        possible = heading.kind.possible
    }

    /// The signal; UNICORN writes the wavelength into its name: `UV 1_280`, and `UV 3_0` for one that is off.
    var signal: Signal {
        var signal = Signal(name: heading.name)
        guard heading.kind == .absorbance, let mark = heading.name.firstIndex(of: "_") else { return signal }
        let digits = String(heading.name[heading.name.index(after: mark)...].prefix { $0.isASCII && $0.isNumber })
        if digits.count == 3, let value = Double(digits) {
            signal.wavelength = Quantity(written: digits, value: value, unit: .nanometre, unitIsFormats: true)
        }
        return signal
    }

    /// Its trace, but for the points. Texts have a place alone, and stand in the extras.
    var trace: TraceRecord {
        let place = heading.isTime ? "time" : UNICORNTextUnit.isVolume(heading.place.written ?? "") ? "volume" : ""
        var axes = [TraceRecord.Axis(place, unit: heading.place.unit, unitWritten: heading.place.written)]
        if !isText {
            let name = heading.kind.quantity(in: heading.value.unit)?.rawValue ?? heading.name
            axes.append(TraceRecord.Axis(name, unit: heading.value.unit, unitWritten: heading.value.written))
        }
        var flags: [Flag] = []
        if clock.falls > 0 || clock.repeats > 0 || clock.gaps > 0 { flags.append(Flag("timeOrder")) }
        if holes > 0 { flags.append(Flag("hole")) }
        return TraceRecord(
            signal: signal, axes: axes, flags: flags, extras: extras, location: heading.location, index: column + 1)
    }
}
