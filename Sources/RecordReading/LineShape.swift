import IngestCore

/// Takes the keys a line must have from it, each of the right kind.
struct LineShape {
    private let file: String, number: Int
    private let value: JSONValue
    /// The keys on the way to `value`: `file.`
    private let way: String

    init(file: String, line: RecordLine) {
        self.file = file
        number = line.number
        value = line.value
        way = ""
    }

    private init(_ outer: LineShape, _ key: String, _ value: JSONValue) {
        file = outer.file
        number = outer.number
        self.value = value
        way = outer.way + key + "."
    }

    /// A text that is not empty.
    func text(_ key: String) throws -> String {
        guard let text = value[key]?.string, !text.isEmpty else { throw fault(key, "a text") }
        return text
    }

    /// A whole number from 0.
    func whole(_ key: String) throws -> Int {
        guard let whole = value[key]?.int, whole >= 0 else { throw fault(key, "a whole number") }
        return whole
    }

    func inside(_ key: String) throws -> LineShape {
        guard let inner = value[key], case .object = inner else { throw fault(key, "an object") }
        return LineShape(self, key, inner)
    }

    /// `name`, `bytes` and `sha256`.
    func fileDigest() throws {
        _ = try text("name")
        _ = try whole("bytes")
        let digest = try text("sha256")
        guard digest.utf8.count == 64, digest.utf8.allSatisfy({ "0123456789abcdef".utf8.contains($0) }) else {
            throw fault("sha256", "64 digits of lower-case hexadecimal")
        }
    }

    /// Each with a name, what was written, and a value or the reason there is none.
    func measurements() throws {
        guard let list = value["measurements"] else { return }
        guard case .array(let elements) = list else { throw fault("measurements", "a list") }
        for (index, element) in elements.enumerated() {
            let shape = LineShape(self, "measurements[\(index)]", element)
            _ = try shape.text("name")
            guard element["written"]?.string != nil else { throw shape.fault("written", "a text") }
            let isAbsent = element["absent"]?.string != nil
            guard (element["value"]?.number != nil) != isAbsent else {
                throw shape.fault("value", "a number, or \"absent\" in its place")
            }
        }
    }

    /// How many points the line has, each a list of numbers.
    func points() throws -> Int {
        _ = try whole("from")
        guard case .array(let points) = value["values"] ?? .null else { throw fault("values", "a list of points") }
        for point in points {
            guard case .array(let numbers) = point, !numbers.isEmpty, numbers.allSatisfy({ $0.number != nil }) else {
                throw fault("values", "a list of lists of numbers")
            }
        }
        return points.count
    }

    private func fault(_ key: String, _ wanted: String) -> Diagnostic {
        let found = value[key] == nil ? "\"\(way)\(key)\" is missing" : "\"\(way)\(key)\" is of the wrong kind"
        return Diagnostic(
            value[key] == nil ? "records.missing-key" : "records.wrong-kind", "\(found); it has to be \(wanted)",
            at: SourceLocation(file: file, line: number), hint: RecordsFile.readAgain)
    }
}
