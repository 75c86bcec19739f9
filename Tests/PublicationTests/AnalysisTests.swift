import Benchling
import BenchlingSandbox
import Foundation
import IngestCore
import Publishing
import Testing

/// The round trip of an analysis, where nothing goes wrong and where its input or its tenant is not as hoped.
@Suite(.serialized) struct AnalysisTests {
    private static let plain = TenantKind("plain")
    private static let evaluation = Laboratory.Evaluation()

    private static func writes(_ laboratory: Laboratory) -> [String] {
        laboratory.sandbox.requests.map(\.call).filter { !$0.hasPrefix("GET ") }
    }

    @Test func `a table and a page are attached under names that tell where they come from`() async throws {
        try await Laboratory.with(Self.plain) { laboratory async throws in
            let receipt = try await laboratory.evaluate(Self.evaluation)
            #expect(receipt.status == 0 && receipt.created == 2 && receipt.skipped == 0)
            #expect(
                Self.writes(laboratory) == [
                    "POST /data-frames", "PUT /storage/{key}", "PATCH /data-frames/{data_frame_id}", "POST /files",
                    "PUT /storage/{key}", "PATCH /files/{file_id}", "PATCH /analyses/{analysis_id}",
                ])
            let attached = try laboratory.sandbox.attachments()
            #expect(attached.map(\.id) == (receipt.analysis?.dataFrames ?? []) + (receipt.analysis?.files ?? []))
            let mark = try #require(attached.first?.name.firstMatch(of: #/^ingest [0-9a-f]{12} /#)).output
            #expect(attached.map(\.name) == [mark + "IC50", mark + "IC50 plot"])
            #expect(attached.map(\.fileName) == [nil, "ic50.html"])
            #expect(String(decoding: attached[1].content, as: UTF8.self).hasPrefix("<!DOCTYPE html>"))
            let analysis = laboratory.sandbox.analysisID
            #expect(receipt.analysis?.id == analysis && receipt.analysis?.before == [])
            #expect(
                receipt.text == "analysis \(analysis) · 1 data frame, 1 file · published to proof · undo: ingest undo "
                    + (receipt.publication ?? "").prefix(8))
            #expect(try Receipt(parsing: receipt.json) == receipt)
            let keys = #"{"file":"dset_"#, empty = #""runs":[],"results":[],"blobs":[],"created":2,"skipped":0,"leftOut":0,"#
            #expect(receipt.json.hasPrefix(keys) && receipt.json.contains(empty), "\(receipt.json)")
        }
    }

    @Test(arguments: [true, false])
    func `a second time there is nothing to do, also for somebody else`(hasLedger: Bool) async throws {
        try await Laboratory.with(Self.plain) { laboratory async throws in
            // Its own table would do as an input, if it were not known for what it is.
            let evaluation = Laboratory.Evaluation(table: "Concentration,IC50\n1,2\n")
            let first = try await laboratory.evaluate(evaluation)
            if !hasLedger { try FileManager.default.removeItem(atPath: laboratory.folder + "/ledger.sqlite") }
            laboratory.sandbox.forgetRequests()
            let second = try await laboratory.evaluate(evaluation)
            #expect(second.status == 4 && second.created == 0 && second.skipped == 2)
            #expect(second.analysis == first.analysis && second.publication == (hasLedger ? first.publication : nil))
            #expect(second.text.contains("already published to proof, unchanged") && second.text.contains("nothing to do"))
            #expect(Self.writes(laboratory) == [])
        }
    }

    @Test func `what other settings or another input lead to is attached beside it`() async throws {
        try await Laboratory.with(Self.plain) { laboratory async throws in
            let first = try await laboratory.evaluate(Self.evaluation)
            let second = try await laboratory.evaluate(Laboratory.Evaluation(settings: "LL.3"))
            let before = (first.analysis?.dataFrames ?? []) + (first.analysis?.files ?? [])
            #expect(second.status == 0 && second.created == 2 && second.analysis?.before == before)
            #expect(second.text.contains("beside 2 attachments from before"))
            let input = try laboratory.sandbox.addInput(name: "other", csv: "Concentration,M\n1,2\n")
            let third = try await laboratory.evaluate(Laboratory.Evaluation(frame: input))
            #expect(third.status == 0 && third.file == input && third.analysis?.before.count == 5)
            #expect(try Findings(analysis: laboratory, tables: 3, pages: 3).isClean)
            #expect(try await laboratory.evaluate(Self.evaluation(of: laboratory)).status == 4)
        }
    }

    /// The first of two candidates.
    private static func evaluation(of laboratory: Laboratory) throws -> Laboratory.Evaluation {
        let publications = try laboratory.ledger().publications(
            PublicationQuery(subject: .analysis(laboratory.sandbox.analysisID)))
        return Laboratory.Evaluation(frame: publications.last?.file)
    }

    @Test func `a dry run says what would be attached, and writes nothing`() async throws {
        try await Laboratory.with(Self.plain) { laboratory async throws in
            #expect(try await laboratory.evaluate(Self.evaluation, isDryRun: true).status == 0)
            #expect(laboratory.told.contains("create    data frame ingest "), "\(laboratory.told)")
            #expect(Self.writes(laboratory) == [])
            #expect(try laboratory.ledger().publications(PublicationQuery()).isEmpty)
        }
    }

    @Test func `a table that the tenant refuses attaches nothing, and the right one is taken afterwards`() async throws {
        try await Laboratory.with(Self.plain) { laboratory async throws in
            let ragged = Laboratory.Evaluation(table: "a,b\n1\n")
            #expect(try await laboratory.analyze(ragged) == 2)
            #expect(laboratory.told.contains("analysis.table-refused") && laboratory.told.contains("Line 2 has 1 values"))
            #expect(try laboratory.sandbox.attachments().isEmpty && laboratory.sandbox.unattached().files.isEmpty)
            #expect(try laboratory.ledger().publications(PublicationQuery()).isEmpty)
            #expect(try await laboratory.analyze(ragged) == 2)
            #expect(try await laboratory.analyze() == 0)
            #expect(try Findings(analysis: laboratory).isClean)
        }
    }

    @Test func `a table in several parts is one table`() async throws {
        let rows = (0..<23).map { "\($0),\"a \($0)\n\"\n" }.joined()
        let csv = "\u{FEFF}Concentration,\"Mortality\n24h\"\n" + rows
        try await Laboratory.with(Self.plain) { laboratory async throws in
            let id = try laboratory.sandbox.addInput(name: "long", csv: csv, partRows: 4)
            laboratory.sandbox.forgetRequests()
            let receipt = try await laboratory.evaluate(Laboratory.Evaluation(frame: id))
            #expect(laboratory.sandbox.requests.count { $0.call == "GET /storage/{key}" } == 6)
            let whole = try laboratory.sandbox.addInput(name: "whole", csv: csv)
            #expect(try await laboratory.evaluate(Laboratory.Evaluation(frame: whole)).sha256 == receipt.sha256)
        }
    }

    @Test(arguments: ["GET", "PUT"])
    func `an address that has run out is asked for anew`(method: String) async throws {
        try await Laboratory.with(Self.plain) { laboratory async throws in
            let fault = FaultPlan.Rule(.status(403, html: false), .before, at: 1, of: "\(method) /storage/{key}")
            laboratory.sandbox.plan(FaultPlan([fault]))
            #expect(try await laboratory.analyze() == 0, "\(laboratory.told)")
            #expect(try Findings(analysis: laboratory).isClean)
            laboratory.sandbox.plan(FaultPlan([.init(.status(403, html: false), .before, of: "\(method) /storage/{key}")]))
            #expect(try await laboratory.analyze(Laboratory.Evaluation(settings: "LL.3")) == 3)
            laboratory.sandbox.plan(nil)
            #expect(try await laboratory.analyze(Laboratory.Evaluation(settings: "LL.3")) == 0)
            #expect(try Findings(analysis: laboratory, tables: 2, pages: 2).isClean)
        }
    }

    // MARK: Which input

    @Test func `of two tables that could be meant both are named`() async throws {
        try await Laboratory.with(Self.plain) { laboratory async throws in
            let other = try laboratory.sandbox.addInput(name: "Second plate", csv: "Concentration,Signal\n1,2\n")
            try laboratory.sandbox.addInput(name: "Notes", csv: "Text\nx\n")
            #expect(try await laboratory.analyze() == 2)
            for part in ["analysis.several-frames", other, "Second plate", "Concentration, Signal", "Mortality of compound 12"] {
                #expect(laboratory.told.contains(part), "\(laboratory.told)")
            }
            #expect(!laboratory.told.contains("Notes"))
            #expect(try await laboratory.analyze(Laboratory.Evaluation(frame: other)) == 0)
        }
    }

    @Test func `a table that cannot be meant says why`() async throws {
        try await Laboratory.with(Self.plain) { laboratory async throws in
            let notes = try laboratory.sandbox.addInput(name: "Notes", csv: "Text\nx\n")
            let ragged = try laboratory.sandbox.addInput(name: "Ragged", csv: "Concentration,b\n1\n")
            let empty = try laboratory.sandbox.addInput(name: "Empty", csv: "", upload: .notUploaded)
            let reasons = [
                notes: "it has no column Concentration", ragged: "its upload failed: Line 2 has 1 values",
                empty: "nothing was uploaded to it", "dset_unknown": "has no data frame dset_unknown",
            ]
            for (frame, reason) in reasons {
                #expect(try await laboratory.analyze(Laboratory.Evaluation(frame: frame)) == 2)
                #expect(laboratory.told.contains(reason), "\(laboratory.told)")
            }
            // The others do not keep the right one from being taken.
            #expect(try await laboratory.analyze() == 0)
        }
    }

    @Test func `a table that is still being made is waited for`() async throws {
        try await Laboratory.with(TenantKind("bare") { $0.seed = true }) { laboratory async throws in
            let id = try laboratory.sandbox.addInput(
                name: "slow", csv: "Concentration,M\n1,2\n", upload: .inProgress(seconds: 0.3))
            #expect(try await laboratory.analyze(Laboratory.Evaluation(frame: id)) == 0, "\(laboratory.told)")
            let failing = try laboratory.sandbox.addInput(
                name: "failing", csv: "Concentration,M\n1\n", upload: .inProgress(seconds: 0.3))
            #expect(try await laboratory.analyze(Laboratory.Evaluation(frame: failing)) == 2)
            #expect(laboratory.told.contains("its upload failed: Line 2"), "\(laboratory.told)")
        }
    }

    @Test(arguments: [404, 403])
    func `an analysis that is not there, or closed to us, is told`(status: Int) async throws {
        try await Laboratory.with(Self.plain) { laboratory async throws in
            laboratory.sandbox.plan(
                FaultPlan([.init(.status(status, html: false), .before, of: "GET /analyses/{analysis_id}")]))
            #expect(try await laboratory.analyze() == 2)
            #expect(laboratory.told.contains(status == 404 ? "analysis.unknown" : "403"), "\(laboratory.told)")
            #expect(Self.writes(laboratory) == [])
        }
    }

    // MARK: Strays and undo

    @Test func `of two files of one name the one that nothing leads to is archived`() async throws {
        try await Laboratory.with(Self.plain) { laboratory async throws in
            // Ended after the file was made, and before that was written down.
            laboratory.sandbox.plan(
                FaultPlan([.init(.cut, .after, of: "POST /files"), .init(.cut, .before, at: 2...1000, of: "GET /files")]))
            #expect(try await laboratory.analyze() == 3)
            laboratory.sandbox.plan(nil)
            let stray = try #require(try laboratory.sandbox.unattached().files.first)
            let client = try laboratory.client(Laboratory.Command())
            let file = try #require(try await client.file(stray))
            _ = try await client.createFile(name: file.name, fileName: file.fileName, folder: file.folder ?? "")
            #expect(try await laboratory.analyze() == 0, "\(laboratory.told)")
            #expect(try Findings(analysis: laboratory).isClean)
        }
    }

    @Test func `an undo archives the files, and names what stays`() async throws {
        try await Laboratory.with(Self.plain) { laboratory async throws in
            let receipt = try await laboratory.evaluate(Laboratory.Evaluation(morePages: 1))
            let publication = try #require(try laboratory.evaluation())
            let undo = AnalysisUndo(tenant: try await laboratory.tenant(Laboratory.Command()), ledger: try laboratory.ledger())
            let outcome = try await undo.take(back: publication, reason: "wrong plate")
            #expect(outcome.files == receipt.analysis?.files && outcome.dataFrames == receipt.analysis?.dataFrames)
            #expect(try laboratory.sandbox.attachments().map(\.isArchived) == [false, true, true])
            let history = try History(of: laboratory.sandbox.analysisID, in: try laboratory.ledger()).text
            #expect(history.contains("analysis \(laboratory.sandbox.analysisID) · 1 data frame, 2 files"), "\(history)")
            #expect(history.contains("undone") && history.contains("\"wrong plate\""))
            // What was taken back can be published again; the data frame is there, and is not made twice.
            let again = try await laboratory.evaluate(Laboratory.Evaluation(morePages: 1))
            #expect(again.status == 0 && again.created == 2 && again.skipped == 1)
            #expect(
                try Findings(analysis: laboratory.sandbox, pages: 2).losses == 0 && laboratory.sandbox.attachments().count == 5)
        }
    }

    @Test func `a file that somebody archived is not brought back unasked`() async throws {
        try await Laboratory.with(Self.plain) { laboratory async throws in
            let receipt = try await laboratory.evaluate(Self.evaluation)
            let client = try laboratory.client(Laboratory.Command())
            try await client.archiveFiles(receipt.analysis?.files ?? [], reason: .other)
            laboratory.sandbox.forgetRequests()
            #expect(try await laboratory.evaluate(Self.evaluation).status == 4)
            #expect(laboratory.told.contains("archived there since") && Self.writes(laboratory) == [])
        }
    }

    @Test func `the same bytes are published as runs as if no analysis had ever had them`() async throws {
        try await Laboratory.with(Self.plain) { laboratory async throws in
            let receipt = try await laboratory.evaluate(Self.evaluation)
            let ledger = try laboratory.ledger()
            #expect(try ledger.publications(PublicationQuery(sha256: receipt.sha256)).count == 1)
            #expect(try ledger.publications(PublicationQuery(sha256: receipt.sha256, subject: .runs)).isEmpty)
            let id = try #require(receipt.publication)
            #expect(try ledger.contents(of: id) == PublicationContents(runs: [], blobs: 0, results: 0, dataFrames: 1, files: 1))
            for reference in [id, receipt.analysis?.dataFrames[0] ?? "", receipt.analysis?.files[0] ?? "", receipt.file] {
                #expect(try !History(of: reference, in: ledger).entries.isEmpty, "\(reference)")
            }
        }
    }
}
