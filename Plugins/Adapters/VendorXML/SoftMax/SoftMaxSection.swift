import IngestCore
import StreamingXML
import TabularText

/// One plate section: a reading of a plate, wavelength by wavelength and well by well.
struct SoftMaxSection {
    private let document: ElementReader
    private let output: AdapterOutput
    private let open: OpenElement
    private let place: SourceLocation
    /// Of all its wells.
    private let flags: [Flag]
    private var run = RunRecord()
    private var acquired: Timestamp?
    private var barcode: String?
    private var mode = SoftMaxMode("")
    /// By index, as the settings list them.
    private var signals: [String: Signal] = [:]
    private var wavelengths: Int?
    /// Wells of the plate, from `96 Well Standard clrbtm`.
    private var plateWells: Int?
    private var blocks = 0
    /// Of each well.
    private var readings: Int?
    private var isWhole = true
    private var isBegun = false
    /// What stands behind the wells.
    private var late = Extras()

    init(_ open: OpenElement, _ document: ElementReader, _ output: AdapterOutput, _ about: Extras, _ flags: [Flag]) {
        self.open = open
        self.document = document
        self.output = output
        place = open.location
        self.flags = flags
        run.extras = about
    }

    mutating func read() async throws {
        takeAttributes()
        while let part = try document.next(in: open) {
            switch part.name {
            case "Barcode" where !isBegun:
                if let element = try document.whole(part) {
                    barcode = element.content?.string()
                    element.keepRest(in: &run.extras, under: element.name)
                }
            case "InstrumentSettings" where !isBegun: if let element = try document.whole(part) { takeSettings(element) }
            case "Wavelengths":
                try await begin()
                part.keepAttributes(in: &late)
                while let block = try document.next(in: part) { try await readBlock(block) }
            case "TemperatureData":
                try await begin()
                if let element = try document.whole(part) { try await takeTemperature(element) }
            default:
                if isBegun { try document.keep(part, in: &late) } else { try document.keep(part, in: &run.extras) }
            }
        }
        try await begin()
        if !late.isEmpty {
            let extras = late.withoutFolders
            try await output.emit(ResultRecord(kind: .sample, measurements: [], extras: extras, location: place))
        }
        if !document.isBroken { check() }
    }

    // MARK: The run

    private mutating func takeAttributes() {
        run.name = open.attribute("Name")?.string()
        // The reader on the first line, its firmware on those behind.
        let info = open.attribute("InstrumentInfo")?.string()?.split(whereSeparator: \.isNewline).map { $0.trimmed } ?? []
        if let name = info.first { run.instrument = .init(name: name, vendor: "Molecular Devices") }
        for firmware in info.dropFirst() { run.extras.add("InstrumentInfo", firmware) }
        acquired = open.attribute("ReadTime")?.time("softmax", orKeptIn: &run.extras)
        if let acquired { run.times.append(.init(.started, acquired)) }
        run.software = .init(name: "SoftMax Pro")
        open.keepAttributes(in: &run.extras)
    }

    private mutating func takeSettings(_ settings: Element) {
        mode = SoftMaxMode(settings.peek("ReadMode"), type: settings.peek("ReadType"))
        plateWells = settings.peek("PlateType").split(separator: " ").first.flatMap { Int($0) }
        if let list = settings.child("WavelengthSettings") {
            wavelengths = list.declaredCount("NumberOfWavelengths", "softmax.count")
            for wavelength in list.children("Wavelength") {
                let index = wavelength.string("Index") ?? ""
                guard let value = wavelength.content else { continue }
                // A number of nanometres, or the name of a filter (`lm570`).
                if let quantity = try? value.quantity(StatedUnit(ofFormat: .nanometre)), quantity.value != nil {
                    signals[index] = Signal(wavelength: quantity)
                } else {
                    signals[index] = Signal(name: value.peek)
                    if value.peek.first?.isLetter != true || value.string() == nil { tellGarbled(value) }
                }
                if let text = value.extra() { run.extras.add("Wavelength \(index)", text) }
            }
        }
        settings.keepRest(in: &run.extras)
    }

    /// Names of filters begin with a letter.
    private func tellGarbled(_ value: XMLValue) {
        output.report(
            value.fault(
                "softmax.wavelength", "\"\(value.peek)\" is no number of nanometres",
                hint: "its wells were read with that text as the name of their signal; the file was edited or damaged: "
                    + "export the plate again"))
    }

    private mutating func begin() async throws {
        guard !isBegun else { return }
        isBegun = true
        if let barcode { run.extras.add("Barcode", barcode) }
        run.extras = run.extras.withoutFolders
        try await output.begin(run)
    }

    // MARK: Wells

    private mutating func readBlock(_ block: OpenElement) async throws {
        let index = block.attribute("WavelengthIndex")?.string()
        let location = block.location
        blocks += 1
        var signal = index.flatMap { signals[$0] }
        var flags = flags
        if signal == nil, !signals.isEmpty {
            let message = "wavelength \"\(index ?? "")\" is none of those that the settings list"
            flags.append(Flag("unknownWavelength", written: index))
            signal = index.map { Signal(name: "wavelength \($0)") }
            output.report(
                Diagnostic(
                    "softmax.wavelength", message, at: location,
                    hint: "the wells were read and flagged; the file was edited or damaged: export the plate again"))
            output.account.contradict(message)
        }
        block.keepAttributes(in: &late)
        let reading = SoftMaxWell(
            plate: barcode ?? run.name, signal: signal, mode: mode, acquired: acquired, flags: flags, output: output)
        var wells: Set<String> = []
        var count = 0
        while let list = try document.next(in: block) {
            guard list.name == "Wells" else {
                try document.keep(list, in: &late)
                continue
            }
            list.keepAttributes(in: &late)
            while let well = try document.nextWhole(in: list) {
                let isRepeated = !wells.insert(well.peek("Name")).inserted
                if !isRepeated { count += 1 }
                try await reading.read(well, isRepeated, &readings)
            }
        }
        if !document.isBroken { compare(count, index, location) }
    }

    /// The wells of a wavelength against those of the plate.
    private mutating func compare(_ count: Int, _ index: String?, _ location: SourceLocation) {
        guard let plateWells, count != plateWells else { return }
        isWhole = false
        if count < plateWells {
            output.account.doubt("\(count) of the \(plateWells) wells of the plate are there")
        } else {
            let message = "the plate has \(plateWells) wells, there are \(count) at wavelength \(index ?? "?")"
            output.report(
                Diagnostic(
                    "softmax.count", message, at: location,
                    hint: "all were read; the file was edited or damaged: export the plate again"))
            output.account.contradict(message)
        }
    }

    private func check() {
        if let wavelengths, wavelengths != blocks || wavelengths != signals.count {
            let message = "the settings have \(wavelengths) wavelengths and list \(signals.count), the wells have \(blocks)"
            output.report(
                Diagnostic(
                    "softmax.count", message, at: place,
                    hint: "those that are there were read; the file was edited or damaged: export the plate again"))
            output.account.contradict(message)
        } else if isWhole, let plateWells, wavelengths != nil {
            output.account.prove("\(plateWells) wells at \(blocks) wavelengths, as the plate has them")
        }
    }

    // MARK: Temperature

    /// One temperature, or one for each reading.
    private mutating func takeTemperature(_ element: Element) async throws {
        let unit = StatedUnit(ofFormat: .celsius)
        guard let value = element.content, value.peek.contains(where: \.isWhitespace) else {
            return try await output.emitResult(of: element) {
                var result = ResultRecord(kind: .sample, measurements: [], location: element.location)
                if let acquired { result.injection = Injection(acquired: acquired) }
                result.measurements = [Measurement(.temperature, try element.ownQuantity(unit))]
                element.keepRest(in: &result.extras)
                return result
            }
        }
        var trace = TraceRecord(
            injection: acquired.map { Injection(acquired: $0) }, signal: Signal(name: "temperature"),
            axes: [TraceRecord.Axis("reading"), TraceRecord.Axis("temperature", unit: .celsius)], location: element.location)
        do {
            let numbers = try value.numbers()
            if let readings, readings != numbers.count {
                let message =
                    "there are \(numbers.count) temperatures, \"\(value.peek.prefix(40))\", for \(readings) readings of each well"
                output.account.contradict(message)
                throw value.fault(
                    "softmax.temperature", message,
                    hint: "they were left out, the wells were read; the file was edited or damaged: export the plate again")
            }
            element.keepRest(in: &trace.extras)
            let writer = output.trace(trace)
            for (index, number) in numbers.enumerated() { try writer.append(Double(index + 1), number) }
        } catch let diagnostic as Diagnostic {
            value.leaveOut()
            element.leaveOutRest()
            output.report(diagnostic)
        }
    }
}

/// What a section reads, in words of the vocabulary or in its own.
struct SoftMaxMode {
    let standard: MeasurementName?
    let written: String
    /// Each well was read once.
    let isEndpoint: Bool

    init(_ written: String, type: String = "") {
        self.written = written
        isEndpoint = type == "Endpoint"
        let word = written.lowercased()
        standard =
            word.hasPrefix("abs")
            ? .absorbance
            : word.contains("luminescence") ? .luminescence : word.hasPrefix("fluorescence") ? .fluorescence : nil
    }

    var name: String { standard?.rawValue ?? (written.isEmpty ? "RawData" : written) }

    func measurement(_ quantity: Quantity) -> Measurement {
        standard.map { Measurement($0, quantity) } ?? Measurement(own: name, quantity)
    }
}
