/// The trace records of one file, kept until all of it was read: what a record shares with the one before is kept once.
///
/// A detector of many wavelengths makes a trace every tenth of a second, and each of them tells the whole sample again. Memory:
/// about 200 bytes a trace, and its extras.
struct KeptTraces {
    /// In parts of so many: one array would be copied whole whenever it grows.
    private static let partLength = 512
    private var parts: [[KeptTrace]] = []
    private(set) var count = 0

    /// - Parameter start: Where its points begin.
    mutating func append(_ record: TraceRecord, start: Int) {
        let kept = KeptTrace(record, start: start, after: parts.last?.last)
        if count % KeptTraces.partLength == 0 {
            parts.append([])
            parts[parts.count - 1].reserveCapacity(KeptTraces.partLength)
        }
        parts[parts.count - 1].append(kept)
        count += 1
    }

    subscript(place: Int) -> KeptTrace {
        get { parts[place / KeptTraces.partLength][place % KeptTraces.partLength] }
        _modify { yield &parts[place / KeptTraces.partLength][place % KeptTraces.partLength] }
    }
}

/// One of them.
struct KeptTrace {
    let start: Int
    /// Of its points.
    var count: Int
    private var common: Common
    private var signal: Signal?
    private var flags: [Flag]
    private var extras: Extras
    private var line: Int?, column: Int?, ordinal: Int
    private var index: Int

    /// What the spectra of one injection have in common.
    private final class Common {
        /// Without what is of one trace alone.
        let record: TraceRecord
        init(_ record: TraceRecord) { self.record = record }
    }

    init(_ record: TraceRecord, start: Int, after last: KeptTrace?) {
        self.start = start
        count = record.count
        signal = record.signal
        flags = record.flags
        extras = record.extras
        line = record.location.line
        column = record.location.column
        ordinal = record.location.path?.ordinal ?? 1
        index = record.index
        var common = record
        common.count = 0
        common.signal = nil
        common.flags = []
        common.extras = [:]
        common.location.line = nil
        common.location.column = nil
        common.location.path?.ordinal = 1
        common.index = 1
        if let last, last.common.record == common { self.common = last.common } else { self.common = Common(common) }
        extras.compact(beside: last?.extras ?? [:])
    }

    var record: TraceRecord {
        var record = common.record
        record.count = count
        record.signal = signal
        record.flags = flags
        record.extras = extras
        record.location.line = line
        record.location.column = column
        record.location.path?.ordinal = ordinal
        record.index = index
        return record
    }

    mutating func change(_ edit: (inout TraceRecord) -> Void) {
        var record = record
        edit(&record)
        self = KeptTrace(record, start: start, after: self)
    }
}
