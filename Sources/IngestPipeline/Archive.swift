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
        while true {
            var entry: OpaquePointer?
            let result = archive_read_next_header(archive, &entry)
            if result == ARCHIVE_EOF { break }
            guard result == ARCHIVE_OK, let entry else { throw damaged(archive, name) }
            var path = archive_entry_pathname_utf8(entry).map { String(cString: $0) } ?? "data"
            if archive_format(archive) == ARCHIVE_FORMAT_RAW { path = withoutSuffix(name) }
            guard archive_entry_filetype(entry) == S_IFREG, !path.hasPrefix("__MACOSX/") else { continue }
            guard members.count < mostFiles else {
                throw refused(name, "this holds more than \(mostFiles) files")
            }
            members.append(try copyMember(archive, path, container: name, total: &total))
        }
        guard !members.isEmpty else { throw refused(name, "there is no file in this") }
        let container = OpenedSource.Container(name: name, content: .descriptor(file))
        if members.count == 1 {
            let only = members[0]
            return OpenedSource(name: only.name, opening: only.opening, content: only.content, container: container)
        }
        return SourceOpener.bundle(name: name, members: withoutCommonFolder(members), container: container)
    }

    private static func copyMember(
        _ archive: OpaquePointer?, _ path: String, container: String, total: inout Int
    ) throws -> OpenedSource {
        let descriptor = try TemporaryFile.nameless()
        let file: OpenFile
        do {
            var buffer = [UInt8](repeating: 0, count: 1 << 18)
            while true {
                let count = archive_read_data(archive, &buffer, buffer.count)
                guard count >= 0 else { throw damaged(archive, container) }
                if count == 0 { break }
                total += count
                guard total <= mostBytes else {
                    throw refused(container, "this unpacks to more than \(mostBytes >> 30) GiB")
                }
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

    /// `X.D/REPORT01.CSV` in a zip of one folder is `REPORT01.CSV`, as if the folder itself had been given.
    private static func withoutCommonFolder(_ members: [OpenedSource]) -> [OpenedSource] {
        guard let slash = members[0].name.firstIndex(of: "/") else { return members }
        let folder = members[0].name[...slash]
        guard members.allSatisfy({ $0.name.hasPrefix(folder) }) else { return members }
        return members.map {
            let name = String($0.name.dropFirst(folder.count))
            return OpenedSource(
                name: name, opening: SourceOpening(name: name, bytes: $0.opening.bytes), content: $0.content)
        }
    }

    private static func withoutSuffix(_ name: String) -> String {
        name.lowercased().hasSuffix(".gz") ? String(name.dropLast(3)) : name
    }

    private static func damaged(_ archive: OpaquePointer?, _ name: String) -> Diagnostic {
        let reason = archive_error_string(archive).map { String(cString: $0) } ?? "no reason given"
        return Diagnostic(
            "source.damaged-archive", "this archive cannot be unpacked: \(reason)", at: SourceLocation(file: name),
            hint: "it is cut or damaged: copy it again")
    }

    private static func refused(_ name: String, _ message: String) -> Diagnostic {
        Diagnostic(
            "source.archive-refused", message, at: SourceLocation(file: name),
            hint: "unpack it yourself and give the file or folder you want")
    }
}
