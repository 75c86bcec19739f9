import ArgumentParser
import Benchling
import Foundation
import Glibc
import IngestCore
import IngestPipeline
import Publishing

struct InitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init", abstract: "Writes a commented ingest.yaml from the schemas of a tenant.",
        discussion: """
            ingest init --url https://acme.benchling.com \\
                --key-from BENCHLING_API_KEY --project "Analytical Development"
            ingest init           from the tenant built in, to try things out

            Secrets are never written: --key-from, --id-from and --secret-from name
            environment variables, or files with mode 600.
            """)

    @Option(help: "The address of the tenant; without it the tenant built in.")
    var url: String?

    @Option(help: "What the destination is called.")
    var name = "benchling"

    @Option(help: ArgumentHelp("A variable or file that holds a user's API key.", valueName: "source"))
    var keyFrom: String?

    @Option(help: ArgumentHelp("A variable or file that holds an app's client id.", valueName: "source"))
    var idFrom: String?

    @Option(help: ArgumentHelp("A variable or file that holds an app's client secret.", valueName: "source"))
    var secretFrom: String?

    @Option(help: "The project that results go to, by name or id.")
    var project: String?

    @Option(help: "The registry that samples are looked up in, by name or id.")
    var registry: String?

    @Option(help: ArgumentHelp("The run schema, by name or id, where there are several.", valueName: "schema"))
    var runSchema: String?

    @Option(help: ArgumentHelp("The result schema, by name or id, where there are several.", valueName: "schema"))
    var resultSchema: String?

    @Option(name: [.customLong("for")], help: ArgumentHelp("The family or format it is for.", valueName: "name"))
    var family = "lc"

    @Option(name: .shortAndLong, help: ArgumentHelp("Where it is written.", valueName: "file"))
    var output = "ingest.yaml"

    @ArgumentParser.Flag(help: "Replace a file that is there.")
    var force = false

    @OptionGroup var telling: TellingOptions

    func validate() throws {
        if url != nil, project == nil {
            throw ValidationError(
                "--project: name the project that results go to; without one only the app itself would see them")
        }
        let isApp = idFrom != nil || secretFrom != nil
        if url != nil, isApp == (keyFrom != nil) || (isApp && (idFrom == nil || secretFrom == nil)) {
            throw ValidationError("credentials: give --key-from, or --id-from and --secret-from together")
        }
        if !force, FileManager.default.fileExists(atPath: output) {
            throw ValidationError("\(output) is there already; --force replaces it, -o writes elsewhere")
        }
    }

    func run() async throws {
        let terminal = Terminal(telling)
        let command = self
        let status = try await PublishingFailure.told(terminal) {
            let text = try await PublishingSession.with(try command.destination(), terminal) { try await command.text($0) }
            let file = try OutputFile(path: command.output)
            var bytes = text
            try bytes.withUTF8 { try file.write(UnsafeRawBufferPointer($0)) }
            try file.finish()
            if !terminal.quiet {
                terminal.tell(
                    "\(command.output) is written; look through the lines marked CHECK, then ingest doctor checks all of it")
            }
            return 0
        }
        throw ExitCode(status)
    }

    private var credentials: String {
        if let keyFrom { return "{key-from: \(keyFrom)}" }
        return "{app: {id-from: \(idFrom ?? ""), secret-from: \(secretFrom ?? "")}}"
    }

    /// The destination as it will be written, read by the reader of configurations: its faults are told before anything else.
    private func destination() throws -> OpenedDestination {
        let home = SQLiteLedger.home(environment: ProcessInfo.processInfo.environment)
        guard let url else { return OpenedDestination(configuration: .none, destination: nil, home: home) }
        func quoted(_ text: String) -> String { JSONValue.string(text).text }
        let text = """
            destinations:
              \(quoted(name)):
                url: \(quoted(url))
                credentials: \(credentials)
                project: \(quoted(project ?? ""))
            \(registry.map { "    registry: \(quoted($0))" } ?? "")
            """
        let configuration = try IngestConfiguration(text: text, file: "what was given to ingest init")
        return OpenedDestination(configuration: configuration, destination: configuration.destination(name), home: home)
    }

    private func text(_ session: PublishingSession) async throws -> String {
        let tenant = session.tenant
        let choice = SchemaChoice(tenant.schemas, run: runSchema, result: resultSchema)
        let (run, result) = try choice.pair()
        let needed = Set((run.fields + result.fields).compactMap(\.dropdown))
        var dropdowns: [String: Dropdown] = [:]
        for id in needed { dropdowns[id] = try await tenant.client.dropdown(id) }
        let text = TenantTemplate.yaml(
            destination: name, url: url ?? "https://YOUR-TENANT.benchling.com",
            credentials: url == nil ? "{key-from: BENCHLING_API_KEY}" : credentials, project: tenant.project.name,
            registry: tenant.registry?.name, family: family, run: run, results: [result], dropdowns: dropdowns,
            otherRuns: choice.otherRuns(than: run), otherResults: choice.otherResults(than: result))
        guard url == nil else { return text }
        // The tenant built in needs no destination: how one is written stays as a comment.
        var isDestination = false
        return text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            if line.hasPrefix("destinations:") { isDestination = true }
            if line.hasPrefix("publish:") { isDestination = false }
            return isDestination && !line.isEmpty ? "# " + line : String(line)
        }.joined(separator: "\n")
    }
}

/// Which schemas a configuration is written for.
struct SchemaChoice {
    private let runs: [AssaySchema], results: [AssaySchema]
    private let run: String?, result: String?

    init(_ schemas: [AssaySchema], run: String?, result: String?) {
        runs = schemas.filter { $0.kind == .run && !$0.isArchived }
        results = schemas.filter { $0.kind == .result && !$0.isArchived }
        self.run = run
        self.result = result
    }

    /// A result schema and the run schema it links to; the first such pair where none is named.
    func pair() throws -> (run: AssaySchema, result: AssaySchema) {
        let wantedRuns = try run.map { try find("run", $0, runs) } ?? runs
        let wantedResults = try result.map { try find("result", $0, results) } ?? results
        for result in wantedResults {
            if let run = wantedRuns.first(where: { Self.fit($0, result) }) { return (run, result) }
        }
        throw Diagnostic(
            "init.no-schemas", "there is no result schema that links to a run schema", at: SourceLocation(file: "the tenant"),
            hint: "runs: \(list(runs)); results: \(list(results)); ask an administrator for a result schema with a link to a run")
    }

    private static func fit(_ run: AssaySchema, _ result: AssaySchema) -> Bool {
        result.fields.contains {
            $0.type == "assay_run_link" && !$0.isArchived && ($0.schema == nil || $0.schema == run.id)
        }
    }

    /// The names of what could have been meant where nothing was named.
    func otherRuns(than chosen: AssaySchema) -> [String] {
        run == nil ? runs.filter { run in run.id != chosen.id && results.contains { Self.fit(run, $0) } }.map(\.name) : []
    }

    func otherResults(than chosen: AssaySchema) -> [String] {
        result == nil
            ? results.filter { result in result.id != chosen.id && runs.contains { Self.fit($0, result) } }.map(\.name) : []
    }

    private func find(_ what: String, _ wanted: String, _ schemas: [AssaySchema]) throws -> [AssaySchema] {
        let found = schemas.filter { $0.id == wanted || $0.name == wanted }
        guard !found.isEmpty else {
            throw Diagnostic(
                "init.unknown-schema", "there is no \(what) schema \"\(wanted)\"", at: SourceLocation(file: "the tenant"),
                hint: "there are: \(list(schemas))")
        }
        return found
    }

    private func list(_ schemas: [AssaySchema]) -> String {
        schemas.isEmpty ? "none" : schemas.prefix(20).map { "\"\($0.name)\" (\($0.id))" }.joined(separator: ", ")
    }
}
