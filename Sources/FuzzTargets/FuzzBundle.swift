public import IngestCore
public import IngestPipeline

/// A file or a bundle in the bytes of one input, behind a byte that says what the user gave: a bundle begins with
/// `=== NAME` on a line of its own, and so does each of its files. So bundles are made up as easily as files.
public struct FuzzBundle: Sendable {
    public var given: GivenAssumptions
    public var opened: OpenedSource

    private static let mark = Array("=== ".utf8)

    /// The byte that stands for nothing given.
    public static let nothingGiven = UInt8(ascii: "0")

    public init(_ input: [UInt8]) {
        given = FuzzBundle.given(by: input.first ?? FuzzBundle.nothingGiven)
        let bytes = input.dropFirst()
        guard bytes.starts(with: FuzzBundle.mark) else {
            opened = OpenedSource(name: "input", bytes: Array(bytes))
            return
        }
        var members: [(name: String, bytes: [UInt8])] = []
        var line = bytes.startIndex
        while line < bytes.endIndex {
            let end = bytes[line...].firstIndex(of: 10) ?? bytes.endIndex
            let next = min(end + 1, bytes.endIndex)
            if bytes[line..<end].starts(with: FuzzBundle.mark) {
                members.append((String(decoding: bytes[(line + 4)..<end], as: UTF8.self), []))
            } else {
                members[members.count - 1].bytes += bytes[line..<next]
            }
            line = next
        }
        // A folder has no two files of one name.
        var names: Set<String> = []
        let files = members.filter { !$0.name.isEmpty && names.insert($0.name).inserted }.sorted { $0.name < $1.name }
        opened = OpenedSource(
            name: "input.D", bytes: [], members: files.map { OpenedSource(name: $0.name, bytes: $0.bytes) })
    }

    /// The input that stands for some files.
    public static func input(of files: [(name: String, bytes: [UInt8])]) -> [UInt8] {
        var input = [nothingGiven]
        for file in files {
            input += mark + Array(file.name.utf8) + [10] + file.bytes
            if input.last != 10 { input.append(10) }
        }
        return input
    }

    private static func given(by byte: UInt8) -> GivenAssumptions {
        switch byte {
        case UInt8(ascii: "1"): GivenAssumptions(decimalMark: .point)
        case UInt8(ascii: "2"): GivenAssumptions(decimalMark: .comma)
        case UInt8(ascii: "3"): GivenAssumptions(dateOrder: .dmy)
        case UInt8(ascii: "4"): GivenAssumptions(dateOrder: .mdy)
        case UInt8(ascii: "5"): GivenAssumptions(timeZone: GivenTimeZone(name: "UTC") { _ in 0 })
        case UInt8(ascii: "6"): GivenAssumptions(missing: ["n.d."])
        case UInt8(ascii: "7"): GivenAssumptions(element: "Peak")
        case UInt8(ascii: "8"): GivenAssumptions(encoding: .windows1252)
        default: GivenAssumptions()
        }
    }
}
