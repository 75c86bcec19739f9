import IngestCore
import StreamingXML
import TabularText

/// Reads the wells: what the instrument saw, bead region by bead region.
struct BioPlexWells {
    private let outline: BioPlexOutline
    private let output: AdapterOutput
    /// The wells whose counts add up, and all.
    private var proven = 0
    private var seen = 0
    private var places: Set<BioPlexPlace> = []

    init(_ outline: BioPlexOutline, _ output: AdapterOutput) {
        self.outline = outline
        self.output = output
    }

    /// The counts of the wells show that none of their regions and events is missing.
    func tellProof() {
        if seen > 0, proven == seen { output.account.prove("events and regions of \(seen) wells add up") }
    }

    mutating func read(_ well: Element) async throws {
        guard well.isNamed("Well") else {
            output.report(
                well.fault(
                    "bioplex.element", "<\(well.name)> stands among the wells", severity: .warning,
                    hint: "it was left out, the wells were read"))
            return well.leaveOutRest()
        }
        let place: BioPlexPlace
        do {
            place = try BioPlexPlace(well, in: outline)
        } catch let diagnostic as Diagnostic {
            output.leaveOut(diagnostic)
            return well.leaveOutRest()
        }
        seen += 1
        var about = about(well, place)
        let problems = BioPlexTally(well).problems + number(well, place)
        for problem in problems {
            about.flags.append(Flag(problem.flag))
            output.report(problem.diagnostic)
            output.account.contradict("well \(place.name): \(problem.diagnostic.message)")
        }
        if problems.isEmpty { proven += 1 }
        if !places.insert(place).inserted {
            about.flags.append(Flag("repeatedWell", written: place.name))
            output.report(
                well.fault(
                    "bioplex.repeated-well", "the well \(place.name) was read before", severity: .warning,
                    hint:
                        "both were read, and this one flagged repeatedWell; the file was edited or damaged: export the plate again"
                ))
            output.account.contradict("the well \(place.name) is there twice")
        }
        try await emitWell(well, about)
        let interest = Set(well.inside("RunSettings/RegionsOfInterest").map { $0.peek("RegionNumber") })
        tellOddRegions(well)
        var ordinal = 0
        var regions: Set<String> = []
        for region in well.inside("BeadRegions") {
            ordinal += 1
            var about = about
            if let flag = region.bioPlexRepeats(&regions, "in well \(place.name)", output) { about.flags.append(flag) }
            try await emitRegion(region, about, ordinal, interest)
        }
        if let events = well.child("BeadEventData") { readEvents(events, about) }
        try await output.emitUnknown(in: well)
    }

    // MARK: The well

    /// What all results of a well share.
    private func about(_ well: Element, _ place: BioPlexPlace) -> ResultRecord {
        var result = ResultRecord(
            kind: .well, sample: outline.sample(place),
            position: Position(written: place.name, plate: well.string("PlateID"), row: place.row, column: place.column),
            measurements: [], location: well.location)
        var injection = Injection()
        injection.acquired = well["AcquisitionTime"]?.time("bioplex", orKeptIn: &result.extras)
        if let volume = well.descendant("RunSettings/SampleVolume") {
            let unit = volume.string("Unit").map { StatedUnit(written: $0) } ?? .none
            injection.volume = volume.content.map { $0.setting("bioplex", unit, orKeptIn: &result.extras) } ?? .empty(unit)
        }
        if injection != Injection() { result.injection = injection }
        if outline.isShared(place) { result.flags.append(Flag("sharedWell", written: place.name)) }
        return result
    }

    private func emitWell(_ well: Element, _ about: ResultRecord) async throws {
        let first = outline.run
        try await output.emitResult(of: well) {
            var result = about
            for name in ["TotalEvents", "TotalGatedEvents", "TotalRegionEventCount"] {
                if let total = try well.measurement(own: name) { result.measurements.append(total) }
            }
            for condition in well.inside("RunConditions") {
                let unit = condition.string("Unit").map { StatedUnit(written: $0) } ?? .none
                result.measurements.append(Self.condition(condition.name, try condition.ownQuantity(unit)))
            }
            for region in well.inside("RunSettings/RegionsOfInterest") {
                region.describe("RegionNumber")
            }
            well.describe("WellNo")
            // Each well repeats what the run says.
            if let user = well["User"]?.person("bioplex"), user != first.operatorName { result.extras.add("User", user) }
            if let serial = well.child("MachineInfo")?.string("SerialNumber"), serial != first.instrument?.serial {
                result.extras.add("SerialNumber", serial)
            }
            if let method = well.string("RunProtocolDocumentName"), method != first.methods.first?.name {
                result.extras.add("RunProtocolDocumentName", method)
            }
            if let file = well["RunProtocolDocumentLocation"]?.fileName() { result.extras.add("RunProtocolDocument", file) }
            for child in well.children where !child.isNamed("BeadRegions") && !child.isNamed("BeadEventData") {
                child.keepRest(in: &result.extras, under: child.name)
            }
            well.keepOwnAttributes(in: &result.extras)
            return result
        }
    }

    private static func condition(_ name: String, _ quantity: Quantity) -> Measurement {
        switch name {
        case "PlatformTemp": Measurement(.temperature, quantity)
        case "FlowRate": Measurement(.flowRate, quantity)
        default: Measurement(own: name, quantity)
        }
    }

    /// The well number runs along the rows of the plate.
    private func number(_ well: Element, _ place: BioPlexPlace) -> [BioPlexTally.Problem] {
        guard let columns = outline.columns, let value = well["WellNo"] else { return [] }
        let expected = (place.row - 1) * columns + place.column
        guard Int(value.peek) != expected else { return [] }
        return [
            BioPlexTally.Problem(
                flag: "wellNumber",
                diagnostic: value.fault(
                    "bioplex.well-number",
                    "well number \"\(value.peek)\" is not that of row \(place.row), column \(place.column), which is \(expected)",
                    hint: "the well was read by row and column, and flagged; compare it with the plate"))
        ]
    }

    // MARK: Regions

    /// A region by a number that is none is of nobody.
    private func tellOddRegions(_ well: Element) {
        for region in well.inside("BeadRegions") where Int(region.peek("RegionNumber")) == nil {
            let message = "\"\(region.peek("RegionNumber"))\" is no number of a bead region"
            output.report(
                region.fault(
                    "bioplex.region", message,
                    hint:
                        "what the file says of it was read without an analyte; the file was edited or damaged: export the plate again"
                ))
            output.account.contradict(message)
        }
    }

    private func emitRegion(
        _ region: Element, _ about: ResultRecord, _ ordinal: Int, _ interest: Set<String>
    ) async throws {
        try await output.emitResult(of: region) {
            var result = about
            result.kind = .region
            result.ordinal = ordinal
            result.location = region.location
            result.extras = [:]
            let number = region.string("RegionNumber")
            let isOfInterest = number.map(interest.contains) ?? false
            result.analyte = Analyte(
                name: number.flatMap { outline.analytes[$0] }, id: number, role: isOfInterest ? .target : nil)
            // 0 is where beads go that are of no region; others were not in the assay.
            if !isOfInterest { result.flags.append(Flag("notOfInterest", written: number)) }
            result.measurements = try BioPlexStatistics.region.read(region)
            region.keepRest(in: &result.extras)
            return result
        }
    }

    // MARK: Events

    /// A line of numbers for each bead.
    private func readEvents(_ events: Element, _ about: ResultRecord) {
        do {
            let columns = try events.integer("NumberColumns"), count = try events.integer("Events")
            guard let columns, (1...64).contains(columns) else {
                throw events.fault(
                    "bioplex.events", "the events have \"\(events.peek("NumberColumns"))\" columns",
                    hint: "the events of this well were left out, its regions were read; export the plate again")
            }
            let (total, overflow) = (count ?? 0).multipliedReportingOverflow(by: columns)
            guard let text = events.content else {
                if count ?? 0 != 0 { throw missing(events, count) }
                return
            }
            let values = try text.numbers(count: count == nil || overflow ? nil : total)
            guard values.count % columns == 0 else { throw missing(events, count) }
            var trace = TraceRecord(
                sample: about.sample, position: about.position, injection: about.injection, signal: Signal(name: "events"),
                axes: (1...columns).map { TraceRecord.Axis(events.string("Column_\($0)") ?? "column \($0)") },
                flags: about.flags, location: events.location)
            events.keepRest(in: &trace.extras)
            let writer = output.trace(trace)
            try values.withUnsafeBufferPointer { try writer.append(points: $0) }
        } catch let diagnostic as Diagnostic {
            output.report(diagnostic)
            output.account.contradict("the events of well \(about.position?.written ?? "?") cannot be read")
            events.content?.leaveOut()
            events.leaveOutRest()
        } catch {
            events.leaveOutRest()
        }
    }

    private func missing(_ events: Element, _ count: Int?) -> Diagnostic {
        events.fault(
            "bioplex.events", "\(count.map(String.init) ?? "?") events are declared, the numbers are not as many",
            hint: "the events of this well were left out, its regions were read; export the plate again")
    }
}

/// The counts of a well against one another.
struct BioPlexTally {
    struct Problem {
        var flag: String
        var diagnostic: Diagnostic
    }

    private(set) var problems: [Problem] = []

    init(_ well: Element) {
        let interest = Set(well.inside("RunSettings/RegionsOfInterest").map { $0.peek("RegionNumber") })
        let counts = well.inside("BeadRegions").map { (region: $0.peek("RegionNumber"), count: Int($0.peek("RegionCount"))) }
        if let events = well.child("BeadEventData") {
            compare(well, "TotalEvents", Int(events.peek("Events")), "there are events for \(events.peek("Events"))")
        }
        // A count that is none is told where it is read.
        guard counts.allSatisfy({ ($0.count ?? -1).magnitude < 1 << 40 && $0.count != nil }) else { return }
        let gated = counts.reduce(0) { $0 + ($1.count ?? 0) }
        compare(well, "TotalGatedEvents", gated, "the counts of its regions are \(gated)")
        let inside = counts.filter { interest.contains($0.region) }.reduce(0) { $0 + ($1.count ?? 0) }
        compare(well, "TotalRegionEventCount", inside, "the counts of its regions of interest are \(inside)")
    }

    private mutating func compare(_ well: Element, _ field: String, _ found: Int?, _ words: String) {
        guard let value = well[field], let stated = Int(value.peek), stated != found else { return }
        problems.append(
            Problem(
                flag: "eventCount",
                diagnostic: value.fault(
                    "bioplex.count", "\(field) is \(stated), \(words)",
                    hint: "the well was read, and flagged; the file was edited or damaged: export the plate again")))
    }
}
