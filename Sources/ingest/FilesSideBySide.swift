import Foundation
import Glibc

/// Does the same for several files, on all cores, and hands the results over in the order of the files.
enum FilesSideBySide {
    static func run<Value: Sendable>(
        _ files: [String], _ work: @escaping @Sendable (String) async throws -> Value,
        inOrder take: (String, Value) throws -> Void
    ) async throws {
        let width = min(max(1, ProcessInfo.processInfo.activeProcessorCount), 4)
        try await withThrowingTaskGroup(of: (Int, Value).self) { group in
            var next = 0
            func start() throws {
                guard next < files.count else { return }
                try Task.checkCancellation()
                let index = next
                next += 1
                group.addTask { @concurrent in (index, try await work(files[index])) }
            }
            for _ in 0..<width { try start() }
            var finished: [Int: Value] = [:]
            var told = 0
            while let (index, value) = try await group.next() {
                finished[index] = value
                while let ready = finished.removeValue(forKey: told) {
                    try take(files[told], ready)
                    told += 1
                }
                try start()
            }
        }
    }

    /// The status of several files: the highest of 3, 2, 1 wins, 4 only if all are.
    static func status(_ statuses: [Int32]) -> Int32 {
        if !statuses.isEmpty, statuses.allSatisfy({ $0 == 4 }) { return 4 }
        return statuses.filter { $0 != 4 }.max() ?? 0
    }
}
