import CLibArchive
import Glibc
import IngestCore

/// The beginning of a file as libarchive reads it: what lies behind its end, such as the zeros that some programs fill
/// a zip up with, is not shown to it.
final class ArchiveInput {
    private let file: OpenFile
    private let length: Int
    private var position = 0
    private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 16)

    init(_ file: OpenFile, length: Int) {
        self.file = file
        self.length = length
    }

    deinit { buffer.deallocate() }

    /// Opens `archive` on it; it has to live until the archive is freed.
    func open(_ archive: OpaquePointer?) -> CInt {
        archive_read_set_callback_data(archive, Unmanaged.passUnretained(self).toOpaque())
        archive_read_set_read_callback(archive) { _, context, block in ArchiveInput.of(context).read(into: block) }
        archive_read_set_skip_callback(archive) { _, context, count in ArchiveInput.of(context).skip(Int(count)) }
        archive_read_set_seek_callback(archive) { _, context, offset, origin in
            ArchiveInput.of(context).seek(Int(offset), from: origin)
        }
        return archive_read_open1(archive)
    }

    private static func of(_ context: UnsafeMutableRawPointer?) -> ArchiveInput {
        Unmanaged<ArchiveInput>.fromOpaque(context!).takeUnretainedValue()
    }

    private func read(into block: UnsafeMutablePointer<UnsafeRawPointer?>?) -> Int {
        block?.pointee = UnsafeRawPointer(buffer.baseAddress)
        let wanted = min(buffer.count, length - position)
        var count = 0
        repeat { count = pread(file.descriptor, buffer.baseAddress, wanted, off_t(position)) } while count < 0 && errno == EINTR
        if count > 0 { position += count }
        return count
    }

    private func skip(_ count: Int) -> Int64 {
        let skipped = max(0, min(count, length - position))
        position += skipped
        return Int64(skipped)
    }

    private func seek(_ offset: Int, from origin: CInt) -> Int64 {
        let start = origin == SEEK_SET ? 0 : origin == SEEK_CUR ? position : length
        let (target, overflow) = start.addingReportingOverflow(offset)
        guard !overflow, target >= 0, target <= length else { return Int64(ARCHIVE_FATAL) }
        position = target
        return Int64(target)
    }
}
