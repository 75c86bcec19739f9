import Digests
import FoundationEssentials
import IngestCore

/// The parts of a table, one after the other in a file, with the header once.
struct JoinedParts {
    private let descriptor: CInt
    private let frame: String
    private let digest = MessageDigest()
    private var header: [UInt8]?
    private var endsLine = true
    private(set) var bytes = 0

    init(_ descriptor: CInt, _ frame: String) {
        self.descriptor = descriptor
        self.frame = frame
    }

    /// - Throws: `Diagnostic` that names a part with another header, or with none.
    mutating func append(_ part: Data, named name: String) throws {
        try part.withUnsafeBytes { try append($0, named: name) }
    }

    private mutating func append(_ part: UnsafeRawBufferPointer, named name: String) throws {
        let content = part.starts(with: [0xEF, 0xBB, 0xBF]) ? UnsafeRawBufferPointer(rebasing: part[3...]) : part
        let end = Self.endOfFirstRow(content)
        var row = Array(content[..<end])
        while let last = row.last, last == UInt8(ascii: "\n") || last == UInt8(ascii: "\r") { row.removeLast() }
        guard !row.isEmpty else { throw fault(name, "has no header") }
        guard let header else {
            header = row
            return try write(content)
        }
        guard header == row else {
            throw fault(name, "has the header \"\(Self.shown(row))\", and the first part has \"\(Self.shown(header))\"")
        }
        let rest = UnsafeRawBufferPointer(rebasing: content[end...])
        if !rest.isEmpty, !endsLine { try [UInt8(ascii: "\n")].withUnsafeBytes { try write($0) } }
        try write(rest)
    }

    /// SHA-256 of what was written. Nothing can be appended afterwards.
    func finish() -> String { digest.hexadecimal() }

    private mutating func write(_ content: UnsafeRawBufferPointer) throws {
        guard let last = content.last else { return }
        try TemporaryFile.write(content, to: descriptor)
        digest.update(content)
        bytes += content.count
        endsLine = last == UInt8(ascii: "\n")
    }

    /// Behind the first line end that is not inside a quoted heading.
    private static func endOfFirstRow(_ content: UnsafeRawBufferPointer) -> Int {
        var isQuoted = false
        for (index, byte) in content.enumerated() {
            switch byte {
            case UInt8(ascii: "\""): isQuoted.toggle()
            case UInt8(ascii: "\n") where !isQuoted: return index + 1
            default: break
            }
        }
        return content.count
    }

    private static func shown(_ row: [UInt8]) -> String { String(String(decoding: row, as: UTF8.self).prefix(200)) }

    private func fault(_ part: String, _ what: String) -> Diagnostic {
        Diagnostic(
            "analysis.part-header", "\(part) of data frame \(frame) \(what)", at: SourceLocation(file: frame),
            hint: "the parts of one table have the same header, so this is not one table; nothing was sent or attached")
    }
}
