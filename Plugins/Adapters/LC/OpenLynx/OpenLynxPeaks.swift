import IngestCore
import TabularText

/// The peaks of one chromatogram: reads each, and compares them with each other.
final class OpenLynxPeaks {
    private struct Share {
        let line: Int?
        let area: Double, percent: Double, ofLargest: Double?
        let areaHalf: Double, percentHalf: Double
    }

    private let source: SourceFile
    private let mark: DecimalMark?
    private var count = 0
    private var shares: [Share] = []
    private var isWhole = true
    private var lastID: Int?

    init(_ source: SourceFile, _ mark: DecimalMark?) {
        self.source = source
        self.mark = mark
    }

    private static let minutes = StatedUnit(ofFormat: .minute), percent = StatedUnit(unit: .percent, written: "%")

    /// Reads the fields of a peak.
    /// - Throws: A ``Diagnostic`` at a value that is no number.
    func read(_ fields: KeyedFields, into result: inout ResultRecord) throws {
        func add(_ name: MeasurementName, _ key: String, _ unit: StatedUnit = .none, at place: Int = 0, of count: Int = 1) throws
        {
            guard let quantity = try fields.measured(key, place, of: count, unit) else { return }
            result.measurements.append(Measurement(name, quantity))
        }
        try add(.retentionTime, "Time", Self.minutes)
        try add(.startTime, "Peak", Self.minutes, at: 0, of: 2)
        try add(.endTime, "Peak", Self.minutes, at: 1, of: 2)
        for (place, name) in ["Intensity (start)", "Intensity (end)"].enumerated() {
            guard let quantity = try fields.measured("Intensity", place, of: 2) else { continue }
            result.measurements.append(Measurement(own: name, quantity))
        }
        try add(.height, "Height")
        try add(.area, "AreaAbs")
        try add(.relativeToLargest, "Area %BP", Self.percent)
        try add(.areaPercent, "Area %Total", Self.percent)
        try add(.width, "Width", Self.minutes)
        result.ordinal = count + 1
        checkTimes(fields, &result)
        checkNumber(fields, &result)
        result.extras.add(fields.unread)
    }

    private func value(_ result: ResultRecord, _ name: MeasurementName) -> (value: Double, half: Double)? {
        guard let quantity = result.measurements.first(where: { $0.standard == name })?.quantity, let value = quantity.value
        else {
            return nil
        }
        return (value, LastDigit.half(quantity.written))
    }

    /// A peak begins before its top and ends behind it, and is as wide as that.
    private func checkTimes(_ fields: KeyedFields, _ result: inout ResultRecord) {
        guard let start = value(result, .startTime), let end = value(result, .endTime) else { return }
        let rounding = start.half + end.half + 1e-9
        if let time = value(result, .retentionTime), time.value < start.value - rounding || time.value > end.value + rounding {
            tell(fields, "Time", "the time \(time.value) is not between \(start.value) and \(end.value)", &result)
        } else if start.value > end.value {
            tell(fields, "Peak", "the peak ends at \(end.value), before it begins at \(start.value)", &result)
        }
        if let width = value(result, .width), abs(width.value - (end.value - start.value)) > rounding + width.half {
            tell(fields, "Width", "the width is \(width.value), but the peak is from \(start.value) to \(end.value)", &result)
        }
    }

    private func tell(_ fields: KeyedFields, _ key: String, _ message: String, _ result: inout ResultRecord) {
        if !result.flags.contains(where: { $0.code == "peakTimes" }) { result.flags.append(Flag("peakTimes")) }
        source.account.report(
            fields.fault(
                "openlynx.peak-times", message, at: key,
                hint: "the peak was read; one of its times is garbled: compare it with the instrument"))
        source.account.contradict(message)
    }

    /// Peaks are numbered; a report may leave some out, but none stands twice.
    private func checkNumber(_ fields: KeyedFields, _ result: inout ResultRecord) {
        guard let written = fields["Peak ID"] else { return }
        result.extras.add("Peak ID", written)
        let number = Int(written)
        defer { lastID = number }
        let isNext = number.map { lastID == nil || $0 == (lastID ?? 0) + 1 } ?? false
        if isNext { return }
        source.account.report(
            fields.fault(
                "openlynx.peak-number",
                number == nil ? "\"\(written)\" is no number of a peak" : "peak \(written) follows peak \(lastID ?? 0)",
                at: "Peak ID",
                severity: .warning,
                hint: "it was read; a peak is missing, stands twice or was moved, unless the report leaves some out"))
    }

    /// A peak was emitted.
    func passed(_ result: ResultRecord, _ fields: KeyedFields) {
        count += 1
        guard let area = value(result, .area), let percent = value(result, .areaPercent) else {
            isWhole = false
            return
        }
        shares.append(
            Share(
                line: result.location.line, area: area.value, percent: percent.value,
                ofLargest: value(result, .relativeToLargest)?.value, areaHalf: area.half, percentHalf: percent.half))
    }

    func leftOut() {
        count += 1
        isWhole = false
    }

    // MARK: All peaks together

    /// Compares areas with their shares, once all peaks have been read.
    func end(at location: SourceLocation) {
        guard !shares.isEmpty else { return }
        let percent = shares.reduce(0) { $0 + $1.percent }
        let rounding = shares.reduce(0) { $0 + $1.percentHalf } + 1e-9
        if isWhole, abs(percent - 100) > rounding {
            let sum = AreaShares.rounded(percent)
            source.account.report(
                Diagnostic(
                    .warning, "openlynx.area-percent",
                    "the Area %Total of the peaks of this chromatogram add up to \(sum), not to 100",
                    at: source.location(line: shares[0].line, column: 1),
                    hint:
                        "they were read; a peak is missing or stands twice, or a number is garbled, unless the report leaves some out"
                ))
            percent > 100
                ? source.account.contradict("Area %Total add up to \(sum)") : source.account.doubt("Area %Total add up to \(sum)")
        }
        // The peak whose share is written with the most digits tells the total best.
        guard let best = shares.max(by: { $0.percent < $1.percent }), best.percent > 0 else { return }
        let ratio = best.area / best.percent, largest = shares.map(\.area).max() ?? 0
        for share in shares {
            let rounding = abs(ratio) * share.percentHalf + abs(share.area) * best.percentHalf / best.percent + share.areaHalf
            let ofTotal = abs(share.area - ratio * share.percent) > 1.01 * rounding
            let ofLargest =
                isWhole && largest > 0
                && share.ofLargest.map { abs(share.area / largest * 100 - $0) > 2 * share.percentHalf + 1e-9 } ?? false
            guard ofTotal || ofLargest else { continue }
            source.account.report(
                Diagnostic(
                    .warning, "openlynx.area-share",
                    "the area of this peak and its Area %\(ofTotal ? "Total" : "BP") do not fit those of the others",
                    at: source.location(line: share.line, column: 1),
                    hint: "it was read; one of the numbers is garbled: compare it with the instrument"))
            source.account.doubt("the area of the peak in line \(share.line ?? 0) does not fit its Area %")
        }
    }
}
