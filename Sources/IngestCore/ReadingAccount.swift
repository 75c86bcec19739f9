public import Synchronization

/// What is learned of a file on the side while it is read: what each cell became, on which assumptions, how complete
/// it is, and what a person has to be told.
///
/// One account belongs to one reading of one source. The shared readers write to it; an adapter seldom has to.
public final class ReadingAccount: Sendable {
    private struct State {
        var coverage = Coverage()
        var assumptions = Assumptions()
        var diagnostics: [Diagnostic] = []
        var dropped: [Diagnostic.Severity: Int] = [:]
        var proofs = Reasons()
        var doubts = Reasons()
        var contradictions = Reasons()
        var openReaders = 0
        var format: String?
        var kept: [Kept] = []
        var layout = NotedTables()
    }

    /// Nobody reaches the object through it; it is only let go.
    private struct Kept: @unchecked Sendable { let object: AnyObject }

    /// Reasons of one kind: the first few in words, all by number. A file cut to pieces has one for each row.
    private struct Reasons {
        private var first: [String] = []
        private var count = 0

        var isEmpty: Bool { count == 0 }

        mutating func add(_ why: String) {
            count += 1
            if first.count < 3 { first.append(why) }
        }

        var text: String {
            let shown = first.joined(separator: "; ")
            return count > first.count ? shown + "; and \(count - first.count) more" : shown
        }
    }

    private let state = Mutex(State())

    /// Counts the results left out; a reader that sees it move knows that the row at hand was one of them.
    public let resultsLeftOut = Atomic<Int>(0)

    /// The last line of a file, when it does not end and results of it may be cut: they get the flag `lastLineOpen`. 0 for
    /// any other line.
    package let openLine = Atomic<Int>(0)

    /// The bytes read so far, all passes over the file together; for telling how far the reading is.
    public let bytesRead = Atomic<Int>(0)

    /// The most diagnostics kept of one file; further ones are counted. A file with more has one fault, many times.
    public static let mostDiagnostics = 10_000

    public init() {}

    // MARK: Written by readers and adapters

    public func add(_ coverage: Coverage) { state.withLock { $0.coverage += coverage } }

    public func assume(_ change: @Sendable (inout Assumptions) -> Void) { state.withLock { change(&$0.assumptions) } }

    public func report(_ diagnostic: Diagnostic) {
        state.withLock {
            if $0.diagnostics.count < ReadingAccount.mostDiagnostics {
                $0.diagnostics.append(diagnostic)
            } else {
                $0.dropped[diagnostic.severity, default: 0] += 1
            }
        }
    }

    /// The file itself shows that (this part of) it is whole: a declared count that was met, an end mark.
    public func prove(_ why: String) { state.withLock { $0.proofs.add(why) } }

    /// The file contradicts itself: a declared count that was not met, a row cut short.
    public func contradict(_ why: String) { state.withLock { $0.contradictions.add(why) } }

    /// (A part of) the file cannot show that it is whole, though others may have proved that they are.
    public func doubt(_ why: String) { state.withLock { $0.doubts.add(why) } }

    /// The format with its version, once the adapter knows it: `LabSolutions ASCII 5.97`.
    public func name(format: String) { state.withLock { $0.format = format } }

    /// A table of the file by its headings; one of the same headings is known already. There is an upper bound
    /// (``Layout/mostTables``, ``Layout/mostColumns``), beyond which tables are passed over.
    /// - Parameter place: Asked for only when the table is new.
    public func note(_ table: Layout.Table, place: () -> (line: Int?, characters: [Int]) = { (nil, []) }) {
        guard state.withLock({ $0.layout.isNew(table) }) else { return }
        let (line, characters) = place()
        var table = table
        table.line = table.line ?? line
        for (index, character) in zip(table.columns.indices, characters) { table.columns[index].character = character }
        let placed = table
        state.withLock { $0.layout.add(placed) }
    }

    /// A reader begins; it has to end with ``readerFinished()``, or part of the file was never looked at.
    public func readerStarted() { state.withLock { $0.openReaders += 1 } }
    public func readerFinished() { state.withLock { $0.openReaders -= 1 } }

    /// Keeps an object until the file has been read (``letGo()``), whoever else lets it go before: for handles that do not
    /// count references.
    package func keep(_ object: AnyObject) {
        let kept = Kept(object: object)
        state.withLock { $0.kept.append(kept) }
    }

    // MARK: Read by the pipeline

    /// Lets go what was kept: no adapter reads the file any more.
    package func letGo() {
        // Released outside the lock, which the objects might want.
        _ = state.withLock { state in
            defer { state.kept = [] }
            return state.kept
        }
    }

    public var coverage: Coverage { state.withLock { $0.coverage } }
    public var assumptions: Assumptions { state.withLock { $0.assumptions } }
    public var format: String? { state.withLock { $0.format } }
    /// The tables that were noted, in file order, and whether there were more.
    public var tables: (noted: [Layout.Table], areCut: Bool) { state.withLock { ($0.layout.tables, $0.layout.areCut) } }
    public var unfinishedReaders: Int { state.withLock { $0.openReaders } }

    /// The diagnostics since the last call, in the order they came.
    public func takeDiagnostics() -> [Diagnostic] {
        state.withLock {
            let diagnostics = $0.diagnostics
            $0.diagnostics.removeAll()
            return diagnostics
        }
    }

    public var droppedDiagnostics: Int { state.withLock { $0.dropped.values.reduce(0, +) } }

    /// `no` as soon as anything contradicts, `unknown` when a part is in doubt, `yes` when something proves it.
    public var completeness: Completeness {
        state.withLock {
            if !$0.contradictions.isEmpty { return Completeness(.no, why: $0.contradictions.text) }
            if !$0.doubts.isEmpty { return Completeness(.unknown, why: $0.doubts.text) }
            if !$0.proofs.isEmpty { return Completeness(.yes, why: $0.proofs.text) }
            return Completeness(.unknown, why: "the file states no count, total or end mark to check against")
        }
    }
}

/// The tables of a file, each set of headings once.
private struct NotedTables {
    private(set) var tables: [Layout.Table] = []
    private(set) var areCut = false
    private var columns = 0

    /// Tables are few, so that comparing with each costs little. Of one that is known, units that are told later are added.
    mutating func isNew(_ table: Layout.Table) -> Bool {
        let known = tables.firstIndex { $0.columns.lazy.map(\.heading).elementsEqual(table.columns.lazy.map(\.heading)) }
        guard let known else { return !areCut }
        for (index, column) in table.columns.enumerated() where tables[known].columns[index].unit == nil {
            tables[known].columns[index].unit = column.unit
        }
        return false
    }

    mutating func add(_ table: Layout.Table) {
        var table = table
        let room = tables.count < Layout.mostTables ? Layout.mostColumns - columns : 0
        areCut = table.columns.count > room
        if areCut { table.columns.removeLast(table.columns.count - room) }
        columns += table.columns.count
        if !table.columns.isEmpty { tables.append(table) }
    }
}
