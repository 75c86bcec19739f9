import Digests
import FoundationEssentials
import IngestCore

/// The part of a list that is asked for. A token names a place and the query it belongs to: with another query it is refused.
struct Page {
    let offset: Int, size: Int
    private let digest: String

    static let parameters: Set<String> = ["pageSize", "nextToken"]

    init(_ call: Call) throws {
        size = try Self.size(call.query["pageSize"])
        let query = call.query.filter { !Self.parameters.contains($0.key) }.sorted { $0.key < $1.key }
        digest = MessageDigest.of(query.map { "\($0.key)=\($0.value)" }.joined(separator: "&"))
        guard let token = call.query["nextToken"], !token.isEmpty else {
            offset = 0
            return
        }
        let parts = Data(base64Encoded: token).map { String(decoding: $0, as: UTF8.self).split(separator: ":") } ?? []
        guard parts.count == 2, parts[1] == digest, let offset = Int(parts[0]), offset >= 0 else {
            throw Refusal.bad("nextToken is not one of this list and these parameters")
        }
        self.offset = offset
    }

    private static func size(_ text: String?) throws -> Int {
        guard let text else { return 50 }
        guard let size = Int(text), (0...100).contains(size) else { throw Refusal.bad("pageSize must be from 0 to 100") }
        return size
    }

    /// The token for what follows; empty at the end.
    private func next(_ hasMore: Bool) -> JSONValue {
        hasMore && size > 0 ? .string(Data("\(offset + size):\(digest)".utf8).base64EncodedString()) : ""
    }

    /// One more than the page holds tells that there is another.
    var fetched: Int { size + 1 }

    /// The answer for items fetched from ``offset`` on.
    func answer(_ list: String, fetched items: [JSONValue], headers: [(String, String)] = []) -> Answer {
        Answer(.object([list: .array(Array(items.prefix(size))), "nextToken": next(items.count > size)]), headers: headers)
    }

    /// The answer for a list that is there as a whole.
    func answer(_ list: String, all items: [JSONValue], headers: [(String, String)] = []) -> Answer {
        answer(list, fetched: Array(items.dropFirst(offset).prefix(fetched)), headers: headers)
    }
}
