import Digests
import Glibc
import IngestCore

/// The form of a plan on disk, `ingest-plan/1`, JSON Lines:
///
///     {"form":"ingest-plan/1","header":{…}}
///     {…}                                               one line for each thing, in the publisher's own terms
///     {"digest":"sha256 of every line before this one, with their line ends","things":1,"type":"end"}
///
/// The last line is the end line, whatever the things look like; a file without it was cut, one with another digest was
/// changed, and neither is carried out.
public enum PlanFile {
    public static let form = "ingest-plan/1"
    /// Bytes; no request that a line could stand for is larger.
    public static let longestLine = 100 << 20

    static func fault(_ code: String, _ message: String, _ path: String, line: Int? = nil, _ hint: String) -> Diagnostic {
        let name = path.split(separator: "/").last.map(String.init) ?? path
        return Diagnostic("plan." + code, message, at: SourceLocation(file: name, line: line), hint: hint)
    }

    static func value(_ line: [UInt8], _ number: Int, _ path: String) throws -> JSONValue {
        do {
            return try JSONValue(parsing: line)
        } catch {
            throw fault("changed", "this line of the plan is not JSON", path, line: number, "make the plan anew")
        }
    }

    static func changed(_ path: String) -> Diagnostic {
        fault(
            "changed", "the plan was changed after it was saved: its digest does not fit", path,
            "nothing was sent unless it changed while it was carried out; make the plan anew")
    }

    static func notOne(_ path: String) -> Diagnostic {
        fault("not-one", "this is not a plan of ingest", path, line: 1, "--plan FILE with --dry-run saves one")
    }

    static var reason: String { String(cString: strerror(errno)) }
}
