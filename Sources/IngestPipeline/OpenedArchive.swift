import Glibc
import IngestCore

extension SourceOpener {
    /// What an archive that was named holds: a file, or a bundle of its files. One that holds nothing but another one is
    /// what that one holds; archives beside other files stay closed until ``OpenedSource/unpackingArchives()``.
    static func unpacked(_ opened: OpenedSource) throws -> OpenedSource {
        guard let kind = Archive.Kind(opened.opening.bytes), case .descriptor(let file) = opened.content else { return opened }
        var bounds = ArchiveBounds(archiveOf: file.size)
        var archive: Archive? = Archive(kind: kind, file: file, name: opened.name)
        var parts: [Archive.Part] = []
        var depth = 0
        do {
            while let current = archive {
                depth += 1
                guard depth <= ArchiveBounds.deepest else { throw ArchiveFault.tooDeep }
                parts = try current.parts(within: &bounds)
                archive = nil
                if parts.count == 1, let kind = Archive.Kind(try beginning(of: parts[0].file, name: parts[0].name, length: 4)) {
                    archive = Archive(kind: kind, file: parts[0].file, name: lastName(parts[0].name))
                }
            }
        } catch let fault as ArchiveFault {
            throw fault.error(in: opened.name)
        }
        let container = OpenedSource.Container(name: opened.name, content: .descriptor(file), bounds: bounds, depth: depth)
        let members = try parts.map { try member($0.file, name: $0.name) }
        if members.count == 1 { return members[0].renamed(lastName(members[0].name), container: container) }
        return bundle(name: opened.name, members: withoutCommonFolder(members), container: container)
    }

    static func member(_ file: OpenFile, name: String, length: Int = SourceOpening.length) throws -> OpenedSource {
        let bytes = try beginning(of: file, name: name, length: length)
        return OpenedSource(name: name, opening: SourceOpening(name: name, bytes: bytes), content: .descriptor(file))
    }

    /// `X.D/REPORT01.CSV` in a zip of one folder is `REPORT01.CSV`, as if the folder itself had been given; so is
    /// `Users/Ann/X.D/REPORT01.CSV`. What lies in folders inside a `.D` keeps their names.
    private static func withoutCommonFolder(_ members: [OpenedSource]) -> [OpenedSource] {
        var members = members
        while let slash = members[0].name.firstIndex(of: "/") {
            let folder = members[0].name[...slash]
            guard members.allSatisfy({ $0.name.hasPrefix(folder) }) else { break }
            members = members.map { $0.renamed(String($0.name.dropFirst(folder.count))) }
            if folder.lowercased().hasSuffix(".d/") { break }
        }
        return members
    }
}

extension OpenedSource {
    /// The same with what the archives among its files hold in place of them: `Base/Peaks` in `a.rx` is the member
    /// `a.rx/Base/Peaks`, and what `a.xml.gz` holds is `a.xml`. What cannot be unpacked stays the file it is.
    ///
    /// - Throws: A ``Diagnostic`` when a container would unpack to more than its bounds allow. In a folder such an
    ///   archive stays the file it is, too: nobody sent it as part of one.
    func unpackingArchives() throws -> OpenedSource {
        var nest = ArchiveNest(self)
        var inside: [OpenedSource] = []
        for member in members {
            do {
                inside += try nest.files(in: member)
            } catch let fault as ArchiveFault {
                throw fault.error(in: name)
            }
        }
        return SourceOpener.bundle(
            name: name, members: inside, container: container, files: members, faults: nest.faults)
    }

    /// Whether there is an archive among its files.
    var holdsArchives: Bool { members.contains { Archive.Kind($0.opening.bytes) != nil } }
}

/// Unpacks the archives of one bundle, all within the same bounds.
private struct ArchiveNest {
    private let isFolder: Bool
    private let depth: Int
    private var bounds: ArchiveBounds
    private(set) var faults: [ArchiveFault] = []
    private var names: Set<String>

    init(_ opened: OpenedSource) {
        isFolder = opened.container == nil
        depth = opened.container?.depth ?? 0
        bounds = opened.container?.bounds ?? ArchiveBounds()
        names = Set(opened.members.map(\.name))
    }

    /// The file itself, or what it holds.
    mutating func files(in member: OpenedSource) throws -> [OpenedSource] {
        guard let kind = Archive.Kind(member.opening.bytes) else { return [member] }
        let file = try member.asFile()
        let before = bounds
        if isFolder { bounds.admit(archiveOf: file.size) }
        do {
            return try contents(of: file, kind, path: member.name, depth: depth + 1) ?? [member]
        } catch var fault as ArchiveFault where isFolder {
            bounds = before
            fault.member = member.name
            faults.append(fault)
            return [member]
        }
    }

    /// `nil` when it cannot be unpacked; what is beyond bounds is thrown.
    private mutating func contents(of file: OpenFile, _ kind: Archive.Kind, path: String, depth: Int) throws -> [OpenedSource]? {
        var parts: [Archive.Part] = []
        do {
            guard depth <= ArchiveBounds.deepest else { throw ArchiveFault.tooDeep }
            parts = try Archive(kind: kind, file: file, name: SourceOpener.lastName(path)).parts(within: &bounds)
        } catch var fault as ArchiveFault {
            fault.member = path
            if fault.kind == .beyondBounds { throw fault }
            faults.append(fault)
            return nil
        }
        var files: [OpenedSource] = []
        let names = parts.map { name(of: $0, in: path, kind) }
        self.names.formUnion(names)
        for (part, name) in zip(parts, names) {
            let beginning = try SourceOpener.beginning(of: part.file, name: name, length: 4)
            if let kind = Archive.Kind(beginning), let inside = try contents(of: part.file, kind, path: name, depth: depth + 1) {
                files += inside
            } else {
                files.append(
                    try SourceOpener.member(part.file, name: name, length: kind == .gzip ? SourceOpening.length : Self.opening))
            }
        }
        return files
    }

    /// How much of a file in a nested zip recognition sees: there are thousands of them, and kinds of vendor data.
    private static let opening = 4096

    private func name(of part: Archive.Part, in path: String, _ kind: Archive.Kind) -> String {
        guard kind == .gzip else { return path + "/" + part.name }
        let name = String(path.dropLast(SourceOpener.lastName(path).count)) + part.name
        return names.contains(name) ? path : name
    }
}

extension OpenedSource {
    fileprivate func asFile() throws -> OpenFile {
        switch content {
        case .descriptor(let file): return file
        case .bytes(let bytes):
            let descriptor = try TemporaryFile.nameless()
            do {
                try TemporaryFile.write(bytes[...], to: descriptor)
            } catch {
                close(descriptor)
                throw error
            }
            return OpenFile(descriptor: descriptor)
        }
    }
}
