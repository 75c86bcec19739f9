import FoundationEssentials
public import IngestCore
public import IngestPipeline

/// The samples below a path: a file, a bundle, the cases of golden samples, or folders with any of these.
public struct MutationSampleFinder {
    public private(set) var samples: [MutationSample] = []
    /// What no adapter recognises, or several do, by path: nothing could be lost of it.
    public private(set) var leftAside: [String] = []

    private let adapters: [any InstrumentAdapter]
    private let wish: Detection.Wish
    private let given: GivenAssumptions

    /// - Throws: A ``Diagnostic`` when nothing is there under the path.
    public init(
        _ path: String, among adapters: [any InstrumentAdapter], wish: Detection.Wish = .anything,
        given: GivenAssumptions = GivenAssumptions()
    ) throws {
        (self.adapters, self.wish, self.given) = (adapters, wish, given)
        var isFolder = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            _ = try SourceOpener.open(path)
            return
        }
        let name = path.split(separator: "/").last.map(String.init) ?? path
        if isFolder { try addFolder(path, name) } else { try add(path, name, given) }
    }

    private mutating func add(_ path: String, _ name: String, _ given: GivenAssumptions) throws {
        do {
            samples.append(try MutationSample(path, name: name, among: adapters, wish: wish, given: given))
        } catch is Diagnostic {
            leftAside.append(name)
        }
    }

    /// A folder that instruments write for one run has a short ending, as `.D`; any other is looked through, and taken for
    /// a bundle when nothing in it is a sample.
    private mutating func addFolder(_ path: String, _ name: String) throws {
        let last = path.split(separator: "/").last ?? ""
        let count = samples.count
        // The folder of an adapter's samples is named after it: `lc.msd`.
        if let dot = last.lastIndex(of: "."), (1...4).contains(last[dot...].dropFirst().count),
            !adapters.contains(where: { $0.identity.name == last }),
            // What is no bundle is a folder of samples.
            let bundle = try? MutationSample(path, name: name, among: adapters, wish: wish, given: given)
        {
            samples.append(bundle)
            return
        }
        let before = leftAside
        let entries = try FileManager.default.contentsOfDirectory(atPath: path).sorted()
        // A golden case: what stands beside its input is what it was read as.
        if let input = entries.first(where: { $0.hasPrefix("input.") || $0 == "input" }) {
            try add(path + "/" + input, name, GoldenSamples.given(in: path))
        } else {
            for entry in entries where !entry.hasPrefix(".") {
                var isFolder = false
                guard FileManager.default.fileExists(atPath: path + "/" + entry, isDirectory: &isFolder) else { continue }
                let inner = name + "/" + entry
                if isFolder { try addFolder(path + "/" + entry, inner) } else { try add(path + "/" + entry, inner, given) }
            }
        }
        // What is no bundle either was left aside file by file.
        guard samples.count == count,
            let bundle = try? MutationSample(path, name: name, among: adapters, wish: wish, given: given)
        else { return }
        // Its files are no samples alone, but together they are one.
        samples.append(bundle)
        leftAside = before
    }
}
