import FoundationEssentials
import FuzzTargets
import Testing

/// The inputs that broke us once, and some to begin with: `Tests/Corpora/fuzz/<target>/<name>`.
struct FuzzCaseTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let target: FuzzTarget
        let path: String
        var testDescription: String { target.name + "/" + (path.split(separator: "/").last ?? "") }
    }

    private static let folder = #filePath.split(separator: "/").dropLast(2).reduce("") { $0 + "/" + $1 } + "/Corpora/fuzz"

    private static func names(in folder: String) -> [String] {
        // Most targets have no cases.
        ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
    }

    static let cases = FuzzTarget.all.flatMap { target in
        names(in: folder + "/" + target.name).map { Case(target: target, path: "\(folder)/\(target.name)/\($0)") }
    }

    @Test(arguments: cases)
    func `an input that broke us is answered as any other`(_ replayed: Case) async throws {
        let input = try [UInt8](Data(contentsOf: URL(filePath: replayed.path)))
        // Time is watched by make fuzz, where nothing else runs beside it.
        let finding = await replayed.target.finding(in: input)
        #expect(finding == nil, "\(finding?.description ?? "")")
    }

    @Test func `every case is that of a target`() {
        let targets = Set(FuzzTarget.all.map(\.name))
        #expect(Self.names(in: Self.folder).filter { !targets.contains($0) }.isEmpty)
        #expect(!Self.cases.isEmpty)
    }
}
