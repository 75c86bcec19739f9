import Glibc
import IngestCore

/// Opens what the user names: a file, a folder that is a bundle, a zip or gzip file (told by content), or `-`.
public enum SourceOpener {
    /// The most files in a bundle, and the deepest folder in it.
    static let mostMembers = 1000
    static let deepest = 8

    /// - Throws: A ``Diagnostic`` that says what is there instead of a readable file, or why it cannot be read.
    public static func open(_ path: String) throws -> OpenedSource {
        if path == "-" { return try unpacked(fromStandardInput()) }
        var path = path
        // "." has another name in its parent, and records do not depend on where one stands.
        if ["", ".", ".."].contains(lastName(path)), let resolved = path.isEmpty ? nil : realpath(path, nil) {
            path = String(cString: resolved)
            free(resolved)
        }
        var status = stat()
        guard stat(path, &status) == 0 else { throw failure(lastName(path), "cannot be opened") }
        switch status.st_mode & S_IFMT {
        case S_IFDIR: return try openBundle(path)
        case S_IFREG: return try unpacked(openFile(path, name: lastName(path), withNeighbours: true))
        default:
            throw Diagnostic(
                "source.not-a-file", "this is neither a file nor a folder", at: SourceLocation(file: lastName(path)),
                hint: "to read from a pipe, give - as the file")
        }
    }

    static func lastName(_ path: String) -> String {
        path.split(separator: "/").last.map(String.init) ?? path
    }

    static func failure(_ name: String, _ what: String) -> Diagnostic {
        let reason = String(cString: strerror(errno))
        let hint: String =
            switch errno {
            case ENOENT: "check the name; it is looked for as typed, from the working folder"
            case ELOOP: "a link leads back to itself: give the file itself"
            case EACCES, EPERM: "ask its owner for permission to read it, or copy it"
            default: "check the disk or the network share and try again"
            }
        return Diagnostic("source.unreadable", "this \(what): \(reason)", at: SourceLocation(file: name), hint: hint)
    }

    static func openFile(_ path: String, name: String, withNeighbours: Bool = false) throws -> OpenedSource {
        let descriptor = Glibc.open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure(name, "cannot be opened") }
        let file = OpenFile(descriptor: descriptor)
        let folder = path.contains("/") ? String(path[..<path.lastIndex(of: "/")!]) : "."
        // A folder that may not be listed has no neighbours to offer; the file itself can be read all the same.
        let neighbours = withNeighbours ? (names(in: folder.isEmpty ? "/" : folder) ?? []).filter { $0 != name } : []
        let bytes = try beginning(of: file, name: name)
        return OpenedSource(
            name: name, opening: SourceOpening(name: name, bytes: bytes, neighbours: neighbours),
            content: .descriptor(file), folder: folder)
    }

    static func beginning(of file: OpenFile, name: String, length: Int = SourceOpening.length) throws -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: length)
        var filled = 0
        while filled < bytes.count {
            let count = bytes.withUnsafeMutableBytes {
                pread(file.descriptor, $0.baseAddress! + filled, $0.count - filled, off_t(filled))
            }
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw failure(name, "cannot be read") }
            if count == 0 { break }
            filled += count
        }
        return Array(bytes[..<filled])
    }

    // MARK: Bundles

    private static func openBundle(_ path: String) throws -> OpenedSource {
        let name = lastName(path)
        var members: [OpenedSource] = []
        try addFiles(of: path, under: "", inside: [], bundle: name, to: &members)
        guard !members.isEmpty else {
            throw Diagnostic(
                "source.empty-folder", "this is a folder without files", at: SourceLocation(file: name),
                hint: "give a file, or a folder that an instrument wrote as one run, such as a .D folder")
        }
        return bundle(name: name, members: members)
    }

    static func bundle(
        name: String, members: [OpenedSource], container: OpenedSource.Container? = nil, files: [OpenedSource]? = nil,
        faults: [ArchiveFault] = []
    ) -> OpenedSource {
        let sorted = members.sorted { $0.name < $1.name }
        return OpenedSource(
            name: name, opening: SourceOpening(name: name, bytes: [], members: sorted.map(\.opening)), content: .bytes([]),
            members: sorted, files: files, container: container, faults: faults)
    }

    /// - Parameter inside: The folders around this one, to notice a link that leads back to one of them.
    private static func addFiles(
        of folder: String, under prefix: String, inside: [FileIdentity], bundle: String, to members: inout [OpenedSource]
    ) throws {
        func fault(_ name: String, _ what: String) -> Diagnostic {
            var diagnostic = failure(bundle, what)
            diagnostic.location.member = name.isEmpty ? nil : name
            return diagnostic
        }
        guard let entries = names(in: folder) else { throw fault(prefix, "folder cannot be listed") }
        var own = stat()
        guard stat(folder, &own) == 0 else { throw fault(prefix, "folder cannot be opened") }
        let inside = inside + [FileIdentity(own)]
        for entry in entries {
            let path = folder + "/" + entry
            var status = stat()
            guard stat(path, &status) == 0 else { throw fault(prefix + entry, "cannot be opened") }
            if status.st_mode & S_IFMT == S_IFDIR {
                if inside.contains(FileIdentity(status)) { continue }
                guard inside.count <= deepest else {
                    throw Diagnostic(
                        "source.too-deep", "this folder holds folders more than \(deepest) deep",
                        at: SourceLocation(file: bundle, member: prefix + entry),
                        hint: "give the files one by one, or the folder of one run")
                }
                try addFiles(
                    of: path, under: prefix + entry + "/", inside: inside, bundle: bundle, to: &members)
            } else if status.st_mode & S_IFMT == S_IFREG {
                guard members.count < mostMembers else {
                    throw Diagnostic(
                        "source.too-many-files", "this folder holds more than \(mostMembers) files",
                        at: SourceLocation(file: bundle),
                        hint: "give the files one by one, or the folder of one run")
                }
                members.append(try openFile(path, name: prefix + entry))
            }
        }
    }

    /// The names in a folder, sorted, at most 5000; `nil` when it cannot be listed.
    private static func names(in folder: String) -> [String]? {
        guard let directory = opendir(folder) else { return nil }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory), names.count < 5000 {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    // MARK: Standard input

    private static func fromStandardInput() throws -> OpenedSource {
        let file = try TemporaryFile.nameless()
        var buffer = [UInt8](repeating: 0, count: 1 << 18)
        while true {
            // Nothing may come for hours, and an interruption does not wake a read.
            try Task.checkCancellation()
            var waiting = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
            if poll(&waiting, 1, 100) == 0 { continue }
            let count = Glibc.read(STDIN_FILENO, &buffer, buffer.count)
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw failure("standard input", "cannot be read") }
            if count == 0 { break }
            try TemporaryFile.write(buffer[..<count], to: file)
        }
        let kept = OpenFile(descriptor: file)
        return OpenedSource(
            name: "stdin", opening: SourceOpening(name: "stdin", bytes: try beginning(of: kept, name: "stdin")),
            content: .descriptor(kept))
    }
}

/// What tells whether two names lead to one file.
public struct FileIdentity: Sendable, Hashable {
    private let device: UInt
    private let number: UInt

    init(_ status: stat) {
        device = UInt(status.st_dev)
        number = UInt(status.st_ino)
    }

    /// Of the file a name leads to; `nil` where there is none.
    public init?(of path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        self.init(status)
    }
}
