import IngestCore
import StreamingXML
import TabularText

struct D300Report {
    private struct Plate {
        var id: String?
        var rows: Int?, columns: Int?
        var assayVolume: Quantity?
        /// Another one has its index too.
        var flag: Flag?
    }
    private struct Fluid {
        var name: String?
        var concentration: Quantity?
        var isNormalization: Bool
        /// Another one has its index too.
        var flag: Flag?
    }

    private let document: ElementReader
    private let output: AdapterOutput
    private var run = RunRecord(instrument: .init(vendor: "HP/Tecan", model: "D300"))
    private var fluids: [String: Fluid] = [:]
    private var plates: [String: Plate] = [:]
    /// Where the plates are told of.
    private var platesPlace: SourceLocation?
    private var heads = D300Heads()
    private let fluidRepeats = Repeats("d300.repeated-fluid", flag: "repeatedFluid")
    private let plateRepeats = Repeats("d300.repeated-plate", flag: "repeatedPlate")
    private let wellRepeats = Repeats("d300.repeated-well", flag: "repeatedWell")
    private var isBegun = false
    private var late: Extras = [:]
    private var unit = StatedUnit.none

    init(_ document: ElementReader, _ output: AdapterOutput) {
        self.document = document
        self.output = output
        document.root.keepAttributes(in: &run.extras)
    }

    // MARK: What is said of the run

    mutating func take(_ element: Element) throws {
        let value = element.content
        switch element.name {
        case "SWVersion":
            run.software = .init(name: "D300", version: value?.string())
            output.account.name(format: "D300 dispenser report" + (run.software?.version.map { " (software \($0))" } ?? ""))
        case "Protocol": if let name = value?.fileName() { run.methods.append(.init(.acquisition, name)) }
        case "StartTime": if let time = value?.time("d300", orKeptIn: &rest) { run.times.append(.init(.started, time)) }
        case "EndTime": if let time = value?.time("d300", orKeptIn: &rest) { run.times.append(.init(.finished, time)) }
        case "Simulated":
            if value?.peek.lowercased() == "true" {
                output.report(
                    element.fault(
                        "d300.simulated", "the run was simulated: nothing was dispensed", severity: .warning,
                        hint: "the volumes are those that would have been dispensed; do not publish them as an experiment"))
            }
        default: break
        }
        element.keepRest(in: &rest, under: element.name)
    }

    /// What comes after the wells has to be told by a finding of its own: the run was begun.
    private var rest: Extras {
        get { isBegun ? late : run.extras }
        _modify { if isBegun { yield &late } else { yield &run.extras } }
    }

    mutating func takeFluids(_ element: Element) {
        for fluid in element.children("Fluid") {
            guard let index = fluid["Index"]?.string() else { continue }
            if let flag = fluidRepeats.note(
                [index], "the fluid \"\(index)\"", at: fluid.location, output.account, rest: Self.firstTaken)
            {
                fluids[index]?.flag = flag
                continue
            }
            let unit = fluid["ConcentrationUnit"]?.string().map { StatedUnit(written: $0) } ?? .none
            var known = Fluid(name: fluid.string("Name"), isNormalization: fluid.peek("IsNormalization").lowercased() == "true")
            fluid.describe("IsNormalization")
            do {
                known.concentration = try fluid.quantity("Concentration", unit)
            } catch {
                leaveOut(error, fluid["Concentration"], "the concentration of this fluid is not in its results")
            }
            fluids[index] = known
        }
        element.keepRest(in: &rest, under: "Fluids")
    }

    mutating func takePlates(_ element: Element) {
        for plate in element.children("Plate") {
            guard let index = plate["Index"]?.string() else {
                tellNameless(plate)
                continue
            }
            if let flag = plateRepeats.note(
                [index], "the plate \"\(index)\"", at: plate.location, output.account, rest: Self.firstTaken)
            {
                plates[index]?.flag = flag
                continue
            }
            var known = Plate(id: plate.string("ID"))
            do {
                known.rows = try plate.integer("Rows")
            } catch {
                leaveOut(error, plate["Rows"], "the rows of its wells were not compared with it")
            }
            do {
                known.columns = try plate.integer("Cols")
            } catch {
                leaveOut(error, plate["Cols"], "the columns of its wells were not compared with it")
            }
            do {
                known.assayVolume = try plate.quantity("AssayVolume")
            } catch {
                leaveOut(error, plate["AssayVolume"], "its wells were read without an assay volume")
            }
            plates[index] = known
        }
        platesPlace = platesPlace ?? element.location
        element.keepRest(in: &rest, under: "Plates")
    }

    private static let firstTaken = "the first one was taken, the other is among the extras of the run"

    private func tellNameless(_ plate: Element) {
        output.report(
            plate.fault(
                "d300.plate-index", "this plate has no index by which its wells name it",
                hint: "its wells were read without its name and its assay volume; the file was edited: export it again"))
        output.account.contradict("a plate has no index")
    }

    /// Wells are told by the name of their plate: of plates without one, or of one name, the place in the report is named too.
    private mutating func tellPlatesApart() {
        guard let platesPlace else { return }
        let names = Dictionary(grouping: plates.keys) { plates[$0]?.id?.lowercased() ?? "" }
        for (name, same) in names.sorted(by: { $0.key < $1.key }) where same.count > 1 || (name.isEmpty && plates.count > 1) {
            for index in same {
                let number = Int(index).map { "\($0 + 1)" } ?? index
                let id = plates[index]?.id
                plates[index]?.id = id.map { "\($0) (\(number))" } ?? "plate \(number)"
            }
            output.report(
                Diagnostic(
                    .warning, "d300.plate-names",
                    name.isEmpty
                        ? "\(same.count) of \(plates.count) plates have no name" : "\(same.count) plates have one name",
                    at: platesPlace, hint: "they are told apart by their place in the report, from 1"))
        }
    }

    mutating func takeHeads(_ element: Element) {
        for head in element.children("DispenseHead") {
            do {
                try heads.declare(head)
            } catch {
                leaveOut(
                    error, head["DispenseVolume"], "all wells were read, but not compared with what this head dispensed")
                output.account.doubt("nothing shows whether the wells of a head add up to what it dispensed")
            }
        }
        element.keepRest(in: &rest, under: "DispenseHeads")
    }

    /// Tells of a value that is none in a place that is no result.
    private func leaveOut(_ error: any Error, _ value: XMLValue?, _ rest: String) {
        guard var diagnostic = error as? Diagnostic else { return }
        diagnostic.hint = "\(rest); correct the file at its source"
        value?.leaveOut()
        output.report(diagnostic)
    }

    // MARK: Wells

    mutating func readDispensed(_ dispensed: OpenElement) async throws {
        try await begin()
        if let written = dispensed.attribute("VolumeUnit")?.string() { unit = StatedUnit(written: written) }
        dispensed.keepAttributes(in: &late)
        while let open = try document.next(in: dispensed) {
            guard open.name == "Plate" else {
                try document.keep(open, in: &late)
                continue
            }
            let index = open.attribute("Index")?.string() ?? ""
            open.keepAttributes(in: &late)
            while let well = try document.nextWhole(in: open) { try await read(well, index) }
        }
    }

    private mutating func begin() async throws {
        guard !isBegun else { return }
        tellPlatesApart()
        run.extras = run.extras.withoutFolders
        try await output.begin(run)
        isBegun = true
    }

    private mutating func read(_ well: Element, _ plateIndex: String) async throws {
        let plate = plates[plateIndex] ?? Plate()
        var read = 0, all = 0
        let row = well.peek("R"), column = well.peek("C")
        let repeated = wellRepeats.note(
            [plateIndex, row, column], "the well of row \(row), column \(column) of the plate \"\(plateIndex)\"",
            at: well.location, output.account)
        let flags = [repeated, plate.flag].compactMap { $0 }
        for (place, dispensed) in well.children.enumerated() {
            all += 1
            try await output.emitResult(of: dispensed) {
                guard plates.isEmpty || plates[plateIndex] != nil else {
                    throw well.fault(
                        "d300.unknown-plate", "there is no plate of the index \"\(plateIndex)\"",
                        hint: "this well was left out, the others were read; the file was edited: export it again")
                }
                let position = try position(well, plate)
                let index = dispensed.string("Index") ?? ""
                let fluid = fluids[index]
                var result = ResultRecord(
                    kind: .well, ordinal: place + 1, position: position, analyte: Analyte(name: fluid?.name, id: index),
                    measurements: [], flags: flags, location: dispensed.location)
                if let flag = fluid?.flag { result.flags.append(flag) }
                if let volume = try dispensed.quantity("TotalVolume", unit) { result.measurements.append(.init(.volume, volume)) }
                if let concentration = fluid?.concentration { result.measurements.append(.init(.concentration, concentration)) }
                if let assay = assayVolume(plate) { result.measurements.append(.init(own: "AssayVolume", assay)) }
                if fluid?.isNormalization == true { result.flags.append(Flag("normalization")) }
                if fluid == nil {
                    throw dispensed.fault(
                        "d300.unknown-fluid", "there is no fluid of the index \"\(index)\"",
                        hint: "this well was left out, the others were read; the file was edited: export it again")
                }
                try takeDetails(dispensed)
                dispensed.keepRest(in: &result.extras)
                well.keepOwnAttributes(in: &result.extras)
                read += 1
                return result
            }
        }
        if read == all {
            try await output.emitUnknown(in: well)
        } else {
            well.leaveOutRest()
            // What no result tells is left out with them.
            if read == 0 { for attribute in well.attributes { attribute.leaveOut() } }
        }
    }

    private func position(_ well: Element, _ plate: Plate) throws -> Position {
        guard let row = try well.integer("R"), let column = try well.integer("C"), row >= 0, column >= 0,
            plate.rows.map({ row < $0 }) ?? true, plate.columns.map({ column < $0 }) ?? true
        else {
            throw well.fault(
                "d300.outside-plate",
                "row \"\(well.peek("R"))\", column \"\(well.peek("C"))\" is no well of a plate of "
                    + "\(plate.rows.map(String.init) ?? "?") by \(plate.columns.map(String.init) ?? "?")",
                hint: "this well was left out, the others were read; rows and columns count from 0")
        }
        return Position(row: row + 1, column: column + 1, plate: plate.id)
    }

    private func assayVolume(_ plate: Plate) -> Quantity? {
        guard var volume = plate.assayVolume, let unit = unit.unit else { return plate.assayVolume }
        // Written without a unit: all volumes of a report are in one.
        volume.unit = unit
        volume.unitIsFormats = true
        return volume
    }

    /// Adds up the drops of a fluid: those of the head, and against the total of the well.
    private mutating func takeDetails(_ dispensed: Element) throws {
        let details = dispensed.children("Detail")
        guard !details.isEmpty else { return }
        var sum = 0.0
        for detail in details {
            guard let volume = try detail["Volume"]?.quantity().value else { continue }
            _ = detail["Volume"]?.extra()
            sum += volume
            heads.add(volume, of: detail)
        }
        let total = try dispensed["TotalVolume"]?.quantity().value
        if let total, D300Heads.agree(total, sum) { return }
        output.report(
            dispensed.fault(
                "d300.volume", "the total is \"\(dispensed.peek("TotalVolume"))\", its parts add up to \(D300Heads.shown(sum))",
                hint: "the total was read; the file was edited or damaged: export it again"))
        output.account.contradict("the parts of a volume do not add up to its total")
    }

    mutating func finish() async throws {
        try await begin()
        if !late.isEmpty {
            try await output.emit(
                ResultRecord(kind: .sample, measurements: [], extras: late, location: document.root.location))
        }
        guard !document.isBroken else { return }
        heads.prove(document, output)
    }
}
