import Digests
import IngestCore
import RecordReading

/// What tells that two files are exports of the same run although their bytes differ: one is a corrected version of the
/// other. It is a reason to ask, never to act: names are no identity, and two detectors export one run twice.
///
/// Two files are versions of one run when at least half of the samples of the smaller are in the other, no times
/// contradict it, and either the files have the same name, or they state the same run, the same time of day and a signal in
/// common.
struct RunFingerprint: Sendable {
    /// So many samples are kept of a file.
    private static let mostSamples = 500

    /// What the file says of its runs: their names, sequences and instruments; empty where it names no run or sequence.
    private var run = ""
    private var earliest = ""
    private var samples: Set<String> = []
    private var signals: Set<String> = []

    init(of records: RecordsFile) {
        var facts: [String] = []
        for run in records.runs.map(\.value) {
            for time in run["times"]?.elements ?? [] where time["role"]?.string == "started" { take(time) }
            guard run["name"] != nil || run["sequence"] != nil else { continue }
            let instrument = run["instrument"]
            let parts = [run["name"], run["sequence"], instrument?["name"], instrument?["serial"]].map { $0?.string ?? "" }
            facts.append(parts.joined(separator: "\u{1F}"))
        }
        if !facts.isEmpty { run = RunFingerprint.short(([records.adapterName] + facts).joined(separator: "\u{1E}")) }
    }

    mutating func add(_ result: RecordLine) {
        if let acquired = result.value["injection"]?["acquired"] { take(acquired) }
        let sample = result.value["sample"]
        if samples.count < Self.mostSamples, let name = sample?["id"]?.string ?? sample?["name"]?.string {
            samples.insert(RunFingerprint.short(name))
        }
        if signals.count < Self.mostSamples, let signal = result.value["signal"]?["name"]?.string {
            signals.insert(RunFingerprint.short(signal))
        }
    }

    /// As the ledger keeps it; `nil` for a file without samples.
    var text: String? {
        guard !samples.isEmpty else { return nil }
        return [run, earliest, signals.sorted().joined(separator: ","), samples.sorted().joined(separator: ",")]
            .joined(separator: "|")
    }

    init?(text: String) {
        let parts = text.split(separator: "|", omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        run = String(parts[0])
        earliest = String(parts[1])
        signals = Set(parts[2].split(separator: ",").map(String.init))
        samples = Set(parts[3].split(separator: ",").map(String.init))
    }

    func isVersion(of other: RunFingerprint, sameName: Bool) -> Bool {
        let common = samples.intersection(other.samples).count
        guard common > 0, common * 2 >= Swift.min(samples.count, other.samples.count) else { return false }
        guard earliest.isEmpty || other.earliest.isEmpty || earliest == other.earliest else { return false }
        if sameName { return true }
        // A date alone is the time of many runs.
        guard !run.isEmpty, run == other.run, earliest.contains("T") else { return false }
        return signals.isEmpty && other.signals.isEmpty || !signals.isDisjoint(with: other.signals)
    }

    /// Whether two files have one name, packed or not: `run.csv`, `run.csv.gz` and `run.zip`.
    static func isSameName(_ one: String, _ other: String) -> Bool {
        func plain(_ name: String) -> String { name.hasSuffix(".gz") ? String(name.dropLast(3)) : name }
        func stem(_ name: String) -> Substring { name.lastIndex(of: ".").map { name[..<$0] } ?? name[...] }
        let (one, other) = (plain(one), plain(other))
        return one == other || (one.hasSuffix(".zip") || other.hasSuffix(".zip")) && stem(one) == stem(other)
    }

    private mutating func take(_ time: JSONValue) {
        guard let local = time["local"]?.string else { return }
        earliest = earliest.isEmpty ? local : Swift.min(earliest, local)
    }

    private static func short(_ text: String) -> String { String(MessageDigest.of(text).prefix(12)) }
}
