import Digests
import Foundation
import Glibc
import IngestCore
import IngestPipeline

/// The folder that the files of an analysis go to; each appears whole or not at all.
struct IC50Folder {
    private let path: String

    /// Makes the folder when it is not there; the folder around it has to be.
    init(_ path: String) throws {
        self.path = path
        var isFolder: ObjCBool = false
        if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) {
            guard isFolder.boolValue else {
                throw Diagnostic(
                    "output.not-a-folder", "-o \(path) is a file, and has to be a folder", at: SourceLocation(file: path),
                    hint: "name another place; nothing was written")
            }
        } else if mkdir(path, 0o777) != 0 {
            throw Diagnostic(
                "output.cannot-be-made", "the folder cannot be made: \(String(cString: strerror(errno)))",
                at: SourceLocation(file: path), hint: "the folder around it has to be there, and yours to write")
        }
    }

    /// - Returns: What was written, for who refers to it.
    func write(_ name: String, _ bytes: [UInt8]) throws -> FileDigest {
        let file = try OutputFile(path: path + "/" + name)
        let hash = MessageDigest()
        try bytes.withUnsafeBytes {
            try file.write($0)
            hash.update($0)
        }
        try file.finish()
        return FileDigest(name: name, bytes: bytes.count, sha256: hash.hexadecimal())
    }

    /// A records file.
    func write(_ name: String, _ records: [Record]) async throws {
        let sink = JSONLinesSink(try OutputFile(path: path + "/" + name))
        for record in records { try await sink.write(record) }
        try await sink.finish()
    }

    /// A plot as SVG, or as PNG by way of `rsvg-convert`.
    func write(_ kind: PlotKind, _ svg: String, _ terminal: Terminal) throws {
        switch kind {
        case .svg: _ = try write("ic50.svg", Array(svg.utf8))
        case .png:
            let scratch = path + "/.ic50-\(getpid()).svg"
            defer { unlink(scratch) }
            try Data(svg.utf8).write(to: URL(fileURLWithPath: scratch))
            let png = path + "/.ic50-\(getpid()).png"
            defer { unlink(png) }
            try Self.convert(scratch, to: png)
            guard rename(png, path + "/ic50.png") == 0 else {
                throw Diagnostic(
                    "output.cannot-be-made", "the picture cannot be put in place: \(String(cString: strerror(errno)))",
                    at: SourceLocation(file: path + "/ic50.png"))
            }
        }
    }

    /// Whether `rsvg-convert` is among the programs.
    static var canConvert: Bool {
        (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").contains {
            access("\($0)/rsvg-convert", X_OK) == 0
        }
    }

    private static func convert(_ svg: String, to png: String) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["rsvg-convert", "--zoom", "2", "--output", png, svg]
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw Diagnostic(
                "plot.no-converter", "rsvg-convert did not make the picture", at: SourceLocation(file: "ic50.png"),
                hint: "install it (librsvg2-bin), or take --plot svg; the page has a button that saves a PNG too")
        }
    }
}
