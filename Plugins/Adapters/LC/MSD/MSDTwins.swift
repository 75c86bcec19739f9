import IngestCore
import TabularText

/// The peaks of the report in words, kept to be compared with those of the table that tells them again.
struct MSDTwins {
    struct Peak {
        let place: SourceLocation
        /// By the columns of the report: numbers by their value, the code by its letters.
        let values: [MSDColumn.Key: Value]
    }

    enum Value: Equatable { case number(Double), text(String) }

    /// Further peaks are not compared.
    static let most = 4096

    /// By signal and number.
    private var peaks: [String: [Int: Peak]] = [:]
    private(set) var isFull = false
    private var count = 0
    /// The time of processing that the report tells differs from the table's.
    var file: SourceFile?

    var isEmpty: Bool { file == nil }

    mutating func add(_ peak: Peak, signal: String, number: Int) {
        guard count < MSDTwins.most else {
            isFull = true
            return
        }
        count += 1
        peaks[signal, default: [:]][number] = peak
    }

    /// The peak of that number, which then was compared.
    mutating func take(signal: String, number: Int) -> Peak? { peaks[signal]?.removeValue(forKey: number) }

    /// Those nobody asked for.
    var rest: [(signal: String, number: Int, peak: Peak)] {
        peaks.flatMap { signal, peaks in peaks.map { (signal, $0.key, $0.value) } }
            .sorted { ($0.peak.place.line ?? 0, $0.number) < ($1.peak.place.line ?? 0, $1.number) }
    }
}

extension MSDColumn {
    /// By what columns of the two tables are the same.
    enum Key: Hashable { case code, measurement(MeasurementName), scan(String) }

    var key: Key? {
        switch meaning {
        case .code: .code
        case .measurement(let name): .measurement(name)
        // `first scan` in the report.
        case .own: .scan(heading.lowercased().split(separator: " ").first.map(String.init) ?? "")
        default: nil
        }
    }
}
