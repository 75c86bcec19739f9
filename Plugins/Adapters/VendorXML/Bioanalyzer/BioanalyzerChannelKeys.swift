import IngestCore
import StreamingXML

/// The keys by which results and signals of a sample name their channels. One that is garbled would give the results of a
/// channel to another, or to one that is not there.
struct BioanalyzerChannelKeys {
    /// The keys of channels that cannot be told from others, and why.
    private(set) var odd: [String: Flag] = [:]
    private let output: AdapterOutput

    /// Tells what is wrong with the keys of a sample.
    init(_ element: Element, _ signals: [Element], _ output: AdapterOutput) {
        self.output = output
        check(element, signals)
    }

    private mutating func check(_ element: Element, _ signals: [Element]) {
        var known: Set<String> = []
        for channel in signals where !known.insert(channel.peek("key")).inserted {
            tellChannel(channel, "two signals of this sample have the key \"\(channel.peek("key"))\"", "repeatedChannel")
        }
        for structure in element.child("DAResultStructures")?.children.map(\.self) ?? [] {
            var seen: Set<String> = []
            for channel in structure.children("Channel") where isTold(structure.name, channel) {
                let key = channel.peek("key")
                if !seen.insert(key).inserted {
                    tellChannel(channel, "channel \"\(key)\" stands twice in <\(structure.name)>", "repeatedChannel")
                } else if key.isEmpty || !known.isEmpty && !known.contains(key) {
                    tellChannel(
                        channel, "a channel of <\(structure.name)> has the key \"\(key)\", which no signal of the sample has",
                        "unknownChannel")
                }
            }
        }
    }

    /// Whether a channel has numbers of its own.
    private func isTold(_ structure: String, _ channel: Element) -> Bool {
        BioanalyzerFields.channel[structure] != nil
            || channel.children.contains { BioanalyzerSample.lists.contains($0.name) && $0.first != nil }
    }

    private mutating func tellChannel(_ channel: Element, _ message: String, _ flag: String) {
        let key = channel.peek("key")
        odd[key] = Flag(flag, written: key)
        output.report(
            (channel.attribute("key")?.fault ?? channel.fault)(
                "bioanalyzer.channel", message, .error,
                (channel.attribute("key") == nil
                    ? "what stands in it is kept among the extras of the sample"
                    : "what stands in it was read, and flagged \(flag)") + "; the file was edited or damaged: export it again"))
        output.account.contradict(message)
    }
}
