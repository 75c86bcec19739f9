import ArgumentParser
import Benchling
import Foundation
import Glibc
import IngestCore
import IngestPipeline
import Publishing
import Synchronization

struct UndoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "undo", abstract: "Archives exactly what one publication made.",
        discussion: """
            Results and runs are archived, never deleted, and can be unarchived in
            Benchling. Blobs cannot be archived: they stay, and nothing live links to
            them. Of what was attached to an analysis the files are archived; nothing
            can be detached, and data frames stay. What somebody archived before is left as it is.
            """)

    @Argument(
        help: "The id of a run or an analysis or its begin, a receipt (--json), or the file or records that were published.")
    var reference: String

    @Option(help: ArgumentHelp("Why; kept with the publication.", valueName: "text"))
    var reason: String?

    @ArgumentParser.Flag(help: "One JSON object on standard output.")
    var json = false

    @OptionGroup var destination: DestinationOptions
    @OptionGroup var telling: TellingOptions

    func validate() throws {
        guard let reason else {
            if isatty(STDIN_FILENO) == 1, isatty(STDERR_FILENO) == 1 { return }
            throw ValidationError("Missing expected argument '--reason <text>': say why, for whoever looks at it later")
        }
        if reason.allSatisfy(\.isWhitespace) { throw ValidationError("--reason: say why, for whoever looks at it later") }
    }

    /// On a terminal a person who gave no reason is asked for it.
    private mutating func askForReason() throws {
        guard reason == nil else { return }
        let answer = Terminal.ask("\(Terminal.printable(reference)): why is it taken back? ") ?? ""
        guard !answer.allSatisfy(\.isWhitespace) else {
            throw Diagnostic(
                "undo.no-reason", "no reason was given", at: SourceLocation(file: reference), hint: "nothing was archived")
        }
        reason = answer
    }

    func run() async throws {
        let terminal = Terminal(telling)
        let question = self
        let known = Mutex<Publication?>(nil)
        let status = try await PublishingFailure.told(terminal) {
            var asking = question
            try asking.askForReason()
            let command = asking
            let environment = ProcessInfo.processInfo.environment
            let ledger = try SQLiteLedger(folder: SQLiteLedger.home(environment: environment))
            let configuration = try IngestConfiguration.found(command.destination.config)
            let meant = MeantPublication(command.reference, to: command.destination.to, configuration)
            let publication = try meant.publication(in: ledger)
            known.withLock { $0 = publication }
            if publication.isTakenBack { return command.tellNothingToDo(publication, terminal) }
            var options = command.destination
            options.to = options.to ?? meant.destination(of: publication)
            guard let destination = try OpenedDestination(options) else {
                throw ValidationError("--to none: there is nothing to take back")
            }
            return try await PublishingSession.with(destination, terminal) {
                try await command.undo(publication, $0, terminal)
            }
        }
        if json, status != 0, status != 4 {
            if let refused = known.withLock(\.self) {
                give(refused, status: Int(status), runs: [], results: [], [])
            } else {
                Terminal.give(JSONValue.object(["reference": .string(reference), "status": .number(Double(status))]).text + "\n")
            }
        }
        throw ExitCode(status)
    }

    private func undo(_ publication: Publication, _ session: PublishingSession, _ terminal: Terminal) async throws -> Int32 {
        guard session.tenant.identity == publication.tenant else {
            throw Diagnostic(
                "undo.other-tenant",
                "\(publication.file) was published to \(publication.tenant), and \(session.tenant.destination) is "
                    + session.tenant.identity,
                at: SourceLocation(file: publication.file), hint: "name the destination of that tenant with --to")
        }
        let command = self
        return try await Interruption.guarded(.recorded) {
            let hold = try await session.ledger.hold(tenant: publication.tenant, sha256: publication.sha256) { other in
                terminal.tell("\(Terminal.printable(publication.file)): waiting, \(other)")
            }
            defer { hold.release() }
            // Another process may have done it while this one waited.
            let query = PublicationQuery(reference: publication.id)
            let now = try session.ledger.publications(query).first { $0.id == publication.id } ?? publication
            if now.isTakenBack { return command.tellNothingToDo(now, terminal) }
            if let analysis = now.analysis {
                let outcome = try await AnalysisUndo(tenant: session.tenant, ledger: session.ledger).take(
                    back: now, reason: command.reason ?? "")
                command.tell(outcome, now, analysis)
                return 0
            }
            let outcome = try await Undo(tenant: session.tenant, ledger: session.ledger).take(
                back: now, reason: command.reason ?? "")
            let runs = try session.ledger.things(of: publication.id).filter { $0.kind == .run && $0.state == .archived }
            let results = try session.ledger.things(of: publication.id).filter { $0.kind == .result && $0.state == .archived }
            command.tell(others: outcome.others, publication, terminal)
            if command.json {
                command.give(
                    publication, status: 0, runs: runs.map(\.id), results: results.map(\.id), outcome.blobs, outcome.others ?? [])
                return 0
            }
            var parts = [
                "\(Terminal.printable(publication.file)): \(RunReport.counted(runs.count, "run")) and "
                    + "\(RunReport.counted(results.count, "result")) archived at \(publication.destination)"
            ]
            if outcome.already > 0 { parts.append("\(outcome.already) of them had been before") }
            if !outcome.blobs.isEmpty {
                parts.append(
                    outcome.blobs.count == 1
                        ? "1 blob stays, for blobs cannot be archived: nothing live links to it"
                        : "\(outcome.blobs.count) blobs stay, for blobs cannot be archived: nothing live links to them")
            }
            Terminal.give(parts.joined(separator: "; ") + "\n")
            return 0
        }
    }

    private func tell(_ outcome: AnalysisUndo.Outcome, _ publication: Publication, _ analysis: String) {
        guard !json else {
            return give(publication, status: 0, runs: [], results: [], [], attachments: outcome)
        }
        var parts = [
            "\(Terminal.printable(publication.file)): \(RunReport.counted(outcome.files.count, "file")) archived at "
                + publication.destination
        ]
        if outcome.already > 0 { parts.append("\(outcome.already) of them had been before") }
        if !outcome.files.isEmpty {
            parts.append("what is archived stays on the list of analysis \(analysis): nothing can be detached")
        }
        if !outcome.dataFrames.isEmpty {
            parts.append(
                "\(RunReport.counted(outcome.dataFrames.count, "data frame")) (\(outcome.dataFrames.joined(separator: ", "))) "
                    + (outcome.dataFrames.count == 1 ? "stays, for it can" : "stay, for they can")
                    + " neither be archived nor be detached from outside; take it off the analysis in Benchling")
        }
        Terminal.give(Terminal.printable(parts.joined(separator: "; ")) + "\n")
    }

    private func tell(others: [String]?, _ publication: Publication, _ terminal: Terminal) {
        let place = SourceLocation(file: publication.file)
        let warning = others.map { $0.isEmpty ? nil : OthersResults.warning($0, at: place) } ?? OthersResults.unknown(at: place)
        guard let warning else { return }
        Terminal.write(DiagnosticRenderer(terminal: terminal).render([warning]), to: STDERR_FILENO)
    }

    private func tellNothingToDo(_ publication: Publication, _ terminal: Terminal) -> Int32 {
        if json { give(publication, status: 4, runs: [], results: [], []) }
        let what = publication.state == .undone ? "taken back" : "replaced by a later publication"
        let why = publication.reason.map { ": \"\($0)\"" } ?? ""
        terminal.tell("\(Terminal.printable(publication.file)): was \(what) already\(Terminal.printable(why)); nothing to do")
        return 4
    }

    private func give(
        _ publication: Publication, status: Int, runs: [String], results: [String], _ blobs: [String], _ others: [String] = [],
        attachments: AnalysisUndo.Outcome? = nil
    ) {
        var value: [String: JSONValue] = [
            "file": .string(publication.file), "sha256": .string(publication.sha256),
            "destination": .string(publication.destination), "publication": .string(publication.id),
            "status": .number(Double(status)), "archivedRuns": .array(runs.map { .string($0) }),
            "archivedResults": .array(results.map { .string($0) }), "blobs": .array(blobs.map { .string($0) }),
            "othersResults": .array(others.map { .string($0) }),
            "reason": .string(publication.reason ?? reason ?? ""),
        ]
        if let analysis = publication.analysis {
            value["analysis"] = .string(analysis)
            value["archivedFiles"] = .array((attachments?.files ?? []).map { .string($0) })
            value["dataFrames"] = .array((attachments?.dataFrames ?? []).map { .string($0) })
        }
        Terminal.give(JSONValue.object(value).text + "\n")
    }
}
