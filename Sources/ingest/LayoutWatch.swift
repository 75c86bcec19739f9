import Benchling
import Foundation
import Glibc
import IngestCore
import Publishing
import RecordReading

/// Compares how a file is laid out with what is remembered of its instrument, before it is published.
struct LayoutWatch: Sendable {
    /// As it is when the plan is made.
    let finding: LayoutFinding
    private let isStated: Bool
    private let entry: PublishEntry
    private let ledger: SQLiteLedger

    /// - Parameter tables: The headings, where the file was read just now; records alone do not tell them.
    init(
        _ records: RecordsFile, tables: (noted: [Layout.Table], areCut: Bool)?, _ entry: PublishEntry, ledger: SQLiteLedger
    ) throws {
        var layout = records.layout
        layout.tables = tables?.noted ?? []
        layout.isCut = layout.isCut || tables?.areCut == true
        let instrument = records.instrument
        let sighting = LayoutSighting(
            instrument: instrument.key, name: instrument.name, layout: layout, file: records.fileName, sha256: records.sha256,
            at: Date.now.formatted(.iso8601))
        isStated = instrument.isStated
        self.entry = entry
        self.ledger = ledger
        finding = LayoutFinding(
            sighting, known: try ledger.layouts(of: instrument.key), isStated: isStated, isPublished: entry.publishes)
    }

    /// What holds when the plan is carried out. While a layout is new, the instrument is held until it has been decided on:
    /// of several files at once, one is the first, and the others are compared with it.
    func settled(waiting: @Sendable (String) -> Void) async throws -> Settled {
        guard finding.isNew else { return Settled(finding: finding, hold: nil) }
        let ours = "process \(getpid()) ", sighting = finding.sighting
        let hold = try await ledger.hold(tenant: "layouts", sha256: sighting.instrument) { other in
            if !other.hasPrefix(ours) { waiting(other) }
        }
        do {
            return Settled(
                finding: LayoutFinding(
                    sighting, known: try ledger.layouts(of: sighting.instrument), isStated: isStated,
                    isPublished: entry.publishes),
                hold: hold)
        } catch {
            hold.release()
            throw error
        }
    }

    struct Settled: Sendable {
        let finding: LayoutFinding
        let hold: (any LedgerHold)?
    }
}
