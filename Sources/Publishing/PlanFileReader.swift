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
        var header: JSONValue?
        let end = try PlanFileReader.pass(path) { number, line in
            if number == 1 { header = try PlanFileReader.header(line, path) }
        }
        guard let header else { throw PlanFileReader.notOne(path) }
        self.header = header
        (things, digest) = end
    }

    /// The things in their order.
    /// - Throws: What the closure throws; `plan.changed` at the end when the file is no longer what was opened.
    public func forEach(_ body: (JSONValue) throws -> Void) throws {
        let (_, now) = try PlanFileReader.pass(path) { number, line in
            if number > 1 { try body(try PlanFileReader.value(line, number, path)) }
        }
        guard now == digest else { throw PlanFileReader.changed(path) }
    }

    private static func header(_ line: [UInt8], _ path: String) throws -> JSONValue {
        guard line.starts(with: Array("{".utf8)), let first = try? value(line, 1, path),  // Not JSON: not a plan either.
            let form = first["form"]?.string, let header = first["header"], form.hasPrefix("ingest-plan/")
        else { throw notOne(path) }
        guard form == PlanFile.form else {
            throw PlanFile.fault(
                "form", "the plan has the form \"\(form)\", and \(PlanFile.form) is what is known here", path, line: 1,
                "carry it out with the ingest that wrote it, or make it anew")
        }
        return header
    }

    /// Every line but the last goes to `body`, the last has to be the end line.
    private static func pass(_ path: String, _ body: (Int, [UInt8]) throws -> Void) throws -> (things: Int, digest: String) {
        let lines = try PlanLines(path)
        let digest = MessageDigest()
        var number = 0
        var last: [UInt8]?
        while let line = try lines.next() {
            if let last {
                number += 1
                try body(number, last)
                last.withUnsafeBytes { digest.update($0) }
            }
            last = line
        }
        guard let last, let end = try? value(last, number + 1, path), end["type"] == "end",  // Not JSON: not the end line.
            let stated = end["digest"]?.string, let things = end["things"]?.int, last.last == UInt8(ascii: "\n")
        else {
            if number == 0 { throw notOne(path) }
            throw PlanFile.fault(
                "cut", "the plan ends without its end line", path, line: number + 1, "nothing was sent; make the plan anew")
        }
        guard stated == digest.hexadecimal(), things == number - 1 else { throw changed(path) }
        return (things, stated)
    }

    private static func value(_ line: [UInt8], _ number: Int, _ path: String) throws -> JSONValue {
        do {
            return try PublishingJSON.value(String(decoding: line, as: UTF8.self))
        } catch {
            throw PlanFile.fault("changed", "this line of the plan is not JSON", path, line: number, "make the plan anew")
        }
    }

    private static func changed(_ path: String) -> Diagnostic {
        PlanFile.fault(
            "changed", "the plan was changed after it was saved: its digest does not fit", path,
            "nothing was sent unless it changed while it was carried out; make the plan anew")
    }

    private static func notOne(_ path: String) -> Diagnostic {
        PlanFile.fault("not-one", "this is not a plan of ingest", path, line: 1, "--plan FILE with --dry-run saves one")
    }
}
