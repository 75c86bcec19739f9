import Benchling
import Digests
import Foundation
import IngestCore
import IngestTesting
import RecordReading

/// A file of peaks that was read: its records, and its bytes as the blob that results link to.
final class Series: AttachmentFiles {
    /// Which run it is of, and which version of that run's file: each has areas of its own.
    let run: Int, version: Int
    let count: Int
    let records: RecordsFile
    private let text: TemporaryText, source: TemporaryText

    /// A large one makes a blob of three parts, and 12 results one call.
    init(run: Int = 1, version: Int = 1, count: Int, sample: (Int) -> String = { "S-00\(31 + $0 % 4)" }) throws {
        self.run = run
        self.version = version
        self.count = count
        let name = "series\(run).csv"
        let rows = (0..<count).map { "\($0),\(Series.area(run, version, $0))" }.map {
            $0.padding(toLength: Series.rowLength - 1, withPad: " ", startingAt: 0) + "\n"
        }
        source = try TemporaryText(rows.joined(), name: name)
        let sha256 = JSONValue.string(MessageDigest.of(rows.joined())), bytes = JSONValue.number(Double(count * Series.rowLength))
        var made = RecordsSample(
            file: name,
            run: [
                "name": .string("Series \(run)"), "instrument": ["name": "HPLC-2"],
                "times": [["role": "started", "written": "2026-03-04 09:14", "local": "2026-03-04T09:14:00"]],
            ],
            results: (0..<count).map { Series.result($0, area: Series.area(run, version, $0), sample: sample($0)) })
        let file: JSONValue = ["name": .string(name), "bytes": bytes, "sha256": sha256]
        made.lines[0] = .object(made.lines[0].members.merging(["file": file]) { $1 })
        let last = made.lines.count - 1
        made.lines[last] = .object(made.lines[last].members.merging(["bytes": bytes, "sha256": sha256]) { $1 })
        text = try TemporaryText(made.text)
        records = try RecordsFile(path: text.path)
    }

    private static let rowLength = TenantKind.part * 5 / 2 / Proof.large

    /// One in ten is the same as the one before it: results that nothing but their id tells apart.
    private static func area(_ run: Int, _ version: Int, _ index: Int) -> Int {
        run * 1_000_000 + version * 10_000 + (index % 10 == 9 ? index - 1 : index)
    }

    var areas: [Int] { (0..<count).map { Series.area(run, version, $0) } }

    private static func result(_ index: Int, area: Int, sample: String) -> JSONValue {
        func measurement(_ name: String, _ value: Double, _ unit: String) -> JSONValue {
            ["name": .string(name), "written": .string("\(value)"), "value": .number(value), "unit": .string(unit)]
        }
        return RecordsSample.result(
            index + 2,
            [
                "sample": ["id": .string(sample), "name": .string(sample)], "analyte": ["name": "caffeine"],
                "measurements": [measurement("retentionTime", 4.5, "min"), measurement("area", Double(area), "{mAU}.s")],
            ])
    }

    func path(of attachment: FileDigest) -> String? { source.path }
}
