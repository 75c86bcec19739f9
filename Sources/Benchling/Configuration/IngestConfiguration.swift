import Glibc
import IngestCore

/// What `ingest.yaml` says.
public struct IngestConfiguration: Sendable, Hashable {
    /// The file it comes from; `nil` when there is none.
    public let path: String?
    /// In the order written, no name twice.
    public let destinations: [Destination]
    /// In the order written, no family or format twice.
    public let publish: [PublishEntry]

    /// Without a file: no destinations and no mappings but the built-in ones.
    public static let none = IngestConfiguration(path: nil, destinations: [], publish: [])

    /// By its name.
    public func destination(_ name: String) -> Destination? { destinations.first { $0.name == name } }

    /// The entry for a format, else for its family (`lc.table`, then `lc`); `nil` when neither is mapped.
    public func entry(forAdapter name: String) -> PublishEntry? {
        var name = name[...]
        while true {
            if let entry = publish.first(where: { $0.adapter == name }) { return entry }
            guard let dot = name.lastIndex(of: ".") else { return nil }
            name = name[..<dot]
        }
    }

    /// The configuration that counts: the file given, else `ingest.yaml` in the working directory or a parent of it, else
    /// in `$XDG_CONFIG_HOME/ingest` (`~/.config/ingest` without it). One that was looked for has to be ours or root's, and
    /// not open to changes by anyone.
    /// - Parameters:
    ///   - path: What `--config` names.
    ///   - directory: The working directory, absolute.
    /// - Returns: ``none`` when there is no such file.
    /// - Throws: ``ConfigurationFaults``, all there are.
    public static func load(
        path: String? = nil, directory: String, environment: [String: String]
    ) throws(ConfigurationFaults) -> IngestConfiguration {
        if let path { return try IngestConfiguration(text: try text(of: path), file: path) }
        guard let found = find(directory: directory, environment: environment) else { return .none }
        try checkOwner(of: found)
        return try IngestConfiguration(text: try text(of: found), file: found)
    }

    /// - Parameter file: Its path, for faults and for secrets that are named relative to it.
    /// - Throws: ``ConfigurationFaults``, all there are.
    public init(text: String, file: String) throws(ConfigurationFaults) {
        let root = try YAMLDocument.read(text, file: file)
        var reader = ConfigurationReader(ConfigurationText(file: file, text: text))
        let content = reader.read(root)
        try reader.faults.check()
        self.init(path: file, destinations: content.destinations, publish: content.publish)
    }

    private init(path: String?, destinations: [Destination], publish: [PublishEntry]) {
        self.path = path
        self.destinations = destinations
        self.publish = publish
    }

    /// The name the file is looked for under.
    public static let fileName = "ingest.yaml"

    private static func find(directory: String, environment: [String: String]) -> String? {
        var folder = directory[...]
        while true {
            while folder.hasSuffix("/") { folder = folder.dropLast() }
            let candidate = folder + "/" + fileName
            if exists(String(candidate)) { return String(candidate) }
            guard let slash = folder.lastIndex(of: "/") else { break }
            folder = folder[..<slash]
        }
        // An empty or relative value does not count (XDG Base Directory Specification).
        let given = environment["XDG_CONFIG_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil }
        guard let base = given ?? environment["HOME"].map({ $0 + "/.config" }) else { return nil }
        let candidate = base + "/ingest/" + fileName
        return exists(candidate) ? candidate : nil
    }

    /// A file in a folder that others can write to, such as `/tmp`, could send our credentials to a host of theirs.
    private static func checkOwner(of path: String) throws(ConfigurationFaults) {
        var status = stat()
        // A file that is gone by now is told when it is read.
        guard stat(path, &status) == 0 else { return }
        let isOurs = status.st_uid == geteuid() || status.st_uid == 0
        guard !isOurs || status.st_mode & S_IWOTH != 0 else { return }
        let problem = isOurs ? "anyone can change this file" : "this file belongs to someone else"
        throw ConfigurationFaults([
            Diagnostic(
                "configuration.open-file", "\(problem), so it is not obeyed unasked", at: SourceLocation(file: path),
                hint: isOurs ? "chmod o-w \(path), or name it with --config" : "name it with --config if you trust it")
        ])
    }

    private static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    private static func text(of path: String) throws(ConfigurationFaults) -> String {
        func fault(_ code: String, _ message: String, _ hint: String) -> ConfigurationFaults {
            ConfigurationFaults([Diagnostic(code, message, at: SourceLocation(file: path), hint: hint)])
        }
        guard let file = fopen(path, "re") else {
            throw fault(
                "configuration.unreadable", "cannot be read: \(String(cString: strerror(errno)))",
                "\"ingest init\" writes one to begin with")
        }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: YAMLDocument.largest + 1)
        let count = fread(&bytes, 1, bytes.count, file)
        guard ferror(file) == 0 else {
            throw fault("configuration.unreadable", "cannot be read: \(String(cString: strerror(errno)))", "is it a folder?")
        }
        guard count <= YAMLDocument.largest else {
            throw fault("configuration.too-large", "larger than 1 MiB", "this does not look like a configuration")
        }
        guard let text = String(validating: bytes.prefix(count), as: UTF8.self) else {
            throw fault("configuration.not-utf8", "not UTF-8", "save it as UTF-8")
        }
        return text.hasPrefix("\u{FEFF}") ? String(text.dropFirst()) : text
    }
}
