import GRDB

typealias SQLValues = [(any DatabaseValueConvertible)?]

extension Database {
    func run(_ sql: String, _ values: SQLValues) throws {
        try cachedStatement(sql: sql).execute(arguments: try arguments(values))
    }

    func rows(_ sql: String, _ values: SQLValues) throws -> [Row] {
        try Row.fetchAll(cachedStatement(sql: sql), arguments: try arguments(values))
    }

    /// A text with a NUL would come back cut there, so it is not taken.
    private func arguments(_ values: SQLValues) throws -> StatementArguments {
        for case let text as String in values where text.utf8.contains(0) { throw LedgerFault.nul(in: text) }
        return StatementArguments(values)
    }
}

/// The texts that begin with another are those from it up to its end.
enum TextPrefix {
    static func end(of prefix: String) -> String { prefix + "\u{10FFFF}" }
}
