import CLibArchive
import Glibc
import IngestCore

/// Unpacks zip and gzip files through libarchive, into nameless files, within bounds.
struct Archive {
    enum Kind: Sendable {
        case zip
        case gzip

        /// Told by the first bytes, whatever the name; `nil` when it is neither.
        init?(_ beginning: [UInt8]) {
            if beginning.starts(with: [0x50, 0x4B, 3, 4]) {
                self = .zip
            } else if beginning.starts(with: [0x1F, 0x8B]) {
                self = .gzip
            } else {
                return nil
            }
        }
    }

    struct Part {
        /// Its path in the archive; of what a gzip file holds, the name of that file without `.gz`.
        let name: String
        let file: OpenFile
    }

    let kind: Kind
    let file: OpenFile
    /// Without folders.
    let name: String

    /// Everything it holds, archives as they are.
    /// - Throws: An ``ArchiveFault``, or a ``Diagnostic`` when there is no room for it.
    func parts(within bounds: inout ArchiveBounds) throws -> [Part] {
        let parts: [Part]
        switch kind {
        case .zip: parts = try zipped(within: &bounds)
        case .gzip: parts = [try gzipped(within: &bounds)]
        }
        guard !parts.isEmpty else { throw ArchiveFault(.refused, "there is no file in this") }
        var names: Set<String> = []
        for part in parts where !names.insert(part.name).inserted {
            throw ArchiveFault(.refused, "two files in this are called \(part.name): which of them counts cannot be told")
        }
        return parts
    }

    private func zipped(within bounds: inout ArchiveBounds) throws -> [Part] {
        guard let directory = ZipDirectory(of: file) else {
            throw ArchiveFault(.damaged, "its directory is missing at the end")
        }
        let input = ArchiveInput(file, length: directory.end)
        let archive = archive_read_new()
        defer { withExtendedLifetime(input) { _ = archive_read_free(archive) } }
        archive_read_support_format_zip(archive)
        guard input.open(archive) == ARCHIVE_OK else { throw Archive.damaged(archive) }
        var parts: [Part] = []
        var entries = 0
        while let entry = try Archive.next(archive) {
            entries += 1
            let path = Archive.path(of: entry)
            guard archive_entry_filetype(entry) == S_IFREG, !path.hasPrefix("__MACOSX/") else { continue }
            guard archive_entry_is_encrypted(entry) == 0 else {
                throw ArchiveFault(.refused, "\(path) in this is encrypted")
            }
            try bounds.takeFile()
            parts.append(Part(name: path, file: try Archive.copy(archive, within: &bounds) { _ in }))
        }
        guard directory.entries == nil || directory.entries == entries else {
            throw ArchiveFault(.damaged, "its directory lists \(directory.entries ?? 0) entries, but it has \(entries)")
        }
        return parts
    }

    private func gzipped(within bounds: inout ArchiveBounds) throws -> Part {
        let input = ArchiveInput(file, length: file.size)
        let archive = archive_read_new()
        defer { withExtendedLifetime(input) { _ = archive_read_free(archive) } }
        archive_read_support_filter_gzip(archive)
        archive_read_support_format_raw(archive)
        // Of nothing at all, which is not raw data to libarchive.
        archive_read_support_format_empty(archive)
        guard input.open(archive) == ARCHIVE_OK else { throw Archive.damaged(archive) }
        var checksum = GzipChecksum()
        try bounds.takeFile()
        let isEmpty = try Archive.next(archive) == nil
        let whole =
            isEmpty
            ? OpenFile(descriptor: try TemporaryFile.nameless())
            : try Archive.copy(archive, within: &bounds) { checksum.add($0) }
        guard checksum.isMet(by: file) else {
            throw ArchiveFault(
                .damaged,
                "what it holds does not have the check sum it states: it is cut or damaged, or several .gz files in one, of "
                    + "which the sums cannot be told apart (gunzip it and give what comes out)")
        }
        let stem = name.lowercased().hasSuffix(".gz") ? String(name.dropLast(3)) : name
        return Part(name: stem.isEmpty ? name : stem, file: whole)
    }

    /// The entry that follows; `nil` at the end.
    private static func next(_ archive: OpaquePointer?) throws -> OpaquePointer? {
        var entry: OpaquePointer?
        let result = archive_read_next_header(archive, &entry)
        if result == ARCHIVE_EOF { return nil }
        guard result == ARCHIVE_OK else { throw damaged(archive) }
        return entry
    }

    private static func copy(
        _ archive: OpaquePointer?, within bounds: inout ArchiveBounds, passing: (ArraySlice<UInt8>) -> Void
    ) throws -> OpenFile {
        let descriptor = try TemporaryFile.nameless()
        do {
            var buffer = [UInt8](repeating: 0, count: 1 << 18)
            while true {
                try Task.checkCancellation()
                let count = archive_read_data(archive, &buffer, buffer.count)
                guard count >= 0 else { throw damaged(archive) }
                if count == 0 { break }
                try bounds.take(bytes: count)
                passing(buffer[..<count])
                try TemporaryFile.write(buffer[..<count], to: descriptor)
            }
            return OpenFile(descriptor: descriptor)
        } catch {
            close(descriptor)
            throw error
        }
    }

    /// A path below the archive, whatever it claims: `../../etc/x.csv` and `/etc/x.csv` are `etc/x.csv`. Without a mark
    /// that it is UTF-8 a name may be in any code page: its bytes still tell it from the others.
    private static func path(of entry: OpaquePointer) -> String {
        var path = "data"
        if let name = archive_entry_pathname_utf8(entry) {
            path = String(cString: name)
        } else if let name = archive_entry_pathname(entry) {
            let bytes = UnsafeBufferPointer(start: name, count: strlen(name)).map { UInt16(UInt8(bitPattern: $0)) }
            path = String(decoding: bytes, as: UTF16.self)
        }
        let below = path.split(separator: "/").filter { $0 != ".." && $0 != "." }.joined(separator: "/")
        return below.isEmpty ? "data" : below
    }

    private static func damaged(_ archive: OpaquePointer?) -> ArchiveFault {
        ArchiveFault(.damaged, archive_error_string(archive).map { String(cString: $0) } ?? "it ends too early")
    }
}
