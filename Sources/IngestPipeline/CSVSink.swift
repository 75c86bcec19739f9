public import IngestCore

/// Writes results as a table, one line a measurement: for spreadsheets. Traces are left to the records.
public final class CSVSink: RecordSink {
    private let output: OutputFile
    private var text = ""

    public init(_ output: OutputFile) {
        self.output = output
        text =
            "result,run,kind,ordinal,sample,sample id,position,injection,acquired,signal,analyte,measurement,value,unit,"
            + "bound,absent,written,flags,file,line,column\r\n"
    }

    public func write(_ record: Record) async throws {
        switch record {
        case .source(let source): file = source.file.name
        case .result(let result): add(result)
        case .end: try flush()
        default: break
        }
        if text.utf8.count > 1 << 17 { try flush() }
    }

    public func finish() async throws {
        try flush()
        try output.finish()
    }

    private var file = ""

    private func add(_ result: ResultRecord) {
        let front: [String?] = [
            result.id, result.run, result.kind.rawValue, result.ordinal.map { "\($0)" }, result.sample?.name, result.sample?.id,
            result.position?.written, result.injection?.ordinal.map { "\($0)" },
            result.injection?.acquired.map { ($0.local?.description ?? $0.written) + ($0.offsetText ?? "") },
            result.signal?.name, result.analyte?.name,
        ]
        let flags = result.flags.map { $0.code }.joined(separator: " ")
        for measurement in result.measurements {
            let quantity = measurement.quantity
            let value = quantity.value.map { value in
                let buffer = LineBuffer(capacity: 64)
                buffer.number(value)
                return String(decoding: buffer.bytes, as: UTF8.self)
            }
            let back: [String?] = [
                measurement.name, value, quantity.unit?.code ?? quantity.unitWritten,
                quantity.bound == .exact ? nil : quantity.bound.rawValue, quantity.absent?.rawValue, quantity.written,
                flags, result.location.member.map { file + "/" + $0 } ?? file, result.location.line.map { "\($0)" },
                result.location.column.map { "\($0)" },
            ]
            text += (front + back).map { CSVSink.cell($0 ?? "") }.joined(separator: ",") + "\r\n"
        }
    }

    /// Quoted where RFC 4180 asks for it.
    static func cell(_ text: String) -> String {
        guard text.utf8.contains(where: { $0 == 34 || $0 == 44 || $0 == 10 || $0 == 13 }) else { return text }
        return "\"" + text.replacing("\"", with: "\"\"") + "\""
    }

    private func flush() throws {
        try text.withUTF8 { try output.write(UnsafeRawBufferPointer($0)) }
        text.removeAll(keepingCapacity: true)
    }
}
