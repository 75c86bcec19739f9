import FoundationEssentials
import GRDB
import IngestCore

/// What the ledger remembers of the layouts of instruments: each once, with the file it was seen in last.
extension SQLiteLedger {
    /// So many are remembered of one instrument; of more, those not seen for longest are forgotten.
    static let mostLayouts = 50

    /// Those of an instrument, the last seen first.
    public func layouts(of instrument: String) throws -> [LayoutSighting] {
        try read { try stored(instrument, in: $0) }.map(\.sighting)
    }

    /// Remembers how a file was laid out. In one transaction, so that of several processes none forgets what another saw.
    ///
    /// One that is known is not entered again: its file and time are renewed, and what it tells more than before.
    public func remember(_ sighting: LayoutSighting) throws {
        guard !sighting.layout.values.isEmpty || !sighting.layout.tables.isEmpty else { return }
        try write { database in
            let known = try stored(sighting.instrument, in: database)
            let layout = sighting.layout
            let same = known.first {
                layout.isLike($0.sighting.layout) && layout.changes(since: $0.sighting.layout).isEmpty
            }
            let text = try PublishingJSON.value(of: same.map { layout.filled(from: $0.sighting.layout) } ?? layout).text
            let last = try Int.fetchOne(database, sql: "SELECT max(sequence) FROM layouts") ?? 0
            if let same {
                try database.run(
                    """
                    UPDATE layouts SET sequence = ?, name = ?, layout = ?, file = ?, sha256 = ?, at = ? WHERE sequence = ?
                    """,
                    [last + 1, sighting.name, text, sighting.file, sighting.sha256, sighting.at, same.sequence])
            } else {
                try database.run(
                    """
                    INSERT INTO layouts (sequence, instrument, name, layout, file, sha256, at, firstAt)
                    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7)
                    """,
                    [
                        last + 1, sighting.instrument, sighting.name, text, sighting.file, sighting.sha256, sighting.at,
                    ])
            }
            try database.run(
                """
                DELETE FROM layouts WHERE instrument = ?1 AND sequence NOT IN
                (SELECT sequence FROM layouts WHERE instrument = ?1 ORDER BY sequence DESC LIMIT ?2)
                """, [sighting.instrument, SQLiteLedger.mostLayouts])
        }
    }

    private func stored(_ instrument: String, in database: Database) throws -> [(sequence: Int, sighting: LayoutSighting)] {
        let rows = try database.rows(
            "SELECT sequence, name, layout, file, sha256, at FROM layouts WHERE instrument = ? ORDER BY sequence DESC",
            [instrument])
        return try rows.map { row in
            let layout: Layout
            do {
                layout = try JSONDecoder().decode(Layout.self, from: Data((row["layout"] as String).utf8))
            } catch {
                throw LedgerFault.damaged("a layout of \(instrument) is not understood", path: path)
            }
            return (
                row["sequence"],
                LayoutSighting(
                    instrument: instrument, name: row["name"], layout: layout, file: row["file"], sha256: row["sha256"],
                    at: row["at"])
            )
        }
    }
}
