import Digests
import Glibc
public import IngestCore

/// Reads a plan that was found whole: the digest in its end line is that of the lines before.
///
/// Opening reads the file once through, in constant memory; ``forEach(_:)`` reads it again.
public final class PlanFileReader: Sendable {
    public let path: String
    /// What the publisher wrote of the plan as a whole.
    public let header: JSONValue
    /// How many there are.
    public let things: Int
    /// Of the lines before the end line, SHA-256.
    public let digest: String

    /// - Throws: `Diagnostic`: `plan.unreadable`, `plan.not-one`, `plan.cut`, `plan.changed`.
    public init(path: String) throws {
        self.path = path
        let pass = try PlanPass(path)
        guard let first = try pass.next() else { throw PlanFile.notOne(path) }
        header = try PlanFileReader.header(first, path)
        while try pass.next() != nil {}
        (things, digest) = try pass.end()
    }

    /// The things in their order, one at a time.
    public func stream() throws -> PlanThings { try PlanThings(path, digest: digest) }

    /// The things in their order.
    /// - Throws: What the closure throws; `plan.changed` at the end when the file is no longer what was opened.
    public func forEach(_ body: (JSONValue) throws -> Void) throws {
        let stream = try stream()
        while let thing = try stream.next() { try body(thing) }
    }

    private static func header(_ line: [UInt8], _ path: String) throws -> JSONValue {
        guard line.starts(with: Array("{".utf8)), let first = try? PlanFile.value(line, 1, path),  // Not JSON: not a plan either.
            let form = first["form"]?.string, let header = first["header"], form.hasPrefix("ingest-plan/")
        else { throw PlanFile.notOne(path) }
        guard form == PlanFile.form else {
            throw PlanFile.fault(
                "form", "the plan has the form \"\(form)\", and \(PlanFile.form) is what is known here", path, line: 1,
                "carry it out with the ingest that wrote it, or make it anew")
        }
        return header
    }
}

/// The things of a plan, read one at a time.
public final class PlanThings {
    private let path: String, digest: String
    private let pass: PlanPass

    init(_ path: String, digest: String) throws {
        self.path = path
        self.digest = digest
        pass = try PlanPass(path)
        _ = try pass.next()
    }

    /// - Returns: `nil` behind the last.
    /// - Throws: `plan.changed` there when the file is no longer what was opened.
    public func next() throws -> JSONValue? {
        if let line = try pass.next() { return try PlanFile.value(line, pass.number, path) }
        guard try pass.end().digest == digest else { throw PlanFile.changed(path) }
        return nil
    }
}

/// One reading of a plan's lines: every line but the last, and the last has to be the end line.
final class PlanPass {
    private let path: String
    private let lines: PlanLines
    private let hash = MessageDigest()
    private var last: [UInt8]?
    /// Of the line given last, from 1.
    private(set) var number = 0
    private var ended: (things: Int, digest: String)?

    init(_ path: String) throws {
        self.path = path
        lines = try PlanLines(path)
    }

    func next() throws -> [UInt8]? {
        while let line = try lines.next() {
            let before = last
            last = line
            guard let before else { continue }
            number += 1
            before.withUnsafeBytes { hash.update($0) }
            return before
        }
        return nil
    }

    /// What the end line says, behind the last line.
    func end() throws -> (things: Int, digest: String) {
        if let ended { return ended }
        // What is not JSON is not the end line.
        guard let last, let end = try? PlanFile.value(last, number + 1, path), end["type"] == "end",
            let stated = end["digest"]?.string, let things = end["things"]?.int, last.last == UInt8(ascii: "\n")
        else {
            if number == 0 { throw PlanFile.notOne(path) }
            throw PlanFile.fault(
                "cut", "the plan ends without its end line", path, line: number + 1, "nothing was sent; make the plan anew")
        }
        guard stated == hash.hexadecimal(), things == number - 1 else { throw PlanFile.changed(path) }
        ended = (things, stated)
        return (things, stated)
    }
}
