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

    static var reason: String { String(cString: strerror(errno)) }
}
