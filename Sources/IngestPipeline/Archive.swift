import CLibArchive
import Glibc
import IngestCore

/// Unpacks zip and gzip files through libarchive, into nameless files, within bounds.
enum Archive {
    /// The most bytes and files that one container may unpack to: enough for any run, too little for a bomb.
    static let mostBytes = 8 << 30
    static let mostFiles = 1000

    static func unpack(_ file: OpenFile, name: String) throws -> OpenedSource {
        let archive = archive_read_new()
        defer { archive_read_free(archive) }
        archive_read_support_filter_gzip(archive)
        archive_read_support_format_zip(archive)
        archive_read_support_format_raw(archive)
        let copy = dup(file.descriptor)
        defer { close(copy) }
        lseek(copy, 0, SEEK_SET)
        guard archive_read_open_fd(archive, copy, 1 << 16) == ARCHIVE_OK else { throw damaged(archive, name) }

        var members: [OpenedSource] = []
        var total = 0
        var entries = 0
        var checksum = GzipChecksum()
        while true {
            var entry: OpaquePointer?
            let result = archive_read_next_header(archive, &entry)
            if result == ARCHIVE_EOF { break }
            guard result == ARCHIVE_OK, let entry else { throw damaged(archive, name) }
            entries += 1
            var path = withoutParents(archive_entry_pathname_utf8(entry).map { String(cString: $0) } ?? "data")
            if isGzip(archive) { path = withoutSuffix(name) }
            guard archive_entry_filetype(entry) == S_IFREG, !path.hasPrefix("__MACOSX/") else { continue }
            guard members.count < mostFiles else {
                throw refused(name, "this holds more than \(mostFiles) files")
            }
            members.append(try copyMember(archive, path, container: name, total: &total, &checksum))
        }
        if isGzip(archive) {
            guard checksum.isMet(by: file) else { throw damaged("what it holds does not have the check sum it states", name) }
        } else {
            try checkDirectory(of: file, name: name, entries: entries)
        }
        guard !members.isEmpty else { throw refused(name, "there is no file in this") }
        let container = OpenedSource.Container(name: name, content: .descriptor(file))
        if members.count == 1 {
            return members[0].renamed(SourceOpener.lastName(members[0].name), container: container)
        }
        return SourceOpener.bundle(name: name, members: withoutCommonFolder(members), container: container)
    }

    private static func copyMember(
        _ archive: OpaquePointer?, _ path: String, container: String, total: inout Int, _ checksum: inout GzipChecksum
    ) throws -> OpenedSource {
        let descriptor = try TemporaryFile.nameless()
        let file: OpenFile
        do {
            var buffer = [UInt8](repeating: 0, count: 1 << 18)
            while true {
                try Task.checkCancellation()
                let count = archive_read_data(archive, &buffer, buffer.count)
                guard count >= 0 else { throw damaged(archive, container) }
                if count == 0 { break }
                total += count
                guard total <= mostBytes else {
                    throw refused(container, "this unpacks to more than \(mostBytes >> 30) GiB")
                }
                if isGzip(archive) { checksum.add(buffer[..<count]) }
                try TemporaryFile.write(buffer[..<count], to: descriptor)
            }
            file = OpenFile(descriptor: descriptor)
        } catch {
            close(descriptor)
            throw error
        }
        let bytes = try SourceOpener.beginning(of: file, name: path)
        return OpenedSource(name: path, opening: SourceOpening(name: path, bytes: bytes), content: .descriptor(file))
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

    /// A path below the archive, whatever it claims: `../../etc/x.csv` and `/etc/x.csv` are `etc/x.csv`.
    private static func withoutParents(_ path: String) -> String {
        path.split(separator: "/").filter { $0 != ".." && $0 != "." }.joined(separator: "/")
    }

    private static func isGzip(_ archive: OpaquePointer?) -> Bool { archive_format(archive) == ARCHIVE_FORMAT_RAW }

    /// A zip ends with a directory that counts its entries; one that was cut between two of them has none.
    private static func checkDirectory(of file: OpenFile, name: String, entries: Int) throws {
        let length = min(file.size, 65_557)
        var end = [UInt8](repeating: 0, count: length)
        guard pread(file.descriptor, &end, length, off_t(file.size - length)) == length else {
            throw SourceOpener.failure(name, "cannot be read")
        }
        var place = length - 22
        while place >= 0 {
            if end[place...].starts(with: [0x50, 0x4B, 5, 6]), place + 22 + end.littleEndian(at: place + 20, 2) == length {
                break
            }
            place -= 1
        }
        guard place >= 0 else { throw damaged("its directory is missing at the end", name) }
        let stated = end.littleEndian(at: place + 10, 2)
        guard stated == 0xFFFF || stated == entries else {
            throw damaged("its directory lists \(stated) entries, but it has \(entries)", name)
        }
    }

    private static func withoutSuffix(_ name: String) -> String {
        name.lowercased().hasSuffix(".gz") ? String(name.dropLast(3)) : name
    }

    private static func damaged(_ archive: OpaquePointer?, _ name: String) -> Diagnostic {
        damaged(archive_error_string(archive).map { String(cString: $0) } ?? "it ends too early", name)
    }

    private static func damaged(_ reason: String, _ name: String) -> Diagnostic {
        Diagnostic(
            "source.damaged-archive", "this archive cannot be unpacked: \(reason)", at: SourceLocation(file: name),
            hint: "it is cut or damaged: copy it again, or unpack it yourself with a tool that tells what is wrong")
    }

    private static func refused(_ name: String, _ message: String) -> Diagnostic {
        Diagnostic(
            "source.archive-refused", message, at: SourceLocation(file: name),
            hint: "unpack it yourself and give the file or folder you want")
    }
}
