import FoundationEssentials

// write-adapter-roster OUTPUT SAMPLES FILE…: the type of each adapter is named as its file is.

let arguments = Array(CommandLine.arguments.dropFirst())
guard arguments.count >= 2 else { fatalError("usage: write-adapter-roster OUTPUT SAMPLES FILE…") }
let files = try arguments[2...].filter(isListed).sorted { lastName($0) < lastName($1) }

func lastName(_ path: String) -> String { path.split(separator: "/").last.map(String.init) ?? path }
func typeName(_ path: String) -> String { String(lastName(path).dropLast(".swift".count)) }

/// False for an adapter that cannot be made without being told something, as the names of columns.
func isListed(_ path: String) throws -> Bool {
    let lines = try String(contentsOfFile: path, encoding: .utf8).split(whereSeparator: \.isNewline)
    let words = lines.map { $0.trimmingPrefix { $0 == " " }.trimmingPrefix("public ") }
    return !words.contains { $0.hasPrefix("init(") } || words.contains { $0.hasPrefix("init()") }
}

/// A text as a Swift literal.
func literal(_ text: String) -> String {
    let escaped = text.unicodeScalars.map { scalar -> String in
        switch scalar {
        case "\\": "\\\\"
        case "\"": "\\\""
        case _ where scalar.value < 32 || scalar.value == 127: "\\u{\(String(scalar.value, radix: 16))}"
        default: String(scalar)
        }
    }
    return "\"" + escaped.joined() + "\""
}

/// The comment above the type, without its slashes.
func documentation(_ path: String) throws -> String {
    let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n", omittingEmptySubsequences: false)
    guard let type = lines.firstIndex(where: { $0.contains("struct \(typeName(path))") }) else { return "" }
    let comment = lines[..<type].reversed().prefix { $0.hasPrefix("///") }.reversed()
    return comment.map { String($0.dropFirst(3)) }.map { $0.hasPrefix(" ") ? String($0.dropFirst()) : $0 }
        .joined(separator: "\n") + "\n"
}

/// The first lines of the first sample in a folder, if it is text.
func sample(_ folder: String) -> (name: String, lines: [String])? {
    // What is no folder has nothing in it.
    func entries(_ path: String) -> [String] { ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted() }
    for name in entries(folder) {
        for input in entries(folder + "/" + name) where input.hasPrefix("input") {
            var path = folder + "/" + name + "/" + input
            if let first = entries(path).first { path += "/" + first }
            guard let data = FileManager.default.contents(atPath: path) else { continue }
            // UTF-16 with its mark, or anything that reads as UTF-8; a sample in another encoding is not shown.
            let text =
                data.starts(with: [0xFF, 0xFE])
                ? String(
                    decoding: stride(from: 2, to: data.count - 1, by: 2).map { UInt16(data[$0]) | UInt16(data[$0 + 1]) << 8 },
                    as: UTF16.self)
                : String(data: data, encoding: .utf8)
            guard let text else { continue }
            let lines = text.split(whereSeparator: \.isNewline).prefix(14).map { String($0.prefix(110)) }
            return (name, lines)
        }
    }
    return nil
}

var source = """
    // Written by the AdapterRoster plugin from the folders beside this module; do not edit.
    public import IngestCore

    public enum AdapterRoster {
        /// Every adapter of this package, by type name.
        public static let all: [any InstrumentAdapter] = [
    \(files.map { "        \(typeName($0))(),\n" }.joined())    ]

        /// What is said of each adapter above its type, by type name.
        public static let documentation: [String: String] = [

    """
for file in files { source += "        \(literal(typeName(file))): \(literal(try documentation(file))),\n" }
source += "    ]\n\n    /// The first lines of a sample for each adapter that has one, by adapter name.\n"
source += "    public static let samples: [String: (name: String, lines: [String])] = [\n"
var sampled = 0
for adapter in ((try? FileManager.default.contentsOfDirectory(atPath: arguments[1])) ?? []).sorted() {
    guard let sample = sample(arguments[1] + "/" + adapter) else { continue }
    sampled += 1
    source += "        \(literal(adapter)): (\(literal(sample.name)), [\(sample.lines.map(literal).joined(separator: ", "))]),\n"
}
source += (sampled == 0 ? "        :\n" : "") + "    ]\n}\n"
try Data(source.utf8).write(to: URL(filePath: arguments[0]))
