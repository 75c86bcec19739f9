import Digests
import IngestCore
import RecordReading

/// What tells that two files are exports of the same run although their bytes differ: one is a corrected version of the
/// other.
///
/// Names are no identity, times nearly are. Where a file has any, its fingerprint is of its runs and their earliest time,
/// `t:…`. Where it has none, `n:` and a short digest of each sample: together with the name of the file they are a reason to ask.
struct RunFingerprint: Sendable {
    /// So many samples are kept of a file without times.
    static let mostSamples = 500

    private var runs: [String] = []
    private var earliest: String?
    private var samples: Set<String> = []

    init(of records: RecordsFile) {
        for run in records.runs.map(\.value) {
            let instrument = run["instrument"]
            let parts = [run["name"], run["sequence"], instrument?["name"], instrument?["serial"]].map { $0?.string ?? "" }
            runs.append(parts.joined(separator: "\u{1F}"))
            for time in run["times"]?.elements ?? [] where time["role"]?.string == "started" { take(time) }
        }
    }

    mutating func add(_ result: RecordLine) {
        if let acquired = result.value["injection"]?["acquired"] { take(acquired) }
        let sample = result.value["sample"]
        if earliest == nil, samples.count < Self.mostSamples, let name = sample?["id"]?.string ?? sample?["name"]?.string {
            samples.insert(String(MessageDigest.of(name).prefix(12)))
        }
    }

    /// `nil` for a file that tells neither times nor samples.
    func text(adapter: String) -> String? {
        if let earliest {
            return "t:" + MessageDigest.of(([adapter, earliest] + runs).joined(separator: "\u{1E}"))
        }
        return samples.isEmpty ? nil : "n:" + samples.sorted().joined(separator: ",")
    }

    /// Whether two files without times have a sample in common.
    static func overlap(_ one: String, _ other: String) -> Bool {
        guard one.hasPrefix("n:"), other.hasPrefix("n:") else { return false }
        return !Set(one.dropFirst(2).split(separator: ",")).isDisjoint(with: other.dropFirst(2).split(separator: ","))
    }

    private mutating func take(_ time: JSONValue) {
        guard let written = time["local"]?.string ?? time["written"]?.string else { return }
        earliest = Swift.min(earliest ?? written, written)
    }
}
