import IngestCore
import StreamingXML
import TabularText

/// One curve: what the chromatogram says of it, and its points from a zip of their own.
struct UNICORNCurve {
    private let curve: Element
    private let signal: Signal
    private let sample: Sample?
    private let files: UNICORNFiles
    private let output: AdapterOutput

    init(_ curve: Element, _ signal: Signal, _ sample: Sample?, _ files: UNICORNFiles, _ output: AdapterOutput) {
        self.curve = curve
        self.signal = signal
        self.sample = sample
        self.files = files
        self.output = output
    }

    func read() throws {
        let zip = fullResolution?.string("BinaryCurvePointsFileName") ?? ""
        let name = signal.name ?? "a curve without a name"
        do {
            guard let file = files.file("CoordinateData.Amplitudes", in: zip) else {
                let why = files.isClosed(zip) ? "its archive \(zip) could not be unpacked" : "there is no \(zip) in the export"
                throw curve.fault(
                    "unicorn.no-points", "\"\(name)\" has no points: \(why)",
                    hint: "the curve was left out, the others were read; export the result again")
            }
            let amplitudes = try DotNetValue.Numbers(file)
            let volumes = try files.file("CoordinateData.Volumes", in: zip).map { try DotNetValue.Numbers($0) }
            try write(amplitudes, volumes, zip)
        } catch let fault as Diagnostic where fault.code.hasPrefix("unicorn.") {
            output.report(fault)
            output.account.contradict("the points of \"\(name)\" are not all there")
            curve.leaveOutRest()
        }
    }

    /// Curves may be stored a second time with fewer points.
    private var fullResolution: Element? {
        let stored = curve.child("CurvePoints")?.children("CurvePoint") ?? []
        return stored.first { $0.peek("IsFullResolution") == "true" } ?? stored.first
    }

    private func write(_ amplitudes: DotNetValue.Numbers, _ volumes: DotNetValue.Numbers?, _ zip: String) throws {
        if let volumes, volumes.count != amplitudes.count {
            let both = amplitudes.count + volumes.count
            output.account.add(Coverage(values: both, leftOut: both))
            throw curve.fault(
                "unicorn.point-count", "\(zip) holds \(amplitudes.count) amplitudes and \(volumes.count) volumes",
                hint: "the curve was left out, for which belong together cannot be told; export the result again")
        }
        let steps = volumes == nil ? try self.steps(zip) : nil
        var trace = TraceRecord(
            sample: sample, signal: signal,
            axes: [steps?.axis ?? axis("volume", "VolumeUnit"), axis(amplitude, "AmplitudeUnit")], location: curve.location)
        curve.describe("CurveDataType")
        curve.keepRest(in: &trace.extras)
        let writer = output.trace(trace)
        try append(amplitudes, volumes, steps, to: writer)
        let stated = max(amplitudes.stated, volumes?.stated ?? 0)
        guard stated != amplitudes.count || volumes.map({ $0.stated != stated }) == true else { return }
        writer.change { $0.flags.append(Flag("pointCount")) }
        output.report(
            curve.fault(
                "unicorn.points-missing", "\(zip) states \(stated) points and holds \(amplitudes.count)",
                hint: "those that are there were read; the export was changed or cut: export the result again"))
        output.account.contradict("\(zip) states \(stated) points and holds \(amplitudes.count)")
    }

    private func append(
        _ amplitudes: DotNetValue.Numbers, _ volumes: DotNetValue.Numbers?, _ steps: Steps?, to writer: TraceWriter
    ) throws {
        var leftOut = 0
        for start in stride(from: 0, to: amplitudes.count, by: 4096) {
            let range = start..<min(start + 4096, amplitudes.count)
            let y = try amplitudes.values(range)
            let x = try volumes?.values(range) ?? range.map { steps?[$0] ?? .nan }
            for (x, y) in zip(x, y) {
                if x.isFinite, y.isFinite { try writer.append(x, y) } else { leftOut += 1 }
            }
        }
        let arrays = volumes == nil ? 1 : 2
        output.account.add(
            Coverage(
                values: arrays * amplitudes.count, measured: arrays * (amplitudes.count - leftOut), leftOut: arrays * leftOut))
        guard leftOut > 0 else { return }
        writer.change { $0.flags.append(Flag("notFinite")) }
        output.report(
            curve.fault(
                "unicorn.not-finite", "\(leftOut) of \(amplitudes.count) points of \"\(signal.name ?? "")\" are no numbers",
                hint: "they were left out, the others were read; compare the curve with UNICORN"))
    }

    // MARK: Axes

    /// A first place and the distance of the others.
    private struct Steps {
        let axis: TraceRecord.Axis
        let start: Double, distance: Double
        subscript(index: Int) -> Double { start + Double(index) * distance }
    }

    private func steps(_ zip: String) throws -> Steps {
        let isVolume = curve.peek("IsoChroneType") == "Volume"
        guard let start = try? curve.number("DistanceToStartPoint"), let distance = try? curve.number("DistanceBetweenPoints"),
            distance > 0, isVolume || curve.peek("IsoChroneType") == "Time"
        else {
            throw curve.fault(
                "unicorn.no-axis", "\(zip) holds no volumes, and the curve states no distance between its points",
                hint: "the curve was left out, the others were read; export the result again")
        }
        return Steps(
            axis: isVolume ? axis("volume", "VolumeUnit") : axis("time", "TimeUnit"), start: start, distance: distance)
    }

    private func axis(_ name: String, _ field: String) -> TraceRecord.Axis {
        let written = curve.string(field)
        return TraceRecord.Axis(name, unit: written.flatMap { Unit(spelling: $0) }, unitWritten: written)
    }

    private var amplitude: String {
        switch curve.peek("CurveDataType") {
        case "UV": MeasurementName.absorbance.rawValue
        case "Conduction": MeasurementName.conductivity.rawValue
        case "Pressure": MeasurementName.pressure.rawValue
        case "Temperature": MeasurementName.temperature.rawValue
        case "pH": MeasurementName.pH.rawValue
        default: signal.name ?? ""
        }
    }
}
