import Foundation
import IngestCore
@testable import IngestPipeline
import Testing

private func opened(_ bytes: [UInt8], _ name: String) throws -> OpenedSource {
    let folder = try Folder([:])
    try Data(bytes).write(to: URL(fileURLWithPath: folder.path + "/" + name))
    return try SourceOpener.open(folder.path + "/" + name)
}

private func bytes(_ base64: String) throws -> [UInt8] { try Array(#require(Data(base64Encoded: base64))) }

/// `Sample,RT,Area` and a row, compressed.
private let gzip = "H4sIAAAAAAACAwtOzC3ISdUJCtFxLEpN5HLUMdQx4gIAll/k3xUAAAA="
/// `../Ann/x.D/a.csv` and `../Ann/x.D/b.csv`, stored.
private let zip =
    "UEsDBBQAAAAAAAAAIQCWX+TfFQAAABUAAAAQAAAALi4vQW5uL3guRC9hLmNzdlNhbXBsZSxSVCxBcmVhCkEsMSwyClBLAwQUAAAAAAAAACEAll/k"
    + "3xUAAAAVAAAAEAAAAC4uL0Fubi94LkQvYi5jc3ZTYW1wbGUsUlQsQXJlYQpBLDEsMgpQSwECFAMUAAAAAAAAACEAll/k3xUAAAAVAAAAEAAAAAAA"
    + "AAAAAAAAgAEAAAAALi4vQW5uL3guRC9hLmNzdlBLAQIUAxQAAAAAAAAAIQCWX+TfFQAAABUAAAAQAAAAAAAAAAAAAACAAUMAAAAuLi9Bbm4veC5E"
    + "L2IuY3N2UEsFBgAAAAACAAIAfAAAAIYAAAAAAA=="

@Test func `what a gzip file holds has the check sum and length it states`() throws {
    let whole = try bytes(gzip)
    #expect(try String(decoding: opened(whole, "a.csv.gz").opening.bytes, as: UTF8.self) == "Sample,RT,Area\nA,1,2\n")
    for index in whole.count - 8..<whole.count {
        var damaged = whole
        damaged[index] ^= 1
        #expect(throws: Diagnostic.self) { try opened(damaged, "a.csv.gz") }
    }
}

@Test func `a zip that was cut anywhere is refused, also between two files`() throws {
    let whole = try bytes(zip)
    for length in 4..<whole.count { #expect(throws: Diagnostic.self) { try opened(Array(whole[..<length]), "a.zip") } }
}

@Test func `the files of a zip are named without the folders around them`() throws {
    #expect(try opened(bytes(zip), "a.zip").opening.members.map(\.name) == ["a.csv", "b.csv"])
}

@Test func `a link back to its folder is not followed for ever`() throws {
    let folder = try Folder(["a.txt": "a", "b.txt": "b"])
    try FileManager.default.createSymbolicLink(atPath: folder.path + "/again", withDestinationPath: ".")
    #expect(try SourceOpener.open(folder.path).opening.members.map(\.name) == ["a.txt", "b.txt"])
}

@Test func `a folder deeper than a run is refused, not half read`() throws {
    let folder = try Folder(["a.txt": "a"])
    let deep = folder.path + String(repeating: "/d", count: 12)
    try FileManager.default.createDirectory(atPath: deep, withIntermediateDirectories: true)
    let fault = #expect(throws: Diagnostic.self) { try SourceOpener.open(folder.path) }
    #expect(fault?.code == "source.too-deep")
}

@Test func `a folder named by a dot has its own name`() throws {
    let folder = try Folder(["a.txt": "a"])
    #expect(try SourceOpener.open(folder.path + "/.").name == SourceOpener.lastName(folder.path))
}

@Test func `files that are no report together are named, with how to read them`() throws {
    let folder = try Folder(Dictionary(uniqueKeysWithValues: "abcdefg".map { ("\($0).txt", "words") }))
    let fault = #expect(throws: Diagnostic.self) { try Detection(SourceOpener.open(folder.path).opening, among: []) }
    #expect(fault?.message == "no adapter recognises this; it holds a.txt, b.txt, c.txt, d.txt, e.txt and 2 more")
    #expect(fault?.hint?.contains("to read each, unpack it and name its files") == true)
}

@Test func `blanks alone are called what they are`() throws {
    let cases = [("\n \n\n", "source.empty"), ("words", "detect.unrecognized")]
    for (text, code) in cases {
        let fault = #expect(throws: Diagnostic.self) {
            try Detection(OpenedSource(name: "a", bytes: Array(text.utf8)).opening, among: [])
        }
        #expect(fault?.code == code)
    }
}
