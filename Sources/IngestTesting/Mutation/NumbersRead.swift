import IngestCore

/// The numbers that were read of a file, in the order of its records, and whose they are.
struct NumbersRead: Sendable {
    /// What numbers were measured of: sample, position, signal, analyte.
    struct Subject: Sendable, Equatable, CustomStringConvertible {
        var parts: [String?]
        var description: String { parts.map { $0 ?? "-" }.joined(separator: " · ") }

        /// Whether a cell of the file is what one of the parts was read from.
        func isNamed(by cell: String) -> Bool {
            let cell = cell.replacing("\"\"", with: "\"")
            return parts.contains { part in
                guard let part, !part.isEmpty else { return false }
                return part.contains(cell) || part.count > 3 && cell.contains(part)
            }
        }
    }

    struct Item: Sendable, Equatable {
        var subject: Subject
        /// Name, value, bound and unit of each measurement, or why there is none; times; points. Sorted: their order says
        /// nothing.
        var numbers: [String]
        /// The same without the names of columns that only the file knows: these are words of its author.
        var unnamed: [String]

        init(subject: Subject, numbers: [String], own: [(name: String, value: String)] = []) {
            self.subject = subject
            self.numbers = (numbers + own.map { "\($0.name) \($0.value)" }).sorted()
            unnamed = (numbers + own.map { "(own) \($0.value)" }).sorted()
        }
    }

    var runs: [Item]
    var results: [Item]
    var traces: [Item]

    init(_ reading: AdapterReading) {
        runs = reading.runs.map { run in
            Item(
                subject: Subject(parts: [run.instrument?.name, run.instrument?.serial]),
                numbers: run.times.map { "\($0.role.rawValue) \(Self.text($0.time))" })
        }
        results = reading.results.map { result in
            Item(
                subject: Self.subject(result.sample, result.position, result.signal, result.analyte),
                numbers: Self.numbers(result.injection)
                    + result.measurements.filter { !$0.isOwn }.map { "\($0.name) \(Self.text($0.quantity))" },
                own: result.measurements.filter(\.isOwn).map { ($0.name, Self.text($0.quantity)) })
        }
        traces = reading.traces.map { trace in
            let points = reading.points[trace.id] ?? []
            let axes = trace.axes.enumerated().map { index, axis in
                let values = stride(from: index, to: points.count, by: trace.axes.count).lazy.map { points[$0] }
                return ("\(axis.name)", "[\(axis.unit?.code ?? "")], \(trace.count) points: \(Self.sum(values))")
            }
            let isNamed = { (name: String) in name == "time" || MeasurementName(rawValue: name) != nil }
            return Item(
                subject: Self.subject(trace.sample, trace.position, trace.signal, trace.analyte),
                numbers: Self.numbers(trace.injection) + axes.filter { isNamed($0.0) }.map { "\($0) \($1)" },
                own: axes.filter { !isNamed($0.0) })
        }
    }

    private static func subject(_ sample: Sample?, _ position: Position?, _ signal: Signal?, _ analyte: Analyte?) -> Subject {
        Subject(parts: [sample?.name, sample?.id, position?.written, position?.plate, signal?.name, analyte?.name])
    }

    private static func numbers(_ injection: Injection?) -> [String] {
        (injection?.ordinal.map { ["injection \($0)"] } ?? []) + (injection?.acquired.map { ["acquired \(text($0))"] } ?? [])
            + (injection?.volume.map { ["volume \(text($0))"] } ?? [])
    }

    private static func text(_ time: Timestamp) -> String { time.local.map { "\($0)" } ?? "unsettled" }

    private static func text(_ quantity: Quantity) -> String {
        let unit = quantity.unit.map { " " + $0.code } ?? ""
        if let value = quantity.value { return "\(quantity.bound == .exact ? "" : quantity.bound.rawValue + " ")\(value)\(unit)" }
        return "absent (\(quantity.absent?.rawValue ?? ""))\(unit)"
    }

    /// FNV-1a of the bit patterns: which curve it is, in 64 bits.
    private static func sum(_ values: some Sequence<Double>) -> String {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for value in values { hash = (hash ^ value.bitPattern) &* 0x100_0000_01B3 }
        return String(hash, radix: 16)
    }

    // MARK: Compared

    enum Difference: Sendable {
        case none
        /// The same numbers, of other samples or substances; and whose they were.
        case subjects(String, of: Subject)
        /// The same numbers; a column that only the file knows has another name.
        case names(String)
        case numbers(String)
    }

    /// How `other` differs from these numbers; with `mayAdd`, more of them is no difference.
    func difference(to other: NumbersRead, mayAdd: Bool) -> Difference {
        var small = Difference.none
        for (what, before, after) in [
            ("run", runs, other.runs), ("result", results, other.results), ("trace", traces, other.traces),
        ] {
            let difference = Self.difference(what, before, after, mayAdd)
            if case .numbers = difference { return difference }
            if case .none = small { small = difference }
        }
        return small
    }

    private static func difference(_ what: String, _ before: [Item], _ after: [Item], _ mayAdd: Bool) -> Difference {
        // A file that is read as two runs of the same numbers is told by its results.
        if !mayAdd, before.count != after.count, what != "run" || after.count < before.count {
            let first = zip(before, after).prefix { $0.numbers == $1.numbers }.count
            return .numbers("\(after.count) \(what)s instead of \(before.count), the first difference in number \(first + 1)")
        }
        var small = Difference.none
        var next = 0
        for (index, item) in before.enumerated() {
            let match = after[min(next, after.count)...].firstIndex {
                mayAdd ? contains($0.unnamed, item.unnamed) : $0.unnamed == item.unnamed
            }
            guard let match, mayAdd || match == next else {
                let now = next < after.count ? after[next].numbers.joined(separator: "; ") : "gone"
                return .numbers("\(what) \(index + 1): \(item.numbers.joined(separator: "; ")) is now \(now)")
            }
            if case .none = small { small = smallDifference("\(what) \(index + 1)", item, after[match], mayAdd) }
            next = match + 1
        }
        return small
    }

    private static func smallDifference(_ what: String, _ before: Item, _ after: Item, _ mayAdd: Bool) -> Difference {
        if before.subject != after.subject {
            return .subjects("\(what) of \(before.subject) is now of \(after.subject)", of: before.subject)
        }
        if mayAdd || before.numbers == after.numbers { return .none }
        return .names("\(what): \(before.numbers.joined(separator: "; ")) is now \(after.numbers.joined(separator: "; "))")
    }

    /// Whether all of `few` are among `many`, in their order.
    private static func contains(_ many: [String], _ few: [String]) -> Bool {
        var place = 0
        for one in few {
            guard let found = many[place...].firstIndex(of: one) else { return false }
            place = found + 1
        }
        return true
    }
}
