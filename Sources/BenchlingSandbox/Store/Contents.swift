import Digests
import FoundationEssentials
import GRDB

/// The bytes of blobs, data frames and files, in numbered pieces of an owner.
struct Contents {
    private let db: Database

    init(_ db: Database) { self.db = db }

    /// Puts a piece in the place of one with the same number.
    /// - Returns: Its tag: the MD5 of the bytes in double quotes.
    @discardableResult func store(_ bytes: Data, owner: String, number: Int) throws -> String {
        let tag = "\"\(Self.md5(bytes))\""
        try db.execute(
            sql: "INSERT OR REPLACE INTO content (owner, number, tag, size, bytes) VALUES (?, ?, ?, ?, ?)",
            arguments: [owner, number, tag, bytes.count, bytes])
        return tag
    }

    func pieces(_ owner: String) throws -> [(number: Int, tag: String, size: Int)] {
        try Row.fetchAll(db, sql: "SELECT number, tag, size FROM content WHERE owner = ? ORDER BY number", arguments: [owner])
            .map { ($0["number"], $0["tag"], $0["size"]) }
    }

    func piece(_ owner: String, _ number: Int) throws -> Data? {
        try Data.fetchOne(db, sql: "SELECT bytes FROM content WHERE owner = ? AND number = ?", arguments: [owner, number])
    }

    /// All bytes at once: for what is known to be small enough.
    func whole(_ owner: String) throws -> Data {
        try pieces(owner).reduce(into: Data()) { $0 += try piece(owner, $1.number) ?? Data() }
    }

    func size(_ owner: String) throws -> Int { try pieces(owner).reduce(0) { $0 + $1.size } }

    func remove(_ owner: String) throws {
        try db.execute(sql: "DELETE FROM content WHERE owner = ?", arguments: [owner])
    }

    /// Makes the pieces of one owner those of another, in the place of what that one had.
    func move(_ owner: String, to other: String) throws {
        try remove(other)
        try db.execute(sql: "UPDATE content SET owner = ? WHERE owner = ?", arguments: [other, owner])
    }

    static func md5(_ bytes: Data) -> String {
        let digest = MessageDigest(.md5)
        bytes.withUnsafeBytes { digest.update($0) }
        return digest.hexadecimal()
    }
}
