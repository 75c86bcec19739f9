import Digests
import FoundationEssentials
import Glibc
import IngestCore

/// Gets a data frame: its parts in order, made into one CSV file. A part is in memory while it is written.
struct FrameDownload: Sendable {
    private let client: BenchlingClient
    private let analysis: String
    /// So often the address of a part may have run out on the way: they hold for an hour.
    private static let freshAddresses = 3

    init(_ client: BenchlingClient, analysis: String) {
        self.client = client
        self.analysis = analysis
    }

    func fetch(_ frame: DataFrame) async throws -> FetchedFrame {
        let (descriptor, path) = try TemporaryFile.named()
        defer { close(descriptor) }
        do {
            var joined = JoinedParts(descriptor, frame.id)
            var frame = frame
            for number in frame.parts.indices {
                let part = try await part(number, of: &frame)
                try joined.append(part, named: "part \(number + 1) (\(frame.parts[number].fileName))")
            }
            guard joined.bytes > 0 else { throw fault(frame.id, "no-content", "data frame \(frame.id) has no part with content") }
            return FetchedFrame(
                analysis: analysis, frame, path: path, sha256: joined.finish(), bytes: joined.bytes)
        } catch {
            unlink(path)
            throw error
        }
    }

    /// - Parameter frame: Renewed when an address has run out.
    private func part(_ number: Int, of frame: inout DataFrame) async throws -> Data {
        for _ in 0..<Self.freshAddresses {
            if let address = frame.parts[number].address {
                do {
                    return try await client.download(from: address)
                } catch let failure as BenchlingFailure where failure.meansAddressRanOut {
                    // A new one is had from the frame.
                }
            }
            guard let fresh = try await client.dataFrame(frame.id), fresh.parts.count == frame.parts.count else {
                throw fault(
                    frame.id, "frame-changed", "data frame \(frame.id) changed while it was downloaded")
            }
            frame = fresh
        }
        throw BenchlingFailure(
            .unreachable, call: "GET (signed address)",
            message: "part \(number + 1) of data frame \(frame.id) is refused at every address that the tenant gives for it")
    }

    private func fault(_ frame: String, _ code: String, _ message: String) -> Diagnostic {
        Diagnostic(
            "analysis." + code, message, at: SourceLocation(file: frame),
            hint:
                "nothing was sent or attached; run the same command again, and if it stays so see what the table holds in Benchling"
        )
    }
}

/// The parts of a table, one after the other in a file, with the header once.
struct JoinedParts: ~Copyable {
    private let descriptor: CInt
    private let frame: String
    private let digest = MessageDigest()
    private var header: ArraySlice<UInt8>?
    private var endsLine = true
    private(set) var bytes = 0

    init(_ descriptor: CInt, _ frame: String) {
        self.descriptor = descriptor
        self.frame = frame
    }

    mutating func append(_ part: Data, named name: String) throws {
        var content = Array(part)[...]
        if content.starts(with: [0xEF, 0xBB, 0xBF]) { content = content.dropFirst(3) }
        let end = Self.endOfFirstRow(content)
        var row = content[..<end]
        while let last = row.last, last == UInt8(ascii: "\n") || last == UInt8(ascii: "\r") { row.removeLast() }
        guard !row.isEmpty else { throw fault(name, "has no header") }
        guard let header else {
            header = row
            return try write(content)
        }
        guard header == row else {
            throw fault(name, "has the header \"\(Self.shown(row))\", and the first part has \"\(Self.shown(header))\"")
        }
        let rest = content[end...]
        if !rest.isEmpty, !endsLine { try write([UInt8(ascii: "\n")]) }
        try write(rest)
    }

    /// SHA-256 of what was written. Nothing can be appended afterwards.
    func finish() -> String { digest.hexadecimal() }

    private mutating func write(_ content: ArraySlice<UInt8>) throws {
        guard let last = content.last else { return }
        try TemporaryFile.write(content, to: descriptor)
        content.withUnsafeBytes { digest.update($0) }
        bytes += content.count
        endsLine = last == UInt8(ascii: "\n")
    }

    /// Behind the end of the first line that does not end in a quoted heading.
    private static func endOfFirstRow(_ content: ArraySlice<UInt8>) -> Int {
        var isQuoted = false
        for index in content.indices {
            switch content[index] {
            case UInt8(ascii: "\""): isQuoted.toggle()
            case UInt8(ascii: "\n") where !isQuoted: return index + 1
            default: break
            }
        }
        return content.endIndex
    }

    private static func shown(_ row: ArraySlice<UInt8>) -> String { String(String(decoding: row, as: UTF8.self).prefix(200)) }

    private func fault(_ part: String, _ what: String) -> Diagnostic {
        Diagnostic(
            "analysis.part-header", "\(part) of data frame \(frame) \(what)", at: SourceLocation(file: frame),
            hint: "the parts of one table have the same header, so this is not one table; nothing was sent or attached")
    }
}
