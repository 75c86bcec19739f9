import IngestCore
import StreamingXML
import TabularText

/// The curves of an injection, with their peaks, and its spectra.
struct DAMLResults {
    private let injection: DAMLInjection
    private let document: ElementReader
    private let output: AdapterOutput
    private var late: Extras = [:]
    /// Of chromatograms, peaks and spectra: all are numbered in one series.
    private var identifiers: Set<String> = []
    private var peaks: Set<String> = []

    init(_ injection: DAMLInjection, _ document: ElementReader, _ output: AdapterOutput) {
        self.injection = injection
        self.document = document
        self.output = output
    }

    mutating func read(_ open: OpenElement) async throws {
        let place = open.location
        open.keepAttributes(in: &late)
        while let group = try document.next(in: open) {
            let name = group.name
            group.keepAttributes(in: &late)
            while let element = try document.nextWhole(in: group) {
                switch element.name {
                case "chro": try await readChromatogram(element, name)
                case "spec": try await readSpectrum(element, .massSpectrum)
                case "pda_spec": try await readSpectrum(element, .spectrum)
                default: element.keepRest(in: &late, under: name + "/" + element.name)
                }
            }
        }
        guard !late.isEmpty else { return }
        try await output.emit(injection.record(.sample, place, extras: late))
    }

    /// What the numbers of a curve are of.
    private enum Kind {
        case chromatogram, massSpectrum, spectrum

        var axis: TraceRecord.Axis {
            switch self {
            case .chromatogram: TraceRecord.Axis("time", unit: .millisecond)
            // 1000500 is 100.05, as base_peak_mz and the title of a mass chromatogram (m/z: 173.24, 1732383) show.
            case .massSpectrum: TraceRecord.Axis("mass to charge in 1/10000")
            // From 19000 on: 190 nm in steps of 1 nm.
            case .spectrum: TraceRecord.Axis("wavelength", unit: Unit("10.pm"))
            }
        }
    }

    // MARK: Curves

    private struct Curve {
        var titles: [String]
        var points: [(x: Double, y: Double)] = []
        /// Points that are none, as the user says (`--missing`).
        var missing = 0
    }

    private mutating func identify(_ id: String, _ element: Element) {
        guard !id.isEmpty, !identifiers.insert(id).inserted else { return }
        output.report(
            element.fault(
                "daml.repeated-id", "the identifier \(id) was that of another curve or peak", severity: .warning,
                hint: "both were read; what refers to it could mean either"))
    }

    /// Reads the curve of an element into a trace; one that cannot be read is told, left out, and `nil`.
    private func curve(_ element: Element, _ kind: Kind) -> Curve? {
        guard let data = element["data"], !data.isEmpty else {
            output.leaveOut(
                element.fault("daml.no-data", "<\(element.name)> has no <data>", hint: "there is no curve, the others were read"))
            return nil
        }
        do {
            let text = try data.damlText()
            let parts = text.split(separator: ";", omittingEmptySubsequences: false)
            guard parts.count >= 4 else {
                throw data.fault(
                    "daml.points", "the text of this curve has \(parts.count) parts, fewer than its four titles",
                    hint: "the curve was left out, the others were read")
            }
            var curve = Curve(titles: parts.prefix(4).map { String($0) })
            let numbers = parts.dropFirst(4)
            guard numbers.count.isMultiple(of: 2) else {
                output.account.contradict("the last point of curve \(element.peek("id")) is half there")
                throw data.fault(
                    "daml.points", "the curve has \(numbers.count) numbers, the last point is half there",
                    hint: "the curve was left out, the others were read; its text was cut or damaged")
            }
            curve.points.reserveCapacity(numbers.count / 2)
            var x: Double?
            for (place, part) in numbers.enumerated() {
                let value = element.packedNumber(part)
                guard value != nil || element.reader.isGivenMissing(part) else {
                    throw data.fault(
                        "xml.not-a-number", "number \(place + 1) of the curve, \"\(part.prefix(40))\", is none",
                        hint: "the curve was left out, the others were read; its text was damaged")
                }
                if place.isMultiple(of: 2) {
                    x = value
                } else if let x, let value {
                    curve.points.append((x, value))
                } else {
                    curve.missing += 1
                }
            }
            data.measured()
            return curve
        } catch let diagnostic as Diagnostic {
            data.leaveOut()
            output.leaveOut(diagnostic)
        } catch {}
        return nil
    }

    private func write(
        _ curve: Curve, _ element: Element, _ kind: Kind, _ signal: Signal, _ flags: [Flag], _ extras: Extras
    ) throws {
        var flags = flags
        if curve.missing > 0 { flags.append(Flag("missingPoints", written: "\(curve.missing)")) }
        for (point, next) in zip(curve.points, curve.points.dropFirst()) where next.x <= point.x {
            flags.append(Flag("contradiction"))
            output.report(
                element.fault(
                    "daml.order", "behind the point at \(point.x) comes one at \(next.x)", severity: .warning,
                    hint: "the curve was read, with the flag contradiction; its text was edited or damaged"))
            break
        }
        let writer = output.trace(
            TraceRecord(
                sample: injection.sample, position: injection.position, injection: injection.injection, signal: signal,
                axes: [kind.axis, TraceRecord.Axis("intensity")], flags: flags, extras: extras.withoutFolders,
                location: element.location))
        for point in curve.points { try writer.append(point.x, point.y) }
    }

    /// The titles of a curve: the first names the signal, the others are kept where they say something else.
    private func signal(_ curve: Curve?, _ extras: inout Extras) -> Signal {
        guard let curve else { return Signal() }
        for (place, title) in curve.titles.enumerated().dropFirst() where !title.isEmpty && title != curve.titles[0] {
            extras.add("title \(place + 1)", title)
        }
        return Signal(name: curve.titles[0].isEmpty ? nil : curve.titles[0])
    }

    private mutating func readChromatogram(_ element: Element, _ group: String) async throws {
        let id = element.peek("id")
        identify(id, element)
        let curve = curve(element, .chromatogram)
        var extras: Extras = ["group": group]
        var signal = signal(curve, &extras)
        if group == "lc_chros", let value = element["wavelength"], !value.isEmpty, value.peekNumber != 0 {
            signal.wavelength = value.setting("daml", StatedUnit(ofFormat: .nanometre), orKeptIn: &extras)
        }
        for (place, peak) in element.children("peak").enumerated() {
            try await output.emitResult(of: peak) {
                var result = try DAMLPeak(peak, output, chromatogram: id).result(injection, signal)
                result.ordinal = place + 1
                return result
            }
            if let number = DAMLPeak.identifier(peak) {
                peaks.insert(number)
                identify(number, peak)
            }
        }
        element.keepRest(in: &extras)
        if let curve {
            try write(curve, element, .chromatogram, signal, [], extras)
        } else {
            try await output.emit(injection.record(.sample, element.location, signal: signal, extras: extras))
        }
    }

    private mutating func readSpectrum(_ element: Element, _ kind: Kind) async throws {
        identify(element.peek("id"), element)
        let curve = curve(element, kind)
        var extras: Extras = [:]
        let signal = signal(curve, &extras)
        var flags: [Flag] = []
        if let wrong = contradiction(element, curve) {
            output.report(wrong)
            flags.append(Flag("contradiction"))
        }
        let peak = element.peek("peak_id")
        if !peak.isEmpty, peak != "0", !peaks.contains(peak) {
            output.report(
                element.fault(
                    "daml.unknown-peak", "the spectrum is of a peak \(peak), which is not there", severity: .warning,
                    hint: "the spectrum was read; the peak was left out, or the file is not whole"))
        }
        let targets = element.child("targets")
        if let targets { try await DAMLTargets(targets, injection, output, signal: signal).read() }
        element.keepRest(in: &extras)
        if let curve {
            try write(curve, element, kind, signal, flags, extras)
        } else {
            try await output.emit(injection.record(.sample, element.location, signal: signal, extras: extras))
        }
    }

    /// What a spectrum says of its points, where it is not so.
    private func contradiction(_ element: Element, _ curve: Curve?) -> Diagnostic? {
        guard let curve, let highest = curve.points.max(by: { $0.y < $1.y }) else { return nil }
        func number(_ field: String) -> Double? { element.peekNumber(field) }
        let hint = "it was read, with the flag contradiction; its text was edited or damaged: export the file again"
        for field in ["base_peak_mz", "base_peak_int", "tic"] {
            guard let value = element[field], !value.isEmpty, value.peekNumber == nil else { continue }
            return value.fault("daml.base-peak", "\"\(value.peek)\" is no number, in <\(field)>", severity: .warning, hint: hint)
        }
        if let mass = number("base_peak_mz"), let height = number("base_peak_int"), mass != 0 || height != 0,
            mass != highest.x || height != highest.y
        {
            return element.fault(
                "daml.base-peak",
                "the spectrum states a base peak of \(height) at \(mass), its highest point is \(highest.y) at \(highest.x)",
                severity: .warning, hint: hint)
        }
        let sum = curve.points.reduce(0) { $0 + $1.y }
        if let total = number("tic"), total != 0, abs(total - sum) > 1 + 1e-6 * abs(total) {
            return element.fault(
                "daml.tic", "the spectrum states a total of \(total), its points add up to \(sum)", severity: .warning, hint: hint
            )
        }
        return nil
    }
}
