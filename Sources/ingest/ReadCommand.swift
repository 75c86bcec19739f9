import ArgumentParser
import Foundation
import Glibc
import IngestCore
import IngestPipeline

struct ReadCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "read", abstract: "Reads files into records, and does nothing else.",
        discussion: """
            Records go to standard output unless -o names a file, or a folder for
            several: there each file gets NAME.records.jsonl (or .csv, or
            NAME.asm.json). An output file appears whole or not at all.
            """)

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case jsonl, csv, asm

        /// What is put behind the name of a file for its records.
        var ending: String { self == .asm ? ".asm.json" : ".records." + rawValue }
    }

    @Argument(help: "Files, folders of one run (.D), .zip, .gz, or - for standard input.")
    var files: [String]

    @Option(name: .shortAndLong, help: ArgumentHelp("Where the records go.", valueName: "path"))
    var output: String?

    @Option(help: "jsonl for programs, csv for spreadsheets, asm for systems that take the Allotrope Simple Model.")
    var format: Format = .jsonl

    @OptionGroup var reading: ReadingOptions
    @OptionGroup var telling: TellingOptions

    func validate() throws { try ReadingOptions.check(files) }

    func run() async throws {
        let run = try reading.ingestRun()
        let terminal = Terminal(telling)
        let targets = try targets()
        let command = self
        let statuses = try await Interruption.guarded(.clean) {
            var statuses: [Int32] = []
            try await FilesSideBySide.run(
                command.files, { try await command.read($0, to: targets[$0] ?? .standardOutput, run, terminal) },
                inOrder: { file, result in
                    statuses.append(result.status)
                    Terminal.write(result.told, to: STDERR_FILENO)
                    do {
                        try result.spool?.copy(to: STDOUT_FILENO)
                    } catch let diagnostic as Diagnostic {
                        // Nothing more can be given: the files that follow would not be either.
                        Terminal.write(DiagnosticRenderer(terminal: terminal).render(diagnostic), to: STDERR_FILENO)
                        throw ExitCode(2)
                    }
                })
            return statuses
        }
        throw ExitCode(FilesSideBySide.status(statuses))
    }

    // MARK: Where records go

    private enum Target: Sendable {
        case standardOutput
        /// Several files to standard output: each waits for its turn in a nameless file.
        case spooled
        case file(String)
    }

    private func targets() throws -> [String: Target] {
        if let output, output.isEmpty { throw ValidationError("-o: the name is empty; name a file or a folder") }
        guard let output, output != "-" else {
            // Half a JSON document is of no use to anyone: it waits until it is whole.
            let isStreamed = files.count == 1 && format != .asm
            return Dictionary(files.map { ($0, isStreamed ? .standardOutput : .spooled) }, uniquingKeysWith: { $1 })
        }
        var isFolder: ObjCBool = false
        let exists = FileManager.default.fileExists(atPath: output, isDirectory: &isFolder)
        if files.count == 1, !(exists && isFolder.boolValue) { return [files[0]: .file(try sparing(files, output))] }
        guard exists, isFolder.boolValue else {
            throw ValidationError("-o \(output): for several files it has to be a folder that is there")
        }
        var targets: [String: Target] = [:]
        var taken: Set<String> = []
        for file in files {
            let name = (file == "-" ? "stdin" : file.split(separator: "/").last.map(String.init) ?? file) + format.ending
            guard taken.insert(name).inserted else {
                throw ValidationError("two files would both be written as \(name); read them one by one")
            }
            targets[file] = .file(try sparing(files, output + "/" + name))
        }
        return targets
    }

    /// An output, unless it would take the place of what is read: an instrument's file is often the only one.
    private func sparing(_ files: [String], _ output: String) throws -> String {
        guard let there = FileIdentity(of: output), files.contains(where: { FileIdentity(of: $0) == there }) else {
            return output
        }
        throw ValidationError("-o \(output): that is a file to be read, and would be overwritten; choose another name")
    }

    private struct Result: Sendable {
        var status: Int32
        var told: String
        var spool: Spool?
    }

    private func read(_ path: String, to target: Target, _ run: IngestRun, _ terminal: Terminal) async throws -> Result {
        let renderer = DiagnosticRenderer(terminal: terminal)
        do {
            let opened = try SourceOpener.open(path)
            var spool: Spool?
            let output: OutputFile
            switch target {
            case .standardOutput: output = OutputFile(descriptor: STDOUT_FILENO)
            case .spooled:
                let fresh = try Spool()
                spool = fresh
                output = OutputFile(descriptor: fresh.descriptor)
            case .file(let name): output = try OutputFile(path: name)
            }
            let account = ReadingAccount()
            let outcome = try await Progress(terminal).reading(opened.name, bytes: { opened.size }, account: account) {
                let sink: any RecordSink =
                    switch format {
                    case .jsonl: JSONLinesSink(output)
                    case .csv: CSVSink(output)
                    case .asm: AllotropeSink(output)
                    }
                return try await run.read(opened, into: sink, account: account)
            }
            // Of a file that failed there is nothing that anyone accepts; among others it would only be in the way.
            if outcome.end == nil { spool = nil }
            var told = renderer.render(outcome.diagnostics, further: outcome.furtherDiagnostics)
            if !terminal.quiet { told += RunReport.line(opened.name, outcome) + "\n" }
            return Result(status: outcome.status, told: told, spool: spool)
        } catch let diagnostic as Diagnostic {
            return Result(status: 2, told: renderer.render(diagnostic))
        }
    }
}

/// A nameless file in which output waits for its turn.
final class Spool: Sendable {
    let descriptor: CInt

    init() throws { descriptor = try TemporaryFile.nameless() }
    deinit { close(descriptor) }

    func copy(to target: CInt) throws {
        let output = OutputFile(descriptor: target)
        var buffer = [UInt8](repeating: 0, count: 1 << 18)
        var offset = 0
        while true {
            let count = pread(descriptor, &buffer, buffer.count, off_t(offset))
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { return }
            try buffer[..<count].withUnsafeBytes { try output.write($0) }
            offset += count
        }
    }
}
