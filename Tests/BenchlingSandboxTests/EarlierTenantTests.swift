import BenchlingSandbox
import Foundation
import GRDB
import IngestCore
import Testing

/// Tenants that an earlier version made.
struct EarlierTenantTests {
    @Test func `a tenant gets the schemas that were added since, and keeps what was changed in the others`() throws {
        let folder = FileManager.default.temporaryDirectory.path + "/tenant-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { _ = try? FileManager.default.removeItem(atPath: folder) }  // Best effort: it is below the temporary folder.
        let path = folder + "/tenant.sqlite"
        var names: [String] = []
        do {
            let tenant = try Sandbox(path: path)
            names = try tenant.all(.resultSchema).map { $0["systemName"]?.string ?? "" }
            var renamed = try #require(try tenant.all(.runSchema).first { $0["systemName"] == "plate_run" }).members
            renamed["name"] = "Reader Run"
            renamed["fieldDefinitions"] = []
            try tenant.put(.runSchema, .object(renamed))
        }
        try DatabaseQueue(path: path).write { database in
            try database.execute(
                sql: """
                    DELETE FROM document WHERE kind IN ('runSchema', 'resultSchema')
                    AND (body LIKE '%instrument_r%' OR body LIKE '%plate_well_result%')
                    """)
        }
        let tenant = try Sandbox(path: path)
        #expect(try Set(tenant.all(.resultSchema).map { $0["systemName"]?.string ?? "" }) == Set(names))
        let runs = try tenant.all(.runSchema)
        let plate = runs.filter { $0["systemName"] == "plate_run" }
        #expect(plate.count == 1 && plate[0]["name"] == "Reader Run" && plate[0]["fieldDefinitions"] == [])
        #expect(runs.contains { $0["systemName"] == "instrument_run" })
        // What was planted again links to the run that is there.
        let wells = try #require(try tenant.all(.resultSchema).first { $0["systemName"] == "plate_well_result" })
        #expect(wells["fieldDefinitions"]?[0]?["schemaId"] == plate[0]["id"])
        let count = try tenant.all(.resultSchema).count
        #expect(try Sandbox(path: path).all(.resultSchema).count == count)
    }

    @Test func `a tenant that began empty stays empty`() throws {
        let folder = FileManager.default.temporaryDirectory.path + "/tenant-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { _ = try? FileManager.default.removeItem(atPath: folder) }  // Best effort: it is below the temporary folder.
        var options = SandboxOptions()
        options.seed = false
        _ = try Sandbox(path: folder + "/tenant.sqlite", options: options)
        #expect(try Sandbox(path: folder + "/tenant.sqlite").all(.runSchema) == [])
    }
}
