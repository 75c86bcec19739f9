import FoundationEssentials
import GRDB
import IngestCore

struct StoredDataFrame: Sendable {
    var id: String, name: String, file: String, status: String
    var error: String?
    /// As the API shows them; `nil` before the CSV was looked at.
    var columns: JSONValue?
    var parts: Int

    /// - Parameter urls: One for each part, or for the upload.
    func json(urls: [String?]) -> JSONValue {
        let manifest = urls.enumerated().map { index, url -> JSONValue in
            let part = urls.count == 1 ? file : file.replacing(".csv", with: "-part-\(index + 1).csv")
            return ["fileName": .string(part), "url": JSONValue(url)]
        }
        return [
            "id": .string(id), "name": .string(name), "uploadStatus": .string(status), "errorMessage": JSONValue(error),
            "manifest": .array(manifest), "columns": columns ?? [],
        ]
    }
}

/// The data frames of a tenant.
struct DataFrames {
    private let db: Database

    init(_ db: Database) { self.db = db }

    /// Who owns the bytes as they were sent.
    static func upload(_ id: String) -> String { "\(id)/upload" }
    /// Who owns those of a part that is downloaded, from 1 on.
    static func part(_ id: String, _ number: Int) -> String { "\(id)/part-\(number)" }

    func insert(name: String, file: String, wanted: JSONValue?) throws -> String {
        let id = Identifier.prefixed("dset_")
        try db.execute(
            sql: "INSERT INTO data_frame (id, name, file, status, wanted, created) VALUES (?, ?, ?, 'NOT_UPLOADED', ?, ?)",
            arguments: [id, name, file, try wanted.map(JSONText.text), Instant.now().microseconds])
        return id
    }

    func find(_ id: String) throws -> StoredDataFrame? {
        guard let frame = try outcome(of: id) else { return nil }
        let due = try Int64.fetchOne(db, sql: "SELECT due FROM data_frame WHERE id = ? AND due IS NOT NULL", arguments: [id])
        guard let due, due > Instant.now().microseconds else { return frame }
        return StoredDataFrame(id: frame.id, name: frame.name, file: frame.file, status: "IN_PROGRESS", parts: 0)
    }

    /// As it will be once it is no longer in progress.
    func outcome(of id: String) throws -> StoredDataFrame? {
        try Row.fetchOne(db, sql: "SELECT * FROM data_frame WHERE id = ?", arguments: [id]).map { row in
            StoredDataFrame(
                id: row["id"], name: row["name"], file: row["file"], status: row["status"], error: row["error"],
                columns: try (row["columns"] as String?).map(JSONText.value), parts: row["parts"])
        }
    }

    /// Looks at the CSV, which is in memory as a whole meanwhile: settles columns and parts, or says what is wrong.
    /// - Parameter time: Seconds until it shows.
    func validate(_ id: String, partRows: Int?, time: Double = 0) throws {
        if time > 0 {
            try db.execute(
                sql: "UPDATE data_frame SET due = ? WHERE id = ?",
                arguments: [Instant.now().adding(seconds: time).microseconds, id])
        }
        let bytes = try Contents(db).whole(Self.upload(id))
        let wanted = try String.fetchOne(db, sql: "SELECT wanted FROM data_frame WHERE id = ?", arguments: [id]).map(
            JSONText.value)
        do {
            let survey = try CSVSurvey(bytes)
            if let wanted, wanted.elements.count != survey.columns.count {
                throw CSVSurvey.Fault(
                    text: "columns has \(wanted.elements.count) elements, and the CSV \(survey.columns.count) columns")
            }
            let columns = zip(survey.columns.indices, survey.columns).map { index, column -> JSONValue in
                let inferred: JSONValue = ["name": .string(column.type), "isList": false, "isNullable": .bool(column.hasEmpty)]
                return ["displayName": .string(column.name), "type": wanted?[index]?["type"] ?? inferred]
            }
            let parts = survey.parts(rows: partRows)
            for (index, part) in parts.enumerated() { try Contents(db).store(part, owner: Self.part(id, index + 1), number: 1) }
            try db.execute(
                sql: "UPDATE data_frame SET status = 'SUCCEEDED', columns = ?, parts = ? WHERE id = ?",
                arguments: [try JSONText.text(.array(columns)), parts.count, id])
        } catch let fault as CSVSurvey.Fault {
            try db.execute(
                sql: "UPDATE data_frame SET status = 'FAILED_VALIDATION', error = ? WHERE id = ?", arguments: [fault.text, id])
        }
    }
}
