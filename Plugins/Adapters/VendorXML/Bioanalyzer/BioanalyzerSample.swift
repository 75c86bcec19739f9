import IngestCore
import StreamingXML
import TabularText

/// Reads a sample of a Bioanalyzer chip: what was found in each channel, and its signals.
final class BioanalyzerSample {
    /// Whose elements are results of their own.
    static let lists: Set = ["PeaksMolecular", "Fragments", "RegionsMolecularResults"]

    private let element: Element
    private let chip: BioanalyzerChip
    private let fields: BioanalyzerFields
    private let output: AdapterOutput
    let hasData: Bool
    private var base: ResultRecord
    private var channelNames: [String: String] = [:]
    /// The keys of channels that cannot be told from others, and why.
    private var odd: [String: Flag] = [:]
    /// What is said of the sample stands with its first channel.
    private var isSampleTold = false
    /// The keys of the channels that something is told of as a whole.
    private var summarized: Set<String> = []

    /// - Parameter flag: Of a sample that has the number of another.
    init(_ element: Element, _ chip: BioanalyzerChip, _ flag: Flag?, _ output: AdapterOutput) {
        self.element = element
        self.chip = chip
        fields = BioanalyzerFields(chip: chip)
        self.output = output
        hasData = element.peek("HasData") != "false"
        base = ResultRecord(kind: .sample, measurements: [], location: element.location)
        if let flag { base.flags.append(flag) }
    }

    func read() async throws {
        describe()
        let signals = element.descendant("DASignals/DetectorChannels")?.children("Channel") ?? []
        for channel in signals {
            let name = channel.child("SignalData")?.peek("ChannelID") ?? ""
            if !name.isEmpty { channelNames[channel.peek("key")] = name }
            channel.describe("key")
        }
        odd = BioanalyzerChannelKeys(element, signals, output).odd
        ignoreRepeatedSignals(signals)
        if let structures = element.child("DAResultStructures") {
            for structure in structures.children { ignoreRepeats(structure) }
            for structure in structures.children where BioanalyzerFields.channel[structure.name] != nil {
                for channel in structure.children("Channel") where channel.attribute("key")?.isUnread == true {
                    summarized.insert(channel.peek("key"))
                }
            }
            for channel in channels(of: structures) { try await read(channel) }
        }
        if let data = element.child("DASignals") {
            for (signal, key) in BioanalyzerSignal.signals(in: data) {
                try BioanalyzerSignal(signal, key: key, of: base, output).read()
            }
        }
        if !isSampleTold { try await tellSample() }
        try await tellRest()
    }

    // MARK: The sample

    private func describe() {
        let category = element.string("Category")
        base.sample = Sample(
            name: element.string("Name"), role: category.map { Sample.Role(written: $0) }, roleWritten: category)
        base.position = element.string("WellNumber").map { Position(written: $0) }
        if !hasData { base.flags.append(Flag("noData")) }
        if let finished = element.descendant("DataStatus")?["FinishedDataAcq"], finished.equals("false"), hasData {
            base.flags.append(Flag("notFinished", written: element.descendant("DataStatus")?.peek("Description")))
            output.report(
                finished.fault(
                    "bioanalyzer.not-finished", "the measurement of this sample was not finished", severity: .warning,
                    hint: "what there is was read, and flagged notFinished; look at it in the software of the instrument"))
            output.account.contradict("the measurement of a sample was not finished")
        }
        element.child("UISetpoints")?.ignore("what is shown on the screen")
    }

    /// Keeps what is said of the sample and of none of its channels: with the first of them, for it is the sample.
    private func keepSample(in extras: inout Extras) {
        element.describe("key")
        for child in element.children where !child.isNamed("DASignals") {
            if child.isNamed("DASampleSetpoints") {
                let isLadder = base.sample?.role == .ladder
                BioanalyzerSettings.keepOwn(child, besides: isLadder ? chip.ladderSettings : chip.settings, in: &extras)
            } else if child.isNamed("DAResultStructures") {
                for structure in child.children { keepRest(of: structure, in: &extras) }
            } else {
                child.keepRest(in: &extras, under: child.name)
            }
        }
    }

    /// What stands in no channel, or in one that nothing is told of as a whole; its peaks and regions are results.
    private func keepRest(of structure: Element, in extras: inout Extras) {
        for child in structure.children {
            guard child.isNamed("Channel") else {
                child.keepRest(in: &extras, under: structure.name + "/" + child.name)
                continue
            }
            let key = child.peek("key")
            guard !summarized.contains(key) else { continue }
            for field in child.children where !Self.lists.contains(field.name) {
                field.keepRest(in: &extras, under: "\(structure.name)/Channel \(key)/\(field.name)")
            }
        }
    }

    /// Whatever is left, such as text between elements.
    private func tellRest() async throws {
        let rest = element.unread
        guard !rest.isEmpty else { return }
        var result = base
        result.index = 2
        result.extras = rest.withoutFolders
        try await output.emit(result)
    }

    /// A sample without results of a channel.
    private func tellSample() async throws {
        try await output.emitResult(of: element) {
            var result = base
            keepSample(in: &result.extras)
            element.keepRest(in: &result.extras)
            result.extras = result.extras.withoutFolders
            return result
        }
    }

    // MARK: Channels

    /// The channel on which the RIN is calculated begins as a copy of the red one; one that is still its copy tells nothing.
    private func ignoreRepeats(_ structure: Element) {
        let channels = structure.children("Channel")
        guard let red = channels.first(where: { $0.peek("key") == "1" }) else { return }
        for channel in channels where channel.peek("key") == "62" && Self.isCopy(channel, of: red) {
            channel.ignore("a channel that repeats the red one")
        }
    }

    private func ignoreRepeatedSignals(_ channels: [Element]) {
        guard let red = channels.first(where: { $0.peek("key") == "1" })?.child("SignalData") else { return }
        for channel in channels where channel.peek("key") == "62" {
            guard let signal = channel.child("SignalData") else { continue }
            let isCopy = ["XStart", "XStep", "RawSignal", "ProcessedSignal"].allSatisfy {
                signal[$0]?.written == red[$0]?.written
            }
            if isCopy { channel.ignore("a channel that repeats the red one") }
        }
    }

    /// Whether two elements have the same in them, but for their keys.
    private static func isCopy(_ one: Element, of other: Element, isOutermost: Bool = true) -> Bool {
        let (left, right) = (Array(one.children), Array(other.children))
        guard one.name == other.name, left.count == right.count, one.content?.written == other.content?.written,
            isOutermost || one.attributes.map(\.written) == other.attributes.map(\.written)
        else { return false }
        return zip(left, right).allSatisfy { isCopy($0, of: $1, isOutermost: false) }
    }

    /// A channel that results are told of: what each of the structures has of it.
    private struct Channel {
        let key: String
        var parts: [(structure: String, channel: Element)] = []
    }

    /// The channels that results are told of, in the order in which they are met.
    private func channels(of structures: Element) -> [Channel] {
        var channels: [Channel] = []
        var places: [String: Int] = [:]
        for structure in structures.children {
            for channel in structure.children("Channel") {
                guard let written = channel.attribute("key"), written.isUnread else { continue }
                let place = places[written.peek] ?? channels.count
                if place == channels.count {
                    places[written.peek] = place
                    channels.append(Channel(key: written.peek))
                }
                channels[place].parts.append((structure.name, channel))
            }
        }
        return channels
    }

    /// A result of the channel as a whole, one for each peak, and one for each region.
    private func read(_ channel: Channel) async throws {
        let (key, parts) = (channel.key, channel.parts)
        base.signal = Signal(name: channelNames[key] ?? "channel \(key)")
        let flags = base.flags
        if let flag = odd[key] { base.flags.append(flag) }
        defer { base.flags = flags }
        for (_, channel) in parts { channel.attribute("key")?.describe() }
        let lists = parts.flatMap { part in
            part.channel.children.filter { Self.lists.contains($0.name) }
        }
        try await readSummary(parts)
        var peaks = 0, regions = 0
        var numbers = Numbering("bioanalyzer.peak-number", of: "peak")
        for list in lists {
            var others = Numbering("bioanalyzer.peak-number", of: "region")
            for item in list.children {
                let isPeak = list.isNamed("PeaksMolecular")
                if isPeak { peaks += 1 } else { regions += 1 }
                let flag = isPeak ? numbers.note(item["PeakID"]) : others.note(item.attribute("key"))
                try await readItem(item, isPeak ? .peak : .region, ordinal: isPeak ? peaks : regions, flag)
            }
        }
        comparePeaks(parts, count: peaks)
        base.signal = nil
    }

    private func readSummary(_ parts: [(structure: String, channel: Element)]) async throws {
        guard let first = parts.first(where: { BioanalyzerFields.channel[$0.structure] != nil }) else { return }
        let leftOut = output.resultsLeftOut
        try await output.emitResult(of: first.channel) {
            var result = base
            result.location = first.channel.location
            var told: Set<String> = []
            for (structure, channel) in parts {
                // What a structure tells twice of a channel is kept as a text the second time.
                let known = told.insert(structure).inserted ? BioanalyzerFields.channel[structure] ?? [:] : [:]
                // Of an analysis that was not asked for it is said as well that it did not succeed.
                if !known.isEmpty, let succeeded = channel["Succeeded"], succeeded.equals("false") {
                    result.flags.append(Flag("failed", written: structure))
                }
                let isFound = channel.child("Fragments").map { !$0.children("FragmentMolecular").isEmpty } ?? true
                for (name, field) in known.sorted(by: { $0.key < $1.key }) {
                    guard let value = channel[name] else { continue }
                    var quantity = try value.quantity(fields.unit(field.kind))
                    if field.name == .integrity { try check(quantity, value) }
                    // The ratio of two fragments that were not found is no ratio.
                    if !isFound, quantity.value == 0 {
                        quantity.value = nil
                        quantity.absent = .notFound
                    }
                    result.measurements.append(
                        field.name.map { Measurement($0, quantity) } ?? Measurement(own: name, quantity))
                }
                for child in channel.children
                where !Self.lists.contains(child.name) {
                    child.keepRest(in: &result.extras, under: structure + "/" + child.name)
                }
            }
            // Last, for it is told elsewhere when this cannot be read.
            if !isSampleTold { keepSample(in: &result.extras) }
            isSampleTold = true
            result.extras = result.extras.withoutFolders
            return result
        }
        guard output.resultsLeftOut != leftOut else { return }
        // What was taken from the other structures before one could not be read is left out with it.
        for child in parts.flatMap({ Array($0.channel.children) }) where !Self.lists.contains(child.name) {
            child.leaveOutAll()
        }
    }

    /// RNA integrity numbers are 1 to 10; the software writes -1 and the like for what it could not calculate.
    private func check(_ quantity: Quantity, _ value: XMLValue) throws {
        guard let number = quantity.value, !(0...10).contains(number) else { return }
        throw value.fault(
            "bioanalyzer.integrity", "\"\(value.peek)\" is no RNA integrity number: they are 1 to 10",
            hint: "what is told of this channel as a whole was left out, its peaks were read; compare them with the instrument")
    }

    private func readItem(_ item: Element, _ kind: ResultRecord.Kind, ordinal: Int, _ flag: Flag?) async throws {
        try await output.emitResult(of: item) {
            var result = base
            result.kind = kind
            result.ordinal = ordinal
            result.location = item.location
            if let flag { result.flags.append(flag) }
            result.measurements = try fields.measurements(
                of: item, kind == .peak ? BioanalyzerFields.peak : BioanalyzerFields.region)
            if kind == .region { result.analyte = item.string("Name").map { Analyte(name: $0) } }
            if let remark = item.string("Observations") {
                switch remark {
                case "Lower Marker": result.flags.append(Flag("lowerMarker", written: remark))
                case "Upper Marker": result.flags.append(Flag("upperMarker", written: remark))
                case "Ladder Peak": result.flags.append(Flag("ladderPeak", written: remark))
                default: result.flags.append(Flag("observation", written: remark))
                }
            }
            item.describe("key")
            item.keepRest(in: &result.extras)
            return result
        }
    }

    /// How many peaks there are is told elsewhere: those of the sample, and which are markers.
    private func comparePeaks(_ parts: [(structure: String, channel: Element)], count: Int) {
        guard let channel = parts.first(where: { $0.structure == "DARPeakManipulation" })?.channel,
            let declared = channel.declaredCount("TotalUserPeaks", "bioanalyzer.peak-count")
        else { return }
        let markers = ["LowerMarkerID", "UpperMarkerID"]
            .filter { (channel.declaredCount($0, "bioanalyzer.peak-count") ?? -1) >= 0 }.count
        // The declared number is any that fits into the text.
        guard count - markers < declared else { return }
        output.report(
            channel.fault(
                "bioanalyzer.peak-count", "\(declared) peaks and \(markers) markers are declared, there are \(count)",
                hint: "those that are there were read; the file was cut or edited: export it again"))
        output.account.contradict("\(declared) peaks and \(markers) markers are declared for a sample, there are \(count)")
    }
}
