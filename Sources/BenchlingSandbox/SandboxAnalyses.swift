public import FoundationEssentials
import GRDB
import IngestCore

// The seeded analysis as somebody prepares it, and as nobody but its tenant sees it.

extension Sandbox {
    /// The id of the seeded analysis.
    public var analysisID: String { String(credentials.analysisStepKey.prefix { $0 != ":" }) }

    /// What became of the upload of a data frame.
    public enum FrameUpload: Sendable, Hashable {
        /// It is looked at: a table that is none fails.
        case done
        /// The same, seconds later.
        case inProgress(seconds: Double)
        case notUploaded
    }

    /// Puts a table into the seeded analysis, in the parts that the options ask for.
    /// - Returns: The id of the data frame.
    @discardableResult public func addInput(
        name: String, csv: String, partRows: Int? = nil, upload: FrameUpload = .done
    ) throws -> String {
        try store.pool.write { db in
            let id = try DataFrames(db).insert(name: name, file: "input.csv", wanted: nil)
            var time = 0.0
            if case .inProgress(let seconds) = upload { time = seconds }
            if upload != .notUploaded {
                try Contents(db).store(Data(csv.utf8), owner: DataFrames.upload(id), number: 1)
                try DataFrames(db).validate(id, partRows: partRows, time: time)
            }
            try db.execute(
                sql: "INSERT INTO analysis_item (analysis, kind, item) VALUES (?, 'dataFrame', ?)", arguments: [analysisID, id])
            return id
        }
    }

    /// Something that was attached to the seeded analysis since it began.
    public struct Attachment: Sendable, Hashable {
        public var id: String, name: String
        /// `nil` for a data frame.
        public var fileName: String?
        public var content: Data
        public var isArchived: Bool
    }

    /// In the order they were attached.
    public func attachments() throws -> [Attachment] {
        try store.pool.read { db in
            let items = try String.fetchAll(
                db, sql: "SELECT item FROM analysis_item WHERE analysis = ? AND attached IS NOT NULL ORDER BY place",
                arguments: [analysisID])
            return try items.compactMap { id in
                if let frame = try DataFrames(db).find(id) {
                    let content = try Contents(db).whole(DataFrames.upload(id))
                    return Attachment(id: id, name: frame.name, content: content, isArchived: false)
                }
                guard let file = try Files(db).find(id) else { return nil }
                return Attachment(
                    id: id, name: file.name, fileName: file["filename"]?.string, content: try Contents(db).whole(id),
                    isArchived: file.isArchived)
            }
        }
    }

    /// Live files that no analysis holds, and data frames that none does: the ids.
    public func unattached() throws -> (files: [String], dataFrames: [String]) {
        try store.pool.read { db in
            let rest = "NOT IN (SELECT item FROM analysis_item) ORDER BY created"
            return (
                try String.fetchAll(db, sql: "SELECT id FROM file WHERE archived IS NULL AND id \(rest)"),
                try String.fetchAll(db, sql: "SELECT id FROM data_frame WHERE id \(rest)")
            )
        }
    }
}
