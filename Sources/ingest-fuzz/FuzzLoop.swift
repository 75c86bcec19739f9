import CFuzzDriver
import Dispatch
import FuzzTargets
import Glibc

/// libFuzzer on one target.
enum FuzzLoop {
    /// Coverage, the address sanitizer and its allocator together.
    private static let slowness = 8.0

    nonisolated(unsafe) fileprivate static var target = FuzzTarget.all[0]

    /// Ends the process.
    static func run(_ chosen: FuzzTarget) -> Never {
        target = chosen
        var count = CommandLine.argc
        var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?> = CommandLine.unsafeArgv
        exit(LLVMFuzzerRunDriver(&count, &arguments, testOneInput))
    }

    fileprivate static func look(at input: [UInt8]) {
        let done = DispatchSemaphore(value: 0)
        nonisolated(unsafe) var finding: FuzzFinding?
        Task.detached { [target] in
            finding = await target.finding(in: input, slowness: slowness)
            done.signal()
        }
        done.wait()
        guard let finding else { return }
        let said = Array("FINDING: \(finding)\n".utf8)
        _ = write(STDERR_FILENO, said, said.count)
        abort()
    }
}

@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
    FuzzLoop.look(at: Array(UnsafeBufferPointer(start: data, count: size)))
    return 0
}
