import IngestCore
import TabularText

/// Compares what the samples of a long table have: mostly each has the same components. One that lacks some, or has one
/// twice, is told: rows were lost or written twice, unless the program was told to leave them out.
///
/// The rows of a sample stand together, or those of a component; which it is, the first two rows show.
final class InjectionGrid {
    private enum Order { case open, bySample, byComponent, unknown }

    /// The rows that stand together.
    private struct Block {
        var key: UInt64
        var name: String
        var place: SourceLocation
        var rows = 0
        /// Of them, those that are among the rows of the first block and not there more often.
        var met = 0
        /// They follow each other as in the first block.
        var isInOrder = true
        /// The first row that is not in the first block, and the first that is there more often.
        var stranger: String?
        var repeated: String?
    }

    private let injection: [Int]
    private let component: [Int]
    /// Those of them that people call samples and components by.
    private let injectionNames: [Int]
    private let componentNames: [Int]
    private let account: ReadingAccount
    private let family: String
    private var order = Order.open
    private var opening:
        (injection: UInt64, component: UInt64, injectionName: String, componentName: String, place: SourceLocation)?

    private var first: Block?
    private var block: Block?
    /// The place of each row of the first block, with its name and how often it stands there.
    private var places: [UInt64: Int] = [:]
    private var names: [String] = []
    private var expected: [Int] = []
    /// How often each stands in the block at hand; counts of another block are 0.
    private var tallies: [(block: Int, count: Int)] = []
    private var blocks = 0
    private var odd = 0
    private static let mostRows = 1 << 16
    private static let mostTold = 5

    init(_ heading: LongTableHeading, family: String, account: ReadingAccount) {
        injection = heading.injectionColumns
        component = heading.componentColumns
        injectionNames = heading.injectionNames
        componentNames = heading.componentNames
        self.family = family
        self.account = account
    }

    /// Looks at a row, also one that is left out for a garbled cell.
    /// - Returns: Whether another sample of the same name begins with it.
    func take(_ row: Row) -> Bool {
        switch order {
        case .unknown: return false
        case .open: return takeOpening(row)
        case .bySample: return take(print(row, injection), print(row, component), row)
        case .byComponent: return take(print(row, component), print(row, injection), row)
        }
    }

    private func takeOpening(_ row: Row) -> Bool {
        let keys = (print(row, injection), print(row, component))
        guard let opening else {
            opening = (keys.0, keys.1, name(row, injectionNames), name(row, componentNames), row.location)
            return false
        }
        let isBySample = keys.0 == opening.injection
        guard isBySample || keys.1 == opening.component else {
            order = .unknown
            return false
        }
        order = isBySample ? .bySample : .byComponent
        begin(
            Block(
                key: isBySample ? opening.injection : opening.component,
                name: isBySample ? opening.injectionName : opening.componentName, place: opening.place))
        add(isBySample ? opening.component : opening.injection) { isBySample ? opening.componentName : opening.injectionName }
        return take(row)
    }

    private func take(_ outer: UInt64, _ inner: UInt64, _ row: Row) -> Bool {
        let isSame = outer == block?.key
        let restarts = isSame && restarts(inner)
        if !isSame || restarts {
            close()
            begin(Block(key: outer, name: name(row, order == .bySample ? injectionNames : componentNames), place: row.location))
        }
        add(inner) { self.name(row, order == .bySample ? componentNames : injectionNames) }
        return restarts && order == .bySample
    }

    /// The rows of the first block begin again under the same name: a sample that was injected twice.
    private func restarts(_ inner: UInt64) -> Bool {
        guard let block, places[inner] == 0 else { return false }
        guard let first else { return order == .bySample && block.rows >= 2 }
        return block.rows >= first.rows && first.rows >= 2
    }

    private func begin(_ new: Block) {
        block = new
        blocks += 1
    }

    private func add(_ inner: UInt64, _ name: () -> String) {
        guard var block else { return }
        defer { self.block = block }
        let place = places[inner]
        if first == nil {
            if let place {
                expected[place] += 1
                if order == .bySample, block.repeated == nil { block.repeated = names[place] }
            } else if names.count < Self.mostRows {
                places[inner] = names.count
                names.append(name())
                expected.append(1)
                tallies.append((0, 0))
            } else {
                order = .unknown
            }
        } else if let place {
            if tallies[place].block != blocks { tallies[place] = (blocks, 0) }
            tallies[place].count += 1
            if tallies[place].count <= expected[place] { block.met += 1 } else { block.repeated = block.repeated ?? names[place] }
            if place != block.rows { block.isInOrder = false }
        } else {
            block.isInOrder = false
            if block.stranger == nil { block.stranger = name() }
        }
        block.rows += 1
    }

    private func close() {
        guard let block else { return }
        guard let first else {
            self.first = block
            if let repeated = block.repeated { tell(block, "has \"\(repeated)\" twice") }
            return
        }
        guard block.met < first.rows || block.stranger != nil || block.repeated != nil else { return }
        var parts: [String] = []
        if block.met < first.rows {
            let lacked = names.indices.first { (tallies[$0].block == blocks ? tallies[$0].count : 0) < expected[$0] }
            parts.append("lacks \(first.rows - block.met) of its \(first.rows) rows, first \"\(lacked.map { names[$0] } ?? "")\"")
        }
        if let stranger = block.stranger { parts.append("has \"\(stranger)\", which is not there") }
        if let repeated = block.repeated { parts.append("has \"\(repeated)\" more often") }
        tell(block, "beside \"\(first.name)\" " + parts.joined(separator: " and "))
    }

    private func tell(_ block: Block, _ problem: String) {
        odd += 1
        guard odd <= Self.mostTold else { return }
        let more = odd == Self.mostTold ? "; further ones are counted at the end" : ""
        account.report(
            Diagnostic(
                .warning, "\(family).uneven-samples", "\"\(block.name)\" \(problem)", at: block.place,
                hint: "the rows were read; some are missing or stand twice, unless the export leaves some out\(more)"))
    }

    /// Judges the whole: what the samples have in common does not prove that all of them are there.
    func finish() {
        guard order == .bySample || order == .byComponent, let block else { return }
        let things = order == .bySample ? "samples" : "components"
        if let first, block.isInOrder, block.rows < first.rows, block.stranger == nil, block.repeated == nil {
            account.contradict("the last of the \(things), \"\(block.name)\", ends behind \(block.rows) of \(first.rows) rows")
        }
        close()
        guard let first, blocks > 1 else { return }
        if odd > 0 {
            account.doubt("\(odd) of \(blocks) \(things) have other rows than \"\(first.name)\"")
        } else {
            account.doubt(
                "each of \(blocks) \(things) has the same \(first.rows) rows, but nothing tells how many \(things) there are")
        }
        if odd > Self.mostTold {
            account.report(
                Diagnostic(
                    .warning, "\(family).uneven-samples", "\(odd) of \(blocks) \(things) have other rows than \"\(first.name)\"",
                    at: first.place, hint: "the first \(Self.mostTold) of them are told one by one"))
        }
    }

    // MARK: Keys

    private func print(_ row: Row, _ columns: [Int]) -> UInt64 {
        var print: UInt64 = 0
        for column in columns { print = (print ^ row.fingerprint(of: column)) &* 0xD6E8_FEB8_6659_FD93 ^ (print >> 29) }
        return print
    }

    private func name(_ row: Row, _ columns: [Int]) -> String {
        var texts: [String] = []
        for column in columns where !row.isEmpty(column) && !texts.contains(row[column]) { texts.append(row[column]) }
        return texts.joined(separator: " ")
    }
}
