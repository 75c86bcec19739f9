import Digests
import IngestCore

/// What a measurement document says of the subject of its results: the same for all of them.
struct AllotropeSubject: Equatable {
    var run: String
    var sample: Sample?
    var position: Position?
    var injection: Injection?
    var signal: Signal?

    init(_ result: ResultRecord) {
        run = result.run
        sample = result.sample
        position = result.position
        injection = result.injection
        signal = result.signal
    }

    init(_ trace: TraceRecord) {
        run = trace.run
        sample = trace.sample
        position = trace.position
        injection = trace.injection
        signal = trace.signal
    }

    /// The subject of a measurement that states nothing.
    init(run: String) { self.run = run }

    /// Equal in bytes: texts that Swift holds equal, such as é in one character and in two, are two names in a file.
    static func == (left: AllotropeSubject, right: AllotropeSubject) -> Bool {
        left.run == right.run && left.sample == right.sample && left.position == right.position
            && left.injection == right.injection && left.signal == right.signal
            && left.texts.elementsEqual(right.texts) { $0.utf8.elementsEqual($1.utf8) }
    }

    private var texts: [String] {
        [
            sample?.name, sample?.id, sample?.barcode, sample?.batch, sample?.roleWritten, position?.written, position?.plate,
            position?.vial, injection?.acquired?.written, injection?.volume?.written, injection?.volume?.unitWritten,
            signal?.name, signal?.wavelength?.written, signal?.wavelength?.unitWritten,
        ].compactMap(\.self)
    }

    // MARK: Writing

    /// Everything of a measurement document that is known when it begins. What the model requires and no file of ours
    /// states, such as the column, is there without content.
    /// - Parameters:
    ///   - place: The id of the first record, `<first 16 hex of the file>-<place>`.
    func write(to json: JSONStream, identifier: String, place: String) {
        json.text("measurement identifier", identifier)
        json.text("measurement time", injection?.acquired?.dateTime)
        writeSample(to: json)
        writeInjection(to: json, place: place)
        writeDeviceControl(to: json)
        json.key("chromatography column document")
        json.beginObject()
        json.end()
    }

    private func writeSample(to json: JSONStream) {
        json.key("sample document")
        json.beginObject()
        json.text("sample identifier", sample?.id ?? sample?.name ?? sample?.barcode ?? AllotropeSubject.notStated)
        json.text("written name", sample?.name)
        json.text("batch identifier", sample?.batch)
        json.text("sample role type", sample?.role?.allotropeName)
        var custom = CustomInformation()
        custom.add("location identifier", position?.written)
        custom.add("plate identifier", position?.plate)
        if let row = position?.row { custom.add("location row", "\(row)") }
        if let column = position?.column { custom.add("location column", "\(column)") }
        if position?.vial != position?.written { custom.add("vial", position?.vial) }
        custom.add("barcode", sample?.barcode)
        custom.add("sample role", sample?.role?.rawValue)
        custom.add("sample role written", sample?.roleWritten)
        custom.write(to: json)
        json.end()
    }

    private func writeInjection(to json: JSONStream, place: String) {
        guard let injection else { return }
        json.key("injection document")
        json.beginObject()
        json.text("injection identifier", injectionIdentifier(injection, place: place))
        json.text("injection time", injection.acquired?.dateTime)
        var custom = CustomInformation()
        if let volume = injection.volume {
            if volume.bound == .exact, let value = volume.value, let unit = volume.unit,
                let (conversion, name) = AllotropeNames.convert(unit, to: [AllotropeNames.injectionVolume])
            {
                json.key("autosampler injection volume setting (chromatography)")
                json.quantity(conversion(value), name)
            } else {
                custom.add("injection volume", volume)
            }
        }
        if let ordinal = injection.ordinal { custom.add("injection number", "\(ordinal)") }
        if let acquired = injection.acquired {
            custom.add("injection time", acquired, isField: acquired.dateTime != nil)
        }
        custom.write(to: json)
        json.end()
    }

    private func writeDeviceControl(to json: JSONStream) {
        json.key("device control aggregate document")
        json.beginObject()
        json.key("device control document")
        json.beginArray()
        json.beginObject()
        json.text("device type", signal == nil ? AllotropeSubject.notStated : "detector")
        var custom = CustomInformation()
        custom.add("signal name", signal?.name)
        if let wavelength = signal?.wavelength {
            if wavelength.bound == .exact, let value = wavelength.value, let unit = wavelength.unit,
                let (conversion, name) = AllotropeNames.convert(unit, to: [AllotropeNames.wavelength])
            {
                json.key("detector wavelength setting")
                json.quantity(conversion(value), name)
            } else {
                custom.add("wavelength", wavelength)
            }
        }
        custom.write(to: json)
        json.end()
        json.end()
        json.end()
    }

    /// Two measurement documents share an injection when their file tells injections apart, by a number or a time, and
    /// everything it says of them is the same; else each has its own.
    private func injectionIdentifier(_ injection: Injection, place: String) -> String {
        guard injection.ordinal != nil || injection.acquired != nil else { return "injection-" + place }
        let facts: [String?] = [
            run, sample?.id, sample?.name, sample?.barcode, sample?.batch, position?.plate, position?.written,
            position?.vial, injection.ordinal.map { "\($0)" }, injection.acquired?.written, injection.volume?.written,
        ]
        // With their lengths, so that no two lists of facts read alike.
        let text = facts.map { $0.map { "\($0.utf8.count):\($0)" } ?? "-" }.joined(separator: ",")
        return "injection-" + place.prefix(17) + MessageDigest.of(text).prefix(16)
    }

    /// What the published documents write where the model requires a text that nobody stated.
    static let notStated = "N/A"
}

extension Sample.Role {
    /// The label of the role in the Allotrope vocabulary; a role we do not know stays in the file's words alone.
    fileprivate var allotropeName: String? {
        switch self {
        case .unknown: "unknown sample role"
        case .standard: "standard sample role"
        case .control: "control sample role"
        case .qc: "quality control sample role"
        case .blank: "blank role"
        case .ladder: "reference sample role"
        case .other: nil
        }
    }
}
