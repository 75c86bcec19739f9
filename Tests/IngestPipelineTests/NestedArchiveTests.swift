import Foundation
import IngestCore
@testable import IngestPipeline
import IngestTesting
import Testing

private func text(_ text: String) -> [UInt8] { Array(text.utf8) }
private func bytes(_ base64: String) throws -> [UInt8] { try Array(#require(Data(base64Encoded: base64))) }

private func opened(_ bytes: [UInt8], _ name: String = "outer.zip") throws -> OpenedSource {
    let folder = try Folder([:])
    try Data(bytes).write(to: URL(fileURLWithPath: folder.path + "/" + name))
    return try SourceOpener.open(folder.path + "/" + name)
}

private func code(_ bytes: [UInt8]) -> String? {
    do {
        _ = try opened(bytes).unpackingArchives()
        return nil
    } catch {
        return (error as? Diagnostic)?.code
    }
}

extension OpenedSource {
    fileprivate var names: [String] { members.map(\.name) }
    fileprivate var codes: [String] { faults.map { $0.part(of: name).code } }
}

/// `<a/>` and a line end, compressed.
private let gzip = "H4sIAAAAAAACA7NJ1LfjAgBCwWizBQAAAA=="
/// 80 MiB of zeros, compressed three times: 248 bytes.
private let bomb =
    "H4sIAAAAAAACA5Pv5mAAASbmt3fW+jUVihx4OH19r6AIcyfDTe0FBvZMNxVuVjK6GOX4cbfOVph9Z43Ze4fcGAZlC/XWn6d+x7E8rJ+nPrfm0c2b67"
    + "dnpLVm5X4OWynT9vPT+8rbOalAYx0ePYvn3/pIYsLXz/0Xz0oARTzu/n3pudeG6837XeHXGIECJ6tl+G49bT/wPSdoOx9IQdzz8trIe0z3Pk/fHP0b"
    + "KNDwpJaLDWSWRhNIvUB3AsjBR5RApjEc5ABL6VAidTrL4oV4P+Pb+TVVhXdPAEUs1l2/9i6zsE5C6v+dE/Mkp9oxMgAAzaTs0ygBAAA="
/// `a.csv` and `b.csv` with their sizes in zip64 fields.
private let zip64 =
    "UEsDBC0AAAAAAAAAIQCDFtyM//////////8FABQAYS5jc3YBABAAAQAAAAAAAAABAAAAAAAAAHhQSwMELQAAAAAAAAAhABUm2/v//////////wUAFABi"
    + "LmNzdgEAEAABAAAAAAAAAAEAAAAAAAAAeVBLAQItAy0AAAAAAAAAIQCDFtyMAQAAAAEAAAAFAAAAAAAAAAAAAACAAQAAAABhLmNzdlBLAQItAy0AAA"
    + "AAAAAAIQAVJtv7AQAAAAEAAAAFAAAAAAAAAAAAAACAATgAAABiLmNzdlBLBQYAAAAAAgACAGYAAABwAAAAAAA="

private let inner = StoredZip([("Base/Peaks", text("<p/>")), ("Base/Log", [])])

@Test func `what an archive in an archive holds is named after both`() throws {
    let middle = StoredZip([("in.zip", inner.bytes), ("b.xml.gz", try bytes(gzip))]).bytes
    let outer = StoredZip([("X.rslt/a.rx", inner.bytes), ("X.rslt/run.acaml", text("<r/>")), ("X.rslt/m.zip", middle)])
    let closed = try opened(outer.bytes)
    #expect(closed.names == ["a.rx", "m.zip", "run.acaml"])
    let open = try closed.unpackingArchives()
    #expect(
        open.names == [
            "a.rx/Base/Log", "a.rx/Base/Peaks", "m.zip/b.xml", "m.zip/in.zip/Base/Log", "m.zip/in.zip/Base/Peaks", "run.acaml",
        ])
    #expect(open.codes.isEmpty)
    #expect(open.opening.member("m.zip/b.xml")?.firstLine == "<a/>")
}

@Test func `a folder of archives is named like the zip of it, and its digest stays that of its files`() throws {
    let folder = try Folder(["run.acaml": "<r/>"])
    try Data(inner.bytes).write(to: URL(fileURLWithPath: folder.path + "/a.rx"))
    try Data(bytes(gzip)).write(to: URL(fileURLWithPath: folder.path + "/b.xml.gz"))
    let closed = try SourceOpener.open(folder.path)
    let open = try closed.unpackingArchives()
    #expect(open.names == ["a.rx/Base/Log", "a.rx/Base/Peaks", "b.xml", "run.acaml"])
    let source = try open.source()
    #expect(try source.digest == closed.source().digest)
    #expect(source.parts.map(\.name) == ["a.rx", "b.xml.gz", "run.acaml"])
    #expect(source.member("a.rx/Base/Peaks")?.location(line: 2).member == "a.rx/Base/Peaks")
}

@Test func `an archive that holds one archive alone is what that one holds`() throws {
    let plain = try opened(StoredZip([("x/a.xml.gz", bytes(gzip))]).bytes)
    #expect(plain.name == "a.xml" && plain.members.isEmpty && plain.opening.firstLine == "<a/>")
    #expect(try opened(StoredZip([("b.zip", inner.bytes)]).bytes).names == ["Log", "Peaks"])
}

@Test func `zeros that fill a zip up are none of its business`() throws {
    let padded = inner.bytes + [UInt8](repeating: 0, count: 100_000)
    #expect(try opened(padded).names == ["Log", "Peaks"])
    #expect(code(inner.bytes + [0, 0, 1]) == "source.damaged-archive")
}

@Test func `data descriptors, zip64 and empty files are read`() throws {
    var streamed = StoredZip()
    streamed.add("a.csv", text("abc"), .dataDescriptor)
    streamed.add("b.csv", [], .dataDescriptor)
    #expect(try opened(streamed.bytes).opening.members.map(\.bytes) == [text("abc"), []])
    #expect(try opened(bytes(zip64)).opening.members.map(\.bytes) == [text("x"), text("y")])
    let nothing = try opened(bytes("H4sIAAAAAAACAwMAAAAAAAAAAAA="), "a.csv.gz")
    #expect(nothing.name == "a.csv" && nothing.size == 0)
}

@Test func `an archive that cannot be unpacked stays a file among the others, and a warning says why`() throws {
    var locked = StoredZip()
    locked.add("Base/Peaks", text("<p/>"), .encrypted)
    let twice = StoredZip([("a", text("1")), ("../a", text("2"))])
    var damaged = inner.bytes
    damaged[45] ^= 1
    let cases = [
        (locked.bytes, "source.archive-refused"), (twice.bytes, "source.archive-refused"),
        (damaged, "source.damaged-archive"), (text("PK\u{3}\u{4} vendor data"), "source.damaged-archive"),
        ([0x1F, 0x8B, 8, 1], "source.damaged-archive"),
    ]
    for (archive, code) in cases {
        let open = try opened(StoredZip([("a.rx", archive), ("b.xml", text("<b/>"))]).bytes).unpackingArchives()
        #expect(open.names == ["a.rx", "b.xml"])
        #expect(open.codes == [code])
        // Alone, there is nothing else to read.
        #expect(throws: Diagnostic.self) { try opened(StoredZip([("a.rx", archive)]).bytes) }
    }
}

@Test func `the same faults of the container itself are errors by name`() throws {
    var locked = StoredZip()
    locked.add("a.csv", text("a"), .encrypted)
    #expect(code(locked.bytes) == "source.archive-refused")
    #expect(code(StoredZip([("a", text("1")), ("./a", text("2"))]).bytes) == "source.archive-refused")
}

@Test func `a bomb is refused by name, wherever it lies in a container`() throws {
    let bomb = try bytes(bomb)
    #expect(code(bomb) == "source.archive-refused")
    #expect(code(StoredZip([("a.csv", text("a")), ("b.bin", bomb)]).bytes) == "source.archive-refused")
    let many = StoredZip((0..<ArchiveBounds.mostFiles + 1).map { ("\($0)", []) })
    #expect(code(StoredZip([("a", many.bytes), ("b", [])]).bytes) == "source.archive-refused")
}

@Test func `archives deeper than any program nests them are refused`() throws {
    var nested = inner.bytes
    for depth in 1...5 {
        let container = StoredZip([("a.zip", nested), ("b.csv", text("b"))])
        #expect(code(container.bytes) == (depth < ArchiveBounds.deepest ? nil : "source.archive-refused"))
        nested = container.bytes
    }
}

@Test func `a bomb in a folder is left closed, the rest of the folder is read`() throws {
    let folder = try Folder(["a.csv": "a"])
    try Data(bytes(bomb)).write(to: URL(fileURLWithPath: folder.path + "/data.bin"))
    let open = try SourceOpener.open(folder.path).unpackingArchives()
    #expect(open.names == ["a.csv", "data.bin"])
    #expect(open.codes == ["source.archive-refused"])
}

@Test func `what a gzip file holds does not take the place of a file of that name`() throws {
    let archive = StoredZip([("a.xml", text("<other/>")), ("a.xml.gz", try bytes(gzip))])
    #expect(try opened(archive.bytes).unpackingArchives().names == ["a.xml", "a.xml.gz"])
}

/// Recognises `run.acaml` beside whatever else, and tells the names it is given.
private struct NamesAdapter: ArchiveReading {
    let identity = AdapterIdentity("names", version: 1, instrument: "names")
    func recognize(_ opening: SourceOpening) -> Recognition {
        opening.member("run.acaml") == nil ? .no : .certain(because: "test")
    }
    func read(_ source: SourceFile, into output: AdapterOutput) async throws { try await tellNames(source, output) }
}

/// The same, of an adapter that knows no archives.
private struct ClosedAdapter: InstrumentAdapter {
    let identity = AdapterIdentity("closed", version: 1, instrument: "closed")
    func recognize(_ opening: SourceOpening) -> Recognition { NamesAdapter().recognize(opening) }
    func read(_ source: SourceFile, into output: AdapterOutput) async throws { try await tellNames(source, output) }
}

private func tellNames(_ source: SourceFile, _ output: AdapterOutput) async throws {
    try await output.begin(RunRecord(name: source.members.map(\.name).joined(separator: " ")))
    try await output.emit(ResultRecord(kind: .sample, measurements: [], location: source.members[0].location()))
}

@Test func `archives are opened for an adapter that reads them, and for no other`() async throws {
    let bundle = OpenedSource(
        name: "x", bytes: [],
        members: [
            OpenedSource(name: "a.rx", bytes: inner.bytes), OpenedSource(name: "b.rx", bytes: text("PK\u{3}\u{4}")),
            OpenedSource(name: "run.acaml", bytes: text("<r/>")),
        ])
    let open = try await NamesAdapter().reading(bundle)
    #expect(open.runs.map(\.name) == ["a.rx/Base/Log a.rx/Base/Peaks b.rx run.acaml"])
    #expect(open.codes == ["source.damaged-archive"] && open.status == 2 && open.end?.completeness.verdict == .no)
    #expect(open.attachments.map(\.file.name) == ["a.rx", "b.rx", "run.acaml"])
    let closed = try await ClosedAdapter().reading(bundle)
    #expect(closed.runs.map(\.name) == ["a.rx b.rx run.acaml"])
    #expect(closed.codes.isEmpty)
}

@Test func `when nobody recognises the files as they are, archives are looked into`() throws {
    let inside = StoredZip([("run.acaml", text("<r/>")), ("b", [])])
    let wanted = try opened(StoredZip([("a.zip", inside.bytes), ("b", [])]).bytes)
    let adapter = MemberSuffixAdapter()
    #expect(try Detection.decide(on: wanted, among: [adapter]).opened.names == ["a.zip/b", "a.zip/run.acaml", "b"])
    let damaged = try opened(StoredZip([("a.gz", [0x1F, 0x8B]), ("b.gz", [0x1F, 0x8B])]).bytes)
    let fault = #expect(throws: Diagnostic.self) { try Detection.decide(on: damaged, among: [adapter]) }
    #expect(fault?.code == "source.damaged-archive" && fault?.location.member == "a.gz")
}

private struct MemberSuffixAdapter: InstrumentAdapter {
    let identity = AdapterIdentity("suffix", version: 1, instrument: "suffix")
    func recognize(_ opening: SourceOpening) -> Recognition {
        opening.members.contains { $0.name.hasSuffix("run.acaml") } ? .certain(because: "test") : .no
    }
    func read(_ source: SourceFile, into output: AdapterOutput) async throws {}
}
