import Benchling
import Foundation
import Glibc
import IngestCore
import Publishing
import RecordReading

/// Compares how a file is laid out with what is remembered of its instrument, before it is published.
///
/// While a layout is new, the instrument is held until it has been decided on: of several files at once, one is the first,
/// and the others are compared with it.
struct LayoutWatch: Sendable {
    let finding: LayoutFinding
    private let hold: (any LedgerHold)?

    /// - Parameters:
    ///   - tables: The headings, where the file was read just now; records alone do not tell them.
    ///   - decides: The file is going to be published now. A plan only shows.
    init(
        _ records: RecordsFile, tables: (noted: [Layout.Table], areCut: Bool)?, _ entry: PublishEntry, ledger: SQLiteLedger,
        decides: Bool, waiting: @Sendable (String) -> Void
    ) async throws {
        var layout = records.layout
        layout.tables = tables?.noted ?? []
        layout.isCut = layout.isCut || tables?.areCut == true
        let instrument = records.instrument
        let sighting = LayoutSighting(
            instrument: instrument.key, name: instrument.name, layout: layout, file: records.fileName, sha256: records.sha256,
            at: Date.now.formatted(.iso8601))
        func finding() throws -> LayoutFinding {
            LayoutFinding(
                sighting, known: try ledger.layouts(of: instrument.key), isStated: instrument.isStated,
                isPublished: entry.publishes)
        }
        let first = try finding()
        guard decides, first.isNew else {
            self.finding = first
            hold = nil
            return
        }
        let ours = "process \(getpid()) "
        hold = try await ledger.hold(tenant: "layouts", sha256: instrument.key) { if !$0.hasPrefix(ours) { waiting($0) } }
        self.finding = try finding()
    }

    func release() { hold?.release() }
}
