import FoundationEssentials

// write-adapter-roster OUTPUT FILE…: the type of each file is named as the file is.

let arguments = CommandLine.arguments.dropFirst()
guard let output = arguments.first else { fatalError("usage: write-adapter-roster OUTPUT FILE…") }
let types = arguments.dropFirst().map { path -> String in
    let name = path.split(separator: "/").last.map(String.init) ?? path
    return String(name.dropLast(".swift".count))
}
let entries = types.sorted().map { "        \($0)(),\n" }.joined()
let source = """
    // Written by the AdapterRoster plugin from the folders beside this module; do not edit.
    public import IngestCore

    public enum AdapterRoster {
        /// Every adapter of this package, by type name.
        public static let all: [any InstrumentAdapter] = [
    \(entries)    ]
    }

    """
try Data(source.utf8).write(to: URL(filePath: output))
