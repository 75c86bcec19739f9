import IngestCore

/// A path into the promised form of records, such as `sample.name`.
struct RecordPath: Sendable, Hashable {
    /// Where the path begins.
    enum Base: Sendable, Hashable { case result, run, source, end }

    let written: String
    let base: Base
    /// Keys from the base on.
    let keys: [String]
    let type: ExpressionType

    /// - Returns: `nil` for a path that records do not have.
    init?(_ written: String) {
        if let type = RecordPath.ofResult[written] {
            self.init(written, .result, written, type)
        } else if written.hasPrefix("run."), let type = RecordPath.ofRun[String(written.dropFirst(4))] {
            self.init(written, .run, String(written.dropFirst(4)), type)
        } else if let type = RecordPath.ofSource[written] {
            self.init(written, .source, written == "format" ? "adapter.format" : written, type)
        } else if written == "complete" {
            self.init(written, .end, written, .text)
        } else {
            return nil
        }
    }

    private init(_ written: String, _ base: Base, _ keys: String, _ type: ExpressionType) {
        self.written = written
        self.base = base
        self.keys = keys.split(separator: ".").map(String.init)
        self.type = type
    }

    /// All there are for a subject.
    static func names(for subject: FieldExpression.Subject) -> [String] {
        let common = ofRun.keys.map { "run." + $0 } + ofSource.keys + ["complete"]
        return (subject == .run ? common : common + ofResult.keys).sorted()
    }

    private static let ofResult: [String: ExpressionType] = [
        "id": .text, "kind": .text, "ordinal": .number, "sample.name": .text, "sample.id": .text, "sample.barcode": .text,
        "sample.batch": .text, "sample.role": .text, "sample.roleWritten": .text, "position.written": .text,
        "position.plate": .text, "position.row": .number, "position.column": .number, "position.vial": .text,
        "injection.ordinal": .number, "injection.acquired": .time, "injection.volume": .quantity, "signal.name": .text,
        "signal.wavelength": .quantity, "analyte.name": .text, "analyte.id": .text, "analyte.role": .text, "flags": .json,
        "measurements": .json,
        "extras": .json, "at.member": .text, "at.line": .number, "at.column": .number, "at.path": .text,
    ]
    private static let ofRun: [String: ExpressionType] = [
        "id": .text, "name": .text, "sequence": .text, "instrument.name": .text, "instrument.vendor": .text,
        "instrument.model": .text, "instrument.serial": .text, "software.name": .text, "software.version": .text,
        "operator": .text, "methods": .json, "times": .json, "extras": .json,
    ]
    private static let ofSource: [String: ExpressionType] = [
        "file.name": .text, "file.bytes": .number, "file.sha256": .text, "adapter.name": .text, "adapter.version": .number,
        "format": .text,
    ]
}
